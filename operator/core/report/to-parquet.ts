// SPDX-License-Identifier: Apache-2.0
/** The results as a Parquet file: the tidy table of the CSV, with types, for dataframes and DuckDB. */
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { ExperimentResults } from './results.ts'
import { type TidyTable, tidyTable } from './tidy-table.ts'

const TYPES = { text: 'STRING', number: 'DOUBLE', whole: 'INT32' } as const

export function toParquet(results: ExperimentResults): Uint8Array {
  return parquetOf(tidyTable(results))
}

export function parquetOf({ columns, rows }: TidyTable): Uint8Array {
  const columnData = columns.map(({ name, type }, i) => ({
    name,
    type: TYPES[type],
    nullable: true,
    data: rows.map((row) => row[i] ?? undefined),
  }))
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'Assay' }))
}

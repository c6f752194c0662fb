// SPDX-License-Identifier: Apache-2.0
/** A leaderboard as the files of a data set: LLM-Perf's CSV, Parquet of the same, scores, the Experiments, and a card. It writes nothing. */
import { csvOf } from '../report/to-csv.ts'
import { parquetOf } from '../report/to-parquet.ts'
import type { TidyTable } from '../report/tidy-table.ts'
import type { Leaderboard } from './board.ts'
import { type CardInput, dataSetCard } from './dataset-card.ts'
import { llmPerfTables } from './llm-perf-table.ts'
import { scoresTable } from './scores-table.ts'

export interface DataFile { readonly path: string; readonly content: string | Uint8Array }

export interface DataSetInput extends Pick<CardInput, 'name' | 'license' | 'version' | 'command'> {
  readonly board: Leaderboard
  /** Called so instead of what nodes and exporters told. */
  readonly machine?: string | undefined
  /** Experiments as files that can be run again. */
  readonly experiments: readonly { readonly name: string; readonly text: string }[]
}

export function dataSet({ board, machine, experiments, ...card }: DataSetInput): DataFile[] {
  const tables = llmPerfTables(board, machine)
  const scores = scoresTable(board)
  const experimentFiles = experiments.map(({ name, text }) => ({ path: `experiments/${name}.yaml`, content: text }))
  const files = [...tables.flatMap(({ name, ...table }) => bothForms(`data/${name}`, table)), ...(scores === undefined ? [] : bothForms('data/llm-df', scores)), ...experimentFiles]
  return [{ path: 'README.md', content: dataSetCard({ ...card, board, tables, hasScores: scores !== undefined, experiments: experimentFiles.map((f) => f.path) }) }, ...files]
}

function bothForms(path: string, table: TidyTable): DataFile[] {
  return [{ path: `${path}.csv`, content: csvOf(table) }, { path: `${path}.parquet`, content: parquetOf(table) }]
}

// SPDX-License-Identifier: Apache-2.0
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, it } from 'vitest'
import { analyze } from './analyze.ts'
import { plainExperiment } from './testdata/plain.ts'
import { tidyTable } from './tidy-table.ts'
import { toParquet } from './to-parquet.ts'

const results = analyze(plainExperiment({ factors: [{ name: 'tp', path: 'scenario.x', levels: [1, 2] }], values: ({ at: [tp = 0] }) => ({ ttft: 100 + tp, output_throughput: 5 }) }))
const file = toParquet(results).slice().buffer

it('holds the tidy table with its types, and is the same each time', async () => {
  const rows = await parquetReadObjects({ file })
  const { columns, rows: wanted } = tidyTable(results)
  expect(rows).toHaveLength(wanted.length)
  expect(rows.map((row) => columns.map((c) => row[c.name] ?? null))).toEqual(wanted.map((row) => row.map((field) => field ?? null)))
  expect(rows[0]).toMatchObject({ experiment: 'plain', factor_tp: '1', metric: 'ttft', unit: 'ms', n: 1000, p99: 100, verdict: 'valid' })
  const types = new Map(parquetMetadata(file).schema.map((s) => [s.name, s.type]))
  expect([types.get('p99'), types.get('n'), types.get('factor_tp')]).toEqual(['DOUBLE', 'INT32', 'BYTE_ARRAY'])
  expect(Buffer.compare(Buffer.from(toParquet(results)), Buffer.from(toParquet(results)))).toBe(0)
})

it('is a table also of nothing', async () => {
  expect(await parquetReadObjects({ file: toParquet({ ...results, trials: [] }).slice().buffer })).toEqual([])
})

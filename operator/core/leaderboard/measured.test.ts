// SPDX-License-Identifier: Apache-2.0
/** What was measured already against what is planned: own tables come back whole, tables of others as far as they tell. */
import { describe, expect, it } from 'vitest'
import { ENGLISH } from '../report/messages/languages.ts'
import { designNotes } from '../report/design-notes.ts'
import type { Design } from '../model/design.ts'
import type { Leaderboard } from './board.ts'
import { dataSet } from './data-set.ts'
import { matchMeasured, measuredFromRows, type PlannedRow, readMeasured } from './measured-rows.ts'
import { boardResults } from './testdata/board-sample.ts'

const board = (await boardResults({ failing: ['facebook/opt-1.3b', 'float32'] })).leaderboard as Leaderboard
const files = dataSet({ board, experiments: [], name: 'x', license: 'unknown', version: '0', command: '' })
const csv = String(files.find((f) => f.path.endsWith('8vCPU.csv'))?.content)
const planned: PlannedRow[] = board.rows.map(({ levels, configuration }) => ({ levels, configuration, tool: 'optimum-benchmark' }))
const own = readMeasured(csv, 'perf.csv')
const rows = own.ok ? own.value : []

describe('what was measured', () => {
  it.each([['a table', rows], ['results', measuredFromRows(board.rows, 'work/x-1')]])('comes back from %s: all of it is left out, and what failed is measured again', (_, measured) => {
    const { leftOut, again, unclear, others } = matchMeasured(planned, measured, false)
    expect([leftOut.length, again.map((e) => e.levels), unclear, others]).toEqual([5, [{ model: 'facebook/opt-1.3b', dtype: 'float32' }], [], 0])
    expect(matchMeasured(planned, measured, true).leftOut).toHaveLength(6)
  })

  it('counts where one of several rows was measured, whatever failed before', () => {
    const [good] = rows
    const failed = { ...good, failed: true, from: 'old.csv:2' } as (typeof rows)[number]
    expect(matchMeasured(planned, [failed, good as (typeof rows)[number]], false)).toMatchObject({ leftOut: [{ from: 'perf.csv:2' }], again: [] })
    expect(matchMeasured(planned, [failed], false)).toMatchObject({ leftOut: [], again: [{ from: 'old.csv:2' }] })
  })

  it.each<[string, (row: PlannedRow) => PlannedRow]>([
    ['another load', (row) => ({ ...row, configuration: { ...row.configuration, batch: '8' } })],
    ['a number format where none was said', (row) => ({ ...row, configuration: { ...row.configuration, dtype: 'int8' } })],
    ['another tool', (row) => ({ ...row, tool: 'vllm-bench' })],
    ['other levels of the same factors', (row) => ({ ...row, levels: { ...row.levels, dtype: 'int8' } })],
  ])('is not of %s', (_, change) => {
    expect(matchMeasured(planned.map(change), rows, false)).toMatchObject({ leftOut: [], others: 6 })
  })

  it('is of nothing sure where a table of others does not tell treatments apart', () => {
    const others = rows.map(({ configuration, failed, from }) => ({ configuration, failed, from }))
    const twice = planned.flatMap((p) => [{ ...p, levels: { ...p.levels, compile: true } }, { ...p, levels: { ...p.levels, compile: false } }])
    const { leftOut, unclear } = matchMeasured(twice, others, false)
    expect([leftOut, unclear.length, unclear[0]?.treatments]).toEqual([[], 6, 2])
  })

  it('is read from a table of LLM-Perf as data frames write it', () => {
    const text = [
      'config.name,config.backend.name,config.backend.model,config.backend.device,config.backend.torch_dtype,config.backend.quantization_scheme,config.backend.quantization_config.bits,config.backend.quantization_config.version,config.backend.attn_implementation,config.scenario.input_shapes.batch_size,report.decode.latency.p50,report.traceback',
      '4bit-gptq-exllama-v2-sdpa,pytorch,org/a,cuda,float16,gptq,4.0,2.0,sdpa,1.0,0.5,', 'float32-eager,pytorch,org/a,cuda,torch.float32,,,,eager,1.0,,"Traceback',
      'boom"', 'float32-sdpa,pytorch,org/a,cuda,float32,nan,,,sdpa,1.0,,', '',
    ].join('\n')
    const read = readMeasured(text, 'perf-df.csv')
    expect(read.ok && read.value).toEqual([
      { configuration: { model: 'org/a', backend: 'pytorch', device: 'cuda', dtype: 'float16', quantization: '4bit-gptq-exllama-v2', attention: 'sdpa', batch: '1' }, failed: false, from: 'perf-df.csv:2' },
      { configuration: { model: 'org/a', backend: 'pytorch', device: 'cuda', dtype: 'float32', attention: 'eager', batch: '1' }, failed: true, from: 'perf-df.csv:3' },
      { configuration: { model: 'org/a', backend: 'pytorch', device: 'cuda', dtype: 'float32', attention: 'sdpa', batch: '1' }, failed: true, from: 'perf-df.csv:5' },
    ])
  })

  it('is refused from a table that is no leaderboard', () => {
    const read = readMeasured('config.backend.modle,b\n1,2\n', 'x.csv')
    expect(read.ok ? [] : read.problems).toMatchObject([{ where: 'x.csv', message: 'it is no leaderboard: there is no column config.backend.model', nearest: '"config.backend.modle"' }])
    expect(readMeasured('a,"b\n', 'x.csv').ok).toBe(false)
  })
})

it('is said in the report of what was left out for it', () => {
  const note = (...from: readonly string[]) => designNotes({ measured: from.map((f) => ({ levels: {}, from: f })) } as unknown as Design).map(ENGLISH.textOf)
  expect(note()).toEqual([])
  expect(note('a.csv:2')).toEqual(['One combination of the design is not here, since it was measured already (a.csv): effects and comparisons see only the rest.'])
  expect(note('a.csv:2', 'a.csv:3', 'b', 'c', 'd')).toEqual(['5 combinations of the design are not here, since they were measured already (a.csv, b, c and 1 more): effects and comparisons see only the rest.'])
})

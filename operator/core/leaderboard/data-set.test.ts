// SPDX-License-Identifier: Apache-2.0
/** The data set: LLM-Perf's names and units by hand, the same in CSV and Parquet, and a card that a hub can read. */
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readTable } from '../analysis/table.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { type DataFile, dataSet, type DataSetInput } from './data-set.ts'
import { leaderboard } from './leaderboard.ts'
import { quantizationName, writtenQuantization } from './llm-perf-quantizations.ts'
import { llmPerfTables } from './llm-perf-table.ts'
import { readQualityTable } from './quality-table.ts'
import { boardResults, type BoardSample, TRACEBACK } from './testdata/board-sample.ts'

const golden = (name: string) => new URL(`testdata/${name}`, import.meta.url).pathname
const SMALL: BoardSample = { models: [['org/a', 0.5], ['org/b', 2]], dtypes: ['float32'], stacks: 2, failing: ['org/b', 'float32'] }
const read = readQualityTable('Model,Precision,Average ⬆️\norg/a,float32,7.5\n', 'open-llm.csv')
const boardOf = async (sample: BoardSample) => (await boardResults(sample, { quality: read.ok ? [read.value] : [] })).leaderboard as Leaderboard
const board = await boardOf(SMALL)
const input: DataSetInput = { board, experiments: [{ name: 'llm-perf', text: 'kind: Experiment\n' }], name: 'board', license: 'apache-2.0', version: '0.1.0', command: 'assay leaderboard publish llm-perf-1 --to board' }
const files = dataSet(input)
const content = (path: string, from: readonly DataFile[] = files) => from.find((f) => f.path === path)?.content ?? ''
const CSV = 'data/perf-df-pytorch-cpu-unquantized-8vCPU.csv'
const rowsOf = (text: string | Uint8Array) => {
  const table = readTable(String(text), 'x')
  return table.ok ? table.value.rows.map((r) => r.cells) : []
}

describe('goldens', () => {
  it('CSV', async () => { await expect(content(CSV)).toMatchFileSnapshot(golden('perf-df.golden.csv')) })
  it('card', async () => { await expect(content('README.md')).toMatchFileSnapshot(golden('card.golden.md')) })
})

describe('the data set', () => {
  it('has a table for each back end, hardware, subset and machine, scores, Experiments and a card', async () => {
    expect(files.map((f) => f.path)).toEqual(['README.md', CSV, CSV.replace('.csv', '.parquet'), 'data/llm-df.csv', 'data/llm-df.parquet', 'experiments/llm-perf.yaml'])
    const rows = [...board.rows, ...(await boardOf({ ...SMALL, gpus: 1 })).rows].map((row, i) => (i === 2 ? { ...row, configuration: { ...row.configuration, device: 'cuda', quantization: '4bit-awq-gemm' }, hardware: '1xNVIDIA-A10' } : row))
    expect(llmPerfTables({ rows, notes: [] }).map((t) => [t.name, t.rows.length])).toEqual([['perf-df-pytorch-cpu-unquantized-8vCPU', 2], ['perf-df-pytorch-cpu-unquantized-unknown', 1], ['perf-df-pytorch-cuda-awq-1xNVIDIA-A10', 1]])
    expect(llmPerfTables(board, '32vCPU C7i').map((t) => t.name)).toEqual(['perf-df-pytorch-cpu-unquantized-32vCPU-C7i'])
  })

  it('has the values that a hand computes: s, MB of 10⁶ bytes, kWh, tokens a kWh', () => {
    const [row] = rowsOf(content(CSV))
    const [first, second] = board.rows[0]?.trials ?? []
    const decode = [first, second].map((t) => t?.stages.find((s) => s.stage === 'decode'))
    const mean = (values: readonly number[]) => (values[0] as number) / 2 + (values[1] as number) / 2
    const of = (name: string) => mean(decode.map((s) => s?.scalars[name]?.value ?? Number.NaN))
    expect(Number(row?.['report.decode.latency.p50'])).toBeCloseTo(mean(decode.map((s) => s?.distributions['batch_latency']?.p50 ?? Number.NaN)) / 1000, 9)
    expect(Number(row?.['report.decode.memory.max_ram'])).toBeCloseTo(of('peak_ram') * 1073.741824, 6)
    expect(Number(row?.['report.decode.energy.total'])).toBeCloseTo(of('process_energy') / 3.6e6, 12)
    expect(Number(row?.['report.decode.efficiency.value'])).toBeCloseTo(3.6e6 / of('energy_per_output_token'), 3)
    expect(row).toMatchObject({
      'config.name': 'float32-sdpa', 'config.backend.name': 'pytorch', 'config.backend.model': 'org/a', 'config.backend.device': 'cpu', 'config.backend.torch_dtype': 'float32', 'config.backend.no_weights': 'True',
      'config.scenario.input_shapes.batch_size': '1', 'config.scenario.input_shapes.sequence_length': '256', 'config.scenario.generate_kwargs.max_new_tokens': '64',
      'report.decode.latency.unit': 's', 'report.decode.latency.count': '20', 'report.decode.memory.unit': 'MB', 'report.decode.throughput.unit': 'tokens/s', 'report.decode.energy.unit': 'kWh', 'report.prefill.throughput.unit': 'samples/s',
      'report.load_model.energy.unit': '', 'report.generate.memory.unit': '', 'report.traceback': '', 'assay.stacks': '2', 'assay.trials': '2', 'assay.verdict': 'valid', 'assay.quality.Average ⬆️': '7.5',
    })
    expect(Number(row?.['assay.decode.latency.p50.low'])).toBeLessThan(Number(row?.['assay.decode.latency.p50.mean']))
  })

  it('keeps failures, with their traceback whole', () => {
    expect(rowsOf(content(CSV))[1]).toMatchObject({ 'config.backend.model': 'org/b', 'report.traceback': TRACEBACK, 'report.decode.latency.p50': '', 'assay.verdict': 'HarnessFailed', 'assay.trials': '0' })
  })

  it('has the columns that LLM-Perf\'s own page looks up, whether anything is in them or not', () => {
    const [heading = ''] = String(content(CSV)).split('\r\n')
    for (const column of [
      'config.name', 'config.backend.name', 'config.backend.model', 'config.backend.torch_dtype', 'config.backend.attn_implementation', 'config.backend.quantization_scheme', 'config.backend.quantization_config.load_in_4bit',
      'config.scenario.generate_kwargs.min_new_tokens', 'report.prefill.latency.p50', 'report.per_token.latency.p50', 'report.decode.throughput.value', 'report.decode.efficiency.value', 'report.decode.memory.max_allocated', 'report.decode.latency.p50',
    ]) expect(heading.split(',')).toContain(column)
  })

  it('is the same in Parquet as in CSV, with types', async () => {
    const parquet = content(CSV.replace('.csv', '.parquet')) as Uint8Array
    const rows = await parquetReadObjects({ file: parquet.slice().buffer })
    const text = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
    expect(rows.map((r) => Object.fromEntries(Object.entries(r).map(([name, value]) => [name, text(value)])))).toEqual(rowsOf(content(CSV)))
    expect(typeof rows[0]?.['report.decode.latency.p50']).toBe('number')
  })

  it('has a card whose front matter names tables that are there', () => {
    const [, front = ''] = /^---\n([\s\S]*?)---\n/.exec(String(content('README.md'))) ?? []
    const { configs, license } = parse(front) as { readonly configs: readonly { readonly data_files: string }[]; readonly license: string }
    expect(license).toBe('apache-2.0')
    expect(configs.map((c) => c.data_files).every((path) => files.some((f) => f.path === path))).toBe(true)
  })

  it('has one row of scores for a model, since readers join by its name', () => {
    expect(rowsOf(content('data/llm-df.csv'))).toEqual([{ Model: 'org/a', Precision: 'float32', 'Average ⬆️': '7.5', 'assay.table': 'open-llm.csv' }])
    const unscored = leaderboard(board.rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'quality')) as unknown as BoardRow), []).rows
    expect(dataSet({ ...input, board: { ...board, rows: unscored } }).map((f) => f.path)).not.toContain('data/llm-df.csv')
  })
})

describe('quantised weights', () => {
  it.each(['4bit-bnb', '8bit-bnb', '4bit-gptq-exllama-v1', '4bit-gptq-exllama-v2', '4bit-awq-gemm', '4bit-awq-gemv', 'torchao-int4wo-128'])('%s is read back from what is written', (name) => {
    const written = writtenQuantization(name)
    expect(quantizationName(written?.scheme ?? '', '', written?.settings ?? {})).toBe(name)
  })

  it('are told by the name of the row where their settings are alike, and are their scheme where nothing tells', () => {
    expect(quantizationName('awq', '4bit-awq-exllama-v2-sdpa', {})).toBe('4bit-awq-exllama-v2')
    expect(quantizationName('awq', '', { bits: '4', version: 'exllama' })).toBe('awq')
    expect(quantizationName('quanto', 'x', {})).toBe('quanto')
    expect(writtenQuantization('quanto')).toEqual({ scheme: 'quanto', settings: {} })
  })
})

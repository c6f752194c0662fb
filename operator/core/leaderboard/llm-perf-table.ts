// SPDX-License-Identifier: Apache-2.0
/** A leaderboard as LLM-Perf's own tables, one for each back end, hardware, subset and machine; our replicates and intervals stand in columns of their own. */
import type { Field, TidyTable } from '../report/tidy-table.ts'
import type { Response } from '../report/response.ts'
import type { Cell } from '../report/results.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { stageCell } from './board-measures.ts'
import { measuredScores, qualityColumns } from './leading-quality.ts'
import { writtenQuantization } from './llm-perf-quantizations.ts'
import { type LlmPerfColumn, number, reportColumns, text } from './llm-perf-columns.ts'

export interface LlmPerfTable extends TidyTable {
  /** Without folder and ending: perf-df-pytorch-cuda-unquantized-1xA10. */
  readonly name: string
  readonly boardRows: readonly BoardRow[]
}

/** What readers of the original look up of a quantisation. */
const QUANTIZATION_SETTINGS = ['bits', 'version', 'load_in_4bit', 'load_in_8bit']
/** Arguments that have a column of their own. */
const NAMED_ARGUMENTS = new Set(['torch_dtype', 'dtype', 'attn_implementation', 'quantization_scheme', 'device', 'model', ...QUANTIZATION_SETTINGS.map((name) => `quantization_config.${name}`)])

export function llmPerfTables({ rows }: Leaderboard, machine?: string): LlmPerfTable[] {
  const groups = Map.groupBy(rows, (row) => fileName(row, machine))
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, own]) => {
    const columns = columnsOf(own)
    return { name, boardRows: own, columns: columns.map(({ name: column, type }) => ({ name: column, type })), rows: own.map((row) => columns.map((column) => column.of(row) ?? null)) }
  })
}

function fileName({ configuration: { backend, device, quantization }, hardware }: BoardRow, machine: string | undefined): string {
  const parts = [backend ?? 'unknown', device ?? 'unknown', writtenQuantization(quantization)?.scheme ?? 'unquantized', machine ?? (hardware || 'unknown')]
  return ['perf-df', ...parts.map((part) => part.replaceAll(/[^A-Za-z0-9._]+/g, '-').replaceAll(/^-+|-+$/g, ''))].join('-')
}

function columnsOf(rows: readonly BoardRow[]): LlmPerfColumn[] {
  const others = [...new Set(rows.flatMap((row) => Object.keys(row.arguments)))].filter((key) => !NAMED_ARGUMENTS.has(plain(key))).sort()
  return [
    text('config.name', configName),
    text('config.backend.name', (row) => row.configuration.backend),
    text('config.backend.model', (row) => row.configuration.model),
    text('config.backend.device', (row) => row.configuration.device),
    text('config.backend.torch_dtype', (row) => row.configuration.dtype),
    text('config.backend.attn_implementation', (row) => row.configuration.attention),
    text('config.backend.quantization_scheme', (row) => writtenQuantization(row.configuration.quantization)?.scheme),
    ...QUANTIZATION_SETTINGS.map((key) => text(`config.backend.quantization_config.${key}`, (row) => argument(`quantization_config.${key}`)(row) ?? writtenQuantization(row.configuration.quantization)?.settings[key])),
    ...others.map((key) => text(`config.backend.${plain(key)}`, argument(plain(key)))),
    text('config.scenario.name', () => 'inference'),
    number('config.scenario.input_shapes.batch_size', (row) => numberOf(row.configuration.batch)),
    number('config.scenario.input_shapes.sequence_length', (row) => numberOf(row.configuration.input)),
    number('config.scenario.generate_kwargs.max_new_tokens', (row) => numberOf(row.configuration.output)),
    number('config.scenario.generate_kwargs.min_new_tokens', (row) => numberOf(row.configuration.output)),
    number('config.environment.cpu_count', (row) => row.witness?.provenance.nodes[0]?.cpu),
    text('config.environment.gpu', (row) => gpuOf(row)),
    text('config.environment.optimum_benchmark_version', (row) => only(toolsOf(row).filter((tool) => tool.name === 'optimum-benchmark').map((tool) => tool.version))),
    ...reportColumns(), ...ownColumns(),
    ...[...qualityColumns(rows), ...measuredScores(rows)].map(({ label, of }) => number(`assay.quality.${label}`, (row) => of(row)?.value)),
  ]
}

const plain = (key: string) => key.replaceAll('-', '_')
const numberOf = (value: string | undefined): Field => (value === undefined || value.trim() === '' || Number.isNaN(Number(value)) ? null : Number(value))
const only = (values: readonly string[]): Field => [...new Set(values)].sort().join(' ') || null

const toolsOf = ({ trials, witness }: BoardRow) => (trials.length > 0 ? trials : [witness].filter((t) => t !== undefined)).map((t) => t.tool)

/** As its CSV names a row: number format or quantisation, then attention. */
function configName({ configuration: { dtype, quantization, attention } }: BoardRow): Field {
  return [quantization ?? dtype, attention].filter(Boolean).join('-') || null
}

/** Truth as Python writes it. */
function argument(key: string): LlmPerfColumn['of'] {
  return (row) => {
    const value = Object.entries(row.arguments).find(([name]) => plain(name) === key)?.[1]
    return value === 'true' ? 'True' : value === 'false' ? 'False' : value
  }
}

/** As its environment lists them: a Python list of names. */
function gpuOf({ witness }: BoardRow): Field {
  const products = witness === undefined || witness.gpus === 0 ? [] : witness.provenance.gpus.map((g) => g.model)
  const named = products.flatMap((p) => p ?? [])
  return named.length === 0 ? null : `[${named.map((name) => `'${name}'`).join(', ')}]`
}

const INTERVALS: readonly (readonly [name: string, stage: string, response: Response, scale: number])[] = [
  ['prefill.latency.p50', 'prefill', { metric: 'batch_latency', statistic: 'p50' }, 1e-3],
  ['decode.latency.p50', 'decode', { metric: 'batch_latency', statistic: 'p50' }, 1e-3],
  ['per_token.latency.p50', 'per_token', { metric: 'itl', statistic: 'p50' }, 1e-3],
  ['decode.throughput.value', 'decode', { metric: 'output_throughput', statistic: 'value' }, 1],
]

function ownColumns(): LlmPerfColumn[] {
  const bound = (cell: Cell | undefined, side: 'low' | 'high') => (cell === undefined || cell.interval.kind === 'none' ? undefined : cell.interval[side])
  const times = (value: number | undefined, scale: number): Field => (value === undefined ? null : value * scale)
  return [
    text('assay.experiment', (row) => row.experiment),
    text('assay.levels', (row) => JSON.stringify(row.levels)),
    { name: 'assay.stacks', type: 'whole', of: (row) => row.stacks },
    { name: 'assay.trials', type: 'whole', of: (row) => row.trials.length },
    { name: 'assay.lost', type: 'whole', of: (row) => row.lost },
    text('assay.verdict', ({ failure, trials }) => (failure === undefined ? (trials.some((t) => t.verdict.result === 'suspect') ? 'suspect' : 'valid') : failure.reason)),
    text('assay.tool', (row) => only(toolsOf(row).map((tool) => `${tool.name} ${tool.version}`))),
    text('assay.hardware', (row) => row.hardware || null),
    text('assay.measured', (row) => row.trials.map((t) => t.time.start).sort()[0] ?? row.witness?.time.start),
    ...INTERVALS.flatMap(([name, stage, response, scale]) => [
      number(`assay.${name}.mean`, (row) => times(stageCell(row, stage, response)?.mean, scale)),
      number(`assay.${name}.low`, (row) => times(bound(stageCell(row, stage, response), 'low'), scale)),
      number(`assay.${name}.high`, (row) => times(bound(stageCell(row, stage, response), 'high'), scale)),
    ]),
  ]
}

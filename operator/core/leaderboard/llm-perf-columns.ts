// SPDX-License-Identifier: Apache-2.0
/** LLM-Perf's names and units for what a row was measured with: `report.<phase>.<measure>.<statistic>`. Values are medians over the trials of a row. */
import type { MetricName } from '../model/metric.ts'
import type { Field, TidyColumn } from '../report/tidy-table.ts'
import { responseValue, type Statistic } from '../report/response.ts'
import { quantile, sorted } from '../stats/quantile.ts'
import type { BoardRow } from './board.ts'
import { STAGES } from './board-measures.ts'

export interface LlmPerfColumn extends TidyColumn { readonly of: (row: BoardRow) => Field }
type Phase = (typeof STAGES)[number]

const MS_PER_S = 1000
/** A GiB in MB of 10⁶ bytes, which optimum-benchmark counts in. */
const MB_PER_GIB = 2 ** 30 / 1e6
const J_PER_KWH = 3.6e6

const LATENCY: Readonly<Record<Phase, { readonly metric: MetricName; readonly perSecond: number }>> = {
  load_model: { metric: 'engine_start', perSecond: 1 }, first_generate: { metric: 'batch_latency', perSecond: MS_PER_S }, prefill: { metric: 'batch_latency', perSecond: MS_PER_S },
  decode: { metric: 'batch_latency', perSecond: MS_PER_S }, generate: { metric: 'batch_latency', perSecond: MS_PER_S }, per_token: { metric: 'itl', perSecond: MS_PER_S },
}
const THROUGHPUT: Readonly<Partial<Record<Phase, { readonly metric: MetricName; readonly unit: string }>>> = {
  prefill: { metric: 'request_throughput', unit: 'samples/s' }, decode: { metric: 'output_throughput', unit: 'tokens/s' }, generate: { metric: 'request_throughput', unit: 'samples/s' },
}
const MEMORY = [
  ['max_ram', 'peak_ram'], ['max_global_vram', 'peak_gpu_memory'], ['max_process_vram', 'peak_gpu_memory_process'], ['max_reserved', 'peak_gpu_memory_reserved'], ['max_allocated', 'peak_gpu_memory_allocated'],
] as const
const ENERGY = [['cpu', 'cpu_energy'], ['ram', 'ram_energy'], ['gpu', 'gpu_energy'], ['total', 'process_energy']] as const
const LATENCIES = ['mean', 'p50', 'p90', 'p95', 'p99'] as const

/** All columns of all phases, also those that are empty: readers of the original ask for them by name. */
export function reportColumns(): LlmPerfColumn[] {
  return [...STAGES.flatMap((phase) => [...memory(phase), ...latency(phase), ...throughput(phase), ...energy(phase), ...efficiency(phase)]), text('report.traceback', (row) => row.failure?.traceback)]
}

export const text = (name: string, of: LlmPerfColumn['of']): LlmPerfColumn => ({ name, type: 'text', of })
export const number = (name: string, of: LlmPerfColumn['of']): LlmPerfColumn => ({ name, type: 'number', of })

function memory(phase: Phase): LlmPerfColumn[] {
  const columns = MEMORY.map(([name, metric]) => number(`report.${phase}.memory.${name}`, (row) => scaled(median(row, phase, [metric, 'value']), MB_PER_GIB)))
  return [unitColumn(`report.${phase}.memory.unit`, 'MB', columns), ...columns]
}

function latency(phase: Phase): LlmPerfColumn[] {
  const { metric, perSecond } = LATENCY[phase]
  const seconds = (statistic: Statistic) => (row: BoardRow) => scaled(median(row, phase, [metric, statistic]), 1 / perSecond)
  const at = (name: string) => `report.${phase}.latency.${name}`
  const spreads = LATENCIES.map((statistic) => number(at(statistic), seconds(statistic)))
  const relative = (row: BoardRow): Field => {
    const [deviation, mean] = [seconds('stddev')(row), seconds('mean')(row)]
    return deviation === null || mean === null || mean === 0 ? null : (100 * deviation) / mean
  }
  return [
    unitColumn(at('unit'), 's', spreads),
    { name: at('count'), type: 'whole', of: (row) => totalOf(row, phase, metric, () => 1) },
    number(at('total'), (row) => scaled(totalOf(row, phase, metric, (mean) => mean), 1 / perSecond)),
    ...spreads, number(at('stdev'), seconds('stddev')), number(at('stdev_'), relative),
  ]
}

function throughput(phase: Phase): LlmPerfColumn[] {
  const known = THROUGHPUT[phase]
  if (known === undefined) return []
  const value = number(`report.${phase}.throughput.value`, (row) => median(row, phase, [known.metric, 'value']))
  return [unitColumn(`report.${phase}.throughput.unit`, known.unit, [value]), value]
}

function energy(phase: Phase): LlmPerfColumn[] {
  const columns = ENERGY.map(([name, metric]) => number(`report.${phase}.energy.${name}`, (row) => scaled(median(row, phase, [metric, 'value']), 1 / J_PER_KWH)))
  return [unitColumn(`report.${phase}.energy.unit`, 'kWh', columns), ...columns]
}

/** Of decoding what tokens a kWh gives; of a whole batch how many samples, where the size of the batch is known. */
function efficiency(phase: Phase): LlmPerfColumn[] {
  const perKwh: Readonly<Partial<Record<Phase, { readonly unit: string; readonly of: (row: BoardRow) => Field }>>> = {
    decode: { unit: 'tokens/kWh', of: (row) => inverse(median(row, phase, ['energy_per_output_token', 'value'])) },
    prefill: { unit: 'samples/kWh', of: (row) => samplesPerKwh(row, phase) }, generate: { unit: 'samples/kWh', of: (row) => samplesPerKwh(row, phase) },
  }
  const known = perKwh[phase]
  if (known === undefined) return []
  const value = number(`report.${phase}.efficiency.value`, known.of)
  return [unitColumn(`report.${phase}.efficiency.unit`, known.unit, [value]), value]
}

function samplesPerKwh(row: BoardRow, phase: Phase): Field {
  const batch = Number(row.configuration.batch)
  return Number.isSafeInteger(batch) && batch > 0 ? scaled(inverse(median(row, phase, ['process_energy', 'value'])), batch) : null
}

const inverse = (joules: number | null) => (joules === null || joules === 0 ? null : J_PER_KWH / joules)
const scaled = (value: number | null, factor: number) => (value === null ? null : value * factor)

/** A unit without a value would be a claim. */
function unitColumn(name: string, unit: string, columns: readonly LlmPerfColumn[]): LlmPerfColumn {
  return text(name, (row) => (columns.some((c) => (c.of(row) ?? null) !== null) ? unit : null))
}

export function median({ trials }: BoardRow, stage: string, [metric, statistic]: readonly [MetricName, Statistic]): number | null {
  const values = trials.flatMap((t) => responseValue(t, stage, { metric, statistic })?.value ?? [])
  return values.length === 0 ? null : quantile(sorted(values), 0.5)
}

/** Over all iterations of all trials. */
function totalOf({ trials }: BoardRow, stage: string, metric: MetricName, ...[of]: [(mean: number) => number]): number | null {
  const distributions = trials.flatMap((t) => t.stages.filter((s) => s.stage === stage).flatMap((s) => s.distributions[metric] ?? []))
  const parts = distributions.flatMap(({ n, mean }) => (mean === null ? [] : [n * of(mean)]))
  return parts.length === 0 ? null : parts.reduce((sum, part) => sum + part, 0)
}

// SPDX-License-Identifier: Apache-2.0
/** Which responses a leaderboard shows, from loading a model to the energy of a token, and how a row answers each. It formats nothing. */
import type { MetricName } from '../model/metric.ts'
import { METRICS } from '../model/metric.ts'
import { type Message, message } from '../report/messages.ts'
import { isSame, type Response } from '../report/response.ts'
import type { Cell } from '../report/results.ts'
import type { BoardRow } from './board.ts'

export interface BoardMeasure {
  readonly id: string
  readonly title: Message
  readonly unit: string
  readonly of: (row: BoardRow) => Cell | undefined
}

/** Stages of an engine in the tool's own process, by the contract of such harnesses. */
export const STAGES = ['load_model', 'first_generate', 'prefill', 'decode', 'generate', 'per_token'] as const

export function stageCell(row: BoardRow, stage: string, response: Response): Cell | undefined {
  return row.cells.find((cell) => cell.stage === stage && isSame(response, cell))
}

/** The greatest over the stages. */
export function peakCell(row: BoardRow, metric: MetricName): Cell | undefined {
  return row.cells.filter((c) => c.metric === metric).reduce<Cell | undefined>((most, c) => (most === undefined || c.mean > most.mean ? c : most), undefined)
}

const staged = (title: Message, stage: string, [metric, statistic]: readonly [MetricName, Response['statistic']]): BoardMeasure => ({
  id: `${stage}.${metric}.${statistic}`, title, unit: METRICS[metric].unit, of: (row) => stageCell(row, stage, { metric, statistic }),
})
const peak = (title: Message, metric: MetricName): BoardMeasure => ({ id: `peak.${metric}`, title, unit: METRICS[metric].unit, of: (row) => peakCell(row, metric) })

/** What tensors took first: it is what a model needs. */
const MEMORY: readonly (readonly [MetricName, Message])[] = [
  ['peak_gpu_memory_allocated', message('board.measure.allocated')], ['peak_gpu_memory_process', message('board.measure.process')],
  ['peak_gpu_memory_reserved', message('board.measure.reserved')], ['peak_gpu_memory', message('board.measure.gpu')], ['peak_ram', message('board.measure.ram')],
]

/** Those that any row has, in the order in which an engine goes through them. */
export function boardMeasures(rows: readonly BoardRow[]): BoardMeasure[] {
  const others = [...new Set(rows.flatMap((r) => r.cells.filter((c) => c.metric === 'batch_latency').map((c) => c.stage)))].filter((stage) => !(STAGES as readonly string[]).includes(stage))
  const all = [
    staged(message('board.measure.prefill'), 'prefill', ['batch_latency', 'p50']),
    staged(message('board.measure.decode'), 'decode', ['batch_latency', 'p50']),
    staged(message('board.measure.perToken'), 'per_token', ['itl', 'p50']),
    ...others.map((stage) => staged(message('board.measure.other', { stage }), stage, ['batch_latency', 'p50'])),
    staged(message('board.measure.decodeThroughput'), 'decode', ['output_throughput', 'value']),
    ...MEMORY.map(([metric, title]) => peak(title, metric)),
    staged(message('board.measure.tokenEnergy'), 'decode', ['energy_per_output_token', 'value']),
    staged(message('board.measure.generate'), 'generate', ['batch_latency', 'p50']),
    staged(message('board.measure.generateThroughput'), 'generate', ['request_throughput', 'value']),
    staged(message('board.measure.load'), 'load_model', ['engine_start', 'mean']),
    staged(message('board.measure.first'), 'first_generate', ['batch_latency', 'mean']),
    staged(message('board.measure.energy'), 'decode', ['process_energy', 'value']),
  ]
  return all.filter((measure) => rows.some((row) => measure.of(row) !== undefined))
}

/** What a mark's size stands for: of a GPU what tensors took, else what the process held. */
export function memoryOf(rows: readonly BoardRow[]): BoardMeasure | undefined {
  const candidates = MEMORY.map(([metric, title]) => peak(title, metric))
  const measured = rows.filter((row) => row.failure === undefined)
  const count = (measure: BoardMeasure) => measured.filter((row) => (measure.of(row)?.mean ?? 0) > 0).length
  return candidates.reduce<BoardMeasure | undefined>((best, next) => (count(next) > (best === undefined ? 0 : count(best)) ? next : best), undefined)
}

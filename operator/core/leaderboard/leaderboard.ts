// SPDX-License-Identifier: Apache-2.0
/** Experiments and tables of scores → a leaderboard: best first, failures last, the same combination measured twice said. */
import type { Cell, ExperimentInput, TreatmentInfo } from '../report/results.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { type Message, message } from '../report/messages.ts'
import { boardRows } from './board-rows.ts'
import { stageCell } from './board-measures.ts'
import { configurationLabel } from './configuration.ts'
import { joinQuality } from './join-quality.ts'
import { leadingQuality } from './leading-quality.ts'
import type { QualityTable } from './quality-table.ts'

/** Undefined where no engine ran in the tool's own process, or there is nothing to put in order. */
export function leaderboardOf(input: ExperimentInput, treatments: readonly TreatmentInfo[]): Leaderboard | undefined {
  const rows = boardRows(input, treatments)
  return rows.length < 2 ? undefined : leaderboard(rows, input.quality ?? [])
}

export function leaderboard(rows: readonly BoardRow[], tables: readonly QualityTable[]): Leaderboard {
  const merged = withoutRetried(rows)
  const joined = joinQuality(merged.rows, tables)
  const notes = [...joined.notes, ...merged.notes]
  return { rows: inOrder(joined.rows), notes }
}

/** A failure that was measured later, in another Experiment, is history. */
function withoutRetried(rows: readonly BoardRow[]): Leaderboard {
  const groups = Map.groupBy(rows, rowKey)
  const notes: Message[] = []
  const kept = [...groups.values()].flatMap((own) => {
    const measured = own.filter((r) => r.failure === undefined)
    const failed = own.filter((r) => r.failure !== undefined)
    if (new Set(own.map((r) => r.experiment)).size < 2) return own
    const configuration = rowLabel(own[0] as BoardRow)
    const names = (of: readonly BoardRow[]) => [...new Set(of.map((r) => r.experiment))].join(', ')
    if (measured.length > 1) notes.push(message('board.twice', { configuration, experiments: names(measured) }))
    if (measured.length > 0 && failed.length > 0) notes.push(message('board.retried', { configuration, experiments: names(failed) }))
    return measured.length > 0 ? measured : own
  })
  return { rows: kept, notes }
}

/** Rows of one combination, whoever measured it. */
const rowKey = ({ configuration, levels, hardware }: BoardRow) => JSON.stringify([Object.entries(configuration).sort(byName), Object.entries(levels).sort(byName), hardware])
const byName = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : Number(a > b))

/** The configuration where one is known, else the levels. */
export function rowLabel({ configuration, levels, experiment }: BoardRow): string {
  const known = configurationLabel(configuration, ['model', 'backend', 'dtype', 'quantization', 'attention', 'batch'])
  return known || Object.entries(levels).map(([name, level]) => `${name}=${level}`).join(' ') || experiment
}

/** Quality, then decode throughput, then prefill latency; what failed comes last, by name. */
function inOrder(rows: readonly BoardRow[]): BoardRow[] {
  const quality = leadingQuality(rows)
  const rank = (row: BoardRow): readonly number[] => [
    row.failure === undefined ? 0 : 1,
    descending(quality === undefined ? undefined : directed(quality.of(row)?.value, quality.better)),
    descending(mean(stageCell(row, 'decode', { metric: 'output_throughput', statistic: 'value' }))),
    mean(stageCell(row, 'prefill', { metric: 'batch_latency', statistic: 'p50' })) ?? Number.MAX_VALUE,
  ]
  return [...rows].sort((a, b) => compare(rank(a), rank(b)) || rowLabel(a).localeCompare(rowLabel(b), 'en'))
}

const mean = (cell: Cell | undefined) => cell?.mean
const descending = (value: number | undefined) => (value === undefined ? Number.MAX_VALUE : -value)
const directed = (value: number | undefined, better: string) => (value === undefined || better !== 'lower' ? value : -value)

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number)
}

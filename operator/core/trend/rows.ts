// SPDX-License-Identifier: Apache-2.0
/** The tables of a page of trends as texts, worst first, for every form that shows them. */
import type { Catalogue } from '../report/messages/english.ts'
import { message, type Part } from '../report/messages.ts'
import type { Effect, SeriesTrend, Shift, Trends } from './trends.ts'
import { changesText, commitText, effectText, fewestOf, noiseText, presentOf, runsText, seriesName, sizeText, stateOf, timeText, valueText } from './words.ts'

/** Titles of columns have no parameters. */
export type Column = keyof Catalogue & `trend.column.${string}`

export interface ShiftRow {
  readonly series: SeriesTrend
  readonly shift: Shift
  readonly cells: readonly Part[]
}
export const SHIFT_COLUMNS: readonly Column[] = [
  'trend.column.effect', 'trend.column.series', 'trend.column.size', 'trend.column.values', 'trend.column.since', 'trend.column.between', 'trend.column.runs', 'trend.column.cause',
]

const ORDER: Readonly<Record<Effect, number>> = { worse: 0, changed: 1, better: 2 }

/** What is worse now, then what else changed; the larger before the smaller. */
export function shiftRows(trends: Trends): ShiftRow[] {
  const found = trends.series.flatMap((series) => series.shifts.map((shift) => ({ series, shift })))
  const rank = ({ series, shift }: (typeof found)[number]) => (series.isWorse && shift.isRecent && shift.effect === 'worse' ? -1 : ORDER[shift.effect])
  return found
    .sort((a, b) => rank(a) - rank(b) || Number(b.shift.isRecent) - Number(a.shift.isRecent) || weightOf(b.shift) - weightOf(a.shift))
    .map(({ series, shift }) => ({ series, shift, cells: cellsOf(series, shift, trends) }))
}

function weightOf({ size: { scale, bounds }, levels: { before } }: Shift): number {
  if (bounds.estimate === null) return 0
  return scale === 'ratio' ? Math.abs(Math.log(bounds.estimate)) : Math.abs(bounds.estimate) / Math.max(Math.abs(before.value), 1e-12)
}

function cellsOf(series: SeriesTrend, shift: Shift, trends: Trends): Part[] {
  const { unit } = series.response
  const { before, after } = shift.levels
  const isStep = shift.kind === 'shift'
  return [
    shift.isRecent ? effectText(shift) : message('trend.effect.undone', { effect: effectText(shift) }),
    seriesName(series, trends), sizeText(shift, unit),
    isStep ? `${valueText(before.value, unit)} → ${valueText(after.value, unit)}` : valueText(before.value, unit),
    sinceText(shift, trends), commitsText(shift, trends),
    isStep ? `${before.n} + ${after.n}` : String(before.n),
    shift.changes.length === 0 ? message('trend.cause.nothing') : changesText(shift.changes),
  ]
}

function sinceText({ kind, before, after, place }: Shift, { runs }: Trends): Part {
  if (kind === 'drift') return message('trend.run.driftSpan', { from: timeText(runs[before]), to: timeText(runs[after]) })
  const [time, from, to] = [after, place.from, place.to].map((i) => timeText(runs[i]))
  return from === to || from === undefined || to === undefined ? String(time) : message('trend.run.place', { time: String(time), from, to })
}

function commitsText({ before, after }: Shift, { runs }: Trends): Part {
  const [a, b] = [commitText(runs[before]), commitText(runs[after])]
  return a === '' && b === '' ? message('trend.run.noCommit') : message('trend.run.commits', { before: a || '?', after: b || '?' })
}

export const ENVIRONMENT_COLUMNS: readonly Column[] = ['trend.column.lastBefore', 'trend.column.firstWith', 'trend.column.cause']

export function environmentRows({ environmentChanges, runs }: Trends): Part[][] {
  return environmentChanges.map(({ before, after, changes }) => [timeText(runs[before]), timeText(runs[after]), changesText(changes)])
}

export const OPEN_COLUMNS: readonly Column[] = ['trend.column.series', 'trend.column.reason']

export function openRows(trends: Trends): Part[][] {
  return trends.series.filter((s) => presentOf(s).state !== 'decided').map((series) => {
    const { state, points } = presentOf(series)
    const count = runsText(points.filter((p) => !p.weak).length)
    return [seriesName(series, trends), state === 'weak' ? message('trend.open.weak') : message('trend.open.tooFew', { count, fewest: fewestOf(trends) })]
  })
}

export const STEADY_COLUMNS: readonly Column[] = ['trend.column.series', 'trend.column.level', 'trend.column.noise', 'trend.column.runs']

export function steadyRows(trends: Trends): Part[][] {
  return trends.series.filter((s) => stateOf(s) === 'steady').flatMap((series) => {
    const level = presentOf(series).levels.at(-1)
    const { unit } = series.response
    return level === undefined ? [] : [[seriesName(series, trends), valueText(level.value, unit), noiseText(level, unit), String(level.n)]]
  })
}

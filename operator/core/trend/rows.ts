// SPDX-License-Identifier: Apache-2.0
/** The tables of a page of trends as texts, worst first, for every form that shows them. */
import { say, type TrendKey } from './messages.ts'
import type { Effect, SeriesTrend, Shift, Trends } from './trends.ts'
import { changeTexts, commitText, effectText, fewestOf, noiseText, presentOf, runsText, seriesName, sizeText, stateOf, timeText, valueText } from './words.ts'

export interface ShiftRow {
  readonly series: SeriesTrend
  readonly shift: Shift
  readonly cells: readonly string[]
}
export const SHIFT_COLUMNS: readonly TrendKey[] = [
  'column.effect', 'column.series', 'column.size', 'column.values', 'column.since', 'column.between', 'column.runs', 'column.cause',
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

function cellsOf(series: SeriesTrend, shift: Shift, trends: Trends): string[] {
  const { unit } = series.response
  const { before, after } = shift.levels
  const isStep = shift.kind === 'shift'
  return [
    shift.isRecent ? effectText(shift) : `${effectText(shift)} (${say('effect.undone')})`,
    seriesName(series, trends), sizeText(shift, unit),
    isStep ? `${valueText(before.value, unit)} → ${valueText(after.value, unit)}` : valueText(before.value, unit),
    sinceText(shift, trends), commitsText(shift, trends),
    isStep ? `${before.n} + ${after.n}` : String(before.n),
    changeTexts(shift.changes).join('; ') || say('cause.nothing'),
  ]
}

function sinceText({ kind, before, after, place }: Shift, { runs }: Trends): string {
  if (kind === 'drift') return say('run.driftSpan', { from: timeText(runs[before]), to: timeText(runs[after]) })
  const [time, from, to] = [after, place.from, place.to].map((i) => timeText(runs[i]))
  return from === to || from === undefined || to === undefined ? String(time) : say('run.place', { time: String(time), from, to })
}

function commitsText({ before, after }: Shift, { runs }: Trends): string {
  const [a, b] = [commitText(runs[before]), commitText(runs[after])]
  return a === '' && b === '' ? say('run.noCommit') : say('run.commits', { before: a || '?', after: b || '?' })
}

export const ENVIRONMENT_COLUMNS: readonly TrendKey[] = ['environment.before', 'environment.after', 'column.cause']

export function environmentRows({ environmentChanges, runs }: Trends): string[][] {
  return environmentChanges.map(({ before, after, changes }) => [timeText(runs[before]), timeText(runs[after]), changeTexts(changes).join('; ')])
}

export const OPEN_COLUMNS: readonly TrendKey[] = ['column.series', 'column.reason']

export function openRows(trends: Trends): string[][] {
  return trends.series.filter((s) => presentOf(s).state !== 'decided').map((series) => {
    const { state, points } = presentOf(series)
    const count = runsText(points.filter((p) => !p.weak).length)
    return [seriesName(series, trends), state === 'weak' ? say('open.weak') : say('open.tooFew', { count, fewest: fewestOf(trends) })]
  })
}

export const STEADY_COLUMNS: readonly TrendKey[] = ['column.series', 'column.level', 'column.noise', 'column.runs']

export function steadyRows(trends: Trends): string[][] {
  return trends.series.filter((s) => stateOf(s) === 'steady').flatMap((series) => {
    const level = presentOf(series).levels.at(-1)
    const { unit } = series.response
    return level === undefined ? [] : [[seriesName(series, trends), valueText(level.value, unit), noiseText(level, unit), String(level.n)]]
  })
}

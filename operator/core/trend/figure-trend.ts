// SPDX-License-Identifier: Apache-2.0
/** One series over its runs: dots with intervals, levels, changes with where they may lie, and where the environment changed. */
import type { Markish } from '@observablehq/plot'
import { displayUnit } from '../report/format.ts'
import { dot, drawFigure, gridY, line, rect, ruleX } from '../report/figures.ts'
import { formatTick, margins, SMALL, type Figure } from '../report/figure-style.ts'
import { message, type Texts } from '../report/messages.ts'
import type { SeriesTrend, Shift, TrendPoint, Trends } from './trends.ts'
import { changesText, commitText, effectText, runsText, seriesName, sizeText, timeText, valueText } from './words.ts'

/** Points that can tell what they are when they are pointed at. */
const MOST_TITLES = 120
const COLOURS = { worse: 'var(--bad)', better: 'var(--good)', changed: 'var(--doubt)' } as const
const TICKS = 5

/** Place of each run among the runs of its Experiment, from 1. */
type Places = ReadonlyMap<number, number>

export function trendFigure(series: SeriesTrend, trends: Trends, texts: Texts): Figure {
  const own = trends.runs.flatMap((r, i) => (r.experiment === series.experiment ? [i] : []))
  const places: Places = new Map(own.map((run, i) => [run, i + 1]))
  const { unit, scale } = displayUnit(series.response.unit)
  const points = series.environments.flatMap((e) => e.points)
  const name = seriesName(series, trends)
  const changes = series.shifts.length
  const range = rangeOf(series, scale)
  const frame = { trends, places, scale, range, texts }
  const svg = drawFigure({
    ...SMALL, ...margins(range),
    x: { label: null, domain: [0.5, own.length + 0.5], ticks: ticksOf(own.length), tickFormat: (place: number) => timeText(trends.runs[own[place - 1] as number]).slice(2, 10) },
    y: { label: unit, tickFormat: formatTick, nice: true, type: 'linear', domain: range },
    alt: texts.say('trend.figure.alt', { series: name, unit, runs: runsText(points.length), changes: changes === 1 ? message('trend.figure.oneChange') : message('trend.figure.changes', { count: changes }) }),
    marks: [gridY(), ...environmentMarks(series, frame), ...shiftMarks(series, frame), ...pointMarks(points, frame), ...levelMarks(series, frame)],
  })
  return { title: name, svg, wide: false }
}

interface Frame {
  readonly trends: Trends
  readonly places: Places
  /** Shares are drawn in per cent. */
  readonly scale: number
  readonly range: readonly [number, number]
  readonly texts: Texts
}

/** About the runs that are no outliers, and of their intervals as much as there is room for: a bad run can make its own as wide as it likes. */
function rangeOf({ environments }: SeriesTrend, scale: number): [number, number] {
  const outliers = new Set(environments.flatMap((e) => e.levels.flatMap((l) => l.outliers)))
  const points = environments.flatMap((e) => e.points).filter((p) => !outliers.has(p.run))
  const means = points.map((p) => p.response.mean * scale)
  const ends = points.flatMap(({ response: { interval } }) => (interval === undefined ? [] : [interval.low * scale, interval.high * scale]))
  const [low, high] = [Math.min(...means), Math.max(...means)]
  const room = Math.max(high - low, Math.abs(high) * 0.02) || 1
  const least = Math.max(low - room, Math.min(low, ...ends)) - 0.05 * room
  return [low >= 0 ? Math.max(0, least) : least, Math.min(high + room, Math.max(high, ...ends)) + 0.05 * room]
}

function ticksOf(count: number): number[] {
  const step = Math.max(1, Math.ceil((count - 1) / (TICKS - 1)))
  return Array.from({ length: Math.floor((count - 1) / step) + 1 }, (_, i) => 1 + i * step)
}

function pointMarks(points: readonly TrendPoint[], { trends, places, scale, range: [low, high], texts }: Frame): Markish[] {
  const inside = (x: number) => Math.min(high, Math.max(low, x))
  const x = (p: TrendPoint) => places.get(p.run) as number
  const y = (p: TrendPoint) => inside(p.response.mean * scale)
  const isOut = ({ response: { mean } }: TrendPoint) => mean * scale > high || mean * scale < low
  const ranges = points.filter((p) => p.response.interval !== undefined && !isOut(p))
  const title = (p: TrendPoint) => pointTitle(p, trends, texts)
  const titled = points.length > MOST_TITLES ? {} : { title }
  return [
    ruleX(ranges, { x, y1: (p: TrendPoint) => inside((p.response.interval?.low ?? 0) * scale), y2: (p: TrendPoint) => inside((p.response.interval?.high ?? 0) * scale), stroke: 'var(--s0)', strokeOpacity: 0.35 }),
    dot(points.filter((p) => !p.weak && !isOut(p)), { x, y, r: 2.6, fill: 'var(--s0)', ...titled }),
    dot(points.filter((p) => p.weak && !isOut(p)), { x, y, r: 2.6, stroke: 'var(--s0)', fill: 'var(--paper)', ...titled }),
    dot(points.filter(isOut), { x, y, r: 4, symbol: 'triangle', stroke: 'var(--s0)', fill: 'var(--paper)', title }),
  ]
}

function pointTitle({ run, response: { mean, unit, suspect, trials }, weak }: TrendPoint, { runs }: Trends, { say }: Texts): string {
  const commit = commitText(runs[run])
  return [
    timeText(runs[run]), valueText(mean, unit), commit === '' ? '' : say('trend.run.commit', { commit }),
    suspect === undefined ? '' : say('trend.run.suspect', { count: suspect, trials }), weak ? say('trend.run.weak') : '',
  ].filter((part) => part !== '').join('\n')
}

/** A drift is drawn from where its line begins to where it ends. */
function levelMarks({ environments, shifts, response: { unit } }: SeriesTrend, { places, scale, texts: { say } }: Frame): Markish[] {
  return environments.flatMap(({ levels }) => levels.map((level) => {
    const drift = level.kind === 'drift' ? shifts.find((s) => s.kind === 'drift' && s.before === level.from) : undefined
    const [from, to] = endsOf(level.value, drift)
    const ends = [{ x: (places.get(level.from) as number) - 0.4, y: from * scale }, { x: (places.get(level.to) as number) + 0.4, y: to * scale }]
    return line(ends, { x: 'x', y: 'y', stroke: 'var(--ink)', strokeWidth: 2.2, strokeOpacity: 0.8, title: () => say('trend.figure.level', { value: valueText(level.value, unit), runs: runsText(level.n) }) })
  }))
}

function endsOf(middle: number, drift: Shift | undefined): [number, number] {
  const estimate = drift?.size.bounds.estimate
  if (drift === undefined || estimate === null || estimate === undefined) return [middle, middle]
  return drift.size.scale === 'ratio' ? [middle / Math.sqrt(estimate), middle * Math.sqrt(estimate)] : [middle - estimate / 2, middle + estimate / 2]
}

function shiftMarks({ shifts, response: { unit } }: SeriesTrend, { trends, places, range: [low, high], texts: { say } }: Frame): Markish[] {
  return shifts.filter((s) => s.kind === 'shift').flatMap((shift) => {
    const at = [shift]
    const colour = COLOURS[shift.effect]
    const place = (run: number) => (places.get(run) as number) - 0.5
    const title = say('trend.figure.shift', { effect: effectText(shift), size: sizeText(shift, unit), time: timeText(trends.runs[shift.after]) })
    return [
      rect(at, { x1: place(shift.place.from), x2: place(shift.place.to), y1: low, y2: high, fill: colour, fillOpacity: 0.12 }),
      ruleX(at, { x: place(shift.after), stroke: colour, strokeWidth: 1.6, title: () => title }),
    ]
  })
}

function environmentMarks({ experiment }: SeriesTrend, { trends: { environmentChanges, runs }, places, texts: { say } }: Frame): Markish[] {
  const own = environmentChanges.filter((c) => c.experiment === experiment)
  return own.map((change) => ruleX([change], {
    x: (places.get(change.after) as number) - 0.5, stroke: 'var(--muted)', strokeDasharray: '2,3', strokeWidth: 1.6,
    title: () => say('trend.figure.environment', { time: timeText(runs[change.after]), facts: changesText(change.changes) }),
  }))
}

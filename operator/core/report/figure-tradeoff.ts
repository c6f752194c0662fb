// SPDX-License-Identifier: Apache-2.0
/** What batching trades: latency against throughput, and what a user gets against what a GPU gives; a point for every configuration and load. */
import { METRICS } from '../model/metric.ts'
import { drawFigure, dot, gridX, gridY, line, ruleX, ruleY } from './figures.ts'
import { margins, seriesScales, valueScale, WIDE, type Figure } from './figure-style.ts'
import { formatWithUnit } from './format.ts'
import { cellFinder, operatingPoints, type OperatingPoint } from './operating-points.ts'
import type { Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

/** The first of each that was measured. */
const LATENCIES: readonly Response[] = [{ metric: 'ttft', statistic: 'p99' }, { metric: 'e2e', statistic: 'p99' }]
const THROUGHPUTS: readonly Response[] = [
  { metric: 'output_throughput', statistic: 'value' }, { metric: 'request_throughput', statistic: 'value' },
]

interface Tradeoff {
  readonly title: string
  readonly note: string
  /** The first of each that was measured. */
  readonly x: readonly Response[]
  readonly y: readonly Response[]
}
const TRADEOFFS: readonly Tradeoff[] = [
  { title: 'Latency against throughput', note: 'Down and right is better.', x: THROUGHPUTS, y: LATENCIES },
  {
    title: 'Tokens per user against tokens per GPU', note: 'Up and right is better.',
    x: [{ metric: 'output_throughput_per_gpu', statistic: 'value' }], y: [{ metric: 'tokens_per_second_per_user', statistic: 'p50' }],
  },
]

const MOST_POINTS = 300

interface Mark {
  readonly x: Span
  readonly y: Span
  readonly series: number
  readonly load: number
  readonly frontier: boolean
  readonly title: string
}
interface Span { readonly mean: number; readonly low: number; readonly high: number }

export function tradeoffFigures(results: ExperimentResults): Figure[] {
  return TRADEOFFS.flatMap((tradeoff) => figureOf(results, tradeoff) ?? [])
}

/** null when no response of either axis was measured at two points or more. */
function figureOf(results: ExperimentResults, { title, note, x: xs, y: ys }: Tradeoff): Figure | null {
  const { points, configurations } = operatingPoints(results)
  const find = cellFinder(results)
  const measured = (candidates: readonly Response[]) => candidates.find((r) => points.filter((p) => find(p, r) !== undefined).length > 1)
  const [vertical, horizontal] = [measured(ys), measured(xs)]
  if (vertical === undefined || horizontal === undefined) return null
  const pairs = points.flatMap((point) => {
    const [x, y] = [find(point, horizontal), find(point, vertical)]
    return x === undefined || y === undefined ? [] : [{ point, x, y }]
  })
  const marks = onPage(pairs.map((pair) => markOf(pair, pairs)))
  const left = pairs.length - marks.length
  const axes = { x: axisLabel(horizontal), y: axisLabel(vertical) }
  return {
    title, wide: true,
    note: `${note} Rings: no other point is better in both. Bars: 95 % intervals; lines join one configuration's loads.`
      + (left > 0 ? ` ${left} more points are in the files.` : ''),
    svg: draw(marks, axes, configurations.length),
  }
}

/** As many points as a page can carry, those of the frontier first. */
function onPage(marks: readonly Mark[]): Mark[] {
  const kept = new Set([...marks].sort((a, b) => Number(b.frontier) - Number(a.frontier)).slice(0, MOST_POINTS))
  return marks.filter((m) => kept.has(m))
}

interface Pair { readonly point: OperatingPoint; readonly x: Cell; readonly y: Cell }

function markOf({ point, x, y }: Pair, all: readonly Pair[]): Mark {
  const gain = (from: Cell, to: Cell) => (to.better === 'lower' ? from.mean - to.mean : to.mean - from.mean)
  const dominated = all.some((o) => gain(x, o.x) >= 0 && gain(y, o.y) >= 0 && (gain(x, o.x) > 0 || gain(y, o.y) > 0))
  return {
    x: span(x), y: span(y), series: point.series, load: typeof point.load === 'number' ? point.load : 0, frontier: !dominated,
    title: `${point.configuration}, ${point.loadLabel}\n${formatWithUnit(x)}\n${formatWithUnit(y)}`,
  }
}

/** An interval may reach below zero where no value can be. */
export function span({ mean, interval }: Cell): Span {
  return interval.kind === 'none' ? { mean, low: mean, high: mean } : { mean, low: Math.max(0, interval.low), high: interval.high }
}

function axisLabel({ metric, statistic }: Response): string {
  const { label, unit } = METRICS[metric]
  return statistic === 'value' ? `${label} (${unit})` : `${label}, ${statistic} (${unit})`
}

function draw(marks: readonly Mark[], axes: { readonly x: string; readonly y: string }, series: number): string {
  const ys = marks.flatMap((m) => [m.y.mean, m.y.high])
  const at = { x: (m: Mark) => m.x.mean, y: (m: Mark) => m.y.mean }
  return drawFigure({
    ...WIDE, ...margins(ys), ...seriesScales(series),
    x: valueScale(marks.flatMap((m) => [m.x.mean, m.x.high]), axes.x), y: valueScale(ys, axes.y),
    alt: `Scatter plot of ${axes.y} against ${axes.x} for ${marks.length} operating points.`,
    marks: [
      gridX(), gridY(),
      line([...marks].sort((a, b) => a.load - b.load), { ...at, z: 'series', stroke: 'series', strokeOpacity: 0.35 }),
      ruleX(marks, { x: (m: Mark) => m.x.mean, y1: (m: Mark) => m.y.low, y2: (m: Mark) => m.y.high, stroke: 'series', strokeOpacity: 0.7 }),
      ruleY(marks, { y: (m: Mark) => m.y.mean, x1: (m: Mark) => m.x.low, x2: (m: Mark) => m.x.high, stroke: 'series', strokeOpacity: 0.7 }),
      dot(marks.filter((m) => m.frontier), { ...at, r: 8, stroke: 'var(--ink)', strokeWidth: 1.2, fill: 'none' }),
      dot(marks, { ...at, r: 4, fill: 'series', symbol: 'series', title: 'title' }),
    ],
  })
}

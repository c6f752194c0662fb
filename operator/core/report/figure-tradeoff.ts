// SPDX-License-Identifier: Apache-2.0
/** What batching trades: latency against throughput, and what a user gets against what a GPU gives; a point for every configuration and load. */
import { METRICS } from '../model/metric.ts'
import { type FrontPoint, frontOf, trustedLatency } from './advice/front.ts'
import { drawFigure, dot, gridX, gridY, line, rect, ruleX, ruleY, text } from './figures.ts'
import { formatTick, margins, seriesScales, valueScale, WIDE, type Figure } from './figure-style.ts'
import { formatWithUnit } from './format.ts'
import { joined, type Message, message, type Part, type Texts } from './messages.ts'
import { cellFinder, operatingPoints } from './operating-points.ts'
import { metricTitle } from './primary.ts'
import { isSame, type Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

/** The first whose percentile is trusted at every point: one from too few requests would draw a front that is not there. */
const LATENCIES: readonly Response[] = (['ttft', 'e2e'] as const).flatMap((metric) =>
  (['p99', 'p95', 'p90', 'p50'] as const).map((statistic) => ({ metric, statistic })),
)
/** The first that was measured. */
const THROUGHPUTS: readonly Response[] = [
  { metric: 'output_throughput_per_gpu', statistic: 'value' },
  { metric: 'output_throughput', statistic: 'value' },
  { metric: 'request_throughput', statistic: 'value' },
]

interface Tradeoff {
  readonly title: Message
  readonly note: Message
  readonly x: readonly Response[]
  readonly y: readonly Response[]
}
const TRADEOFFS: readonly Tradeoff[] = [
  { title: message('figure.tradeoff'), note: message('figure.tradeoffNote'), x: THROUGHPUTS, y: LATENCIES },
  {
    title: message('figure.perGpu'), note: message('figure.perGpuNote'),
    x: [{ metric: 'output_throughput_per_gpu', statistic: 'value' }], y: [{ metric: 'tokens_per_second_per_user', statistic: 'p50' }],
  },
]

const MOST_POINTS = 300

interface Mark {
  readonly x: Span
  readonly y: Span
  readonly series: number
  readonly load: number
  readonly place: FrontPoint['place']
  readonly knee: boolean
  readonly title: string
}
interface Span { readonly mean: number; readonly low: number; readonly high: number }

export function tradeoffFigures(results: ExperimentResults, texts: Texts): Figure[] {
  return TRADEOFFS.flatMap((tradeoff) => figureOf(results, tradeoff, texts) ?? [])
}

/** null when no response of either axis was measured at two points or more. */
function figureOf(results: ExperimentResults, { title, note, x: xs, y: ys }: Tradeoff, texts: Texts): Figure | null {
  const { points, configurations } = operatingPoints(results)
  const find = cellFinder(results)
  const horizontal = xs.find((r) => points.filter((p) => find(p, r) !== undefined).length > 1)
  const vertical = trustedLatency(results, ys)
  if (vertical === undefined || horizontal === undefined) return null
  const front = frontOf(results, horizontal, vertical)
  const marks = onPage(front.map(markOf))
  const bound = boundOf(results, vertical)
  return {
    title,
    wide: true,
    note: noteOf(note, { marks, left: front.length - marks.length, bound: bound !== null, weak: front.some((p) => p.y.weak) }),
    svg: draw(marks, { x: texts.textOf(axisLabel(horizontal)), y: texts.textOf(axisLabel(vertical)), series: configurations.length, bound, texts }),
  }
}

/** The tightest bound that was asked for on what the axis shows. */
function boundOf({ requirements }: ExperimentResults, vertical: Response): number | null {
  const own = requirements.filter((r) => r.relation === 'at most' && isSame(r, vertical))
  return own.length === 0 ? null : Math.min(...own.map((r) => r.bound))
}

interface Notes { readonly marks: readonly Mark[]; readonly left: number; readonly bound: boolean; readonly weak: boolean }

function noteOf(note: Message, { marks, left, bound, weak }: Notes): Part {
  return joined([
    note,
    message('figure.rings'),
    ...(marks.some((m) => m.place === 'possible') ? [message('figure.possible')] : []),
    ...(marks.some((m) => m.knee) ? [message('figure.knee')] : []),
    ...(bound ? [message('figure.bound')] : []),
    message('figure.bars'),
    ...(weak ? [message('figure.weak')] : []),
    ...(left > 0 ? [message('figure.left', { count: left })] : []),
  ], 'list.sentence')
}

/** As many points as a page can carry, those of the front first. */
function onPage(marks: readonly Mark[]): Mark[] {
  const order = { front: 0, possible: 1, dominated: 2 }
  const kept = new Set([...marks].sort((a, b) => order[a.place] - order[b.place]).slice(0, MOST_POINTS))
  return marks.filter((m) => kept.has(m))
}

function markOf({ point, x, y, place, knee }: FrontPoint): Mark {
  return {
    x: span(x), y: span(y), series: point.series, load: typeof point.load === 'number' ? point.load : 0, place, knee,
    title: `${point.configuration}, ${point.loadLabel}\n${formatWithUnit(x)}\n${formatWithUnit(y)}`,
  }
}

/** An interval may reach below zero where no value can be. */
export function span({ mean, interval }: Cell): Span {
  return interval.kind === 'none' ? { mean, low: mean, high: mean } : { mean, low: Math.max(0, interval.low), high: interval.high }
}

const axisLabel = (response: Response): Message => message('of.unit', { metric: metricTitle(response), unit: METRICS[response.metric].unit })

const boundText = (bound: number | null): Part => (bound === null ? '' : message('figure.tradeoffBound', { bound: formatTick(bound) }))

interface Drawing { readonly x: string; readonly y: string; readonly series: number; readonly bound: number | null; readonly texts: Texts }

function draw(marks: readonly Mark[], { x, y, series, bound, texts }: Drawing): string {
  const ys = [...marks.flatMap((m) => [m.y.mean, m.y.high]), ...(bound === null ? [] : [bound])]
  const at = { x: (m: Mark) => m.x.mean, y: (m: Mark) => m.y.mean }
  const scale = valueScale(ys, y)
  // A logarithmic axis has no zero to shade down to.
  const floor = scale.type === 'log' ? Math.min(...ys.filter((v) => v > 0)) : 0
  return drawFigure({
    ...WIDE,
    ...margins(ys),
    ...seriesScales(series),
    x: valueScale(
      marks.flatMap((m) => [m.x.mean, m.x.high]),
      x,
    ),
    y: scale,
    alt: texts.say('figure.tradeoffAlt', { y, x, count: marks.length, bound: boundText(bound) }),
    marks: [
      ...(bound === null
        ? []
        : [
            rect([bound], { y1: floor, y2: (b: number) => b, fill: 'var(--good)', fillOpacity: 0.1 }),
            ruleY([bound], { stroke: 'var(--good)', strokeDasharray: '5 3' }),
          ]),
      gridX(),
      gridY(),
      line(
        [...marks].sort((a, b) => a.load - b.load),
        { ...at, z: 'series', stroke: 'series', strokeOpacity: 0.35 },
      ),
      ruleX(marks, { x: (m: Mark) => m.x.mean, y1: (m: Mark) => m.y.low, y2: (m: Mark) => m.y.high, stroke: 'series', strokeOpacity: 0.7 }),
      ruleY(marks, { y: (m: Mark) => m.y.mean, x1: (m: Mark) => m.x.low, x2: (m: Mark) => m.x.high, stroke: 'series', strokeOpacity: 0.7 }),
      dot(
        marks.filter((m) => m.place === 'front'),
        { ...at, r: 8, stroke: 'var(--ink)', strokeWidth: 1.2, fill: 'none' },
      ),
      dot(
        marks.filter((m) => m.place === 'possible'),
        { ...at, r: 8, stroke: 'var(--ink)', strokeWidth: 1, strokeDasharray: '2 2', fill: 'none' },
      ),
      dot(marks, { ...at, r: 4, fill: 'series', symbol: 'series', title: 'title' }),
      ...(marks.some((m) => m.knee)
        ? [
            text(
              marks.filter((m) => m.knee),
              { ...at, text: () => texts.say('figure.kneeMark'), dy: 17, fontWeight: 600 },
            ),
          ]
        : []),
    ],
  })
}

// SPDX-License-Identifier: Apache-2.0
/** The capacity of each configuration among the loads that a search tried, a row each. */
import type { Markish } from '@observablehq/plot'
import type { ProbeVerdict } from '../adaptive/probe-verdict.ts'
import { axisY, barX, dot, drawFigure, gridX, tickX } from './figures.ts'
import { type Figure, formatTick, seriesScales, WIDE } from './figure-style.ts'
import { joined, message, type Part, type Texts } from './messages.ts'
import type { CapacityRow, ExperimentResults } from './results.ts'

/** Rows that a page can carry. */
const MOST_ROWS = 48
const ROW_HEIGHT = 30
/** Pixels by which loads that were met stand above the middle of the row, and the others below it. */
const APART = 4
/** Loads that span more than this are drawn by their logarithm, as they were searched for. */
const DECADE = 10

/** In the order of the legend; a form and a colour for each, so that neither is needed alone. */
const VERDICTS = ['met', 'missed', 'undecided', 'unmeasured'] as const satisfies readonly ProbeVerdict[]

export interface CapacityFigure extends Figure {
  /** What the marks mean, in the order of series; those that do not occur are left off at the end. */
  readonly legend: readonly string[]
}

interface Mark { readonly label: string; readonly load: number; readonly series: number }
interface Bar { readonly label: string; readonly low: number; readonly high: number }

/** null where nothing was searched. */
export function capacityFigure({ capacity }: Pick<ExperimentResults, 'capacity'>, texts: Texts): CapacityFigure | null {
  const rows = (capacity?.rows ?? []).slice(0, MOST_ROWS)
  if (capacity === undefined || rows.every((row) => row.tried.length === 0)) return null
  const labelOf = (row: CapacityRow) => capacity.factors.map((f, i) => `${f.name}=${row.levels[i]}`).join(' ') || texts.say('capacity.figure.only')
  const marks = rows.flatMap((row) => row.tried.map(({ load, verdict }): Mark => ({ label: labelOf(row), load, series: VERDICTS.indexOf(verdict) })))
  const bars = rows.flatMap((row) => barOf(labelOf(row), row))
  const estimates = rows.flatMap((row) => (row.summary === null ? [] : [{ label: labelOf(row), load: row.summary.mean }]))
  const load = capacity.unit === undefined ? capacity.load : `${capacity.load} [${capacity.unit}]`
  const labels = rows.map(labelOf)
  const more: Part[] = capacity.rows.length > rows.length ? [message('capacity.figure.noteMore', { shown: rows.length, count: capacity.rows.length })] : []
  const svg = drawFigure({
    width: WIDE.width, height: 64 + ROW_HEIGHT * rows.length, marginTop: 12, marginBottom: 44, marginRight: 18, marginLeft: Math.min(300, 16 + 7 * Math.max(...labels.map((l) => l.length))),
    x: xScale([...marks.map((m) => m.load), ...bars.flatMap((b) => [b.low, b.high])], load), y: { label: null, type: 'band', domain: labels, padding: 0.35 },
    ...seriesScales(VERDICTS.length), alt: texts.say('capacity.figure.alt', { load, count: rows.length }), marks: drawn(bars, estimates, marks),
  })
  const last = Math.max(...marks.map((m) => m.series))
  return {
    title: message('capacity.figure.title'), note: joined([message('capacity.figure.note'), ...more], 'list.sentence'), svg, wide: true,
    legend: VERDICTS.slice(0, last + 1).map((verdict) => texts.say(`capacity.figure.${verdict}`)),
  }
}

/** The interval between stand-ups, else the loads that the search ended between; nothing where it is open on one side. */
function barOf(label: string, { summary, met, missed }: CapacityRow): Bar[] {
  if (summary?.interval.kind === 'interval') return [{ label, low: Math.max(0, summary.interval.low), high: summary.interval.high }]
  return met === null || missed === null ? [] : [{ label, low: met, high: missed }]
}

function drawn(bars: readonly Bar[], estimates: readonly { readonly label: string; readonly load: number }[], marks: readonly Mark[]): Markish[] {
  return [
    gridX(), axisY({ tickSize: 0, label: null }),
    barX(bars, { y: 'label', x1: 'low', x2: 'high', fill: 'currentColor', fillOpacity: 0.18 }),
    tickX(estimates, { y: 'label', x: 'load', stroke: 'currentColor', strokeWidth: 2 }),
    // Stand-ups differ: a load that one of them met and another did not shows as both.
    ...[marks.filter((m) => m.series === 0), marks.filter((m) => m.series > 0)].map((own, i) =>
      dot(own, { y: 'label', x: 'load', dy: i === 0 ? -APART : APART, r: 3.4, fill: 'series', symbol: 'series', title: (m: Mark) => formatTick(m.load) })),
  ]
}

/** Searches go by factors: loads that span decades are drawn so. */
function xScale(loads: readonly number[], label: string): object {
  const [least, most] = [Math.min(...loads), Math.max(...loads)]
  const spread = least > 0 && most / least > DECADE ? { type: 'log' } : { type: 'linear', zero: true, nice: true }
  return { label, tickFormat: formatTick, ...spread }
}

// SPDX-License-Identifier: Apache-2.0
/** Latency and throughput against load, a line for every configuration; every trial is a faint dot. */
import { METRICS } from '../model/metric.ts'
import type { Markish } from '@observablehq/plot'
import { drawFigure, dot, gridY, line, ruleX } from './figures.ts'
import { formatTick, margins, seriesScales, SMALL, valueScale, type Figure } from './figure-style.ts'
import { span } from './figure-tradeoff.ts'
import { displayUnit, formatWithUnit, scaled } from './format.ts'
import type { Texts } from './messages.ts'
import { cellFinder, operatingPoints, type LoadAxis, type OperatingPoint } from './operating-points.ts'
import { metricTitle } from './primary.ts'
import type { Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

export const RESPONSES_BY_LOAD: readonly Response[] = [
  { metric: 'ttft', statistic: 'p50' }, { metric: 'ttft', statistic: 'p99' }, { metric: 'tpot', statistic: 'p50' },
  { metric: 'e2e', statistic: 'p99' }, { metric: 'output_throughput', statistic: 'value' }, { metric: 'goodput', statistic: 'value' },
]
/** What servers and GPUs say, beside the latencies; a figure of nothing but zeros is left out. */
const BESIDE: readonly Response[] = [
  { metric: 'server_ttft', statistic: 'mean' }, { metric: 'queue_time', statistic: 'mean' }, { metric: 'kv_cache_usage', statistic: 'mean' },
  { metric: 'queue_length', statistic: 'mean' }, { metric: 'prefix_cache_hit_rate', statistic: 'value' }, { metric: 'preemptions', statistic: 'value' },
  { metric: 'spec_acceptance_length', statistic: 'value' }, { metric: 'gpu_utilization', statistic: 'mean' }, { metric: 'gpu_power', statistic: 'mean' },
  { metric: 'energy_per_output_token', statistic: 'value' }, { metric: 'cost_per_million_output_tokens', statistic: 'value' },
]

/** Points of one figure that can tell what they are when they are pointed at; tables have all. */
const MOST_TITLES = 48

/** `cell` is in the unit that is drawn, `measured` in the metric's own. */
interface Row { readonly point: OperatingPoint; readonly cell: Cell; readonly measured: Cell }

export function loadFigures(results: ExperimentResults, texts: Texts): Figure[] {
  const { axis, points, configurations } = operatingPoints(results)
  const find = cellFinder(results)
  return [...RESPONSES_BY_LOAD, ...BESIDE].flatMap((response) => {
    const rows = points.flatMap((point): Row[] => {
      const measured = find(point, response)
      return measured === undefined ? [] : [{ point, measured, cell: drawn(measured) }]
    })
    const plain = BESIDE.includes(response)
    const empty = plain && rows.every((row) => row.cell.values.every((v) => v.value === 0))
    return rows.length < 2 || empty ? [] : [figureOf(response, rows, { axis, series: configurations.length, plain, texts })]
  })
}

/** Shares are drawn in percent. */
function drawn(cell: Cell): Cell {
  const { unit, scale } = displayUnit(cell.unit)
  return scale === 1 ? cell : { ...cell, ...scaled(cell, scale), unit, values: cell.values.map((v) => ({ ...v, value: v.value * scale })) }
}

/** `plain`: without the dots of single trials and without what points tell, so that a page stays light. */
interface Frame { readonly axis: LoadAxis; readonly series: number; readonly plain: boolean; readonly texts: Texts }

function figureOf(response: Response, rows: readonly Row[], { axis, series, plain, texts }: Frame): Figure {
  const unit = rows[0]?.cell.unit ?? METRICS[response.metric].unit
  const title = metricTitle(response)
  const trials = rows.flatMap(({ point, cell }) => cell.values.map((v) => ({ point, value: v.value })))
  const values = [...trials.map((t) => t.value), ...rows.flatMap(({ cell }) => [span(cell).high])]
  const svg = drawFigure({
    ...SMALL, ...margins(values), ...seriesScales(series), x: loadScale(rows, axis, texts), y: valueScale(values, unit),
    alt: texts.say('figure.loadAlt', { title, unit, axis: axis.label, count: series }),
    marks: [gridY(), ...Array.from({ length: series }, (_, i) => seriesMarks(rows, i, { of: series, plain })).flat()],
  })
  return { title, svg, wide: false }
}

/** Series are moved apart by a few pixels, so that intervals at the same load do not hide each other. */
function seriesMarks(all: readonly Row[], series: number, { of, plain }: { readonly of: number; readonly plain: boolean }): Markish[] {
  const rows = byLoad(all.filter((r) => r.point.series === series))
  const trials = rows.flatMap(({ point, cell }) => cell.values.map((v) => ({ point, value: v.value })))
  const style = { x: (row: { readonly point: OperatingPoint }) => row.point.load, dx: (series - (of - 1) / 2) * Math.min(5, 20 / of) }
  const own = { fill: () => series, symbol: () => series }
  return [
    line(rows, { ...style, y: (r: Row) => r.cell.mean, stroke: () => series, strokeOpacity: 0.6 }),
    ruleX(rows, { ...style, y1: (r: Row) => span(r.cell).low, y2: (r: Row) => span(r.cell).high, stroke: () => series, strokeWidth: 1.5 }),
    ...(plain ? [] : [dot(trials, { ...style, y: 'value', r: 1.8, fill: () => series, fillOpacity: 0.4 })]),
    dot(rows, { ...style, ...own, y: (r: Row) => r.cell.mean, r: 3.4, ...(plain || all.length > MOST_TITLES ? {} : { title: titleOf }) }),
  ]
}

function byLoad(rows: readonly Row[]): Row[] {
  const place = ({ point }: Row) => (typeof point.load === 'number' ? point.load : 0)
  return [...rows].sort((a, b) => place(a) - place(b))
}

function titleOf({ point, measured }: Row): string {
  return `${point.configuration}, ${point.loadLabel}\n${formatWithUnit(measured)}`
}

/** Loads as they were offered; logarithmic where they span decades, so that doublings are equal steps. */
function loadScale(rows: readonly Row[], { kind, label }: LoadAxis, texts: Texts): object {
  if (kind === 'label') return { type: 'point', label: null, domain: [...new Set(rows.map((r) => r.point.load))], tickRotate: 0 }
  const loads = [...new Set(rows.map((r) => r.point.load as number))].sort((a, b) => a - b)
  const [least = 1, most = 1] = [loads[0], loads.at(-1)]
  const spread = most / least > 10 ? { type: 'log' } : { type: 'linear', domain: least === most ? [0, 2 * most] : [0, most * 1.05] }
  return { label: texts.textOf(label), tickFormat: formatTick, ...(loads.length <= 8 ? { ticks: loads } : {}), ...spread }
}

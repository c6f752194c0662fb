// SPDX-License-Identifier: Apache-2.0
/** Latency and throughput against load, a line for every configuration; every trial is a faint dot. */
import { METRICS } from '../model/metric.ts'
import type { Markish } from '@observablehq/plot'
import { drawFigure, dot, gridY, line, ruleX } from './figures.ts'
import { formatTick, margins, seriesScales, SMALL, valueScale, type Figure } from './figure-style.ts'
import { span } from './figure-tradeoff.ts'
import { formatWithUnit } from './format.ts'
import { cellFinder, operatingPoints, type LoadAxis, type OperatingPoint } from './operating-points.ts'
import type { Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

export const RESPONSES_BY_LOAD: readonly Response[] = [
  { metric: 'ttft', statistic: 'p50' }, { metric: 'ttft', statistic: 'p99' }, { metric: 'tpot', statistic: 'p50' },
  { metric: 'e2e', statistic: 'p99' }, { metric: 'output_throughput', statistic: 'value' }, { metric: 'goodput', statistic: 'value' },
]

interface Row { readonly point: OperatingPoint; readonly cell: Cell }

export function loadFigures(results: ExperimentResults): Figure[] {
  const { axis, points, configurations } = operatingPoints(results)
  const find = cellFinder(results)
  return RESPONSES_BY_LOAD.flatMap((response) => {
    const rows = points.flatMap((point) => {
      const cell = find(point, response)
      return cell === undefined ? [] : [{ point, cell }]
    })
    return rows.length < 2 ? [] : [figureOf(response, rows, { axis, series: configurations.length })]
  })
}

interface Frame { readonly axis: LoadAxis; readonly series: number }

function figureOf({ metric, statistic }: Response, rows: readonly Row[], { axis, series }: Frame): Figure {
  const { label, unit } = METRICS[metric]
  const title = statistic === 'value' ? label : `${label}, ${statistic}`
  const trials = rows.flatMap(({ point, cell }) => cell.values.map((v) => ({ point, value: v.value })))
  const values = [...trials.map((t) => t.value), ...rows.flatMap(({ cell }) => [span(cell).high])]
  const svg = drawFigure({
    ...SMALL, ...margins(values), ...seriesScales(series), x: loadScale(rows, axis), y: valueScale(values, unit),
    alt: `${title} in ${unit} against ${axis.label} for ${series} configurations.`,
    marks: [gridY(), ...Array.from({ length: series }, (_, i) => seriesMarks(rows, i, series)).flat()],
  })
  return { title, svg, wide: false }
}

/** Series are moved apart by a few pixels, so that intervals at the same load do not hide each other. */
function seriesMarks(all: readonly Row[], series: number, of: number): Markish[] {
  const rows = byLoad(all.filter((r) => r.point.series === series))
  const trials = rows.flatMap(({ point, cell }) => cell.values.map((v) => ({ point, value: v.value })))
  const style = { x: (row: { readonly point: OperatingPoint }) => row.point.load, dx: (series - (of - 1) / 2) * Math.min(5, 20 / of) }
  const own = { fill: () => series, symbol: () => series }
  return [
    line(rows, { ...style, y: (r: Row) => r.cell.mean, stroke: () => series, strokeOpacity: 0.6 }),
    ruleX(rows, { ...style, y1: (r: Row) => span(r.cell).low, y2: (r: Row) => span(r.cell).high, stroke: () => series, strokeWidth: 1.5 }),
    dot(trials, { ...style, y: 'value', r: 1.8, fill: () => series, fillOpacity: 0.4 }),
    dot(rows, { ...style, ...own, y: (r: Row) => r.cell.mean, r: 3.4, title: titleOf }),
  ]
}

function byLoad(rows: readonly Row[]): Row[] {
  const place = ({ point }: Row) => (typeof point.load === 'number' ? point.load : 0)
  return [...rows].sort((a, b) => place(a) - place(b))
}

function titleOf({ point, cell }: Row): string {
  return `${point.configuration}, ${point.loadLabel}\n${formatWithUnit(cell)}`
}

/** Loads as they were offered; logarithmic where they span decades, so that doublings are equal steps. */
function loadScale(rows: readonly Row[], { kind, label }: LoadAxis): object {
  if (kind === 'label') return { type: 'point', label: null, domain: [...new Set(rows.map((r) => r.point.load))], tickRotate: 0 }
  const loads = [...new Set(rows.map((r) => r.point.load as number))].sort((a, b) => a - b)
  const [least = 1, most = 1] = [loads[0], loads.at(-1)]
  const spread = most / least > 10 ? { type: 'log' } : { type: 'linear', domain: least === most ? [0, 2 * most] : [0, most * 1.05] }
  return { label, tickFormat: formatTick, ...(loads.length <= 8 ? { ticks: loads } : {}), ...spread }
}

// SPDX-License-Identifier: Apache-2.0
/** Responses by configuration, a row each, for more configurations than lines can tell apart; colours are loads. */
import type { Markish } from '@observablehq/plot'
import { METRICS } from '../model/metric.ts'
import { drawFigure, axisY, dot, gridX, ruleY } from './figures.ts'
import { seriesScales, SMALL, valueScale, type Figure } from './figure-style.ts'
import { RESPONSES_BY_LOAD } from './figure-load.ts'
import { span } from './figure-tradeoff.ts'
import { formatWithUnit } from './format.ts'
import type { Texts } from './messages.ts'
import { cellFinder, operatingPoints, type OperatingPoint } from './operating-points.ts'
import { metricTitle } from './primary.ts'
import type { Response } from './response.ts'
import type { Cell, ExperimentResults } from './results.ts'

/** Up to here lines against load can be told apart. */
export const MOST_LINES = 8
/** Rows that a page can carry. */
const MOST_ROWS = 64
const ROW_HEIGHT = 17

interface Row { readonly configuration: string; readonly load: number; readonly cell: Cell; readonly title: string }
export interface Forest { readonly figures: readonly Figure[]; readonly loads: readonly string[]; readonly left: number }

export function forestFigures(results: ExperimentResults, texts: Texts): Forest {
  const { points, configurations } = operatingPoints(results)
  const find = cellFinder(results)
  const loads = loadsOf(points)
  const shown = new Set(configurations.slice(0, MOST_ROWS))
  const figures = RESPONSES_BY_LOAD.flatMap((response) => {
    const rows = points.filter((p) => shown.has(p.configuration)).flatMap((point) => {
      const cell = find(point, response)
      const { configuration, loadLabel } = point
      return cell === undefined ? [] : [{ configuration, load: loads.indexOf(loadLabel), cell, title: titleOf(point, cell) }]
    })
    return rows.length < 2 ? [] : [figureOf(response, rows, { configurations: [...shown], loads: loads.length, texts })]
  })
  return { figures, loads, left: configurations.length - shown.size }
}

function loadsOf(points: readonly OperatingPoint[]): string[] {
  const ordered = [...points].sort((a, b) => (typeof a.load === 'number' && typeof b.load === 'number' ? a.load - b.load : 0))
  return [...new Set(ordered.map((p) => p.loadLabel))]
}

function titleOf({ configuration, loadLabel }: OperatingPoint, cell: Cell): string {
  return `${configuration}, ${loadLabel}\n${formatWithUnit(cell)}`
}

interface Frame { readonly configurations: readonly string[]; readonly loads: number; readonly texts: Texts }

function figureOf(response: Response, rows: readonly Row[], { configurations, loads, texts }: Frame): Figure {
  const [title, { unit }] = [metricTitle(response), METRICS[response.metric]]
  const longest = Math.max(...configurations.map((c) => c.length))
  const y = { y: 'configuration' }
  const marks: Markish[] = [
    gridX(), axisY({ tickSize: 0, label: null }),
    ruleY(rows, { ...y, x1: (r: Row) => span(r.cell).low, x2: (r: Row) => span(r.cell).high, stroke: 'load', strokeOpacity: 0.7 }),
    dot(rows, { ...y, x: (r: Row) => r.cell.mean, r: 3.4, fill: 'load', symbol: 'load', title: 'title' }),
  ]
  const svg = drawFigure({
    width: SMALL.width, height: 60 + ROW_HEIGHT * configurations.length, marginTop: 8, marginBottom: 44, marginRight: 18,
    marginLeft: Math.min(190, 14 + 7 * longest), ...seriesScales(loads),
    x: valueScale(rows.map((r) => span(r.cell).high), unit), y: { label: null, type: 'point', domain: configurations, padding: 0.6 },
    alt: texts.say('figure.forestAlt', { title, unit, count: configurations.length, loads }), marks,
  })
  return { title, svg, wide: false }
}

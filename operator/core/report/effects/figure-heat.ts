// SPDX-License-Identifier: Apache-2.0
/** A map of one response over two factors: a cell for each combination, darker where there is more of it. */
import { cell, drawFigure, text } from '../figures.ts'
import { type Figure, formatTick, SMALL } from '../figure-style.ts'
import { displayUnit } from '../format.ts'
import { message, type Texts } from '../messages.ts'
import { responseTitle } from '../primary.ts'
import type { Analysed } from './effect-size.ts'

/** Fewer cells are read faster as lines. */
const FEWEST_CELLS = 6
const MOST_CELLS = 144
/** Of a label, about, in pixels. */
const CHARACTER = 6.5
const AXIS_WIDTH = 60
/** The strongest colour on which the text of a cell can still be read, in both themes. */
const STRONGEST = 0.62

/** Nothing where there are too few or too many cells, or names too long to stand below each other's columns. */
export function heatFigure(response: Analysed, pair: readonly [string, string], texts: Texts): Figure[] {
  const { analysis, unit } = response
  const table = analysis.factorial?.means.find((m) => m.factors.join('\n') === pair.join('\n'))
  const own = pair.map((name) => analysis.factors.find((f) => f.name === name))
  if (table === undefined || table.rows.length < FEWEST_CELLS || table.rows.length > MOST_CELLS) return []
  const [first, second] = own.map((f) => f?.levels ?? []) as [readonly string[], readonly string[]]
  // The longer one lies.
  const [x, y] = second.length > first.length ? [1, 0] : [0, 1]
  const shown = displayUnit(unit)
  const values = table.rows.map((row) => ({ x: row.levels[x] ?? '', y: row.levels[y] ?? '', value: row.mean * shown.scale }))
  const { least, most, place } = scaleOf(values.map((v) => v.value))
  const rows = (y === 0 ? first : second).length
  const columns = (x === 0 ? first : second).length
  if ((x === 0 ? first : second).some((l) => CHARACTER * l.length > (SMALL.width - AXIS_WIDTH) / columns)) return []
  const named = { first: String(pair[x]), second: String(pair[y]), unit: shown.unit }
  const labels = values.map((v) => formatTick(Number(v.value.toPrecision(3))))
  const svg = drawFigure({
    width: SMALL.width,
    height: Math.max(140, Math.min(SMALL.height, 62 + 34 * rows)),
    marginLeft: 28 + 7.2 * Math.max(...(y === 0 ? first : second).map((l) => l.length), 2),
    marginBottom: 44,
    marginTop: 24,
    marginRight: 8,
    x: { type: 'band', domain: x === 0 ? first : second, label: pair[x], tickSize: 0, padding: 0.04 },
    y: { type: 'band', domain: (y === 0 ? first : second).toReversed(), label: pair[y], tickSize: 0, padding: 0.04 },
    alt: texts.say('figure.mapAlt', { ...named, response: responseTitle(response), least: formatTick(least), most: formatTick(most) }),
    marks: [
      cell(values, {
        x: 'x',
        y: 'y',
        fill: 'var(--s0)',
        fillOpacity: (v: { value: number }) => 0.06 + (STRONGEST - 0.06) * place(v.value),
      }),
      ...(labels.some((l) => CHARACTER * l.length > (SMALL.width - AXIS_WIDTH) / columns) ? [] : [text(values, { x: 'x', y: 'y', text: (_: unknown, i: number) => labels[i] })]),
    ],
    opacity: { type: 'identity' },
  })
  return [{ title: message('figure.map', named), svg, wide: false }]
}

/** From 0 for the least to 1 for the most; on logarithms where they lie far apart. */
function scaleOf(values: readonly number[]): { readonly least: number; readonly most: number; readonly place: (value: number) => number } {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const isLog = least > 0 && most / least > 10
  const place = (value: number) => (isLog ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least))
  return { least, most, place: most === least ? () => 0 : place }
}

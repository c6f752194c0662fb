// SPDX-License-Identifier: Apache-2.0
/** A metric against the size of models on logarithmic axes, with the fitted line and the band of its mean: one figure for each law. */
import { areaY, dot, drawFigure, gridX, gridY, line, ruleX } from '../figures.ts'
import { type Figure, formatTick, margins, seriesScales, SMALL } from '../figure-style.ts'
import { span } from '../figure-tradeoff.ts'
import { displayUnit, formatWithUnit } from '../format.ts'
import { metricTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { exponentText } from './finding-sentences.ts'
import type { Law, LawPoint, Laws } from './laws.ts'
import { message, type Texts } from '../messages.ts'
import { modelsOf } from './model-study.ts'
import { sizeUnit } from './words.ts'

/** A page carries so many; the table has all. */
const MOST_FIGURES = 6
/** A line on logarithmic axes is straight, its band is not. */
const STEPS = 24

/** Nothing where fewer than two models were measured, or no law is known. */
export function modelFiguresOf(results: ExperimentResults, texts: Texts): Figure[] {
  const found = modelsOf(results)
  return found === null ? [] : modelFigures(found.laws, texts)
}

/** Of the first condition under which there is a law; other conditions are in the table. */
export function modelFigures({ laws }: Laws, texts: Texts): Figure[] {
  const [first] = laws
  return laws.filter((l) => l.condition.index === first?.condition.index && l.alike === first.alike).slice(0, MOST_FIGURES).map((law) => figureOf(law, texts))
}

function figureOf({ response, unit: own, points, law, condition }: Law, { say }: Texts): Figure {
  const { unit, scale } = displayUnit(own)
  const name = metricTitle(response)
  const { per, unit: sizes } = sizeUnit(law.to)
  const title = condition.label === '' ? name : message('of.metric', { metric: name, statistic: condition.label })
  const band = Array.from({ length: STEPS + 1 }, (_, i) => law.from * (law.to / law.from) ** (i / STEPS))
    .flatMap((size) => {
      const at = law.at(size)
      return at === null ? [] : [{ size: size / per, mean: at.estimate * scale, low: at.low * scale, high: at.high * scale }]
    })
  const shown = points.map((p) => ({ ...pointOf(p, scale, per), title: `${p.group.label}\n${formatWithUnit(p.cell)}` }))
  const values = shown.flatMap((p) => [p.mean, p.low, p.high])
  const [least, most] = [Math.min(...values) / FRAME, Math.max(...values) * FRAME]
  // A band of three models may reach over decades: what was measured sets the frame.
  const framed = band.map((b) => ({ ...b, low: Math.max(b.low, least), high: Math.min(b.high, most) }))
  const svg = drawFigure({
    ...SMALL, ...margins([least, most]), ...seriesScales(1),
    x: { type: 'log', label: say(`models.figure.${sizes}`), tickFormat: formatTick, ticks: shown.length <= 6 ? [...new Set(shown.map((p) => p.size))] : 5 },
    y: { type: 'log', label: unit, tickFormat: formatTick, domain: [least, most], ticks: 5 },
    alt: say('models.figure.alt', { response: name, unit, count: points.length }),
    marks: [
      gridX(), gridY(),
      areaY(framed, { x: 'size', y1: 'low', y2: 'high', fill: () => 0, fillOpacity: 0.14 }),
      line(band, { x: 'size', y: 'mean', stroke: () => 0, strokeWidth: 1.5 }),
      ruleX(shown, { x: 'size', y1: 'low', y2: 'high', stroke: () => 0, strokeOpacity: 0.8 }),
      dot(shown, { x: 'size', y: 'mean', r: 4, fill: () => 0, symbol: () => 0, title: 'title' }),
    ],
  })
  return { title, note: message('models.figure.note', { exponent: exponentText(law.exponent.estimate) }), svg, wide: false }
}

const FRAME = 1.35

/** An interval that reaches to zero or below has no place on such an axis: it ends at the frame. */
function pointOf({ size, cell }: LawPoint, scale: number, per: number): { readonly size: number; readonly mean: number; readonly low: number; readonly high: number } {
  const { mean, low, high } = span(cell)
  return { size: size / per, mean: mean * scale, low: Math.max(low, mean / FRAME ** 2) * scale, high: Math.min(high, mean * FRAME ** 2) * scale }
}

// SPDX-License-Identifier: Apache-2.0
/** What factors do, drawn: means over levels, what one does at each level of another, and both as a map. */
import type { Markish } from '@observablehq/plot'
import { twoSidedCritical } from '../../stats/student-t.ts'
import type { LevelMean } from '../../stats/means-table.ts'
import { dot, drawFigure, gridY, line, ruleX, text } from '../figures.ts'
import { type Figure, formatTick, margins, seriesScales, SMALL, valueScale } from '../figure-style.ts'
import { displayUnit } from '../format.ts'
import { responseTitle } from '../primary.ts'
import type { ExperimentResults } from '../results.ts'
import { message, type Part, type Texts } from '../messages.ts'
import { effectsOf, headlined } from './analyze-effects.ts'
import type { Analysed } from './effect-size.ts'
import { heatFigure } from './figure-heat.ts'

/** Figures of one response, with what their lines mean. */
export interface EffectFigures { readonly title: Part; readonly figures: readonly (Figure & { readonly series?: readonly string[] })[] }

const MOST_SERIES = 8

export function effectFigures(results: ExperimentResults, texts: Texts): EffectFigures[] {
  const effects = effectsOf(results)
  return headlined(effects).filter((r) => r.analysis.factorial !== null).map((response) => {
    const pair = strongestPair(response)
    const figures = [
      mainEffects(response, texts),
      ...(pair === null ? [] : [interaction(response, pair, { factors: results.factors, texts })]),
      ...(pair === null ? [] : heatFigure(response, pair, texts)),
    ]
    return {
      title: effects.stages.length > 1 ? message('effects.titleInStage', { response: responseTitle(response), stage: response.stage }) : responseTitle(response),
      figures,
    }
  })
}

/** The pair of factors that explains most together with what each does alone, among those that were run at all combinations. */
function strongestPair({ analysis: { factorial } }: Analysed): readonly [string, string] | null {
  const rows = factorial?.strata.flatMap((s) => s.rows) ?? []
  const share = (term: string) => rows.filter((r) => r.source === term).reduce((total, r) => total + r.contribution, 0)
  const pairs = (factorial?.means ?? []).filter((m) => m.factors.length === 2).map((m) => m.factors as readonly [string, string])
  const ranked = pairs.map((pair) => ({ pair, own: share(pair.join(' × ')), all: pair.reduce((total, f) => total + share(f), 0) }))
  return ranked.toSorted((a, b) => b.own - a.own || b.all - a.all)[0]?.pair ?? null
}

interface Span { readonly mean: number; readonly low: number; readonly high: number }

/** Mean of a level with the interval that its stratum's error gives; without an error only the mean. */
export function spanOf({ analysis, unit }: Pick<Analysed, 'analysis' | 'unit'>, term: string, row: LevelMean): Span {
  const { factorial, scale, level } = analysis
  const { scale: shown } = displayUnit(unit)
  const error = factorial?.strata.find((s) => s.rows.some((r) => r.source === term))?.error
  const centre = row.meanOfCells ?? row.mean
  const half =
    error === undefined || error.meanSquare === null ? 0 : twoSidedCritical(level, error.df) * Math.sqrt(error.meanSquare / row.n)
  const [low, high] = scale === 'log' ? [centre * Math.exp(-half), centre * Math.exp(half)] : [centre - half, centre + half]
  return { mean: centre * shown, low: low * shown, high: high * shown }
}

interface Point extends Span { readonly place: string; readonly factor: string }

function mainEffects(response: Analysed, texts: Texts): Figure {
  const { analysis, unit } = response
  const tables = (analysis.factorial?.means ?? []).filter((m) => m.factors.length === 1)
  const points = tables.flatMap(({ factors: [factor = ''], rows }) =>
    rows.map((row): Point => ({ factor, place: placeOf(factor, row.levels[0] ?? ''), ...spanOf(response, factor, row) })),
  )
  // An empty place between factors: no line goes from one to the next.
  const domain = tables.flatMap(({ factors: [factor = ''], rows }, i) => [
    ...(i === 0 ? [] : [placeOf(factor, '')]),
    ...rows.map((row) => placeOf(factor, row.levels[0] ?? '')),
  ])
  const names = tables.map(({ factors: [factor = ''], rows }) => ({ factor, place: placeOf(factor, rows[0]?.levels[0] ?? '') }))
  const shown = displayUnit(unit).unit
  const wide = domain.length > 10 || widthOf(domain.map(levelOf)) > SMALL.width - AXIS_WIDTH
  const svg = drawFigure({
    ...SMALL,
    ...(wide ? { width: 2 * SMALL.width } : {}),
    ...margins(points.map((p) => p.high)),
    ...seriesScales(1),
    x: { type: 'point', domain, label: null, tickFormat: levelOf, tickSize: 0 },
    y: {
      ...valueScale(
        points.map((p) => p.high),
        shown,
      ),
      zero: false,
    },
    alt: texts.say('figure.mainEffectsAlt', { response: responseTitle(response), unit: shown, factors: tables.map((t) => t.factors[0]).join(', ') }),
    marks: [
      gridY(),
      line(points, { x: 'place', y: 'mean', z: 'factor', stroke: () => 0, strokeOpacity: 0.6 }),
      ruleX(points, { x: 'place', y1: 'low', y2: 'high', stroke: () => 0, strokeWidth: 1.5 }),
      dot(points, { x: 'place', y: 'mean', r: 3.4, fill: () => 0 }),
      text(names, { x: 'place', text: 'factor', frameAnchor: 'top', textAnchor: 'start', dx: -4, dy: -14, fontWeight: 600 }),
    ],
  })
  return { title: message('figure.mainEffects'), svg, wide }
}

/** Of names beside each other below an axis, about, in pixels. */
const widthOf = (names: readonly string[]) => names.reduce((sum, name) => sum + 6 * name.length + 10, 0)
const AXIS_WIDTH = 60

const placeOf = (factor: string, level: string) => `${factor}\n${level}`
const levelOf = (place: string) => place.slice(place.indexOf('\n') + 1)

function interaction(
  response: Analysed,
  pair: readonly [string, string],
  { factors, texts }: Pick<ExperimentResults, 'factors'> & { readonly texts: Texts },
): Figure & { readonly series: readonly string[] } {
  const { analysis, unit } = response
  const table = analysis.factorial?.means.find((m) => m.factors.join('\n') === pair.join('\n'))
  const [across, along] = axesOf(pair, response, factors)
  const [x, z] = [pair.indexOf(across), pair.indexOf(along)]
  const levels = (name: string) => analysis.factors.find((f) => f.name === name)?.levels ?? []
  const series = levels(along).slice(0, MOST_SERIES)
  const points = (table?.rows ?? []).flatMap((row) => {
    const index = series.indexOf(row.levels[z] ?? '')
    return index < 0
      ? []
      : [{ at: row.levels[x] ?? '', series: index, ...spanOf(response, pair.join(' × '), { ...row, meanOfCells: null }) }]
  })
  const shown = displayUnit(unit).unit
  const marks = series.flatMap((_, i): Markish[] => {
    const own = points.filter((p) => p.series === i)
    const style = { x: 'at', dx: (i - (series.length - 1) / 2) * 4 }
    return [
      line(own, { ...style, y: 'mean', stroke: () => i, strokeOpacity: 0.6 }),
      ruleX(own, { ...style, y1: 'low', y2: 'high', stroke: () => i, strokeWidth: 1.5 }),
      dot(own, { ...style, y: 'mean', r: 3.4, fill: () => i, symbol: () => i }),
    ]
  })
  const svg = drawFigure({
    ...SMALL,
    ...margins(points.map((p) => p.high)),
    ...seriesScales(series.length),
    x: { type: 'point', domain: levels(across), label: across, tickSize: 0 },
    y: {
      ...valueScale(
        points.map((p) => p.high),
        shown,
      ),
      zero: false,
      tickFormat: formatTick,
    },
    alt: texts.say('figure.byAlt', { response: responseTitle(response), unit: shown, across, along }),
    marks: [gridY(), ...marks],
  })
  return { title: message('figure.by', { across, along }), svg, wide: false, series: series.map((level) => `${along}=${level}`) }
}

/** Along the bottom goes the load, else what has more levels. */
function axesOf(
  [a, b]: readonly [string, string],
  { analysis }: Analysed,
  factors: ExperimentResults['factors'],
): readonly [string, string] {
  const isLoad = (name: string) => Number(factors.find((f) => f.name === name)?.isLoad === true)
  const count = (name: string) => analysis.factors.find((f) => f.name === name)?.levels.length ?? 0
  return isLoad(b) > isLoad(a) || (isLoad(a) === isLoad(b) && count(b) > count(a)) ? [b, a] : [a, b]
}

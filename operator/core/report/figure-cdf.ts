// SPDX-License-Identifier: Apache-2.0
/** Percentile curves of latencies: what share of values was at or below each, from the quantiles that findings carry. */
import type { Distribution } from '../model/findings.ts'
import { METRICS, PERCENTILES, type MetricName, type PercentileName } from '../model/metric.ts'
import { mean } from '../stats/summary.ts'
import { drawFigure, gridX, gridY, line } from './figures.ts'
import { seriesScales, SMALL, valueScale, margins, type Figure } from './figure-style.ts'
import { type Message, message, type Texts } from './messages.ts'
import { operatingPoints, type LoadAxis, type OperatingPoint } from './operating-points.ts'
import type { ExperimentResults } from './results.ts'

const SHOWN: readonly MetricName[] = ['ttft', 'itl', 'e2e']
/** Loads that curves are drawn for: the least and the most where there are many. */
const MOST_LOADS = 2
/** Curves that an eye can follow, and a page can carry. */
const MOST_CURVES = 24
const TICKS = [0, 25, 50, 75, 90, 100]

interface CurvePoint { readonly value: number; readonly percent: number; readonly series: number; readonly curve: string }

export function cdfFigures(results: ExperimentResults, texts: Texts): Figure[] {
  const { axis, points, configurations } = operatingPoints(results)
  return extremes(points).flatMap((load) => SHOWN.flatMap((metric) => {
    const curves = points.filter((p) => p.load === load).slice(0, MOST_CURVES).flatMap((point) => curveOf(point, metric))
    return curves.length === 0 ? [] : [figureOf(metric, loadText(load, axis), { curves, series: configurations.length, texts })]
  }))
}

function extremes(points: readonly OperatingPoint[]): OperatingPoint['load'][] {
  const loads = [...new Set(points.map((p) => p.load))].sort((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : 0))
  return loads.length <= MOST_LOADS ? loads : [loads[0] ?? '', loads.at(-1) ?? '']
}

function loadText(load: OperatingPoint['load'], { kind }: LoadAxis): Message {
  switch (kind) {
    case 'rate': return message('figure.atRate', { load })
    case 'concurrency': return message('figure.atConcurrency', { load })
    case 'label': return message('figure.atLoad', { load })
  }
}

/** Each percentile averaged over the trials of the treatment; percentiles that any trial is too small for are left off. */
function curveOf({ treatment, stage, series }: OperatingPoint, metric: MetricName): CurvePoint[] {
  const distributions = treatment.trials.flatMap((t) => t.stages.find((s) => s.stage === stage)?.distributions[metric] ?? [])
  const curve = `${treatment.index}/${stage}`
  return (Object.entries(PERCENTILES) as [PercentileName, number][]).flatMap(([name, p]) => {
    const value = averaged(distributions, name)
    return value === null ? [] : [{ value, percent: 100 * p, series, curve }]
  })
}

function averaged(distributions: readonly Distribution[], name: PercentileName): number | null {
  const values = distributions.flatMap((d) => (d[name] === null || d.weak.includes(name) ? [] : [d[name]]))
  return values.length < distributions.length ? null : mean(values)
}

interface Curves { readonly curves: readonly CurvePoint[]; readonly series: number; readonly texts: Texts }

function figureOf(name: MetricName, load: Message, { curves, series, texts }: Curves): Figure {
  const [metric, { unit }] = [message(`metric.${name}`), METRICS[name]]
  const values = curves.map((c) => c.value)
  const svg = drawFigure({
    ...SMALL, ...margins([100]), ...seriesScales(series),
    x: { ...valueScale(values, unit), ticks: 5 },
    y: { label: texts.say('figure.cdfAxis'), domain: [0, 100], ticks: TICKS },
    alt: texts.say('figure.cdfAlt', { metric, unit, load, count: new Set(curves.map((c) => c.curve)).size }),
    marks: [gridX(), gridY(TICKS), line(curves, { x: 'value', y: 'percent', z: 'curve', stroke: 'series', strokeWidth: 1.5 })],
  })
  return { title: message('figure.cdf', { metric, load }), svg, wide: false }
}

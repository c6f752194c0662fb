// SPDX-License-Identifier: Apache-2.0
/** Latencies beside what the server said of itself, over time, for one trial of every configuration at its highest load. */
import type { Findings } from '../model/findings.ts'
import { METRICS, type MetricName } from '../model/metric.ts'
import { drawFigure, gridY, line } from './figures.ts'
import { margins, seriesScales, SMALL, valueScale, type Figure } from './figure-style.ts'
import { message, type Texts } from './messages.ts'
import { operatingPoints, type OperatingPoint } from './operating-points.ts'
import type { ExperimentResults } from './results.ts'

const LATENCIES: readonly MetricName[] = ['ttft', 'tpot']
const SHOWN: readonly MetricName[] = [
  'running_requests', 'queue_length', 'kv_cache_usage', 'output_throughput', 'input_throughput', 'gpu_utilization', 'gpu_power', 'pool_queue_length',
]
/** Lines and points that a small figure can show, and that a page can carry. */
const MOST_LINES = 8
const MOST_POINTS = 60

interface Sample { readonly seconds: number; readonly value: number; readonly series: number; readonly line: string }

export function serverFigures(results: ExperimentResults, texts: Texts): Figure[] {
  const { points, configurations } = operatingPoints(results)
  const chosen = [...Map.groupBy(points, (p) => p.series).values()].slice(0, MOST_LINES).flatMap((own) => highest(own) ?? [])
  const found = [...LATENCIES, ...SHOWN].map((metric) => ({
    metric, samples: chosen.flatMap(({ series, trial }) => [...latenciesOf(trial, metric, series), ...samplesOf(trial, metric, series)]),
  }))
  // One axis for all: what happens together stands above each other.
  const times = found.flatMap(({ samples }) => samples.map((s) => s.seconds))
  const span = [times.reduce((a, b) => Math.min(a, b), 0), times.reduce((a, b) => Math.max(a, b), 0)] as const
  return found.flatMap(({ metric, samples }) => (samples.length === 0 ? [] : [figureOf(metric, samples, { series: configurations.length, span, texts })]))
}

function highest(points: readonly OperatingPoint[]): { readonly series: number; readonly trial: Findings } | undefined {
  const order = [...points].sort((a, b) => (typeof a.load === 'number' && typeof b.load === 'number' ? b.load - a.load : 0))
  const found = order.find((p) => p.treatment.trials.length > 0)
  const trial = found?.treatment.trials[0]
  return found === undefined || trial === undefined ? undefined : { series: found.series, trial }
}

/** Stages are lines of their own: between them nothing is sent. */
function latenciesOf({ stages }: Findings, metric: MetricName, series: number): Sample[] {
  return stages.flatMap(({ stage, overTime = [] }) =>
    overTime.filter((s) => s.metric === metric).flatMap(({ points }) => points.map(([ms, value]) => ({ seconds: ms / 1000, value, series, line: `${series}/${stage}` }))))
}

/** Servers are asked from long before the first request on; the axis begins with it. */
function samplesOf({ server }: Findings, metric: MetricName, series: number): Sample[] {
  const scale = METRICS[metric].unit === 'ratio' ? 100 : 1
  return server.filter((s) => s.metric === metric).flatMap(({ points, pod = '' }) => {
    const within = points.filter(([ms]) => ms >= 0)
    const step = Math.max(1, Math.ceil(within.length / MOST_POINTS))
    const kept = within.filter((_, i) => i % step === 0)
    return kept.map(([ms, value]) => ({ seconds: ms / 1000, value: value * scale, series, line: `${series}/${pod}` }))
  })
}

interface Axes { readonly series: number; readonly span: readonly [number, number]; readonly texts: Texts }

function figureOf(name: MetricName, samples: readonly Sample[], { series, span, texts }: Axes): Figure {
  const [metric, { unit }] = [message(`metric.${name}`), METRICS[name]]
  const shown = unit === 'ratio' ? '%' : unit
  const values = samples.map((s) => s.value)
  const svg = drawFigure({
    ...SMALL, ...margins(values), ...seriesScales(series),
    x: { label: texts.say('figure.time'), domain: span, ticks: 5 }, y: { zero: true, ...valueScale(values, shown), type: 'linear' },
    alt: texts.say('figure.serverAlt', { metric, unit: shown, count: new Set(samples.map((s) => s.series)).size }),
    marks: [gridY(), line(samples, { x: 'seconds', y: 'value', z: 'line', stroke: 'series', strokeOpacity: 0.85, strokeWidth: 1.2 })],
  })
  return { title: metric, svg, wide: false }
}

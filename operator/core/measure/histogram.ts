// SPDX-License-Identifier: Apache-2.0
/** Cumulative histograms as servers expose them: added over replicas, taken as growth, and turned into quantiles with the bucket that they lie in. */
import type { Distribution } from '../model/findings.ts'
import { METRICS, PERCENTILES, type MetricName, type PercentileName } from '../model/metric.ts'
import { minimumSamples } from '../stats/sample-size.ts'

/** Counts of values at most each bound, and last the count of all; bounds rise and are finite. */
export interface HistogramReading {
  readonly le: readonly number[]
  readonly counts: readonly number[]
  readonly sum: number
}

/** A percentile that is known only to within a bucket wider than this share of it decides nothing. */
export const WIDE_BUCKET = 0.25
/** Ranges are kept of what reports show: eleven a distribution would be most of the findings. */
const RANGED: ReadonlySet<PercentileName> = new Set(['p50', 'p90', 'p95', 'p99'])

/** null where histograms of one kind have other buckets: they cannot be added. */
export function addHistograms(readings: readonly HistogramReading[]): HistogramReading | null {
  const [first, ...others] = readings
  if (first === undefined || !others.every((other) => sameBounds(first, other))) return null
  return others.reduce((sum, other) => combined(sum, other, 1), first)
}

/** What was observed between two readings. Counters read at slightly different instants never make it negative. */
export function growth(later: HistogramReading, earlier: HistogramReading): HistogramReading {
  return combined(later, earlier, -1)
}

export function sameBounds(a: HistogramReading, b: HistogramReading): boolean {
  return a.le.length === b.le.length && a.le.every((bound, i) => bound === b.le[i])
}

function combined(a: HistogramReading, b: HistogramReading, sign: 1 | -1): HistogramReading {
  const plus = (x: number, y: number) => Math.max(0, x + sign * y)
  return { le: a.le, counts: a.counts.map((count, i) => plus(count, b.counts[i] ?? 0)), sum: plus(a.sum, b.sum) }
}

/** A reading between two others, linear in time: counters grow evenly between scrapes as far as anyone knows. */
export function between(a: HistogramReading, b: HistogramReading, share: number): HistogramReading {
  const mid = (x: number, y: number) => x + (y - x) * share
  return { le: a.le, counts: a.counts.map((count, i) => mid(count, b.counts[i] ?? count)), sum: mid(a.sum, b.sum) }
}

export interface BucketQuantile {
  /** null where it lies above the last bound. */
  readonly value: number | null
  readonly range: readonly [number, number | null]
}

/** Linear within the bucket, from 0 in the first; null without values. */
export function bucketQuantile({ le, counts }: HistogramReading, p: number): BucketQuantile | null {
  const total = counts.at(-1) ?? 0
  if (!(total > 0)) return null
  const rank = p * total
  const found = counts.findIndex((count) => count >= rank && count > 0)
  const i = found < 0 ? counts.length - 1 : found
  const upper = le[i]
  const lower = i === 0 ? Math.min(0, upper ?? 0) : (le[i - 1] as number)
  if (upper === undefined) return { value: null, range: [lower, null] }
  const below = i === 0 ? 0 : (counts[i - 1] as number)
  const within = (counts[i] as number) - below
  const value = within > 0 ? lower + ((upper - lower) * Math.max(0, rank - below)) / within : upper
  return { value, range: [lower, upper] }
}

/** The distribution of one metric; `scale` turns the histogram's unit into the metric's. null without values. */
export function distributionOfHistogram(metric: MetricName, reading: HistogramReading, scale: number): Distribution | null {
  const total = reading.counts.at(-1) ?? 0
  const n = Math.round(total)
  if (n === 0) return null
  const quantiles = Object.entries(PERCENTILES).map(([name, p]) => [name as PercentileName, bucketQuantile(reading, p)] as const)
  const scaled = (value: number | null | undefined) => (typeof value === 'number' ? tidy(value * scale) : null)
  const ranges = quantiles.flatMap(([name, q]) =>
    (q === null || !RANGED.has(name) ? [] : [[name, [scaled(q.range[0]) as number, scaled(q.range[1])]] as const]))
  return {
    unit: METRICS[metric].unit, n, mean: scaled(reading.sum / total), stddev: null, min: null, max: null,
    ...(Object.fromEntries(quantiles.map(([name, q]) => [name, scaled(q?.value)])) as Record<PercentileName, number | null>),
    weak: quantiles.flatMap(([name, q]) => (isWeak(q, n, PERCENTILES[name]) ? [name] : [])),
    ranges: Object.fromEntries(ranges) as NonNullable<Distribution['ranges']>,
  }
}

function isWeak(q: BucketQuantile | null, n: number, p: number): boolean {
  if (q?.value === null || q === null || n < minimumSamples(p)) return true
  return (q.range[1] as number) - q.range[0] > WIDE_BUCKET * q.value
}

function tidy(value: number): number {
  return Number(value.toPrecision(9))
}

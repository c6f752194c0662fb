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

/** A percentile that is known only to within more than this share of it decides nothing. */
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
  /** It is certainly within: its bucket, narrowed by the sum of all values, which is exact. */
  readonly range: readonly [number, number | null]
}

/** Linear within the bucket, from 0 in the first, and never where the sum of all values rules it out; null without values. */
export function bucketQuantile(reading: HistogramReading, p: number): BucketQuantile | null {
  const { le, counts } = reading
  const total = counts.at(-1) ?? 0
  if (!(total > 0)) return null
  const rank = p * total
  const found = counts.findIndex((count) => count >= rank && count > 0)
  const i = found < 0 ? counts.length - 1 : found
  const place = { i, rank, below: i === 0 ? 0 : (counts[i - 1] as number) }
  const [lower, upper] = [lowerOf(le, i), le[i]]
  const range = narrowed(reading, place)
  if (upper === undefined) return { value: null, range }
  const within = (counts[i] as number) - place.below
  const linear = within > 0 ? lower + ((upper - lower) * Math.max(0, rank - place.below)) / within : upper
  return { value: Math.min(Math.max(linear, range[0]), range[1] ?? linear), range }
}

interface Place { readonly i: number; readonly rank: number; readonly below: number }

/**
 * The bucket's bounds, narrowed: all values at or above the quantile are at least it, all others at least the lower bound of their
 * bucket, and together they are the sum; the same from above, where no value lies beyond the last bound.
 */
function narrowed({ le, counts, sum }: HistogramReading, { i, rank, below }: Place): readonly [number, number | null] {
  const sizes = counts.map((count, j) => count - (j === 0 ? 0 : (counts[j - 1] as number)))
  const others = (bound: (j: number) => number) => sizes.reduce((all, size, j) => (j === i || size === 0 ? all : all + size * bound(j)), 0)
  const [lower, upper = Infinity] = [lowerOf(le, i), le[i]]
  const [inFront, behind] = [Math.max(0, rank - below), Math.max(0, (counts[i] as number) - rank)]
  const most = behind > 0 ? (sum - others((j) => lowerOf(le, j)) - lower * inFront) / behind : Infinity
  const open = (sizes.at(-1) ?? 0) > 0
  const least = open || inFront === 0 ? -Infinity : (sum - others((j) => le[j] as number) - upper * behind) / inFront
  const [from, to] = [Math.max(lower, least), Math.min(upper, most)]
  // Sums that are read at slightly another instant than counts may contradict them.
  const sound = from <= to && Number.isFinite(from)
  const [low, high] = sound ? [from, to] : [lower, upper]
  return [low, Number.isFinite(high) ? high : null]
}

const lowerOf = (le: readonly number[], i: number): number => (i === 0 ? Math.min(0, le[0] ?? 0) : (le[i - 1] as number))

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

// SPDX-License-Identifier: Apache-2.0
/** Intervals of a percentile that assume no distribution: two of the sorted values, chosen by the binomial distribution. */
import { binomialCdf, binomialQuantile } from '../distribution/binomial.ts'
import { quantile } from '../quantile.ts'
import type { Bounds, NoBounds } from './bounds.ts'

export interface OrderBounds extends Bounds {
  /** Confidence that is really reached, at least the one asked for. */
  readonly reached: number
}

/** Of independent values, such as one per trial; sorted upwards. Requests of one trial are not independent. */
export function quantileBounds(sorted: ArrayLike<number>, p: number, level = 0.95): OrderBounds | NoBounds {
  const n = sorted.length
  const estimate = quantile(sorted, p)
  const tail = (1 - level) / 2
  if (estimate === null) return { kind: 'none', estimate, reason: 'no values' }
  if (p <= 0 || p >= 1) return { kind: 'none', estimate, reason: 'the extremes of a distribution have no such interval' }
  // Ranks from 1. P(fewer than `low` values below the percentile) ≤ tail, and likewise above.
  const low = binomialQuantile(tail, n, p)
  const high = binomialQuantile(1 - tail, n, p) + 1
  if (low < 1 || high > n) return { kind: 'none', estimate, reason: `${n} values; an interval of this percentile needs ${samplesForBounds(p, level)}` }
  const reached = binomialCdf(high - 1, n, p) - binomialCdf(low - 1, n, p)
  return { kind: 'interval', estimate, low: sorted[low - 1] as number, high: sorted[high - 1] as number, level, method: 'order statistics', reached }
}

/** How many values it takes until the smallest and the largest enclose the percentile with that confidence, tail by tail. */
export function samplesForBounds(p: number, level = 0.95): number {
  return Math.ceil(Math.log((1 - level) / 2) / Math.log(Math.max(p, 1 - p)) - 1e-9)
}

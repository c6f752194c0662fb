// SPDX-License-Identifier: Apache-2.0
/** How many values a percentile needs before it may decide anything. */

/** One minus the chance that a percentile is claimed from a sample that hardly reaches it. */
const CONFIDENCE = 0.99

const known = new Map<number, number>()

/**
 * Smallest n for which, at 99 % confidence, at least two values lie beyond the p-quantile: P(Binomial(n, tail) ≤ 1) ≤ 1 %.
 * This is the early-stopping rule of MLCommons' LoadGen with one allowed excess: 130 for p95, 662 for p99, 6,636 for p99.9.
 */
export function minimumSamples(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`minimumSamples: expected 0 < p < 1, got ${p}`)
  const tail = Math.min(p, 1 - p)
  const cached = known.get(tail)
  if (cached !== undefined) return cached
  let enough = 2
  while (atMostOne(enough, tail) > 1 - CONFIDENCE) enough *= 2
  let short = Math.floor(enough / 2)
  while (enough - short > 1) {
    const middle = Math.floor((enough + short) / 2)
    if (atMostOne(middle, tail) > 1 - CONFIDENCE) short = middle
    else enough = middle
  }
  known.set(tail, enough)
  return enough
}

/** P(Binomial(n, q) ≤ 1). */
function atMostOne(n: number, q: number): number {
  return Math.exp((n - 1) * Math.log1p(-q)) * (1 - q + n * q)
}

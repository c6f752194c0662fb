// SPDX-License-Identifier: Apache-2.0
/**
 * Interval of a percentile of all requests together, where requests of one trial share its luck: Woodruff's (1952), with the error of the
 * share below the percentile taken between trials and Student's t for the number of trials.
 */
import { quantile, sorted } from '../quantile.ts'
import { twoSidedCritical } from '../student-t.ts'
import { sum } from '../summary.ts'
import type { Bounds, NoBounds } from './bounds.ts'

export interface ClusteredBounds extends Bounds {
  readonly trials: number
  readonly values: number
}

export function clusteredQuantile(trials: readonly (readonly number[])[], p: number, level = 0.95): ClusteredBounds | NoBounds {
  const filled = trials.filter((values) => values.length > 0)
  const pool = sorted(filled.flat())
  const estimate = quantile(pool, p)
  if (estimate === null) return { kind: 'none', estimate, reason: 'no values' }
  if (filled.length < 2) return { kind: 'none', estimate, reason: 'one trial: its requests share its luck' }
  const half = twoSidedCritical(level, filled.length - 1) * errorOfShare(filled, estimate)
  if (p - half <= 0 || p + half >= 1) return { kind: 'none', estimate, reason: 'too few values beyond this percentile in these trials to bound it' }
  return {
    kind: 'interval', estimate, low: quantile(pool, p - half) as number, high: quantile(pool, p + half) as number, level,
    method: 'Woodruff, between trials', trials: filled.length, values: pool.length,
  }
}

/** Standard error of the share of all values that lie at or below a point, from how the trials' own shares scatter. */
function errorOfShare(trials: readonly (readonly number[])[], point: number): number {
  const sizes = trials.map((values) => values.length)
  const counts = trials.map((values) => values.filter((x) => x <= point).length)
  const total = sum(sizes)
  const share = sum(counts) / total
  const squares = sum(counts.map((count, i) => (count - share * (sizes[i] as number)) ** 2))
  return Math.sqrt((squares * trials.length) / (trials.length - 1)) / total
}

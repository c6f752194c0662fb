// SPDX-License-Identifier: Apache-2.0
/** Median of independent replicates with the interval that so many allow: two of them from six on, Student's below. */
import { median, sorted } from '../quantile.ts'
import { mapBounds, type MaybeBounds } from './bounds.ts'
import { meanBounds } from './means.ts'
import { quantileBounds } from './order-statistic.ts'

/**
 * Below six values no two of them enclose the median with 95 %. Then the interval is Student's, on logarithms where they exist, about the
 * centre of the assumed bell; the estimate stays the median, which lies within a standard deviation of the mean and so within the interval.
 */
export function medianBounds(values: readonly number[], level = 0.95): MaybeBounds {
  const estimate = median(values)
  const byRanks = quantileBounds(sorted(values), 0.5, level)
  if (byRanks.kind === 'interval' || estimate === null) return byRanks
  const positive = values.every((x) => x > 0)
  const centre = meanBounds(positive ? values.map(Math.log) : values, level)
  if (centre.kind === 'none') return { kind: 'none', estimate, reason: centre.reason }
  const back = positive ? { ...mapBounds(centre, Math.exp), method: 'Student on logarithms' } : centre
  // Equal values and rounding: the interval holds its estimate.
  return { ...back, estimate, low: Math.min(back.low, estimate), high: Math.max(back.high, estimate) }
}

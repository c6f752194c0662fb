// SPDX-License-Identifier: Apache-2.0
/** Whether a series stays where it is: drift (a slope) or a shift of level, and how large. It reports; it removes nothing. */
import { median } from '../quantile.ts'
import { mean, sum } from '../summary.ts'
import { pettitt } from './change-point.ts'
import { batchMeans } from './mser.ts'
import { mannKendall } from './trend.ts'

export interface Steadiness {
  readonly verdict: 'steady' | 'drift' | 'shift' | 'too short'
  /** Of the test that decided, after Holm over both. */
  readonly p: number
  /** Change from start to end, or after against before, in the unit of the values; 0 where steady. */
  readonly change: number
  /** The same as a share of the median; null where that is 0. */
  readonly relative: number | null
  /** Index of the first value after a shift. */
  readonly at?: number
  /** Values that were averaged into one before testing. */
  readonly batch: number
  readonly method: string
}

const FEWEST = 8
/** Neighbouring requests are alike: means of batches are nearly independent, and so many are enough. */
const MOST_POINTS = 40

/**
 * For values that are independent from one to the next (residuals of runs, one value per trial) leave `correlated` away;
 * requests within a run are averaged in batches first.
 */
export function assessSteadiness(values: readonly number[], { correlated = false, alpha = 0.05 } = {}): Steadiness {
  const batch = correlated ? Math.max(1, Math.ceil(values.length / MOST_POINTS)) : Math.max(1, Math.ceil(values.length / 1000))
  const points = batch === 1 ? values : batchMeans(values, batch)
  const trend = mannKendall(points)
  const change = pettitt(points)
  if (points.length < FEWEST || trend === null || change === null) {
    return { verdict: 'too short', p: 1, change: 0, relative: null, batch, method: `needs ${FEWEST} points` }
  }
  const p = Math.min(1, 2 * Math.min(trend.p, change.p))
  const centre = median(points) as number
  const relativeTo = (x: number) => (centre === 0 ? null : x / Math.abs(centre))
  if (p > alpha) return { verdict: 'steady', p, change: 0, relative: 0, batch, method: 'Mann–Kendall and Pettitt, Holm' }
  const total = trend.slope * (points.length - 1)
  // A step also looks like a slope and a slope like a step: whichever leaves less unexplained names it.
  if (leftByStep(points, change.at) < leftByLine(points, trend.slope)) {
    return { verdict: 'shift', p, change: change.shift, relative: relativeTo(change.shift), at: change.at * batch, batch, method: 'Pettitt' }
  }
  return { verdict: 'drift', p, change: total, relative: relativeTo(total), batch, method: 'Mann–Kendall, Sen’s slope' }
}

function leftByStep(values: readonly number[], at: number): number {
  return squaresAboutMean(values.slice(0, at)) + squaresAboutMean(values.slice(at))
}

function leftByLine(values: readonly number[], slope: number): number {
  return squaresAboutMean(values.map((x, i) => x - slope * i))
}

function squaresAboutMean(values: readonly number[]): number {
  const centre = mean(values) ?? 0
  return sum(values.map((x) => (x - centre) ** 2))
}

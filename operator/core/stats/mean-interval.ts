// SPDX-License-Identifier: Apache-2.0
/** Student's confidence interval of a mean over replicates. The unit is the trial or the stand-up, never the request. */
import { quantile, sorted } from './quantile.ts'
import { mean, summarizeValues } from './summary.ts'
import { twoSidedCritical } from './student-t.ts'

/** Which spread an interval was made from; without one, `reason` says why. */
export type Interval =
  | {
    readonly kind: 'interval'; readonly low: number; readonly high: number
    readonly df: number; readonly level: number; readonly basis: IntervalBasis
  }
  | { readonly kind: 'none'; readonly reason: string }
/** Between stand-ups it speaks for the configuration; within one stand-up only for runs on that very stack. */
type IntervalBasis = 'between stand-ups' | 'within one stand-up'

export interface ReplicateSummary {
  readonly mean: number
  readonly median: number
  readonly stacks: number
  readonly trials: number
  readonly interval: Interval
}

const DEFAULT_LEVEL = 0.95

/**
 * Mean of a cell whose values are grouped by stand-up: each stand-up counts once, by the mean of its runs, because runs on one stack
 * share what that stand-up got (node, placement, compilation). With one stand-up only runs vary, and the interval says so.
 */
export function summarizeReplicates(byStack: readonly (readonly number[])[], level: number = DEFAULT_LEVEL): ReplicateSummary | null {
  const groups = byStack.filter((runs) => runs.length > 0)
  if (groups.length === 0) return null
  const all = groups.flat()
  const stackMeans = groups.map((runs) => mean(runs) as number)
  return {
    mean: mean(stackMeans) as number,
    median: quantile(sorted(all), 0.5) as number,
    stacks: groups.length,
    trials: all.length,
    interval: intervalOf(groups, stackMeans, level),
  }
}

function intervalOf(groups: readonly (readonly number[])[], stackMeans: readonly number[], level: number): Interval {
  if (groups.length >= 2) return studentInterval(stackMeans, 'between stand-ups', level)
  const runs = groups[0] as readonly number[]
  if (runs.length >= 2) return studentInterval(runs, 'within one stand-up', level)
  return { kind: 'none', reason: 'one trial: repeat it (design.replicates) for an interval' }
}

function studentInterval(values: readonly number[], basis: IntervalBasis, level: number): Interval {
  const { n, mean: centre, stddev } = summarizeValues(values)
  const half = (twoSidedCritical(level, n - 1) * (stddev as number)) / Math.sqrt(n)
  return { kind: 'interval', low: (centre as number) - half, high: (centre as number) + half, df: n - 1, level, basis }
}

// SPDX-License-Identifier: Apache-2.0
/** Wilcoxon's signed-rank test of differences within pairs, with the median of their pairwise means and its interval. */
import { normalQuantile, normalSurvival } from '../distribution/normal.ts'
import type { Bounds, NoBounds } from '../interval/bounds.ts'
import { median, sorted } from '../quantile.ts'
import { midranks } from '../ranks.ts'
import { sum } from '../summary.ts'
import { halfTails } from './rank-distribution.ts'

export interface SignedRankTest {
  /** Sum of the ranks of positive differences. */
  readonly v: number
  readonly p: number
  /** Differences of exactly 0, which say nothing and are left out. */
  readonly zeros: number
  readonly method: 'exact' | 'normal, corrected for ties and continuity'
}

const MOST_EXACT = 50

export function signedRank(differences: readonly number[]): SignedRankTest {
  const moved = differences.filter((d) => d !== 0)
  const zeros = differences.length - moved.length
  const ranks = midranks(moved.map(Math.abs))
  const v = sum(ranks.filter((_, i) => (moved[i] as number) > 0))
  if (moved.length > MOST_EXACT) {
    const centre = sum(ranks) / 2
    const deviation = Math.sqrt(sum(ranks.map((r) => r * r))) / 2
    return { v, zeros, p: Math.min(1, 2 * normalSurvival((Math.abs(v - centre) - 0.5) / deviation)), method: 'normal, corrected for ties and continuity' }
  }
  const { lower, upper } = halfTails(ranks, v)
  return { v, zeros, p: Math.min(1, 2 * Math.min(lower, upper)), method: 'exact' }
}

/** The smallest two-sided p-value that so many pairs can reach. */
export function smallestSignedRankP(pairs: number): number {
  return Math.min(1, 2 ** (1 - pairs))
}

/** Median of the means of all pairs of differences, each with itself too. */
export function pseudoMedian(differences: readonly number[], level = 0.95): Bounds | NoBounds {
  const n = differences.length
  const means = sorted(differences.flatMap((a, i) => differences.slice(i).map((b) => (a + b) / 2)))
  const estimate = median(means)
  if (estimate === null) return { kind: 'none', estimate, reason: 'no pairs' }
  const rank = acceptedRank(n, (1 - level) / 2)
  if (rank < 1) return { kind: 'none', estimate, reason: `${n} pairs cannot bound the shift at ${level}` }
  return { kind: 'interval', estimate, low: means[rank - 1] as number, high: means[means.length - rank] as number, level, method: 'Hodges–Lehmann of pairs' }
}

function acceptedRank(n: number, tail: number): number {
  if (n > MOST_EXACT) return Math.floor((n * (n + 1)) / 4 - normalQuantile(1 - tail) * Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24))
  const ranks = Array.from({ length: n }, (_, i) => i + 1)
  let k = 0
  while (halfTails(ranks, k).lower <= tail) k++
  return k
}

// SPDX-License-Identifier: Apache-2.0
/** Mann–Whitney's test with the Hodges–Lehmann shift: exact where there are few values, ties included. */
import { normalQuantile, normalSurvival } from '../distribution/normal.ts'
import type { Bounds, NoBounds } from '../interval/bounds.ts'
import { median, sorted } from '../quantile.ts'
import { midranks } from '../ranks.ts'
import { sum } from '../summary.ts'
import { subsetTails } from './rank-distribution.ts'

export interface RankTest {
  /** Pairs in which the second sample is larger, ties counting half. */
  readonly u: number
  /** Two-sided. */
  readonly p: number
  /** P(U ≤ u) and P(U ≥ u) where nothing differs. */
  readonly lower: number
  readonly upper: number
  readonly method: 'exact' | 'exact, with ties' | 'normal, corrected for ties and continuity'
}

type Values = readonly number[]
/** Beyond so many values on a side the normal approximation is as good as exact. */
const MOST_EXACT = 50
const MOST_EXACT_TIED = 25

export function mannWhitney(first: Values, second: Values): RankTest {
  const ranks = midranks([...first, ...second])
  const u = sum(ranks.slice(first.length)) - (second.length * (second.length + 1)) / 2
  const tied = new Set(ranks).size < ranks.length
  const most = tied ? MOST_EXACT_TIED : MOST_EXACT
  if (first.length > most || second.length > most) return normalTest(u, ranks, [first.length, second.length])
  const { lower, upper } = subsetTails(ranks, second.length, u + (second.length * (second.length + 1)) / 2)
  return { u, lower, upper, p: Math.min(1, 2 * Math.min(lower, upper)), method: tied ? 'exact, with ties' : 'exact' }
}

function normalTest(u: number, ranks: Values, [n, m]: readonly [number, number]): RankTest {
  const total = n + m
  const ties = sum([...Map.groupBy(ranks, (r) => r).values()].map((same) => same.length ** 3 - same.length))
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))))
  const distance = u - (n * m) / 2
  const beyond = (d: number) => (deviation === 0 ? 1 : normalSurvival((d - 0.5) / deviation))
  return {
    u, lower: Math.min(1, beyond(-distance)), upper: Math.min(1, beyond(distance)), p: Math.min(1, 2 * beyond(Math.abs(distance))),
    method: 'normal, corrected for ties and continuity',
  }
}

/** The smallest two-sided p-value that samples of these sizes can reach: 2 / C(n + m, n). */
export function smallestRankSumP(n: number, m: number): number {
  let arrangements = 1
  for (let i = 1; i <= Math.min(n, m); i++) arrangements *= (n + m - i + 1) / i
  return Math.min(1, 2 / arrangements)
}

/** Median of all differences second − first, with the interval that the rank test accepts (Hodges & Lehmann 1963; Moses). */
export function hodgesLehmann(first: Values, second: Values, level = 0.95): Bounds | NoBounds {
  const differences = sorted(first.flatMap((a) => second.map((b) => b - a)))
  const estimate = median(differences)
  if (estimate === null) return { kind: 'none', estimate, reason: 'no values' }
  const rank = acceptedRank(first.length, second.length, (1 - level) / 2)
  if (rank < 1) return { kind: 'none', estimate, reason: `${first.length} against ${second.length} values cannot bound the shift at ${level}` }
  const [low, high] = [differences[rank - 1] as number, differences[differences.length - rank] as number]
  return { kind: 'interval', estimate, low, high, level, method: 'Hodges–Lehmann' }
}

/** The largest k with P(U < k) ≤ tail; ties only make the interval that follows from it wider than needed. */
function acceptedRank(n: number, m: number, tail: number): number {
  if (n > MOST_EXACT || m > MOST_EXACT) {
    return Math.floor((n * m) / 2 - normalQuantile(1 - tail) * Math.sqrt((n * m * (n + m + 1)) / 12))
  }
  const ranks = Array.from({ length: n + m }, (_, i) => i + 1)
  const lowest = (m * (m + 1)) / 2
  let k = 0
  while (subsetTails(ranks, m, lowest + k).lower <= tail) k++
  return k
}

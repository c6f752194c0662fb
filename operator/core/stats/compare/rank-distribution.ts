// SPDX-License-Identifier: Apache-2.0
/** Null distributions of rank statistics by counting: sums of subsets of given ranks, of one size or of any. */
import type { Tails } from '../distribution/tails.ts'
import { sum } from '../summary.ts'

/** P(sum ≤ value) and P(sum ≥ value) of a random subset of that size; both hold the value itself. Ranks may be halves. */
export function subsetTails(ranks: readonly number[], size: number, value: number): Tails {
  return tailsAt(remembered(`${size}`, ranks, () => countsBySize(ranks, size)), value)
}

/** The same where each rank is in the subset or not with probability one half: the signed-rank statistic. */
export function halfTails(ranks: readonly number[], value: number): Tails {
  return tailsAt(remembered('any', ranks, () => countsOfAny(ranks)), value)
}

/** Probabilities of the doubled sums, which are whole numbers. */
type Chances = Float64Array

function tailsAt(chances: Chances, value: number): Tails {
  const at = Math.round(2 * value)
  return { lower: Math.min(1, sum(chances.subarray(0, at + 1))), upper: Math.min(1, sum(chances.subarray(at))) }
}

const known = new Map<string, Chances>()

/** Ranks without ties are the same whatever the values: reports compare many metrics of the same trials. */
function remembered(kind: string, ranks: readonly number[], count: () => Chances): Chances {
  if (new Set(ranks).size < ranks.length) return count()
  const key = `${kind}/${ranks.length}`
  const chances = known.get(key) ?? count()
  if (known.size < 200) known.set(key, chances)
  return chances
}

function countsBySize(ranks: readonly number[], size: number): Chances {
  const doubled = ranks.map((r) => Math.round(2 * r)).sort((a, b) => b - a)
  const most = sum(doubled.slice(0, size))
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1))
  ;(ways[0] as Float64Array)[0] = 1
  doubled.forEach((rank, seen) => {
    for (let chosen = Math.min(size, seen + 1); chosen >= 1; chosen--) addShifted(ways[chosen] as Float64Array, ways[chosen - 1] as Float64Array, rank)
  })
  return normalized(ways[size] as Float64Array)
}

function countsOfAny(ranks: readonly number[]): Chances {
  const doubled = ranks.map((r) => Math.round(2 * r))
  let ways = new Float64Array(sum(doubled) + 1)
  ways[0] = 1
  for (const rank of doubled) {
    const before = ways
    ways = Float64Array.from(before)
    addShifted(ways, before, rank)
  }
  return normalized(ways)
}

function addShifted(target: Float64Array, source: Float64Array, by: number): void {
  for (let s = target.length - 1; s >= by; s--) target[s] = (target[s] as number) + (source[s - by] as number)
}

function normalized(ways: Float64Array): Chances {
  const total = sum(ways)
  return ways.map((w) => w / total)
}

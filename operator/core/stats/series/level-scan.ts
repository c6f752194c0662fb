// SPDX-License-Identifier: Apache-2.0
/**
 * Whether the level of a series changes anywhere, and where: the largest standardised difference of means over all cuts and over all stretches
 * in between (circular binary segmentation; Olshen, Venkatraman, Lucito & Wigler 2004), judged by permutation. It assumes that a steady series
 * is exchangeable and nothing else of its distribution, so that its rate of false alarms is the one that is asked for.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { quantile, sorted } from '../quantile.ts'
import { mean } from '../summary.ts'

export interface LevelScan {
  /** Index of the first value of each new level: one, or two where a stretch stands out from what is around it. */
  readonly cuts: readonly number[]
  readonly p: number
}

export interface ScanOptions {
  readonly alpha: number
  readonly seed: number
}

/** Values that make a level: fewer are outliers. */
export const FEWEST_IN_LEVEL = 3
/** Extremes at either end that are pulled to the next one: as many as are no level yet. It depends on no order, so the test stays exact. */
const PULLED = FEWEST_IN_LEVEL - 1
/** One cut explains more with less: a stretch in the middle, which takes two, must stand out farther. */
const STRETCH_COUNTS = 0.9
/** A steady series is seen to be one after few draws (Besag & Clifford 1991): so many that look as changed end them. */
const ENOUGH_ALIKE = 10
const MOST_DRAWS = 20_000

/** null where there are too few values for two levels. */
export function scanLevels(values: readonly number[], { alpha, seed }: ScanOptions): LevelScan | null {
  const n = values.length
  if (n < 2 * FEWEST_IN_LEVEL) return null
  const centred = centredValues(values)
  const places = placesOf(n)
  const found = largest(centred, places)
  if (centred.every((x) => x === 0)) return { cuts: [], p: 1 }
  const rng = xoroshiro128plus(seed)
  const drawn = Float64Array.from(centred)
  const most = Math.min(MOST_DRAWS, Math.ceil(ENOUGH_ALIKE / alpha))
  let alike = 0
  for (let draw = 1; draw <= most; draw++) {
    for (let i = n - 1; i > 0; i--) {
      const j = uniformInt(rng, 0, i)
      const kept = drawn[i] as number
      drawn[i] = drawn[j] as number
      drawn[j] = kept
    }
    // Equal sums that were added in another order are equal.
    if (largest(drawn, places).statistic >= found.statistic * (1 - 1e-10) && ++alike === ENOUGH_ALIKE) return { cuts: found.cuts, p: alike / draw }
  }
  return { cuts: found.cuts, p: (alike + 1) / (most + 1) }
}

/** About their mean, with the few outermost at either end pulled in: one outlier must not hide a level. */
export function pulledIn(values: readonly number[]): number[] {
  const order = sorted(values)
  const tail = Math.min(PULLED, Math.floor((values.length - 1) / 2))
  const [low, high] = [order[tail] as number, order[order.length - 1 - tail] as number]
  return values.map((x) => Math.min(high, Math.max(low, x)))
}

function centredValues(values: readonly number[]): Float64Array {
  const kept = pulledIn(values)
  const centre = mean(kept) as number
  const least = 1e-12 * Math.max(Math.abs(centre), quantile(sorted(kept.map(Math.abs)), 1) ?? 0)
  return Float64Array.from(kept, (x) => (Math.abs(x - centre) <= least ? 0 : x - centre))
}

interface Places {
  readonly lengths: readonly number[]
  /** By length: what makes sums of so many values comparable. */
  readonly weights: Float64Array
}

/** Every cut; of stretches a grid of lengths, each about a quarter longer than the one before: cuts are placed exactly later. */
function placesOf(n: number): Places {
  const lengths: number[] = []
  for (let length = FEWEST_IN_LEVEL; length <= n - 2 * FEWEST_IN_LEVEL; length = Math.max(length + 1, Math.round(length * 1.25))) lengths.push(length)
  return { lengths, weights: Float64Array.from({ length: n }, (_, k) => (k === 0 ? 0 : 1 / Math.sqrt((k * (n - k)) / n))) }
}

function largest(centred: Float64Array, { lengths, weights }: Places): { readonly statistic: number; readonly cuts: readonly number[] } {
  const n = centred.length
  const sums = new Float64Array(n + 1)
  for (let i = 0; i < n; i++) sums[i + 1] = (sums[i] as number) + (centred[i] as number)
  let [statistic, from, to] = [-1, 0, 0]
  for (let at = FEWEST_IN_LEVEL; at <= n - FEWEST_IN_LEVEL; at++) {
    const size = Math.abs(sums[at] as number) * (weights[at] as number)
    if (size > statistic) [statistic, from, to] = [size, at, n]
  }
  for (const length of lengths) {
    const weight = STRETCH_COUNTS * (weights[length] as number)
    for (let start = FEWEST_IN_LEVEL; start + length <= n - FEWEST_IN_LEVEL; start++) {
      const size = Math.abs((sums[start + length] as number) - (sums[start] as number)) * weight
      if (size > statistic) [statistic, from, to] = [size, start, start + length]
    }
  }
  return { statistic, cuts: to === n ? [from] : [from, to] }
}

// SPDX-License-Identifier: Apache-2.0
/** Monotone trend by ranks: Mann (1945) and Kendall's test, with Theil's and Sen's slope (1968) and its interval. */
import { normalQuantile, normalSurvival } from '../distribution/normal.ts'
import { median, sorted } from '../quantile.ts'
import { sum } from '../summary.ts'

export interface Trend {
  readonly n: number
  /** Kendall's S: pairs that rise minus pairs that fall. */
  readonly s: number
  readonly p: number
  /** Per step, the median of the slopes of all pairs. */
  readonly slope: number
  readonly low: number
  readonly high: number
  readonly level: number
  readonly method: 'exact' | 'normal'
}

/** Without ties the exact distribution of S is cheap up to here; beyond it the normal one is as good. */
const MOST_EXACT = 60

/** Of values in the order of time, equally spaced; null below four. Quadratic in their number. */
export function mannKendall(values: readonly number[], level = 0.95): Trend | null {
  const n = values.length
  if (n < 4) return null
  const slopes: number[] = []
  let s = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const rise = (values[j] as number) - (values[i] as number)
      s += Math.sign(rise)
      slopes.push(rise / (j - i))
    }
  }
  const ties = [...Map.groupBy(values, (x) => x).values()].map((same) => same.length).filter((t) => t > 1)
  const variance = (n * (n - 1) * (2 * n + 5) - sum(ties.map((t) => t * (t - 1) * (2 * t + 5)))) / 18
  const exact = ties.length === 0 && n <= MOST_EXACT
  const order = sorted(slopes)
  // Sen's interval: so many slopes from either end as S would have to move.
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(variance)
  const rank = (x: number) => order[Math.max(0, Math.min(order.length - 1, Math.round(x)))] as number
  return {
    n, s, slope: median(slopes) as number, level, low: rank((order.length - reach) / 2 - 1), high: rank((order.length + reach) / 2),
    p: exact ? exactP(s, n) : normalP(s, variance), method: exact ? 'exact' : 'normal',
  }
}

function normalP(s: number, variance: number): number {
  return variance === 0 || s === 0 ? 1 : Math.min(1, 2 * normalSurvival((Math.abs(s) - 1) / Math.sqrt(variance)))
}

/** Share of all orders whose |S| is as large: S is n (n − 1) / 2 minus twice the number of inversions. */
function exactP(s: number, n: number): number {
  const fewest = ((n * (n - 1)) / 2 - Math.abs(s)) / 2
  return Math.min(1, 2 * sum(inversionChances(n).slice(0, fewest + 1)))
}

const known = new Map<number, readonly number[]>()

/** Probability of each number of inversions: one value after the other is put among those before it. */
function inversionChances(n: number): readonly number[] {
  let chances: readonly number[] = known.get(n) ?? [1]
  if (chances.length > 1) return chances
  for (let m = 2; m <= n; m++) {
    const [before, next] = [chances, Array.from({ length: chances.length + m - 1 }, () => 0)]
    let window = 0
    for (let k = 0; k < next.length; k++) {
      window += (before[k] ?? 0) - (before[k - m] ?? 0)
      next[k] = window / m
    }
    chances = next
  }
  known.set(n, chances)
  return chances
}

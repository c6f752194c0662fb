// SPDX-License-Identifier: Apache-2.0
/** One shift of level in a series, by ranks: Pettitt's test (1979). It assumes no distribution and independent values. */
import { median } from '../quantile.ts'
import { midranks } from '../ranks.ts'

export interface ChangePoint {
  /** Index of the first value after the shift. */
  readonly at: number
  readonly p: number
  /** Median after minus median before. */
  readonly shift: number
}

/** The likeliest place of a shift, with the probability that a steady series looks as shifted; null below eight values. */
export function pettitt(values: readonly number[]): ChangePoint | null {
  const n = values.length
  if (n < 8) return null
  const ranks = midranks(values)
  let running = 0
  let [largest, at] = [-1, 0]
  for (let t = 0; t < n - 1; t++) {
    running += ranks[t] as number
    const distance = Math.abs(2 * running - (t + 1) * (n + 1))
    if (distance > largest) [largest, at] = [distance, t + 1]
  }
  const p = Math.min(1, 2 * Math.exp((-6 * largest * largest) / (n ** 3 + n ** 2)))
  return { at, p, shift: (median(values.slice(at)) as number) - (median(values.slice(0, at)) as number) }
}

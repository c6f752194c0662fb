// SPDX-License-Identifier: Apache-2.0
/** Exact sample quantiles of type 7 (linear between order statistics), the definition that every number of Assay uses. */

/** The p-quantile (0 ≤ p ≤ 1) of values that are sorted upwards; null where there are none. */
export function quantile(sorted: ArrayLike<number>, p: number): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile: expected 0 ≤ p ≤ 1, got ${p}`)
  if (sorted.length === 0) return null
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  // This form never leaves [low, high], which low + (high − low) × f does by rounding.
  const fraction = position - below
  return fraction === 0 || low === high ? low : low * (1 - fraction) + high * fraction
}

/** A sorted copy; typed arrays sort by number, which plain arrays do not. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort()
}

/** Median of values in any order; null where there are none. */
export function median(values: ArrayLike<number>): number | null {
  return quantile(sorted(values), 0.5)
}

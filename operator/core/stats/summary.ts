// SPDX-License-Identifier: Apache-2.0
/** Mean and spread without cancellation: compensated sums, then a second pass about the mean. */

export interface Summary {
  readonly n: number
  readonly mean: number | null
  /** Of the sample, with n − 1; null below two values. */
  readonly stddev: number | null
  readonly min: number | null
  readonly max: number | null
}

/** Sum by Neumaier's compensation: the rounding errors of all additions are carried along and added at the end. */
export function sum(values: ArrayLike<number>): number {
  let total = 0
  let lost = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const next = total + value
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total
    total = next
  }
  return total + lost
}

export function mean(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}

export function summarizeValues(values: ArrayLike<number>): Summary {
  const centre = mean(values)
  if (centre === null) return { n: 0, mean: null, stddev: null, min: null, max: null }
  const { squares, deviations, min, max } = spreadAbout(values, centre)
  const n = values.length
  // Corrected two-pass: what the rounded mean left over is taken out of the squares again.
  const variance = n < 2 ? null : Math.max(0, squares - deviations ** 2 / n) / (n - 1)
  // Rounding may put the mean of equal values a hair outside them.
  return { n, mean: Math.min(Math.max(centre, min), max), stddev: variance === null ? null : Math.sqrt(variance), min, max }
}

/** Sample standard deviation over mean; null where it has no meaning. */
export function coefficientOfVariation(values: ArrayLike<number>): number | null {
  const { mean: centre, stddev } = summarizeValues(values)
  return centre === null || stddev === null || centre === 0 ? null : stddev / Math.abs(centre)
}

function spreadAbout(values: ArrayLike<number>, centre: number): { squares: number; deviations: number; min: number; max: number } {
  let squares = 0
  let deviations = 0
  let min = Infinity
  let max = -Infinity
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    const deviation = value - centre
    squares += deviation * deviation
    deviations += deviation
    if (value < min) min = value
    if (value > max) max = value
  }
  return { squares, deviations, min, max }
}

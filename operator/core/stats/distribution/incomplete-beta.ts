// SPDX-License-Identifier: Apache-2.0
/** The regularised incomplete beta function with both its tails: what t, F and binomial probabilities are made of. */
import { deviance, stirlingError } from '../gamma.ts'
import type { Tails } from './tails.ts'

/** A point between 0 and 1 by its distance to both ends, so that neither is lost to rounding. */
export interface UnitPoint { readonly x: number; readonly y: number }

/** Tails of a Beta(a, b) variable at x, where y = 1 − x. */
export function betaTails({ x, y }: UnitPoint, a: number, b: number): Tails {
  if (!(a > 0 && b > 0)) throw new RangeError(`betaTails: expected a > 0 and b > 0, got ${a} and ${b}`)
  if (!(x >= 0 && y >= 0)) throw new RangeError(`betaTails: expected 0 ≤ x ≤ 1, got ${x}`)
  if (x === 0 || y === 0) return { lower: x === 0 ? 0 : 1, upper: y === 0 ? 0 : 1 }
  const front = betaPower({ x, y }, a, b)
  // The fraction converges fast below the mean; above it the mirrored one does.
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (front * betaFraction(x, a, b)) / a
    return { lower, upper: 1 - lower }
  }
  const upper = (front * betaFraction(y, b, a)) / b
  return { lower: 1 - upper, upper }
}

/** I_x(a, b), the distribution function of a Beta(a, b) variable. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1)) throw new RangeError(`incompleteBeta: expected 0 ≤ x ≤ 1, got ${x}`)
  return betaTails({ x, y: 1 - x }, a, b).lower
}

/** x^a y^b / B(a, b). */
function betaPower({ x, y }: UnitPoint, a: number, b: number): number {
  const n = a + b
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b)
  return Math.exp(corrections - deviance(a, n * x) - deviance(b, n * y)) * Math.sqrt((a * b) / (2 * Math.PI * n))
}

const TINY = 1e-300
const EPSILON = 4e-16
const MAX_TERMS = 20_000
const awayFromZero = (value: number) => (Math.abs(value) < TINY ? TINY : value)

/** The continued fraction of the incomplete beta, by Lentz' method. */
function betaFraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= MAX_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < EPSILON) break
  }
  return fraction
}

// SPDX-License-Identifier: Apache-2.0
/** The chi-square distribution, by the incomplete gamma function. */
import { deviance, stirlingError } from '../gamma.ts'
import { quantileOfTails, type Tails } from './tails.ts'

/** P(X ≤ x) with df degrees of freedom. */
export function chiSquareCdf(x: number, df: number): number {
  return chiSquareTails(x, df).lower
}

/** P(X > x). */
export function chiSquareSurvival(x: number, df: number): number {
  return chiSquareTails(x, df).upper
}

/** The x with P(X ≤ x) = p, 0 < p < 1. */
export function chiSquareQuantile(p: number, df: number): number {
  return Math.exp(quantileOfTails((u) => chiSquareTails(Math.exp(u), df), p, Math.log(df)))
}

function chiSquareTails(x: number, df: number): Tails {
  if (!(df > 0)) throw new RangeError(`chiSquare: expected df > 0, got ${df}`)
  return x <= 0 ? { lower: 0, upper: 1 } : gammaTails(x / 2, df / 2)
}

/** Tails of a Gamma(a, 1) variable: a series below the mean, Legendre's continued fraction above. */
export function gammaTails(x: number, a: number): Tails {
  if (x === Infinity) return { lower: 1, upper: 0 }
  // x^a e^−x / Γ(a + 1)
  const front = Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a)
  if (x < a + 1) {
    const lower = front * series(x, a)
    return { lower, upper: 1 - lower }
  }
  const upper = front * a * fraction(x, a)
  return { lower: 1 - upper, upper }
}

const MAX_TERMS = 100_000

function series(x: number, a: number): number {
  let term = 1
  let total = 1
  for (let n = 1; n < MAX_TERMS && term > total * 1e-17; n++) {
    term *= x / (a + n)
    total += term
  }
  return total
}

/** By Lentz' method. */
function fraction(x: number, a: number): number {
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < MAX_TERMS; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    h *= d * c
    if (Math.abs(d * c - 1) < 4e-16) break
  }
  return h
}

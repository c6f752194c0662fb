// SPDX-License-Identifier: Apache-2.0
/** The standard normal distribution, to full precision also far out in its tails. */

const ROOT_TWO_PI = Math.sqrt(2 * Math.PI)

export function normalDensity(z: number): number {
  // The square of a short number is exact, so that far out the exponent keeps its digits (Cody 1969).
  const short = Math.round(z * 16) / 16
  return (Math.exp(-0.5 * short * short) * Math.exp(-0.5 * (z - short) * (z + short))) / ROOT_TWO_PI
}

/** P(Z ≤ z). */
export function normalCdf(z: number): number {
  return normalSurvival(-z)
}

/** P(Z > z). */
export function normalSurvival(z: number): number {
  if (z < 0) return z < -SERIES_END ? 1 - tail(-z) : 0.5 + central(-z)
  return z > SERIES_END ? tail(z) : 0.5 - central(z)
}

const SERIES_END = 2

/** P(0 < Z < z) by its power series with positive terms. */
function central(z: number): number {
  let term = z
  let total = z
  for (let odd = 3; term > total * 1e-17; odd += 2) {
    term *= (z * z) / odd
    total += term
  }
  return normalDensity(z) * total
}

/** Laplace's continued fraction of the tail, from its end; beyond 2 so many terms give all digits. */
function tail(z: number): number {
  if (z > 39) return 0
  let fraction = z
  for (let k = Math.ceil(360 / (z * z)) + 14; k >= 1; k--) fraction = z + k / fraction
  return normalDensity(z) / fraction
}

/** The z with P(Z ≤ z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`normalQuantile: expected 0 < p < 1, got ${p}`)
  if (p === 0.5) return 0
  const tailWanted = Math.min(p, 1 - p)
  const t = Math.sqrt(-2 * Math.log(tailWanted))
  // Abramowitz & Stegun 26.2.23 is within 4.5e-4; each of Halley's steps triples the digits.
  let z = Math.max(0, t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
  for (let i = 0; i < 4; i++) {
    const step = (normalSurvival(z) - tailWanted) / normalDensity(z)
    z += step / (1 - (z * step) / 2)
  }
  return p < 0.5 ? -z : z
}

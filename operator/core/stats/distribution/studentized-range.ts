// SPDX-License-Identifier: Apache-2.0
/** Tukey's studentised range: the distance of the largest from the smallest of k means, in estimated standard errors. */
import { normalDensity, normalSurvival } from './normal.ts'
import { averageOverScale } from './scale-average.ts'
import { solveIncreasing } from './tails.ts'

export interface RangeShape { readonly groups: number; readonly df: number }

/** P(Q > q). Integrands are positive throughout, so that small probabilities keep their digits. */
export function rangeSurvival(q: number, { groups, df }: RangeShape): number {
  if (!(groups >= 2) || !Number.isInteger(groups)) throw new RangeError(`rangeSurvival: expected two groups or more, got ${groups}`)
  if (q <= 0) return 1
  const normalRange = rangeOfNormals(groups)
  return Math.min(1, averageOverScale({ df }, (scale) => normalRange(q * scale)))
}

/** P(Q ≤ q). */
export function rangeCdf(q: number, shape: RangeShape): number {
  return 1 - rangeSurvival(q, shape)
}

/** The q with P(Q ≤ q) = p, 0 < p < 1. */
export function rangeQuantile(p: number, shape: RangeShape): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`rangeQuantile: expected 0 < p < 1, got ${p}`)
  return Math.exp(solveIncreasing((u) => 1 - p - rangeSurvival(Math.exp(u), shape), 1))
}

const Z_STEP = 0.2
const Z_END = 9

/**
 * Probability that the range of k standard normals exceeds w: given the smallest z, with upper tail a, all others lie within w of it
 * with probability ((a − b) / a)^(k − 1), b being the tail at z + w.
 */
function rangeOfNormals(k: number): (w: number) => number {
  const points = Array.from({ length: Math.round((2 * Z_END) / Z_STEP) + 1 }, (_, i) => {
    const z = -Z_END + i * Z_STEP
    const a = normalSurvival(z)
    return { z, a, weight: Z_STEP * k * normalDensity(z) * a ** (k - 1) }
  }).filter(({ weight }) => weight > 1e-25)
  return (w) => {
    let total = 0
    for (const { z, a, weight } of points) total += weight * -Math.expm1((k - 1) * Math.log1p(-Math.min(1, normalSurvival(z + w) / a)))
    return Math.min(1, total)
  }
}

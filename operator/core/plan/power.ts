// SPDX-License-Identifier: Apache-2.0
/** The power of a comparison: how likely a difference is found, and which is found with the usual chance. In standard deviations of the error term. */
import { incompleteBeta, logGamma } from '../stats/gamma.ts'
import { studentQuantile } from '../stats/student-t.ts'

export interface Comparison {
  /** Variance of the estimated difference, in units of the error variance. */
  readonly variance: number
  /** Degrees of freedom of the error. */
  readonly df: number
}

export const LEVEL = 0.05
export const WANTED_POWER = 0.8

/** Chance that a two-sided t test finds a difference of so many standard deviations. */
export function powerOf(difference: number, { variance, df }: Comparison): number {
  if (!(df > 0)) return Number.NaN
  return noncentralTail(studentQuantile(1 - LEVEL / 2, df) ** 2, { noncentrality: difference ** 2 / variance, df })
}

/** The smallest difference that is found with the wanted power; NaN without degrees of freedom. */
export function detectable(comparison: Comparison): number {
  if (!(comparison.df > 0)) return Number.NaN
  let high = 1
  while (powerOf(high, comparison) < WANTED_POWER) high *= 2
  let low = 0
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (powerOf(middle, comparison) < WANTED_POWER) low = middle
    else high = middle
  }
  return high
}

/** Beyond this the difference is found for certain. */
const CERTAIN = 1e5

/** P(F > f) of the noncentral F distribution with 1 and df degrees of freedom: a Poisson mixture of beta distributions, summed about its mode. */
function noncentralTail(f: number, { noncentrality, df }: { readonly noncentrality: number; readonly df: number }): number {
  const x = f / (f + df)
  const half = noncentrality / 2
  if (half > CERTAIN) return 1
  if (half === 0) return 1 - incompleteBeta(x, 0.5, df / 2)
  const reach = 12 * Math.sqrt(half) + 40
  let below = 0
  for (let j = Math.max(0, Math.floor(half - reach)); j <= half + reach; j++) {
    below += Math.exp(j * Math.log(half) - half - logGamma(j + 1)) * incompleteBeta(x, 0.5 + j, df / 2)
  }
  return Math.min(1, Math.max(0, 1 - below))
}

// SPDX-License-Identifier: Apache-2.0
/** The power of a comparison: how likely a difference is found, and which is found with the usual chance. In standard deviations of the error term. */
import { fQuantile, noncentralFSurvival } from '../stats/distribution/f.ts'
import { solveIncreasing } from '../stats/distribution/tails.ts'

export interface Comparison {
  /** Variance of the estimated difference, in units of the error variance. */
  readonly variance: number
  /** Degrees of freedom of the error. */
  readonly df: number
}

export const LEVEL = 0.05
export const WANTED_POWER = 0.8

/** Chance that a two-sided t test finds a difference of so many standard deviations; NaN without degrees of freedom. */
export function powerOf(difference: number, { variance, df }: Comparison): number {
  if (!(df > 0)) return Number.NaN
  const degrees = [1, df] as const
  return noncentralFSurvival(fQuantile(1 - LEVEL, degrees), degrees, difference ** 2 / variance)
}

/** The smallest difference that is found with the wanted power; NaN without degrees of freedom. */
export function detectable(comparison: Comparison): number {
  if (!(comparison.df > 0)) return Number.NaN
  return Math.exp(solveIncreasing((u) => powerOf(Math.exp(u), comparison) - WANTED_POWER, 0))
}

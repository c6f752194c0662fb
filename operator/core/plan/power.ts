// SPDX-License-Identifier: Apache-2.0
/** The power of a comparison of two levels, in standard deviations of its error term, by its variance rather than by counts: designs need not be balanced. */
import { detectableEffect, effectPower } from '../stats/power.ts'

export interface Comparison {
  /** Variance of the estimated difference, in units of the error variance. */
  readonly variance: number
  /** Degrees of freedom of the error. */
  readonly df: number
}

export const LEVEL = 0.05
export const WANTED_POWER = 0.8

/** As many units at each of two levels would have the same variance. */
const planOf = ({ variance, df }: Comparison) => ({ sd: 1, levels: 2, unitsPerLevel: 2 / variance, errorDf: df, alpha: LEVEL })

/** Chance that a two-sided test finds a difference of so many standard deviations; 0 without degrees of freedom. */
export function powerOf(difference: number, comparison: Comparison): number {
  return effectPower({ ...planOf(comparison), effect: difference })
}

/** The smallest difference that is found with the wanted power; null without degrees of freedom. */
export function detectable(comparison: Comparison): number | null {
  return detectableEffect(planOf(comparison), WANTED_POWER)
}

// SPDX-License-Identifier: Apache-2.0
/** The non-central t distribution: how often a t test finds a shift that is there. */
import { normalSurvival } from './normal.ts'
import { averageOverScale } from './scale-average.ts'

/** P(T > t) with df degrees of freedom, where the numerator has mean δ instead of 0. */
export function noncentralTSurvival(t: number, df: number, delta: number): number {
  return averageOverScale({ df }, (scale) => normalSurvival(t * scale - delta))
}

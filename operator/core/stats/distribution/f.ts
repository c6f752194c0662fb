// SPDX-License-Identifier: Apache-2.0
/** Fisher's F distribution and its non-central form, by which the power of an analysis of variance is computed. */
import { deviance, stirlingError } from '../gamma.ts'
import { betaTails, type UnitPoint } from './incomplete-beta.ts'
import { quantileOfTails } from './tails.ts'

/** Degrees of freedom of numerator and denominator. */
export type FDegrees = readonly [number, number]

/** P(F ≤ f). */
export function fCdf(f: number, [df1, df2]: FDegrees): number {
  return f <= 0 ? 0 : betaTails(unitPoint(f, [df1, df2]), df1 / 2, df2 / 2).lower
}

/** P(F > f): the p-value of an F test. */
export function fSurvival(f: number, [df1, df2]: FDegrees): number {
  return f <= 0 ? 1 : betaTails(unitPoint(f, [df1, df2]), df1 / 2, df2 / 2).upper
}

/** The f with P(F ≤ f) = p, 0 < p < 1. */
export function fQuantile(p: number, [df1, df2]: FDegrees): number {
  return Math.exp(quantileOfTails((u) => betaTails(unitPoint(Math.exp(u), [df1, df2]), df1 / 2, df2 / 2), p, 0))
}

/** P(F > f) where the numerator has non-centrality λ: a Poisson mixture of central ones. */
export function noncentralFSurvival(f: number, [df1, df2]: FDegrees, lambda: number): number {
  if (!(lambda >= 0)) throw new RangeError(`noncentralFSurvival: expected λ ≥ 0, got ${lambda}`)
  if (f <= 0) return 1
  if (lambda === 0) return fSurvival(f, [df1, df2])
  const at = unitPoint(f, [df1, df2])
  const mean = lambda / 2
  const term = (j: number) => poisson(j, mean) * betaTails(at, df1 / 2 + j, df2 / 2).upper
  const mode = Math.floor(mean)
  let total = term(mode)
  for (let j = mode - 1; j >= 0 && poisson(j, mean) > 1e-18; j--) total += term(j)
  for (let j = mode + 1; poisson(j, mean) > 1e-18; j++) total += term(j)
  return Math.min(1, total)
}

function poisson(k: number, mean: number): number {
  return k === 0 ? Math.exp(-mean) : Math.exp(-stirlingError(k) - deviance(k, mean)) / Math.sqrt(2 * Math.PI * k)
}

/** x = df1 f / (df1 f + df2) of the beta distribution behind F. */
function unitPoint(f: number, [df1, df2]: FDegrees): UnitPoint {
  if (!(df1 > 0 && df2 > 0)) throw new RangeError(`F: expected degrees of freedom > 0, got ${df1} and ${df2}`)
  if (f === Infinity) return { x: 1, y: 0 }
  const ratio = (df1 * f) / df2
  return { x: ratio / (1 + ratio), y: 1 / (1 + ratio) }
}

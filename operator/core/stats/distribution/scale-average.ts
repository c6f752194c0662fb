// SPDX-License-Identifier: Apache-2.0
/** Averages over the estimated standard deviation: what turns a probability with σ known into one with σ estimated. */
import { stirlingError } from '../gamma.ts'

const STEP = 0.2
const NEGLIGIBLE = 1e-19

/**
 * E f(S), where S² is chi-square with df degrees of freedom over df, for 0 ≤ f ≤ 1 of the scale. The trapezoidal rule on ln s: for smooth
 * integrands that vanish on both sides its error falls exponentially with the number of points. `fineness` divides the step, for an f with
 * a bend. What is small keeps its digits: the sum goes on until no more than a rounding error of itself can follow.
 */
export function averageOverScale({ df, fineness = 1 }: { readonly df: number; readonly fineness?: number }, f: (scale: number) => number): number {
  if (df === Infinity) return f(1)
  if (!(df > 0)) throw new RangeError(`averageOverScale: expected df > 0, got ${df}`)
  // Density of y = ln s is K exp(df (y − (e^2y − 1) / 2)), K by Stirling's formula with its remainder.
  const step = STEP / fineness / Math.max(1, Math.sqrt(2 * df))
  const constant = step * 2 * Math.sqrt(df / 4 / Math.PI) * Math.exp(-stirlingError(df / 2))
  let total = 0
  for (const direction of [1, -1]) {
    for (let i = direction === 1 ? 0 : -1; ; i += direction) {
      const y = i * step
      const weight = constant * Math.exp(df * (y - Math.expm1(2 * y) / 2))
      total += weight * f(Math.exp(y))
      if (weight <= NEGLIGIBLE * step * total) break
    }
  }
  return total
}

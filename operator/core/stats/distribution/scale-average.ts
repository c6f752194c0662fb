// SPDX-License-Identifier: Apache-2.0
/** Averages over the estimated standard deviation: what turns a probability with σ known into one with σ estimated. */
import { stirlingError } from '../gamma.ts'

const STEP = 0.2
const NEGLIGIBLE = 1e-19

/**
 * E f(S), where S² is chi-square with df degrees of freedom over df, for a bounded f ≥ 0 of the scale. The trapezoidal rule on ln s:
 * for smooth integrands that vanish on both sides its error falls exponentially with the number of points.
 * `widest` is a scale below which f has ceased to change; `fineness` divides the step, for an f with a bend.
 */
export function averageOverScale({ df, widest, fineness = 1 }: { readonly df: number; readonly widest: number; readonly fineness?: number }, f: (scale: number) => number): number {
  if (df === Infinity) return f(1)
  if (!(df > 0)) throw new RangeError(`averageOverScale: expected df > 0, got ${df}`)
  // Density of y = ln s is K exp(df (y − (e^2y − 1) / 2)), K by Stirling's formula with its remainder.
  const constant = 2 * Math.sqrt(df / 4 / Math.PI) * Math.exp(-stirlingError(df / 2))
  const step = STEP / fineness / Math.max(1, Math.sqrt(2 * df))
  const weight = (y: number) => constant * step * Math.exp(df * (y - Math.expm1(2 * y) / 2))
  const lowest = Math.min(0, Math.log(widest)) - 44 / df - Math.sqrt(44 / df)
  let total = 0
  for (let i = 0; ; i++) {
    const w = weight(i * step)
    total += w * f(Math.exp(i * step))
    if (w < NEGLIGIBLE * step) break
  }
  for (let y = -step; y > lowest; y -= step) total += weight(y) * f(Math.exp(y))
  return total
}

// SPDX-License-Identifier: Apache-2.0
/** y = a × size^b by least squares on logarithms. The unit is one subject of one size: its replicates say how well it is known, and are no further sizes. */
import { lackOfFit, type LackOfFit } from '../anova/lack-of-fit.ts'
import { type Bounds, mapBounds } from '../interval/bounds.ts'
import { type StudentBounds, studentBounds } from '../interval/means.ts'
import { mean } from '../summary.ts'
import { fitLeastSquares, type Fit } from './least-squares.ts'

export interface SizedUnit {
  readonly size: number
  /** One value for each independent replicate of this subject. */
  readonly values: readonly number[]
}

export interface PowerLaw {
  readonly kind: 'law'
  readonly exponent: StudentBounds
  readonly units: number
  /** Standard deviation of units about the line, of logarithms: what is between subjects and replicates do not shrink. */
  readonly scatter: number
  /** Whether units lie off the line by more than their replicates scatter; null where nothing is replicated. */
  readonly lack: LackOfFit | null
  /** Sizes between which it holds. */
  readonly from: number
  readonly to: number
  /** The line at a size with the interval of its mean; null outside of the sizes that were measured. */
  readonly at: (size: number) => Bounds | null
}
export interface NoPowerLaw { readonly kind: 'none'; readonly reason: 'fewer than three sizes' | 'values that are not positive' }

/** Two sizes always lie on a line: three are the fewest that can speak against it. */
export const FEWEST_SIZES = 3

export function fitPowerLaw(units: readonly SizedUnit[], level = 0.95): PowerLaw | NoPowerLaw {
  const known = units.filter((u) => u.values.length > 0)
  const sizes = known.map((u) => u.size)
  if (new Set(sizes).size < FEWEST_SIZES) return { kind: 'none', reason: 'fewer than three sizes' }
  if (!known.every((u) => u.size > 0 && u.values.every((v) => v > 0))) return { kind: 'none', reason: 'values that are not positive' }
  const fit = lineOf(known.map((u) => ({ size: u.size, y: mean(u.values.map(Math.log)) as number })))
  const scatter = Math.sqrt(fit.residualSquares / fit.df)
  const bounds = (combination: readonly [number, number]) => studentBounds({
    estimate: combination[0] * (fit.coefficients[0] as number) + combination[1] * (fit.coefficients[1] as number),
    standardError: scatter * Math.sqrt(fit.unitVariance(combination) as number), df: fit.df,
  }, level, 'least squares on logarithms')
  const [from, to] = [Math.min(...sizes), Math.max(...sizes)]
  return {
    kind: 'law', exponent: bounds([0, 1]), units: known.length, scatter, lack: lackOf(known), from, to,
    // Rounding in a logarithm must not put the ends outside.
    at: (size) => (size < from * (1 - 1e-9) || size > to * (1 + 1e-9) ? null : mapBounds(bounds([1, Math.log(size)]), Math.exp)),
  }
}

function lineOf(points: readonly { readonly size: number; readonly y: number }[]): Fit {
  const columns = [new Float64Array(points.length).fill(1), Float64Array.from(points, (p) => Math.log(p.size))]
  return fitLeastSquares(columns, Float64Array.from(points, (p) => p.y))
}

/** Of all replicates about their own line. */
function lackOf(units: readonly SizedUnit[]): LackOfFit | null {
  const points = units.flatMap(({ size, values }, i) => values.map((v) => ({ size, y: Math.log(v), setting: String(i) })))
  const { df, residualSquares } = lineOf(points)
  return lackOfFit({ y: points.map((p) => p.y), settings: points.map((p) => p.setting), residual: { df, sumOfSquares: residualSquares } })
}

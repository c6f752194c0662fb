// SPDX-License-Identifier: Apache-2.0
/** A full quadratic in numeric factors: coefficients with errors, how well it fits, and where it has its peak, valley or saddle. */
import { type Fit, fitLeastSquares } from '../linear/least-squares.ts'
import { decompose, solveTriangle } from '../linear/qr.ts'
import { symmetricEigenvalues } from '../linear/symmetric-eigen.ts'
import { twoSidedCritical, twoSidedP } from '../student-t.ts'
import { mean, sum } from '../summary.ts'
import { type LackOfFit, lackOfFit } from './lack-of-fit.ts'
import type { Term } from './terms.ts'

export interface NumericFactor { readonly name: string; readonly values: readonly number[] }

export interface Coefficient {
  readonly term: string
  /** Per unit of the factors as given; null where the data cannot tell it from earlier terms. */
  readonly estimate: number | null
  readonly standardError: number | null
  readonly low: number | null
  readonly high: number | null
  readonly p: number | null
  /** The same with each factor scaled to −1 … 1 over its range, so that terms can be compared. */
  readonly coded: number | null
}

export interface SurfaceGroup { readonly name: 'blocks' | 'linear' | 'interactions' | 'squares'; readonly df: number; readonly sumOfSquares: number }

export interface ResponseSurface {
  readonly coefficients: readonly Coefficient[]
  /** Each after those before it. */
  readonly groups: readonly SurfaceGroup[]
  readonly residual: { readonly df: number; readonly sumOfSquares: number; readonly deviation: number | null }
  readonly total: { readonly df: number; readonly sumOfSquares: number }
  readonly r2: number
  readonly adjustedR2: number | null
  /** From predictions of each run by all others; null where a run cannot be predicted without itself. */
  readonly predictedR2: number | null
  readonly lackOfFit: LackOfFit | null
  readonly stationary: StationaryPoint | null
  readonly fit: Fit
}

export interface SurfaceOptions { readonly level?: number | undefined; readonly blocks?: readonly Term[] }

export interface StationaryPoint {
  readonly kind: 'maximum' | 'minimum' | 'saddle'
  readonly at: Readonly<Record<string, number>>
  readonly predicted: number
  /** Whether it lies within the ranges that were measured; outside it is extrapolation. */
  readonly inside: boolean
}

interface SurfaceTerm { readonly name: string; readonly group: SurfaceGroup['name'] | 'mean'; readonly powers: readonly number[] }

/** Blocks shift the surface up and down; coefficients are those of an average block. */
export function fitSurface(factors: readonly NumericFactor[], y: readonly number[], { level = 0.95, blocks = [] }: SurfaceOptions = {}): ResponseSurface {
  const terms = surfaceTerms(factors.map((f) => f.name))
  const coded = factors.map(codedValues)
  const shifts = blocks.flatMap((b) => b.columns)
  const columnsOf = (values: readonly (readonly number[])[]) => {
    const [intercept, ...others] = terms.map(({ powers }) => y.map((_, row) => powers.reduce((product, power, k) => product * (values[k]?.[row] as number) ** power, 1)))
    return [intercept as number[], ...shifts, ...others]
  }
  const place = (i: number) => (i === 0 ? 0 : i + shifts.length)
  const fit = fitLeastSquares(columnsOf(coded), y)
  const natural = fitLeastSquares(columnsOf(factors.map((f) => f.values)), y)
  const variance = fit.df === 0 ? null : fit.residualSquares / fit.df
  const centre = mean(y) as number
  const total = { df: y.length - 1, sumOfSquares: sum(y.map((v) => (v - centre) ** 2)) }
  const press = fit.leverages.some((h) => h > 1 - 1e-9) ? null : sum([...fit.residuals].map((r, i) => (r / (1 - (fit.leverages[i] as number))) ** 2))
  return {
    coefficients: terms.map((term, i) => coefficientOf({ term, i: place(i), fit: natural, variance, level, coded: fit.coefficients[place(i)] as number | null })),
    groups: groupsOf([terms[0] as SurfaceTerm, ...shifts.map((): SurfaceTerm => ({ name: 'blocks', group: 'blocks', powers: [] })), ...terms.slice(1)], fit), total, fit,
    residual: { df: fit.df, sumOfSquares: fit.residualSquares, deviation: variance === null ? null : Math.sqrt(variance) },
    r2: 1 - fit.residualSquares / total.sumOfSquares,
    adjustedR2: variance === null ? null : 1 - variance / (total.sumOfSquares / total.df),
    predictedR2: press === null ? null : 1 - press / total.sumOfSquares,
    // Runs of one setting in different blocks differ by more than pure error.
    lackOfFit: blocks.length > 0 ? null : lackOfFit({ y, settings: y.map((_, row) => JSON.stringify(factors.map((f) => f.values[row]))), residual: { df: fit.df, sumOfSquares: fit.residualSquares } }),
    stationary: stationaryPoint(factors, terms, terms.map((_, i) => fit.coefficients[place(i)] as number | null)),
  }
}

function surfaceTerms(names: readonly string[]): SurfaceTerm[] {
  const powers = (...at: number[]) => names.map((_, k) => at.filter((a) => a === k).length)
  return [
    { name: 'intercept', group: 'mean', powers: powers() },
    ...names.map((name, i): SurfaceTerm => ({ name, group: 'linear', powers: powers(i) })),
    ...names.flatMap((a, i) => names.slice(i + 1).map((b, j): SurfaceTerm => ({ name: `${a} × ${b}`, group: 'interactions', powers: powers(i, i + 1 + j) }))),
    ...names.map((name, i): SurfaceTerm => ({ name: `${name}²`, group: 'squares', powers: powers(i, i) })),
  ]
}

const rangeOf = (values: readonly number[]) => ({ middle: (Math.max(...values) + Math.min(...values)) / 2, half: (Math.max(...values) - Math.min(...values)) / 2 })

function codedValues({ values }: NumericFactor): number[] {
  const { middle, half } = rangeOf(values)
  return values.map((x) => (x - middle) / half)
}

interface CoefficientInput { readonly term: SurfaceTerm; readonly i: number; readonly fit: Fit; readonly variance: number | null; readonly level: number; readonly coded: number | null }

function coefficientOf({ term, i, fit, variance, level, coded }: CoefficientInput): Coefficient {
  const estimate = fit.coefficients[i] as number | null
  const unit = fit.unitVariance(fit.coefficients.map((_, j) => Number(j === i)))
  if (estimate === null || unit === null || variance === null) return { term: term.name, estimate, standardError: null, low: null, high: null, p: null, coded }
  const standardError = Math.sqrt(unit * variance)
  const half = twoSidedCritical(level, fit.df) * standardError
  return { term: term.name, estimate, standardError, low: estimate - half, high: estimate + half, p: standardError === 0 ? null : twoSidedP(estimate / standardError, fit.df), coded }
}

function groupsOf(terms: readonly SurfaceTerm[], { qr, rotated }: Fit): SurfaceGroup[] {
  return (['blocks', 'linear', 'interactions', 'squares'] as const).flatMap((name) => {
    const own = qr.kept.flatMap((column, k) => (terms[column]?.group === name ? [(rotated[k] as number) ** 2] : []))
    return own.length === 0 ? [] : [{ name, df: own.length, sumOfSquares: sum(own) }]
  })
}

/** Where all slopes vanish: x = −½ B⁻¹ b in coded units; null where a coefficient is missing or the surface has a level direction. */
function stationaryPoint(factors: readonly NumericFactor[], terms: readonly SurfaceTerm[], coefficients: readonly (number | null)[]): StationaryPoint | null {
  if (coefficients.includes(null)) return null
  const coefficient = (...at: number[]) => {
    const wanted = factors.map((_, k) => at.filter((a) => a === k).length).join()
    return coefficients[terms.findIndex((t) => t.powers.join() === wanted)] as number
  }
  const slopes = factors.map((_, i) => coefficient(i))
  const bends = factors.map((_, i) => factors.map((_f, j) => (i === j ? coefficient(i, i) : coefficient(i, j) / 2)))
  const qr = decompose(bends, factors.length)
  if (qr.kept.length < factors.length) return null
  const coded = [...solveTriangle(qr, qr.rotate(slopes.map((b) => -b / 2)))]
  const eigen = symmetricEigenvalues(bends)
  const kind = (eigen[0] as number) > 0 ? 'minimum' : (eigen.at(-1) as number) < 0 ? 'maximum' : 'saddle'
  return {
    kind, inside: coded.every((x) => Math.abs(x) <= 1),
    at: Object.fromEntries(factors.map(({ name, values }, k) => [name, rangeOf(values).middle + (coded[k] as number) * rangeOf(values).half])),
    predicted: coefficient() + sum(coded.map((x, k) => x * (slopes[k] as number))) / 2,
  }
}

// SPDX-License-Identifier: Apache-2.0
/** A full quadratic in numeric factors: coefficients with errors, how well it fits, and where it has its peak, valley or saddle. */
import { studentBounds } from '../interval/means.ts'
import { type Fit, fitLeastSquares } from '../linear/least-squares.ts'
import { decompose, solveTriangle } from '../linear/qr.ts'
import { symmetricEigenvalues } from '../linear/symmetric-eigen.ts'
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

const BLOCK: SurfaceTerm = { name: 'blocks', group: 'blocks', powers: [] }

interface SurfaceTerm { readonly name: string; readonly group: SurfaceGroup['name'] | 'mean'; readonly powers: readonly number[] }

/** Blocks shift the surface up and down; coefficients are those of an average block. */
export function fitSurface(factors: readonly NumericFactor[], y: readonly number[], { level = 0.95, blocks = [] }: SurfaceOptions = {}): ResponseSurface {
  const terms = surfaceTerms(factors.map((f) => f.name))
  const shifts = blocks.flatMap((b) => b.columns)
  const columnsOf = (values: readonly (readonly number[])[]) => {
    const [intercept, ...others] = terms.map(({ powers }) => y.map((_, row) => monomial(powers, values.map((v) => v[row] as number))))
    return [intercept as number[], ...shifts, ...others]
  }
  const owners = [terms[0] as SurfaceTerm, ...shifts.map(() => BLOCK), ...terms.slice(1)]
  const fit = fitLeastSquares(columnsOf(factors.map(codedValues)), y)
  const natural = fitLeastSquares(columnsOf(factors.map((f) => f.values)), y)
  const own = owners.flatMap((term, i) => (term === BLOCK ? [] : [{ term, i }]))
  const settings = y.map((_, row) => JSON.stringify(factors.map((f) => f.values[row])))
  const residual = { df: fit.df, sumOfSquares: fit.residualSquares }
  return {
    ...qualityOf(fit, y), groups: groupsOf(owners, fit), fit,
    coefficients: own.map(({ term, i }) => coefficientOf({ term, i, fit: natural, level, coded: fit.coefficients[i] as number | null })),
    // Runs of one setting in different blocks differ by more than pure error.
    lackOfFit: blocks.length > 0 ? null : lackOfFit({ y, settings, residual }),
    stationary: stationaryPoint(factors, terms, own.map(({ i }) => fit.coefficients[i] as number | null)),
  }
}

const monomial = (powers: readonly number[], at: readonly number[]) => powers.reduce((product, power, k) => product * (at[k] as number) ** power, 1)

type Quality = Pick<ResponseSurface, 'residual' | 'total' | 'r2' | 'adjustedR2' | 'predictedR2'>

function qualityOf({ df, residualSquares, residuals, leverages }: Fit, y: readonly number[]): Quality {
  const centre = mean(y) as number
  const total = { df: y.length - 1, sumOfSquares: sum(y.map((v) => (v - centre) ** 2)) }
  // A run that alone holds a coefficient cannot be predicted by the others.
  const blind = leverages.some((h) => h > 1 - 1e-9)
  const press = blind ? null : sum([...residuals].map((r, i) => (r / (1 - (leverages[i] as number))) ** 2))
  return {
    total, residual: { df, sumOfSquares: residualSquares, deviation: df === 0 ? null : Math.sqrt(residualSquares / df) },
    r2: 1 - residualSquares / total.sumOfSquares,
    adjustedR2: df === 0 ? null : 1 - residualSquares / df / (total.sumOfSquares / total.df),
    predictedR2: press === null ? null : 1 - press / total.sumOfSquares,
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

function rangeOf(values: readonly number[]): { readonly middle: number; readonly half: number } {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  return { middle: (most + least) / 2, half: (most - least) / 2 }
}

function codedValues({ values }: NumericFactor): number[] {
  const { middle, half } = rangeOf(values)
  return values.map((x) => (x - middle) / half)
}

interface CoefficientInput {
  readonly term: SurfaceTerm
  readonly i: number
  readonly fit: Fit
  readonly level: number
  readonly coded: number | null
}

function coefficientOf({ term: { name: term }, i, fit, level, coded }: CoefficientInput): Coefficient {
  const estimate = fit.coefficients[i] as number | null
  const unit = fit.unitVariance(fit.coefficients.map((_, j) => Number(j === i)))
  if (estimate === null || unit === null || fit.df === 0) return { term, estimate, standardError: null, low: null, high: null, p: null, coded }
  const standardError = Math.sqrt((unit * fit.residualSquares) / fit.df)
  const { low, high, p } = studentBounds({ estimate, standardError, df: fit.df }, level, 'Student')
  return { term, estimate, standardError, low, high, p, coded }
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

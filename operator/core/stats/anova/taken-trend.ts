// SPDX-License-Identifier: Apache-2.0
/**
 * What a trend costs that was estimated from the same data and taken out of it. Its slope was fitted to the errors, so that these are smaller
 * than they were, by up to a degree of freedom; and it is uncertain, so that terms which lean on the trend vary by more than the error says.
 * Where one stratum tells all of the slope it is the analysis of covariance.
 */
import type { Fit } from '../linear/least-squares.ts'
import type { Contrast, Squares, StratumFit, SumsOfSquares } from './stratum.ts'
import type { Term } from './terms.ts'

/** A line in these values that was subtracted from y. */
export interface TakenTrend {
  readonly values: ArrayLike<number>
  /** Variance of its slope. */
  readonly variance: number
  /** Degrees of freedom by which the errors of this stratum were made smaller: 1 where it alone told the slope, 0 where it told nothing. */
  readonly df: number
}

export interface Taken {
  /** The trend in the coordinates of the fit, as long as y is. */
  readonly rotated: Float64Array
  /** Variance of its slope, over that of a single unit. */
  readonly slopeVariance: number
}

/** null where nothing was taken out, or where there is no error to hold the slope's against. */
export function takenOut({ qr, rotated }: Fit, trend: TakenTrend | undefined, { meanSquare }: StratumFit['error']): Taken | null {
  if (trend === undefined || meanSquare === null || meanSquare === 0) return null
  const first = trend.values[0] ?? 0
  const own = qr.rotate(Float64Array.from(trend.values, (v) => v - first))
  const [size, wanted] = [Math.hypot(...own), Math.hypot(...rotated) || 1]
  if (size === 0) return null
  return { rotated: own.map((v) => (v / size) * wanted), slopeVariance: (trend.variance * (size / wanted) ** 2) / meanSquare }
}

/** Below half a degree of freedom nothing is told anyway. */
const LEAST_DF = 0.5

export function errorOf({ df, residualSquares }: Pick<Fit, 'df' | 'residualSquares'>, trend: TakenTrend | undefined): StratumFit['error'] {
  const left = df === 0 ? 0 : Math.max(Math.min(df, LEAST_DF), df - (trend?.df ?? 0))
  return { df: left, sumOfSquares: residualSquares, meanSquare: left === 0 ? null : residualSquares / left }
}

type SquaresOf = (term: Term, kind: SumsOfSquares) => Squares

/** Sums of squares weighed by what terms vary by, the slope's uncertainty included. */
export function squaresWithout({ rotated: trend, slopeVariance }: Taken, y: Float64Array, squaresOf: (rotated: Float64Array) => SquaresOf): SquaresOf {
  const [ofY, ofTrend, ofBoth] = [y, trend, y.map((v, i) => v + (trend[i] ?? 0))].map(squaresOf) as [SquaresOf, SquaresOf, SquaresOf]
  return (term, kind) => {
    const own = ofY(term, kind)
    const lean = ofTrend(term, kind).sumOfSquares
    const shared = (ofBoth(term, kind).sumOfSquares - own.sumOfSquares - lean) / 2
    return { df: own.df, sumOfSquares: Math.max(0, own.sumOfSquares - (slopeVariance * shared ** 2) / (1 + slopeVariance * lean)) }
  }
}

/** Contrasts are as uncertain as the slope where they lean on the trend. */
export function contrastsWithout({ slopeVariance }: Taken, ofY: StratumFit['contrast'], ofTrend: StratumFit['contrast']): StratumFit['contrast'] {
  return (term, weights): Contrast | null => {
    const [own, lean] = [ofY(term, weights), ofTrend(term, weights)]
    return own === null || lean === null ? own : { ...own, unitVariance: own.unitVariance + slopeVariance * lean.estimate ** 2 }
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Least squares by QR: coefficients, their errors, residuals and leverages. It knows columns, not what they mean. */
import { decompose, type Decomposition, solveTransposed, solveTriangle, type Vector } from './qr.ts'

export interface Fit {
  /** One per column; null where the column cannot be told from earlier ones. */
  readonly coefficients: readonly (number | null)[]
  readonly rank: number
  readonly df: number
  readonly residualSquares: number
  /** Q′y: squares of the first `rank` entries are the sequential sums of squares of the kept columns. */
  readonly rotated: Float64Array
  readonly residuals: Float64Array
  /** Diagonal of the hat matrix. */
  readonly leverages: Float64Array
  readonly qr: Decomposition
  /** c′(X′X)⁻¹c of a combination of coefficients; null where it touches a coefficient that cannot be estimated. */
  readonly unitVariance: (combination: readonly number[]) => number | null
}

export function fitLeastSquares(columns: readonly Vector[], y: Vector): Fit {
  const qr = decompose(columns, y.length)
  const { kept } = qr
  const rank = kept.length
  const { coefficients, residuals } = refined({ columns, y, qr })
  const byColumn: (number | null)[] = columns.map(() => null)
  kept.forEach((column, k) => { byColumn[column] = coefficients[k] as number })
  return {
    coefficients: byColumn, rank, df: y.length - rank, residualSquares: dot(residuals, residuals), rotated: qr.rotate(y), residuals,
    leverages: leveragesOf(qr), qr,
    unitVariance: (combination) => {
      if (combination.some((c, i) => c !== 0 && byColumn[i] === null)) return null
      const z = solveTransposed(qr, kept.map((column) => combination[column] as number))
      return dot(z, z)
    },
  }
}

interface Problem { readonly columns: readonly Vector[]; readonly y: Vector; readonly qr: Decomposition }

/** One round of refinement: the solution for what the first one left over is added to it, which wins back digits lost to collinearity. */
function refined({ columns, y, qr }: Problem): { readonly coefficients: Float64Array; readonly residuals: Float64Array } {
  const coefficients = solveTriangle(qr, qr.rotate(y))
  const leftOver = remainder({ columns, y, qr }, coefficients)
  const correction = solveTriangle(qr, qr.rotate(leftOver))
  const better = coefficients.map((b, k) => b + (correction[k] as number))
  // Residuals by projection keep what is orthogonal to the columns and nothing else.
  const rotated = qr.rotate(leftOver)
  rotated.fill(0, 0, qr.kept.length)
  return { coefficients: better, residuals: qr.restore(rotated) }
}

function remainder({ columns, y, qr }: Problem, coefficients: Float64Array): Float64Array {
  return Float64Array.from({ length: y.length }, (_, i) => {
    let rest = y[i] as number
    qr.kept.forEach((column, k) => { rest -= (columns[column]?.[i] as number) * (coefficients[k] as number) })
    return rest
  })
}

function leveragesOf(qr: Decomposition): Float64Array {
  const leverages = new Float64Array(qr.rows)
  for (let k = 0; k < qr.kept.length; k++) {
    const unit = new Float64Array(qr.rows)
    unit[k] = 1
    qr.restore(unit).forEach((q, i) => { leverages[i] = (leverages[i] as number) + q * q })
  }
  return leverages
}

export function dot(a: Vector, b: Vector): number {
  let total = 0
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number)
  return total
}

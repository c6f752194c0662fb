// SPDX-License-Identifier: Apache-2.0
/** Linear algebra on the columns of a model: which depend on which, and the inverse of their products. It knows no factors. */

export type Column = Float64Array

/** Sums of products of all columns, each row counted by its weight. */
export function gramMatrix(columns: readonly Column[], weights: readonly number[]): number[][] {
  const weighted = columns.map((column) => column.map((x, row) => x * (weights[row] ?? 1)))
  return columns.map((_, i) => columns.map((other, j) => (j > i ? 0 : dot(weighted[i], other)))).map((row, i, lower) => row.map((x, j) => (j > i ? (lower[j]?.[i] ?? 0) : x)))
}

function dot(a: Column | undefined, b: Column): number {
  let sum = 0
  for (const [row, x] of b.entries()) sum += x * (a?.[row] ?? 0)
  return sum
}

/** A column counts as a combination of others when less than this share of its square is left beside them. */
const TOLERANCE = 1e-9

export interface Factorized {
  /** Lower triangle of the Cholesky decomposition over the independent columns. */
  readonly lower: readonly (readonly number[])[]
  /** Indices of columns that are no combination of earlier ones. */
  readonly independent: readonly number[]
}

/** Takes columns in order and leaves out those that follow from the ones before. */
export function factorize(gram: readonly (readonly number[])[]): Factorized {
  const lower: number[][] = []
  const independent: number[] = []
  for (const [j, row] of gram.entries()) {
    const own: number[] = []
    for (const [k, i] of independent.entries()) {
      const before = lower[k] ?? []
      own.push(((row[i] ?? 0) - sumTo(k, own, before)) / (before[k] ?? 1))
    }
    const left = (row[j] ?? 0) - sumTo(own.length, own, own)
    if (!(left > TOLERANCE * (row[j] ?? 0))) continue
    lower.push([...own, Math.sqrt(left)])
    independent.push(j)
  }
  return { lower, independent }
}

function sumTo(count: number, a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < count; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** Coefficients with which the independent columns make up another one, given its products with them. */
export function solve({ lower }: Factorized, products: readonly number[]): number[] {
  const size = lower.length
  const forward: number[] = []
  for (const [i, row] of lower.entries()) forward.push(((products[i] ?? 0) - sumTo(i, row, forward)) / (row[i] ?? 1))
  const result = Array.from({ length: size }, () => 0)
  for (let i = size - 1; i >= 0; i--) {
    let rest = forward[i] ?? 0
    for (let k = i + 1; k < size; k++) rest -= (lower[k]?.[i] ?? 0) * (result[k] ?? 0)
    result[i] = rest / (lower[i]?.[i] ?? 1)
  }
  return result
}

/** The variance, in units of the residual variance, of a combination of the independent columns' coefficients. */
export function varianceOf(factorized: Factorized, combination: readonly number[]): number {
  const solved = solve(factorized, combination)
  return sumTo(combination.length, combination, solved)
}

/** Logarithm of the determinant over the independent columns. */
export const logDeterminant = ({ lower }: Factorized) => lower.reduce((sum, row, i) => sum + 2 * Math.log(row[i] ?? 1), 0)

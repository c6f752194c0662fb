// SPDX-License-Identifier: Apache-2.0
/** Householder's QR decomposition, column by column in the given order; columns that earlier ones already make up are set aside. */

export type Vector = ArrayLike<number>

export interface Decomposition {
  readonly rows: number
  /** Columns that were kept, in order. */
  readonly kept: readonly number[]
  /** Columns that are linear combinations of kept ones before them. */
  readonly aliased: readonly number[]
  /** Of every column its coordinates on the basis of the kept ones; those of a kept column end with its own. */
  readonly coordinates: readonly Float64Array[]
  /** Q′v: coordinates on the basis first, then what is left. */
  readonly rotate: (v: Vector) => Float64Array
  /** Qv, the way back. */
  readonly restore: (v: Vector) => Float64Array
}

/** Share of a column's length below which what is left of it counts as rounding. */
const RANK_TOLERANCE = 1e-10

export function decompose(columns: readonly Vector[], rows: number): Decomposition {
  const reflectors: Float64Array[] = []
  const [kept, aliased, coordinates]: [number[], number[], Float64Array[]] = [[], [], []]
  const rotate = (v: Vector) => {
    const rotated = Float64Array.from(v)
    reflectors.forEach((u, k) => reflect(u, rotated, k))
    return rotated
  }
  const restore = (v: Vector) => {
    const restored = new Float64Array(rows)
    restored.set(Float64Array.from(v))
    for (let k = reflectors.length - 1; k >= 0; k--) reflect(reflectors[k] as Float64Array, restored, k)
    return restored
  }
  columns.forEach((column, index) => {
    const rank = reflectors.length
    const rotated = rotate(column)
    const left = norm(rotated, rank)
    if (rank >= rows || !(left > RANK_TOLERANCE * norm(column, 0))) {
      aliased.push(index)
      coordinates.push(rotated.slice(0, rank))
      return
    }
    kept.push(index)
    const head = rotated[rank] as number
    const diagonal = head > 0 ? -left : left
    const reflector = rotated.slice(rank)
    reflector[0] = head - diagonal
    const length = norm(reflector, 0)
    reflectors.push(reflector.map((x) => x / length))
    rotated[rank] = diagonal
    coordinates.push(rotated.slice(0, rank + 1))
  })
  return { rows, kept, aliased, coordinates, rotate, restore }
}

/** v ← (I − 2uu′) v for a unit vector u that begins at row k. */
function reflect(u: Float64Array, v: Float64Array, k: number): void {
  let dot = 0
  for (let i = 0; i < u.length; i++) dot += (u[i] as number) * (v[k + i] as number)
  dot *= 2
  for (let i = 0; i < u.length; i++) v[k + i] = (v[k + i] as number) - dot * (u[i] as number)
}

function norm(v: Vector, from: number): number {
  let square = 0
  for (let i = from; i < v.length; i++) square += (v[i] as number) ** 2
  return Math.sqrt(square)
}

/** x with Rx = b, R being the coordinates of the kept columns. */
export function solveTriangle({ kept, coordinates }: Pick<Decomposition, 'kept' | 'coordinates'>, b: Vector): Float64Array {
  const x = new Float64Array(kept.length)
  for (let i = kept.length - 1; i >= 0; i--) {
    let rest = b[i] as number
    for (let j = i + 1; j < kept.length; j++) rest -= (entry({ kept, coordinates }, i, j)) * (x[j] as number)
    x[i] = rest / entry({ kept, coordinates }, i, i)
  }
  return x
}

/** z with R′z = c. */
export function solveTransposed({ kept, coordinates }: Pick<Decomposition, 'kept' | 'coordinates'>, c: Vector): Float64Array {
  const z = new Float64Array(kept.length)
  for (let i = 0; i < kept.length; i++) {
    let rest = c[i] as number
    for (let j = 0; j < i; j++) rest -= entry({ kept, coordinates }, j, i) * (z[j] as number)
    z[i] = rest / entry({ kept, coordinates }, i, i)
  }
  return z
}

function entry({ kept, coordinates }: Pick<Decomposition, 'kept' | 'coordinates'>, row: number, column: number): number {
  return coordinates[kept[column] as number]?.[row] as number
}

// SPDX-License-Identifier: Apache-2.0
/** Latin hypercubes: the range of every factor in as many strata as there are points, each hit once; points moved apart where there are not too many. */
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { derive } from './seeds.ts'

export interface LatinInput {
  readonly points: number
  readonly factors: number
  readonly seed: number
  readonly maximin: boolean
}

/** Above this, moving points apart takes longer than it is worth. */
export const MAX_OPTIMISED = 500
/** Distances that are computed at most, which bounds the time. */
const MAX_DISTANCES = 6_000_000
const MAX_SWAPS = 10_000
/** Few points are moved apart from several beginnings: the best end is taken. */
const STARTS = 10
const STARTED_POINTS = 200

type Random = ReturnType<typeof xoroshiro128plus>

/** Coordinates from 0 to 1, in the middle of the strata, one row a point. */
export function latinHypercube({ points, factors, seed, maximin }: LatinInput): number[][] {
  const random = xoroshiro128plus(derive(`latin-hypercube/${seed}/${points}/${factors}`))
  const optimised = maximin && points <= MAX_OPTIMISED && factors > 1
  const starts = optimised ? Math.max(1, Math.min(STARTS, Math.floor(STARTED_POINTS / points))) : 1
  const columns = best(Array.from({ length: starts }, () => {
    const start = Array.from({ length: factors }, () => permutation(points, random))
    if (optimised) spread(start, random)
    return start
  }))
  return Array.from({ length: points }, (_, i) => columns.map((column) => ((column[i] ?? 0) + 0.5) / points))
}

type Columns = readonly (readonly number[])[]

/** The one whose points are least crowded. */
function best(candidates: readonly Columns[]): Columns {
  const [first = [], ...others] = candidates
  const whole = (columns: Columns) => (columns[0] ?? []).reduce((sum, _, i) => sum + crowding(columns, i, -1), 0)
  return others.reduce<{ columns: Columns; crowded: number }>((found, columns) => {
    const crowded = whole(columns)
    return crowded < found.crowded ? { columns, crowded } : found
  }, { columns: first, crowded: others.length === 0 ? 0 : whole(first) }).columns
}

function permutation(size: number, random: Random): number[] {
  const result = Array.from({ length: size }, (_, i) => i)
  for (let i = size - 1; i > 0; i--) swap(result, i, uniformInt(random, 0, i))
  return result
}

function swap(list: number[], i: number, j: number): void {
  const [a, b] = [list[i] ?? 0, list[j] ?? 0]
  list[i] = b
  list[j] = a
}

/** Swaps two points' strata of one factor wherever that lowers the criterion: all strata stay hit once. */
function spread(columns: readonly number[][], random: Random): void {
  const points = columns[0]?.length ?? 0
  const swaps = Math.min(MAX_SWAPS, Math.floor(MAX_DISTANCES / (2 * points * columns.length)))
  for (let step = 0; step < swaps; step++) {
    const column = columns[uniformInt(random, 0, columns.length - 1)] ?? []
    const i = uniformInt(random, 0, points - 1)
    const j = uniformInt(random, 0, points - 1)
    if (i === j) continue
    const before = crowding(columns, i, j)
    swap(column, i, j)
    if (crowding(columns, i, j) > before) swap(column, i, j)
  }
}

/** Morris & Mitchell's criterion over the pairs of two points, or of one: the tenth power makes the smallest distance count most. Whole numbers until the last step. */
function crowding(columns: Columns, i: number, j: number): number {
  const points = columns[0]?.length ?? 0
  let sum = 0
  for (let other = 0; other < points; other++) {
    if (other === i || other === j) continue
    sum += nearness(columns, i, other) + (j < 0 ? 0 : nearness(columns, j, other))
  }
  return sum
}

function nearness(columns: Columns, i: number, j: number): number {
  let squared = 0
  for (const column of columns) {
    const apart = (column[i] ?? 0) - (column[j] ?? 0)
    squared += apart * apart
  }
  // By multiplication, which is exact to the last bit everywhere; a power need not be.
  const fourth = squared * squared
  return 1 / (fourth * fourth * squared)
}

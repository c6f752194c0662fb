// SPDX-License-Identifier: Apache-2.0
/** Points of the Sobol sequence in up to 32 dimensions, as they are or scrambled by a seed so that every elementary interval keeps its share. */
import { mix } from './seeds.ts'

export const SOBOL_DIMENSIONS = 32
const BITS = 32

/**
 * Primitive polynomials (inner coefficients as bits) and initial direction numbers of dimensions 2 to 32: Joe & Kuo, SIAM J. Sci. Comput. 30 (2008),
 * the set new-joe-kuo-6. The first dimension is van der Corput's sequence.
 */
const DIRECTIONS: readonly (readonly [polynomial: number, initial: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
  [7, [1, 1, 3, 13, 7, 35, 63]],
  [8, [1, 3, 5, 9, 1, 25, 53]],
  [14, [1, 3, 1, 13, 9, 35, 107]],
  [19, [1, 3, 1, 5, 27, 61, 31]],
  [21, [1, 1, 5, 11, 19, 41, 61]],
  [28, [1, 3, 5, 3, 3, 13, 69]],
  [31, [1, 1, 7, 13, 1, 19, 1]],
  [32, [1, 3, 7, 5, 13, 19, 59]],
  [37, [1, 1, 3, 9, 25, 29, 41]],
  [41, [1, 3, 5, 13, 23, 1, 55]],
  [42, [1, 3, 7, 3, 13, 59, 17]],
]

export interface SobolInput {
  readonly points: number
  readonly dimensions: number
  /** Scrambles the sequence (Owen's nested scrambling); without it the sequence is as published, and begins at the origin. */
  readonly seed?: number
}

/** Coordinates from 0 to below 1, one row a point. More points begin with the same ones. */
export function sobolPoints({ points, dimensions, seed }: SobolInput): number[][] {
  const directions = Array.from({ length: dimensions }, (_, d) => directionNumbers(d))
  const state = directions.map(() => 0)
  return Array.from({ length: points }, (_, index) => {
    // Gray code: one direction changes from point to point, that of the lowest zero bit of the index before.
    if (index > 0) for (const [d, v] of directions.entries()) state[d] = ((state[d] ?? 0) ^ (v[trailingOnes(index - 1)] ?? 0)) >>> 0
    return state.map((x, d) => (seed === undefined ? x : scrambled(x, seed, d)) / 2 ** BITS)
  })
}

function trailingOnes(index: number): number {
  let count = 0
  while ((index >>> count) & 1) count++
  return count
}

function directionNumbers(dimension: number): number[] {
  const entry = DIRECTIONS[dimension - 1]
  if (dimension === 0 || entry === undefined) return Array.from({ length: BITS }, (_, i) => (1 << (BITS - 1 - i)) >>> 0)
  const [polynomial, initial] = entry
  const degree = initial.length
  const v = initial.map((m, i) => (m << (BITS - 1 - i)) >>> 0)
  for (let i = degree; i < BITS; i++) {
    let next = (v[i - degree] ?? 0) ^ ((v[i - degree] ?? 0) >>> degree)
    for (let k = 1; k < degree; k++) if ((polynomial >>> (degree - 1 - k)) & 1) next ^= v[i - k] ?? 0
    v.push(next >>> 0)
  }
  return v
}

/** Bits that are scrambled; those below are far finer than any level. */
const SCRAMBLED_BITS = 24

/** Every bit is flipped or not by what the bits above it are, so that points which share an interval stay together. */
function scrambled(x: number, seed: number, dimension: number): number {
  let result = 0
  for (let bit = 0; bit < SCRAMBLED_BITS; bit++) {
    const above = bit === 0 ? 0 : x >>> (BITS - bit)
    const flip = mix(mix(seed ^ Math.imul(dimension + 1, 0x9e37_79b9)) ^ mix(above ^ Math.imul(bit + 1, 0x85eb_ca6b))) & 1
    result = (result << 1) | (((x >>> (BITS - 1 - bit)) & 1) ^ flip)
  }
  // The middle of the smallest interval, so that no point lies on an end.
  return (result + 0.5) * 2 ** (BITS - SCRAMBLED_BITS)
}

// SPDX-License-Identifier: Apache-2.0
/** The A/A noise floor: how far two measurements of the very same thing lie apart by chance (the repeatability limit of ISO 5725-6). */
import { chiSquareQuantile } from '../distribution/chi-square.ts'
import { twoSidedCritical } from '../student-t.ts'
import { sum, summarizeValues } from '../summary.ts'

export interface NoiseFloor {
  /** `ratio`: sd is that of logarithms and the floor is relative; `difference`: both are in the unit of the values. */
  readonly scale: 'ratio' | 'difference'
  readonly sd: number
  readonly sdLow: number
  readonly sdHigh: number
  readonly df: number
  readonly level: number
  /** Two means of `replicates` units each lie closer together than this, with that probability: 0.05 is 5 % on the ratio scale. */
  readonly floor: number
  readonly replicates: number
}

/** From groups of replicates, each of one configuration; null where no group has two. */
export function noiseFloor(groups: readonly (readonly number[])[], { replicates = 1, level = 0.95 } = {}): NoiseFloor | null {
  const repeated = groups.filter((values) => values.length >= 2)
  const scale = repeated.every((values) => values.every((x) => x > 0)) ? 'ratio' : 'difference'
  const summaries = repeated.map((values) => summarizeValues(scale === 'ratio' ? values.map(Math.log) : values))
  const df = sum(summaries.map(({ n }) => n - 1))
  if (df === 0) return null
  const squares = sum(summaries.map(({ n, stddev }) => (n - 1) * (stddev as number) ** 2))
  const sd = Math.sqrt(squares / df)
  const reach = twoSidedCritical(level, df) * sd * Math.sqrt(2 / replicates)
  const tail = (1 - level) / 2
  return {
    scale, sd, df, level, replicates, floor: scale === 'ratio' ? Math.expm1(reach) : reach,
    sdLow: Math.sqrt(squares / chiSquareQuantile(1 - tail, df)), sdHigh: Math.sqrt(squares / chiSquareQuantile(tail, df)),
  }
}

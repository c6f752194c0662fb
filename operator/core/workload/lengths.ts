// SPDX-License-Identifier: Apache-2.0
/** Draws token lengths from a declared distribution. It knows neither text nor tokenizer. */
import type { Lengths } from '../model/workload-profile.ts'
import type { Random } from './random.ts'

export type LengthSource = () => number

/** So many draws outside of the bounds are a mistake in the profile. */
const MOST_DRAWS = 10_000

/** A source of lengths: whole numbers, clamped to min and max. */
export function lengthSource(lengths: Lengths, random: Random): LengthSource {
  const draw = drawer(lengths, random)
  const min = lengths.min ?? 0
  const max = lengths.max ?? Number.MAX_SAFE_INTEGER
  if (lengths.outside !== 'redraw') return () => Math.min(max, Math.max(min, Math.round(draw())))
  return () => {
    for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
      const length = Math.round(draw())
      if (length >= min && length <= max) return length
    }
    throw Object.assign(new Error(`lengths: ${MOST_DRAWS} draws in a row fell outside of ${min} to ${max}: expected bounds that the distribution reaches`), { code: 'InvalidData' })
  }
}

function drawer(lengths: Lengths, random: Random): () => number {
  const { fixed, uniform, normal, lognormal, zipf, empirical } = lengths
  if (fixed !== undefined) return () => fixed
  if (uniform !== undefined) return () => random.integer(Math.min(uniform.min, uniform.max), Math.max(uniform.min, uniform.max))
  if (normal !== undefined) return () => Math.max(0, normal.mean + normal.stddev * random.normal())
  if (lognormal !== undefined) return () => lognormal.median * Math.exp(lognormal.sigma * random.normal())
  if (zipf !== undefined) return () => zipf.scale * zipfRank(zipf.exponent, random)
  if (empirical !== undefined) return empiricalDrawer(empirical, random)
  throw new RangeError('lengths: expected one of fixed, uniform, normal, lognormal, zipf, empirical')
}

/** Devroye's rejection method for the zeta distribution: exact for any exponent above 1, without a table. */
function zipfRank(exponent: number, random: Random): number {
  const b = 2 ** (exponent - 1)
  for (;;) {
    const rank = Math.floor((1 - random.uniform()) ** (-1 / (exponent - 1)))
    const t = (1 + 1 / rank) ** (exponent - 1)
    if (rank < Number.MAX_SAFE_INTEGER && random.uniform() * rank * (t - 1) / (b - 1) <= t / b) return rank
  }
}

function empiricalDrawer(table: NonNullable<Lengths['empirical']>, random: Random): () => number {
  const total = table.reduce((sum, entry) => sum + entry.weight, 0)
  return () => {
    let left = random.uniform() * total
    const entry = table.find(({ weight }) => (left -= weight) < 0) ?? table[table.length - 1]
    return entry?.tokens ?? 0
  }
}

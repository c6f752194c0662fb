// SPDX-License-Identifier: Apache-2.0
/**
 * How far two samples of one metric lie apart, by the method that can answer with so many replicates. The method is chosen by sizes and
 * blocks alone, never by what the values look like between the arms, so that its error rates hold.
 */
import { type Bounds, mapBounds, type MaybeBounds } from '../interval/bounds.ts'
import { pairedDifference, type StudentBounds, welchDifference } from '../interval/means.ts'
import { sum, summarizeValues } from '../summary.ts'
import { pairByBlock } from './blocks.ts'
import { hodgesLehmann, mannWhitney, smallestRankSumP } from './rank-sum.ts'
import { pseudoMedian, signedRank, smallestSignedRankP } from './signed-rank.ts'

/** One value per independent unit: a stand-up for configurations, a trial for loads on one stack; never a request. */
export interface Sample {
  readonly values: readonly number[]
  /** Block of each value, such as its day or replicate; compared within blocks where both samples share two or more. */
  readonly blocks?: readonly string[]
}

export interface Difference {
  /** `ratio`: candidate over base, 1 where nothing differs. `difference`: candidate minus base, 0 where nothing differs. */
  readonly scale: 'ratio' | 'difference'
  /** At level 1 − alpha. */
  readonly shift: MaybeBounds
  /** At level 1 − 2 alpha: two one-sided tests (Schuirmann 1987) call the samples same where it lies within the margin. */
  readonly inner: MaybeBounds
  readonly p: number | null
  readonly method: string
  /** Why this method. */
  readonly because: string
  readonly base: number
  readonly candidate: number
  /** Blocks that hold both; 0 where blocks were not used. */
  readonly blocks: number
  /** Standard deviation of one unit (of logarithms on the ratio scale), as it enters the need for replicates; null where there is none. */
  readonly sd: number | null
  readonly notes: readonly string[]
}

export interface DifferenceOptions {
  readonly alpha?: number
  /** Questions that are asked together: the smallest p-value must be able to pass Holm's first hurdle. */
  readonly family?: number
  readonly scale?: Difference['scale']
}

interface Setting { readonly alpha: number; readonly hurdle: number; readonly scale: Difference['scale'] }
type Finding = Pick<Difference, 'shift' | 'inner' | 'p' | 'method' | 'because' | 'sd'> & { readonly blocks?: number; readonly notes?: readonly string[] }

export function measureDifference(base: Sample, candidate: Sample, options: DifferenceOptions = {}): Difference {
  const { alpha = 0.05, family = 1 } = options
  const positive = [...base.values, ...candidate.values].every((x) => x > 0)
  const scale = positive ? options.scale ?? 'ratio' : 'difference'
  const onScale = (values: readonly number[]) => (scale === 'ratio' ? values.map(Math.log) : values)
  const [a, b] = [{ ...base, values: onScale(base.values) }, { ...candidate, values: onScale(candidate.values) }]
  const found = compare(a, b, { alpha, hurdle: alpha / family, scale })
  const back = (bounds: MaybeBounds): MaybeBounds => {
    if (scale === 'difference') return bounds
    return bounds.kind === 'interval' ? mapBounds(bounds, Math.exp) : { ...bounds, estimate: bounds.estimate === null ? null : Math.exp(bounds.estimate) }
  }
  const notes = options.scale === 'ratio' && !positive ? ['values at or below 0 have no ratio: compared by their difference'] : []
  return {
    scale, blocks: 0, ...found, shift: back(found.shift), inner: back(found.inner), base: base.values.length, candidate: candidate.values.length,
    notes: [...notes, ...found.notes ?? []],
  }
}

function compare(a: Sample, b: Sample, setting: Setting): Finding {
  const [first] = a.values
  if (a.values.length >= 2 && b.values.length >= 2 && [...a.values, ...b.values].every((x) => x === first)) return allEqual(setting)
  const pairs = pairByBlock(a, b)
  if (pairs !== undefined) return { ...comparePairs(pairs.differences, setting), blocks: pairs.differences.length, notes: pairs.notes }
  return smallestRankSumP(a.values.length, b.values.length) <= setting.hurdle ? byRanks(a.values, b.values, setting) : byWelch(a.values, b.values, setting)
}

function byRanks(a: readonly number[], b: readonly number[], { alpha }: Setting): Finding {
  const test = mannWhitney(a, b)
  return {
    shift: hodgesLehmann(a, b, 1 - alpha), inner: hodgesLehmann(a, b, 1 - 2 * alpha), p: test.p, sd: pooledSd(a, b),
    method: `Mann–Whitney (${test.method}), Hodges–Lehmann shift`,
    because: `${a.length} against ${b.length} replicates are enough for ranks, which assume no distribution`,
  }
}

function byWelch(a: readonly number[], b: readonly number[], { alpha, hurdle, scale }: Setting): Finding {
  const [shift, inner] = [welchDifference(a, b, 1 - alpha), welchDifference(a, b, 1 - 2 * alpha)]
  const least = smallestRankSumP(a.length, b.length)
  return {
    shift, inner, p: pOf(shift), sd: pooledSd(a, b), method: scale === 'ratio' ? 'Welch on logarithms' : 'Welch',
    because: `ranks of ${a.length} against ${b.length} replicates cannot get below p = ${least.toPrecision(2)}, and ${hurdle.toPrecision(2)} is needed;`
      + ` this assumes normal ${scale === 'ratio' ? 'logarithms' : 'values'}`,
  }
}

function comparePairs(differences: readonly number[], { alpha, hurdle, scale }: Setting): Finding {
  const { stddev } = summarizeValues(differences)
  const [first] = differences
  // The need for replicates is stated per side: two independent units differ with √2 times the deviation of one.
  const sd = stddev === null ? null : stddev / Math.SQRT2
  const least = smallestSignedRankP(differences.length)
  if (least <= hurdle) {
    const test = signedRank(differences)
    return {
      shift: pseudoMedian(differences, 1 - alpha), inner: pseudoMedian(differences, 1 - 2 * alpha), p: test.p, sd,
      method: `Wilcoxon signed rank within blocks (${test.method})`, because: `${differences.length} blocks hold both, enough for ranks`,
    }
  }
  const [shift, inner] = differences.every((d) => d === first) && first === 0
    ? [exactly(0, 1 - alpha), exactly(0, 1 - 2 * alpha)] : [pairedDifference(differences, 1 - alpha), pairedDifference(differences, 1 - 2 * alpha)]
  return {
    shift, inner, p: pOf(shift), sd, method: `paired t within blocks${scale === 'ratio' ? ' on logarithms' : ''}`,
    because: `${differences.length} blocks hold both; signed ranks cannot get below p = ${least.toPrecision(2)}, and ${hurdle.toPrecision(2)} is needed`,
  }
}

function allEqual({ alpha }: Setting): Finding {
  const because = 'not one replicate differs from another'
  return { shift: exactly(0, 1 - alpha), inner: exactly(0, 1 - 2 * alpha), p: 1, sd: 0, method: 'all values equal', because }
}

function exactly(value: number, level: number): Bounds {
  return { kind: 'interval', estimate: value, low: value, high: value, level, method: 'all values equal' }
}

const pOf = (bounds: StudentBounds | MaybeBounds) => (bounds.kind === 'none' ? null : 'p' in bounds ? bounds.p : 1)

function pooledSd(a: readonly number[], b: readonly number[]): number | null {
  const parts = [a, b].map(summarizeValues).filter(({ n }) => n >= 2)
  const df = sum(parts.map(({ n }) => n - 1))
  return df === 0 ? null : Math.sqrt(sum(parts.map(({ n, stddev }) => (n - 1) * (stddev as number) ** 2)) / df)
}

// SPDX-License-Identifier: Apache-2.0
/** Better, worse, same or insufficient: what a comparison of two configurations may claim, over all metrics that it is declared to be about. */
import { mean } from '../summary.ts'
import { type Difference, measureDifference, type Sample } from './difference.ts'
import { holm } from './holm.ts'
import { applyMargin, type AppliedMargin, type Margin } from './margin.ts'
import { missingReplicates } from './missing-replicates.ts'

export interface MetricSamples {
  readonly name: string
  readonly base: Arm
  readonly candidate: Arm
  readonly better: 'lower' | 'higher'
  /** Differences within it do not matter; without it nothing can be called the same. */
  readonly margin?: Margin
}

export interface Arm extends Sample {
  /** `run`: there was one stand-up only, and the values are runs on it. */
  readonly unit: 'stand-up' | 'run'
}

export type VerdictKind = 'better' | 'worse' | 'same' | 'insufficient'
export interface Verdict {
  readonly name: string
  readonly verdict: VerdictKind
  readonly difference: Difference
  /** After Holm over all metrics of the comparison; null where nothing could be tested. */
  readonly p: number | null
  readonly margin: AppliedMargin | null
  /** Why, in words, with its numbers. */
  readonly reason: string
  /** Replicates on each side that would decide in four of five cases, less those that are there; null where unknown or decided. */
  readonly moreReplicates: number | null
}

export interface VerdictOptions {
  readonly alpha?: number
  /** Both sides ran on the very same stand-up: runs are the units, and what is said holds for that stand-up. */
  readonly sameStandUp?: boolean
}

/** Units of one side from its runs by stand-up: the means of stand-ups, since runs on one share what it got. */
export function armOf(byStandUp: readonly (readonly number[])[], blocks?: readonly string[]): Arm {
  const filled = byStandUp.map((values, i) => ({ values, block: blocks?.[i] })).filter(({ values }) => values.length > 0)
  if (filled.length < 2) return { unit: 'run', values: filled[0]?.values ?? [] }
  const values = filled.map((standUp) => mean(standUp.values) as number)
  return blocks === undefined ? { unit: 'stand-up', values } : { unit: 'stand-up', values, blocks: filled.map(({ block }) => block ?? '') }
}

/** All given metrics are primary: the chance of one false *better* or *worse* among them is at most alpha. */
export function compareMetrics(metrics: readonly MetricSamples[], { alpha = 0.05, sameStandUp = false }: VerdictOptions = {}): Verdict[] {
  const family = metrics.length
  const cases = metrics.map((metric) => {
    const scale = metric.margin !== undefined && 'absolute' in metric.margin ? 'difference' : 'ratio'
    const difference = measureDifference(metric.base, metric.candidate, { alpha, family, scale })
    const testable = sameStandUp || (metric.base.unit === 'stand-up' && metric.candidate.unit === 'stand-up')
    const margin = metric.margin === undefined ? null : applyMargin(metric.margin, difference.scale, metric.base.values)
    return { metric, difference, testable, margin }
  })
  // What cannot be tested still counts in the family: it was asked.
  const adjusted = holm(cases.map(({ difference, testable }) => (testable ? difference.p ?? 1 : 1)))
  return cases.map(({ metric, difference, testable, margin }, i) => {
    if (!testable) return refused(metric, difference, margin)
    return judge({ metric, difference, margin, p: difference.p === null ? null : adjusted[i] as number, alpha, family })
  })
}

function refused({ name, base, candidate }: MetricSamples, difference: Difference, margin: AppliedMargin | null): Verdict {
  const side = base.unit === candidate.unit ? 'each side was' : base.unit === 'run' ? 'the base was' : 'the candidate was'
  const reason = `${side} stood up once: runs on one stand-up cannot tell a configuration from the luck of that stand-up`
  return { name, verdict: 'insufficient', difference, p: null, margin, reason, moreReplicates: null }
}

interface Case {
  readonly metric: MetricSamples
  readonly difference: Difference
  readonly margin: AppliedMargin | null
  readonly p: number | null
  readonly alpha: number
  readonly family: number
}

function judge(input: Case): Verdict {
  const { metric: { name, better }, difference, margin, p, alpha } = input
  const { shift } = difference
  const common = { name, difference, p, margin, moreReplicates: null }
  if (shift.kind === 'none') return { ...common, verdict: 'insufficient', reason: shift.reason, moreReplicates: missingReplicates(input) }
  if (margin !== null && isWithin(difference, margin)) {
    return { ...common, verdict: 'same', reason: `the ${percent(1 - 2 * alpha)} interval of the shift lies within ${margin.text}` }
  }
  if (p === null || p > alpha) return { ...common, verdict: 'insufficient', reason: openReason(p, margin), moreReplicates: missingReplicates(input) }
  const improved = shift.estimate < (difference.scale === 'ratio' ? 1 : 0) === (better === 'lower')
  const small = margin !== null && shift.estimate >= margin.low && shift.estimate <= margin.high ? `, though by less than ${margin.text}` : ''
  return { ...common, verdict: improved ? 'better' : 'worse', reason: `p = ${p.toPrecision(2)} after Holm, at most ${alpha}${small}` }
}

/** Two one-sided tests, each at alpha. */
function isWithin({ inner }: Difference, { low, high }: AppliedMargin): boolean {
  return inner.kind === 'interval' && inner.low >= low && inner.high <= high
}

function openReason(p: number | null, margin: AppliedMargin | null): string {
  const why = margin === null ? 'no margin is given, so that nothing can be called the same' : `the interval reaches beyond ${margin.text}`
  return `no difference is shown (p = ${p === null ? 'unknown' : p.toPrecision(2)}), and ${why}`
}

const percent = (share: number) => `${Number((share * 100).toPrecision(6))} %`

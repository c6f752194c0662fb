// SPDX-License-Identifier: Apache-2.0
/** Better, worse, same or insufficient: what a comparison of two configurations may claim, over all metrics that it is declared to be about. */
import { normalQuantile } from '../distribution/normal.ts'
import { equivalencePower, fewestReplicates, twoSamplePower } from '../power.ts'
import { mean } from '../summary.ts'
import { type Difference, measureDifference, type Sample } from './difference.ts'
import { holm } from './holm.ts'

export interface MetricSamples {
  readonly name: string
  readonly base: Arm
  readonly candidate: Arm
  readonly better: 'lower' | 'higher'
  /** Differences within it do not matter: a share of the base on the ratio scale (0.05 is 5 %), else in the metric's unit. */
  readonly margin?: number
  readonly scale?: Difference['scale']
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
  readonly margin: number | null
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

const POWER = 0.8

/** Units of one side from its runs by stand-up: the means of stand-ups, since runs on one share what it got. */
export function armOf(byStandUp: readonly (readonly number[])[], blocks?: readonly string[]): Arm {
  const filled = byStandUp.map((values, i) => ({ values, block: blocks?.[i] })).filter(({ values }) => values.length > 0)
  if (filled.length < 2) return { unit: 'run', values: filled[0]?.values ?? [] }
  const values = filled.map((standUp) => mean(standUp.values) as number)
  return blocks === undefined ? { unit: 'stand-up', values } : { unit: 'stand-up', values, blocks: filled.map(({ block }) => block ?? '') }
}

/** All given metrics are primary: the chance of one false *better* or *worse* among them is at most alpha. */
export function compareMetrics(metrics: readonly MetricSamples[], { alpha = 0.05, sameStandUp = false }: VerdictOptions = {}): Verdict[] {
  const differences = metrics.map(({ base, candidate, scale }) => measureDifference(base, candidate, { alpha, family: metrics.length, scale }))
  const untestable = metrics.map(({ base, candidate }) => !sameStandUp && (base.unit === 'run' || candidate.unit === 'run'))
  // What cannot be tested still counts in the family: it was asked.
  const adjusted = holm(differences.map(({ p }, i) => (untestable[i] === true ? 1 : p ?? 1)))
  return metrics.map((metric, i) => {
    const difference = differences[i] as Difference
    if (untestable[i] === true) return refused(metric, difference)
    return judge({ metric, difference, p: difference.p === null ? null : adjusted[i] as number, alpha, family: metrics.length })
  })
}

function refused({ name, margin, base, candidate }: MetricSamples, difference: Difference): Verdict {
  const side = base.unit === candidate.unit ? 'each side was' : base.unit === 'run' ? 'the base was' : 'the candidate was'
  const reason = `${side} stood up once: runs on one stand-up cannot tell a configuration from the luck of that stand-up`
  return { name, verdict: 'insufficient', difference, p: null, margin: margin ?? null, reason, moreReplicates: null }
}

interface Case { readonly metric: MetricSamples; readonly difference: Difference; readonly p: number | null; readonly alpha: number; readonly family: number }

function judge(input: Case): Verdict {
  const { metric: { name, better, margin }, difference, p, alpha } = input
  const common = { name, difference, p, margin: margin ?? null, moreReplicates: null }
  const { shift } = difference
  if (shift.kind === 'none') return { ...common, verdict: 'insufficient', reason: shift.reason, moreReplicates: moreReplicates(input) }
  if (margin !== undefined && isWithin(difference, margin)) {
    return { ...common, verdict: 'same', reason: `the ${percent(1 - 2 * alpha)} interval of the shift lies within ± ${marginText(difference, margin)}` }
  }
  if (p !== null && p <= alpha) {
    const none = difference.scale === 'ratio' ? 1 : 0
    const improved = shift.estimate < none === (better === 'lower')
    const small = margin !== undefined && isWithinPoint(difference, margin) ? `, though by less than the margin of ${marginText(difference, margin)}` : ''
    return { ...common, verdict: improved ? 'better' : 'worse', reason: `p = ${p.toPrecision(2)} after Holm, at most ${alpha}${small}` }
  }
  const wanted = margin === undefined ? 'no margin is given, so that nothing can be called the same' : `the interval reaches beyond the margin of ± ${marginText(difference, margin)}`
  return { ...common, verdict: 'insufficient', reason: `no difference is shown (p = ${p === null ? 'unknown' : p.toPrecision(2)}), and ${wanted}`, moreReplicates: moreReplicates(input) }
}

/** A ratio's margin is symmetric on logarithms: + 25 % up is 1 / 1.25 down. */
function isWithin({ scale, inner }: Difference, margin: number): boolean {
  if (inner.kind === 'none') return false
  return scale === 'ratio' ? inner.low >= 1 / (1 + margin) && inner.high <= 1 + margin : inner.low >= -margin && inner.high <= margin
}

function isWithinPoint({ scale, shift }: Difference, margin: number): boolean {
  const size = scale === 'ratio' ? Math.abs(Math.log(shift.estimate ?? 1)) : Math.abs(shift.estimate ?? 0)
  return size <= (scale === 'ratio' ? Math.log1p(margin) : margin)
}

/** Enough both to find a shift as large as the margin and to show its absence; without a margin, to find the shift that was seen. */
function moreReplicates({ metric: { margin }, difference, alpha, family }: Case): number | null {
  const { sd, scale, shift, base, candidate, blocks } = difference
  if (sd === null || sd === 0) return null
  const seen = scale === 'ratio' ? Math.abs(Math.log(shift.estimate ?? 1)) : Math.abs(shift.estimate ?? 0)
  const target = margin === undefined ? seen : scale === 'ratio' ? Math.log1p(margin) : margin
  if (!(target > 0)) return null
  // Three digits of a ratio that is itself a guess; so that the many metrics of a report share their answers.
  const needed = neededReplicates({ size: Number((target / sd).toPrecision(3)), alpha, family, same: margin !== undefined })
  return needed === null ? null : Math.max(1, needed - (blocks > 0 ? blocks : Math.min(base, candidate)))
}

interface Need { readonly size: number; readonly alpha: number; readonly family: number; readonly same: boolean }
const known = new Map<string, number | null>()

function neededReplicates({ size, alpha, family, same }: Need): number | null {
  const key = [size, alpha, family, same].join()
  const cached = known.get(key)
  if (cached !== undefined) return cached
  // Guenther's approximation (1981) is within one or two of the answer.
  const z = normalQuantile(1 - alpha / family / 2)
  const start = 2 * ((z + normalQuantile(POWER)) / size) ** 2 + (z * z) / 4
  const needed = fewestReplicates((n) => Math.min(
    twoSamplePower({ shift: size, sd: 1, n, alpha: alpha / family }),
    same ? equivalencePower({ shift: 0, sd: 1, n, alpha, margin: size }) : 1,
  ), { power: POWER, start })
  if (known.size < 10_000) known.set(key, needed)
  return needed
}

const percent = (share: number) => `${Number((share * 100).toPrecision(6))} %`
const marginText = ({ scale }: Difference, margin: number) => (scale === 'ratio' ? percent(margin) : String(Number(margin.toPrecision(4))))

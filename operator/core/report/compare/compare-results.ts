// SPDX-License-Identifier: Apache-2.0
/** Two Experiments → a verdict for every primary response of every treatment that both have. Nothing weak or unmatched decides. */
import { METRICS } from '../../model/metric.ts'
import { type Checked, type Problem, refused, valid } from '../../model/problem.ts'
import type { Margin } from '../../stats/compare/margin.ts'
import { compareMetrics, type MetricSamples, type Verdict } from '../../stats/compare/verdict.ts'
import { mean } from '../../stats/summary.ts'
import { PRIMARY, responseName } from '../primary.ts'
import type { Response } from '../response.ts'
import type { ComparedResults } from '../results.ts'
import { armOfCell, blocksOf, summarizeArm } from './arm.ts'
import { type ComparisonRow, IDENTICAL, type MetricMargin, type ResultsComparison } from './comparison.ts'
import { marginsOf } from './default-margin.ts'
import { type CellPair, pairCells } from './pair-cells.ts'
import { matchTreatments, type TreatmentPick } from './match-treatments.ts'

export interface CompareOptions {
  /** Those that decide; all of PRIMARY that both measured where none are given. */
  readonly responses?: readonly Response[]
  readonly picks?: readonly TreatmentPick[]
  readonly stage?: string
  readonly margin?: Margin
  readonly alpha?: number
  /** Both sides loaded one and the same running server: runs are the units. */
  readonly sameStandUp?: boolean
  /** Both sides are one run of one Experiment: its stand-up replicates are blocks. */
  readonly sameExperiment?: boolean
}

export function compareResults(
  base: ComparedResults,
  candidate: ComparedResults,
  options: CompareOptions = {},
): Checked<ResultsComparison> {
  const { responses, alpha = 0.05, sameStandUp = false, margin } = options
  const undirected = (responses ?? []).filter((r) => METRICS[r.metric].better === 'none')
  if (undirected.length > 0) return refused(...undirected.map(noDirection))
  const matched = matchTreatments(measuredOf(base), measuredOf(candidate), options.picks)
  if (!matched.ok) return matched
  const { pairs, ...matching } = matched.value
  const found = pairCells({
    base,
    candidate,
    pairs,
    responses: responses ?? PRIMARY,
    isAsked: responses !== undefined,
    stage: options.stage,
  })
  if (!found.ok) return found
  const blocks = options.sameExperiment === true ? ([blocksOf(base), blocksOf(candidate)] as const) : ([undefined, undefined] as const)
  const samples = found.value.cells.map((pair) => ({
    pair,
    base: armOfCell(pair.base, blocks[0]),
    candidate: armOfCell(pair.candidate, blocks[1]),
  }))
  const margins = marginsOf(samples, { given: margin, sameStandUp })
  const rows = byResponse(judge(samples, { margins, alpha, sameStandUp }))
  const count = (verdict: ComparisonRow['verdict']) => rows.filter((r) => r.verdict === verdict).length
  return valid({
    base: sideOf(base),
    candidate: sideOf(candidate),
    rows,
    overall: overallOf(rows),
    margins,
    alpha,
    family: rows.filter((r) => !isWeak(r)).length,
    counts: { better: count('better'), worse: count('worse'), same: count('same'), insufficient: count('insufficient') },
    matching,
    left: found.value.left,
  })
}

/** A metric at a time, as one reads: where did it change? */
function byResponse(rows: readonly ComparisonRow[]): ComparisonRow[] {
  return [...Map.groupBy(rows, (r) => r.name).values()].flat()
}

export function noDirection(response: Response): Problem {
  const judged = PRIMARY.map(responseName).join(', ')
  return {
    reason: 'InvalidValue',
    path: '--metrics',
    message: `${responseName(response)} is neither better when it is higher nor when it is lower`,
    expected: `metrics with a direction, such as ${judged}`,
  }
}

/** Treatments that left something to compare. */
function measuredOf({ factors, treatments, cells }: ComparedResults): Pick<ComparedResults, 'factors' | 'treatments'> {
  const measured = new Set(cells.map((c) => c.treatment))
  return { factors, treatments: treatments.filter((t) => measured.has(t.index)) }
}

function sideOf({ name, namespace, run, measured, standUps }: ComparedResults): ResultsComparison['base'] {
  return {
    name,
    namespace,
    ...(run === undefined ? {} : { run }),
    ...(measured === undefined ? {} : { measured }),
    standUps: standUps.length,
  }
}

export interface Sampled { readonly pair: CellPair; readonly base: MetricSamples['base']; readonly candidate: MetricSamples['candidate'] }
interface Rules { readonly margins: readonly MetricMargin[]; readonly alpha: number; readonly sameStandUp: boolean }

/** Whether a percentile is weak follows from sizes alone: such rows are left out of the family, whatever their values. */
export function judge(samples: readonly Sampled[], rules: Rules): ComparisonRow[] {
  const strong = samples.filter((s) => !weakIn(s.pair))
  const decided = new Map(verdictsOf(strong, rules).map((verdict, i) => [strong[i] as Sampled, verdict]))
  // The shift of the others is shown, and decides nothing.
  const weak = samples.filter((s) => weakIn(s.pair))
  const shown = new Map(verdictsOf(weak, rules).map((verdict, i) => [weak[i] as Sampled, withoutVerdict(verdict)]))
  return samples.map((sample) => rowOf(sample, (decided.get(sample) ?? shown.get(sample)) as Verdict))
}

/**
 * A margin that was given says what does not matter, however sure it is. The noise floor says only what chance does: a shift that is shown
 * counts, and one that is hinted at is left open.
 */
function verdictsOf(samples: readonly Sampled[], { margins, alpha, sameStandUp }: Rules): Verdict[] {
  const metrics = samples.map(({ pair, base, candidate }): MetricSamples => ({
    name: pair.name,
    base,
    candidate,
    better: pair.base.better === 'higher' ? 'higher' : 'lower',
  }))
  const marginOf = ({ name }: MetricSamples) => margins.find((m) => m.name === name)
  const within = compareMetrics(metrics.map((m) => ({ ...m, margin: marginOf(m)?.margin ?? undefined })), { alpha, sameStandUp })
  const bare = compareMetrics(metrics, { alpha, sameStandUp })
  return within.map((verdict, i) => {
    const [metric, open] = [metrics[i] as MetricSamples, bare[i] as Verdict]
    if (isIdentical(samples[i] as Sampled))
      return { ...verdict, verdict: 'same', p: verdict.p ?? 1, moreReplicates: null, reason: IDENTICAL }
    const isSet = marginOf(metric)?.source === 'given' || verdict.verdict !== 'same'
    if (isSet || holdsNoShift(open)) return verdict
    return {
      ...open,
      margin: verdict.margin,
      ...(open.verdict === 'insufficient' && {
        reason: `a shift within the noise is hinted at, and not shown after Holm (p = ${(open.p ?? 1).toPrecision(2)})`,
      }),
    }
  })
}

/** The same trials with the same values, of more than one stand-up: nothing is left to chance between them. */
function isIdentical({ pair, base, candidate }: Sampled): boolean {
  const key = (values: CellPair['base']['values']) => JSON.stringify(values.map((v) => [v.trial, v.stack, v.value]))
  return base.unit === 'stand-up' && candidate.unit === 'stand-up' && key(pair.base.values) === key(pair.candidate.values)
}

function holdsNoShift({ difference: { shift, scale } }: Verdict): boolean {
  const none = scale === 'ratio' ? 1 : 0
  return shift.kind === 'interval' && shift.low <= none && shift.high >= none
}

const weakIn = ({ base, candidate }: CellPair) => base.weak || candidate.weak
const isWeak = ({ base, candidate }: ComparisonRow) => base.weak + candidate.weak > 0

function withoutVerdict(verdict: Verdict): Verdict {
  return { ...verdict, verdict: 'insufficient', p: null, moreReplicates: null, reason: 'too few requests in a trial for this percentile' }
}

function rowOf({ pair, base, candidate }: Sampled, { verdict, difference, margin, p, reason, moreReplicates }: Verdict): ComparisonRow {
  const { metric, statistic, name, treatment, stage } = pair
  return {
    metric,
    statistic,
    name,
    treatment,
    stage,
    unit: pair.base.unit,
    better: pair.base.better,
    ...(pair.base.claimed === true ? { claimed: true } : {}),
    base: summarizeArm(pair.base, base),
    candidate: summarizeArm(pair.candidate, candidate),
    difference,
    margin,
    p,
    verdict,
    reason,
    moreReplicates,
  }
}

/** Of responses that were compared as ratios at two places or more. */
function overallOf(rows: readonly ComparisonRow[]): ResultsComparison['overall'] {
  return [...Map.groupBy(rows, (r) => r.name)].flatMap(([name, own]) => {
    const logs = own.flatMap(({ difference: { scale, shift } }) =>
      scale === 'ratio' && shift.estimate !== null ? [Math.log(shift.estimate)] : [],
    )
    return logs.length < 2 || logs.length < own.length ? [] : [{ name, ratio: Math.exp(mean(logs) as number), rows: logs.length }]
  })
}

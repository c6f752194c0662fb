// SPDX-License-Identifier: Apache-2.0
/** What a comparison of two Experiments found: the value that every rendering reads. It computes nothing. */
import type { Better } from '../../model/metric.ts'
import type { Difference } from '../../stats/compare/difference.ts'
import type { AppliedMargin } from '../../stats/compare/margin.ts'
import type { VerdictKind } from '../../stats/compare/verdict.ts'
import type { Response } from '../response.ts'
import type { ComparedResults } from '../results.ts'
import type { ArmSummary } from './arm.ts'
import type { Matching } from './match-treatments.ts'

/** Reason where there is nothing to be unsure of. */
export const IDENTICAL = 'both sides are the very same trials'

/** One response of one matched treatment at one stage. */
export interface ComparisonRow extends Response {
  /** As gates and options write it, such as p99(ttft). */
  readonly name: string
  readonly unit: string
  readonly better: Better
  /** Levels of the factors that both have; empty where nothing is varied. */
  readonly treatment: string
  readonly stage: string
  /** Both sides are what tools claim. */
  readonly claimed?: true
  readonly base: ArmSummary
  readonly candidate: ArmSummary
  readonly difference: Difference
  readonly margin: AppliedMargin | null
  /** After Holm over all rows that could be decided; null where nothing could be tested. */
  readonly p: number | null
  readonly verdict: VerdictKind
  readonly reason: string
  /** Further stand-ups on each side that would decide in four of five cases. */
  readonly moreReplicates: number | null
}

/** The A/A noise floor of one response: replicates of one treatment lie apart by at most so much, 95 times in 100. */
export interface MetricMargin {
  readonly name: string
  readonly unit: string
  readonly margin: { readonly relative: number } | { readonly absolute: number } | null
  /** Degrees of freedom of the noise; not set where the margin was given. */
  readonly df?: number
  readonly source: 'given' | 'noise floor' | 'too few replicates'
}

type SideInfo = Omit<ComparedResults, 'factors' | 'treatments' | 'standUps' | 'cells'> & { readonly standUps: number }

export interface ResultsComparison {
  readonly base: SideInfo
  readonly candidate: SideInfo
  readonly rows: readonly ComparisonRow[]
  /** Over the matched treatments: geometric mean of the ratios, without a verdict. */
  readonly overall: readonly { readonly name: string; readonly ratio: number; readonly rows: number }[]
  readonly margins: readonly MetricMargin[]
  /** Rows among which Holm's correction keeps the chance of one false alarm below alpha. */
  readonly family: number
  readonly alpha: number
  readonly counts: Readonly<Record<VerdictKind, number>>
  readonly matching: Omit<Matching, 'pairs'>
  /** What was left out, with the reason. */
  readonly left: readonly { readonly name: string; readonly reason: string }[]
}

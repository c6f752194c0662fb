// SPDX-License-Identifier: Apache-2.0
/** What an experiment found, over all its trials: the value that every renderer reads. It computes nothing. */
import type { ExperimentSpec, ExperimentStatus } from '../model/experiment.ts'
import type { Findings } from '../model/findings.ts'
import type { Better } from '../model/metric.ts'
import type { SearchResult } from '../adaptive/capacity-search.ts'
import type { Interval, ReplicateSummary } from '../stats/mean-interval.ts'

export interface ExperimentInput {
  readonly experiment: {
    readonly name: string
    readonly namespace: string
    readonly spec: Pick<ExperimentSpec, 'design'> & Partial<ExperimentSpec>
    readonly status?: ExperimentStatus | undefined
  }
  /** Trials that left findings, in the order in which they ran. */
  readonly trials: readonly Findings[]
  /** Trials without findings. */
  readonly failed: readonly FailedTrial[]
  /** All planned treatments where they are known: those that nothing was measured of are then shown as missing. */
  readonly treatments?: readonly { readonly levels: Readonly<Record<string, unknown>> }[]
}
interface FailedTrial { readonly trial: string; readonly reason: string; readonly message?: string }

export interface FactorInfo {
  readonly name: string
  readonly unit?: string
  /** A setup factor changes the stack; a run factor only what is sent to it. */
  readonly role: 'setup' | 'run'
  /** Whether it changes how much is sent: then it is an axis, and no configuration of its own. */
  readonly isLoad: boolean
  /** As tables show them, in the order of the design. */
  readonly levels: readonly string[]
}

export interface TreatmentInfo {
  readonly index: number
  /** `batch=8 rate=2`; empty where nothing is varied. */
  readonly label: string
  readonly levels: Readonly<Record<string, string>>
  /** The treatment without its load: what one line of a figure shows. */
  readonly configuration: string
  /** Trials that count: valid and suspect ones. */
  readonly trials: readonly Findings[]
  readonly planned: boolean
}

export interface TrialValue {
  readonly trial: string
  readonly stack: string
  readonly value: number
  /** The trial's own sample was too small for this percentile. */
  readonly weak: boolean
  /** It is the tool's own claim; no records show it. */
  readonly claimed?: true
  readonly suspect: boolean
}

/** One response of one treatment at one stage. */
export interface Cell {
  readonly treatment: number
  /** Stage of the load, or `startup` for what is measured of the stack. */
  readonly stage: string
  readonly metric: string
  readonly statistic: string
  readonly unit: string
  readonly better: Better
  /** Mean over stand-ups of the mean of their trials. */
  readonly mean: number
  /** Median of all trials. */
  readonly median: number
  readonly interval: Interval
  readonly stacks: number
  readonly trials: number
  readonly weak: boolean
  /** Some of its values are claims of the tool. */
  readonly claimed?: true
  readonly values: readonly TrialValue[]
}

export interface StagePoint {
  readonly treatment: number
  readonly stage: string
  readonly offered: { readonly rate?: number | undefined; readonly concurrency?: number | undefined }
}

export interface RuleOutcome {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'insufficient'
  readonly message: string
}
export interface GateOutcome {
  readonly result: RuleOutcome['result']
  readonly rules: readonly RuleOutcome[]
}

/** The capacity of one combination of factors. */
export interface CapacityRow {
  readonly levels: readonly string[]
  /** One for each stand-up. */
  readonly results: readonly SearchResult[]
  /** Over stand-ups; null where one of them has no estimate. */
  readonly summary: ReplicateSummary | null
  /** A load that surely met the objectives on every stand-up, and one that surely did not on any. */
  readonly met: number | null
  readonly missed: number | null
  readonly probes: number
  readonly trials: number
  readonly doubts: readonly string[]
}
export interface CapacityResults {
  readonly load: string
  readonly unit?: string
  readonly objectives: readonly string[]
  readonly factors: readonly { readonly name: string; readonly unit?: string }[]
  readonly rows: readonly CapacityRow[]
}

export interface ExperimentResults {
  readonly name: string
  readonly namespace: string
  readonly phase?: string
  readonly run?: number
  readonly counts: { readonly valid: number; readonly suspect: number; readonly invalid: number; readonly failed: number }
  readonly factors: readonly FactorInfo[]
  readonly treatments: readonly TreatmentInfo[]
  readonly stages: readonly StagePoint[]
  readonly cells: readonly Cell[]
  readonly gate?: GateOutcome
  /** Of a capacity search. */
  readonly capacity?: CapacityResults
  /** What is to be known of a design that was decided by what was measured. */
  readonly designNotes?: readonly string[]
  readonly trials: readonly Findings[]
  readonly failed: readonly FailedTrial[]
}

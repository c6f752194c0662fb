// SPDX-License-Identifier: Apache-2.0
/** What an experiment found, over all its trials: the value that every renderer reads. It computes nothing. */
import type { ExperimentSpec, ExperimentStatus } from '../model/experiment.ts'
import type { Findings } from '../model/findings.ts'
import type { Better, MetricName } from '../model/metric.ts'
import type { SearchResult } from '../adaptive/capacity-search.ts'
import type { ProbeVerdict } from '../adaptive/probe-verdict.ts'
import type { Interval, ReplicateSummary } from '../stats/mean-interval.ts'
import type { Message, Part } from './messages.ts'
import type { Statistic } from './response.ts'
import type { Spent } from './spent.ts'

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
  /** Block of each trial by name, where it was extended: 0, or the extension that added it. */
  readonly blocks?: Readonly<Record<string, number>>
  /** What rules of the gate compare with, by name. */
  readonly baselines?: ReadonlyMap<string, ComparedResults>
  /** Why a baseline could not be had, by name. */
  readonly missingBaselines?: ReadonlyMap<string, string>
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
  readonly metric: MetricName
  readonly statistic: Statistic
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

/** One stand-up of a serving stack: the unit of replication. */
export interface StandUp {
  readonly stack: string
  readonly replicate: number
  /** 0, or the extension that added it. */
  readonly block: number
}

export interface StagePoint {
  readonly treatment: number
  readonly stage: string
  readonly offered: { readonly rate?: number | undefined; readonly concurrency?: number | undefined }
}

/** A bound that an operating point must meet to be worth recommending. */
export interface Requirement {
  readonly metric: MetricName
  readonly statistic: Statistic
  readonly relation: 'at most' | 'at least'
  /** In the metric's own unit. */
  readonly bound: number
  readonly stage?: string
}

/** How the design ordered and repeated its trials. */
export interface RunOrder {
  /** Which member of the design it was: fullFactorial, treatments, … */
  readonly design: string
  readonly randomized: boolean
  /** Results decided which loads or treatments were measured further: what was not measured is missing for a reason. */
  readonly chosen: boolean
  readonly stacks: number
  readonly runs: number
}

export interface RuleOutcome {
  readonly name: string
  readonly result: 'passed' | 'failed' | 'insufficient'
  /** As statuses and files have it: in English, cut to what they can hold. */
  readonly message: string
  /** The same before it has a language; not set where it comes from a status. */
  readonly said?: Part
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
  /** Every load that was tried on a stand-up, with what its trials said. */
  readonly tried: readonly Tried[]
}
export interface Tried { readonly load: number; readonly verdict: ProbeVerdict }
export interface CapacityResults {
  readonly load: string
  readonly unit?: string
  readonly objectives: readonly string[]
  readonly factors: readonly { readonly name: string; readonly unit?: string }[]
  readonly rows: readonly CapacityRow[]
}

/** What a comparison needs of results: it can be read back from their JSON. */
export interface ComparedResults {
  readonly name: string
  readonly namespace: string
  readonly run?: number
  /** First start and last end of its trials; not set without trials. */
  readonly measured?: { readonly from: string; readonly to: string }
  readonly factors: readonly FactorInfo[]
  readonly treatments: readonly Pick<TreatmentInfo, 'index' | 'label' | 'levels'>[]
  readonly standUps: readonly StandUp[]
  readonly cells: readonly Cell[]
}

export interface ExperimentResults extends ComparedResults {
  readonly phase?: string
  readonly counts: { readonly valid: number; readonly suspect: number; readonly invalid: number; readonly failed: number }
  readonly treatments: readonly TreatmentInfo[]
  readonly stages: readonly StagePoint[]
  readonly requirements: readonly Requirement[]
  readonly order: RunOrder
  readonly gate?: GateOutcome
  /** Of a capacity search. */
  readonly capacity?: CapacityResults
  /** What is to be known of a design that was decided by what was measured. */
  readonly designNotes?: readonly Message[]
  readonly trials: readonly Findings[]
  readonly failed: readonly FailedTrial[]
  readonly spent?: Spent
}

// SPDX-License-Identifier: Apache-2.0
/** What a plan is: treatments, the stacks that they share, trials in order. It holds no resolved specification, only the way to one. */
import type { Measured } from '../adaptive/measured.ts'
import type { Construction } from '../design/design-points.ts'
import type { PlannedFactor } from '../design/factors.ts'
import type { DesignKind } from '../model/design.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import type { HarnessSpec } from '../model/harness.ts'
import type { Problem } from '../model/problem.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import type { TrialSpec } from '../model/trial.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import type { Adaptive } from './adaptive-model.ts'
import type { Estimate, StackTime } from './estimate.ts'
import type { Learned } from './learn.ts'
import type { Library } from './resolve.ts'

export interface PlanInput {
  readonly experiment: { readonly name: string; readonly namespace?: string; readonly spec: unknown; readonly run: number }
  readonly library: Library
  /** Hashes of the treatments of each block so far, oldest first; what is in none of them is the next block. */
  readonly blocks?: readonly (readonly string[])[]
  readonly learned?: Learned
  /** Trials that have ended, where the design grows from what is measured; of another run or design they say nothing. */
  readonly measured?: Measured
  /** Whether charts and data may be files of this machine: true for the command line, which has such files. */
  readonly allowPaths?: boolean
}

export interface PlannedTreatment {
  readonly index: number
  readonly label: string
  /** Level by factor name, as tables show it. */
  readonly levels: Readonly<Record<string, unknown>>
  readonly setupHash: string
  readonly hash: string
  readonly block: number
  readonly gpus: number
  /** How often each block of the design measures it in every replicate, for centre points and designs in blocks; once in the only block when not set. */
  readonly repeats?: readonly number[]
}
export interface PlannedStack {
  readonly index: number
  readonly name: string
  readonly setupHash: string
  readonly replicate: number
  readonly block: number
  /** A treatment that it serves; all of them have the same setup. */
  readonly treatment: number
  readonly gpus: number
  /** Stacks of one replicate that have the same can be upgraded to each other. */
  readonly upgrades?: string
  /** Indices of its trials, in order. */
  readonly trials: readonly number[]
}
export interface PlannedTrial {
  readonly index: number
  readonly name: string
  readonly treatment: number
  readonly stack: number
  readonly stackReplicate: number
  readonly runReplicate: number
  /** Place in the order, from 0. */
  readonly position: number
  readonly block: number
  readonly seeds: TrialSpec['seeds']
}

export interface PlannedDesign {
  readonly kind: DesignKind
  /** Combinations that constraints left out. */
  readonly excluded: number
  /** Combinations that resolve to the same as others. */
  readonly collapsed: number
  /** Combinations that are the same as others because a factor does not apply. */
  readonly notApplicable: number
  /** Combinations that were measured elsewhere, and are left out. */
  readonly measured?: number
  /** Blocks that each stack replicate is split into. */
  readonly blocks: number
}

export interface Plan {
  readonly name: string
  readonly run: number
  /** SHA-256 of what will be measured and in which order. */
  readonly digest: string
  readonly treatments: readonly PlannedTreatment[]
  readonly stacks: readonly PlannedStack[]
  readonly trials: readonly PlannedTrial[]
  readonly factors: readonly PlannedFactor[]
  /** How the combinations were constructed, where they were. */
  readonly construction?: Construction
  readonly design: PlannedDesign
  /** How far a design is that grows from what is measured. */
  readonly adaptive?: Adaptive
  readonly warnings: readonly string[]
  readonly estimate: Estimate
  /** What the estimate rests on, by stack. */
  readonly times: readonly StackTime[]
  readonly experiment: ExperimentSpec
  /** The harness that the Experiment refers to; where the harness is a factor, `resolved` knows better. */
  readonly harnessName: string
  /** Resolved specifications by treatment, made when they are asked for: 10,000 of them would fill the memory. */
  readonly resolved: {
    readonly scenario: (treatment: number) => ScenarioSpec
    readonly workload: (treatment: number) => WorkloadProfileSpec
    readonly harness: (treatment: number) => HarnessSpec
    readonly harnessName: (treatment: number) => string
    readonly setupLevels: (treatment: number) => Record<string, unknown>
    /** For each factor the index of its level; -1 where the base stays. */
    readonly picks: (treatment: number) => readonly number[]
  }
}
export type PlanResult = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly problems: readonly Problem[] }

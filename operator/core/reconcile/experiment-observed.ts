// SPDX-License-Identifier: Apache-2.0
/** The picture of one running Experiment that decideExperiment sees: plan, states of stacks and trials, and the clock. */

import type { BudgetView } from './budget.ts'

export type TrialState = 'absent' | 'pending' | 'running' | 'succeeded' | 'failed' | 'invalid'
export type StackState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'comingUp' }
  /** `upgradable`: another stack may be upgraded from it. */
  | { readonly kind: 'ready'; readonly idleSinceMs?: number; readonly upgradable?: boolean }
  /** A stack that is there already takes its releases over, or has done so. */
  | { readonly kind: 'handingOver' }
  | { readonly kind: 'handedOver' }
  | { readonly kind: 'failed'; readonly idleSinceMs?: number }
  | { readonly kind: 'goingDown' }

/** As much of a plan as deciding needs. */
export interface PlanShape {
  /** Block of the analysis and stack replicate: together a complete replicate. */
  readonly stacks: readonly { readonly name: string; readonly trials: readonly number[]; readonly block?: number; readonly replicate?: number; readonly upgrades?: string }[]
  readonly trials: readonly { readonly name: string; readonly stack: number; readonly treatment?: number }[]
  /** Of a design that grows from what is measured: whether it has all that it asked for. */
  readonly adaptive?: { readonly ended: boolean } | undefined
}

export interface ExperimentRules {
  readonly suspend: boolean
  readonly parallelStacks: number
  readonly maxFailedTrials: number
  readonly idleTimeoutMs: number
  readonly deadlineMs?: number
  readonly teardown: 'Always' | 'OnSuccess' | 'Never'
  readonly holdMs: number
}

export interface ObservedExperiment {
  readonly now: number
  readonly startMs: number
  /** Milliseconds spent suspended, which the deadline does not count. */
  readonly suspendedMs: number
  readonly rules: ExperimentRules
  readonly plan: PlanShape
  readonly stacks: readonly StackState[]
  readonly trials: readonly TrialState[]
  /** What may be spent, where there is a limit. */
  readonly budget?: BudgetView
}

export interface TrialCounts { readonly total: number; readonly pending: number; readonly running: number; readonly succeeded: number; readonly failed: number; readonly invalid: number }

/** Trials by state; absent ones are pending. */
export function countTrials(states: readonly TrialState[]): TrialCounts {
  const n = { pending: 0, running: 0, succeeded: 0, failed: 0, invalid: 0 }
  for (const state of states) n[state === 'absent' ? 'pending' : state] += 1
  return { total: states.length, ...n }
}

export const isEnded = (state: TrialState): boolean => state === 'succeeded' || state === 'failed' || state === 'invalid'

// SPDX-License-Identifier: Apache-2.0
/** The status of an Experiment: counters, progress, ETA and kstatus conditions, from what is observed. The only writer of Ready. */
import { type ConditionState, type ConditionType, setConditions } from '../model/conditions.ts'
import type { Condition } from '../model/common.ts'
import type { ExperimentStatus } from '../model/experiment.ts'
import type { Experiment } from '../model/kinds.ts'
import type { ExperimentOutcome } from './experiment.ts'
import { same } from './same.ts'
import { stamp } from './stamp.ts'
import { countTrials, type ObservedExperiment, type StackState, type TrialState } from './experiment-observed.ts'

type Wanted = Partial<Record<ConditionType, Omit<ConditionState, 'type'> | null>>
export type ExperimentPatch = Partial<{ [K in keyof ExperimentStatus]: ExperimentStatus[K] | null }>
export type GateStatus = NonNullable<ExperimentStatus['gate']>

export interface Progress {
  readonly seen: ObservedExperiment
  readonly outcome?: ExperimentOutcome
  readonly failures: NonNullable<ExperimentStatus['failures']>
  /** Stacks that were up and are verified gone. */
  readonly removed: number
  readonly remainingMs?: number
  /** What was used so far, stacks that stand included. */
  readonly usage?: ExperimentStatus['usage']
  /** Why the budget lets nothing more begin. */
  readonly budgetStop?: string
  readonly gate?: GateStatus
  /** Of a design that grows from what is measured. */
  readonly adaptive?: { readonly status: NonNullable<ExperimentStatus['adaptive']>; readonly treatments: number } | undefined
  readonly onInsufficient?: 'Fail' | 'Pass' | 'Unknown'
}

const cond = (status: Condition['status'], reason: string, message: string) => ({ status, reason, message })

export function statusPatch(experiment: Experiment, now: number, change: { wanted: Wanted; fields: ExperimentPatch }): ExperimentPatch {
  const generation = experiment.metadata.generation ?? 0
  return { ...change.fields, observedGeneration: generation, conditions: setConditions(experiment.status?.conditions ?? [], change.wanted, { now: stamp(now), generation }) }
}

/** Refused before anything was stood up. */
export function refusedStatus(experiment: Experiment, now: number, why: { reason: string; message: string }): ExperimentPatch {
  const state = (status: Condition['status']) => cond(status, why.reason, why.message.slice(0, 4096))
  return statusPatch(experiment, now, {
    wanted: { Ready: state('False'), Stalled: state('True'), Failed: state('True'), Planned: state('False'), Reconciling: null, PreflightPassed: why.reason === 'PreflightFailed' ? state('False') : null },
    fields: { phase: 'Failed' },
  })
}

export interface PlannedFields { readonly run: number; readonly snapshot: NonNullable<ExperimentStatus['snapshot']>; readonly specDigest: string; readonly treatments: number; readonly trials: number; readonly stacks: number; readonly handledRerun?: string; readonly preflight?: readonly string[] }

/** Doubts stand in the message; nothing where it was not looked at. */
function preflightCondition(doubts: readonly string[] | undefined): Omit<ConditionState, 'type'> | null {
  if (doubts === undefined) return null
  return doubts.length === 0 ? cond('True', 'Passed', 'nothing speaks against it') : cond('True', 'Warned', doubts.join('\n').slice(0, 4096))
}

/** The plan is made and on record; the clock starts. */
export function plannedStatus(experiment: Experiment, now: number, planned: PlannedFields): ExperimentPatch {
  const message = `${planned.treatments} treatments, ${planned.stacks} stand-ups, ${planned.trials} trials`
  return statusPatch(experiment, now, {
    wanted: {
      Planned: cond('True', 'Planned', message), PreflightPassed: preflightCondition(planned.preflight), Ready: cond('Unknown', 'Running', message), Reconciling: cond('True', 'Running', message),
      Stalled: null, Failed: null, Complete: null, Measured: null, ResultsStored: null, TornDown: null, StoodUp: null, GatePassed: null,
    },
    fields: {
      phase: 'Running', run: planned.run, startTime: stamp(now), completionTime: null, snapshot: planned.snapshot, specDigest: planned.specDigest, treatments: planned.treatments,
      trials: { total: planned.trials, pending: planned.trials, running: 0, succeeded: 0, failed: 0, invalid: 0 }, progress: `0/${planned.trials}`,
      stacks: { total: planned.stacks, up: 0, failed: 0, removed: 0 }, failures: [], eta: null, gate: null, usage: null, budgetEnd: null, adaptive: null,
      ...(planned.handledRerun !== undefined && { handledRerun: planned.handledRerun }),
    },
  })
}

/** Another budget goes on where the last one ended. */
export function resumedStatus(experiment: Experiment, now: number, message: string): ExperimentPatch {
  if (experiment.status?.completionTime === undefined) return statusPatch(experiment, now, { wanted: {}, fields: { budgetEnd: null } })
  return goesOn(experiment, now, { reason: 'BudgetChanged', message, fields: { budgetEnd: null } })
}

export type ExtendedFields = Pick<NonNullable<Experiment['status']>, 'snapshot' | 'specDigest' | 'treatments'>

/** Treatments were added, while it runs or after it had ended. */
export function extendedStatus(experiment: Experiment, now: number, { message, fields }: { readonly message: string; readonly fields: ExtendedFields }): ExperimentPatch {
  return goesOn(experiment, now, { reason: 'Extended', message, fields })
}

/** As a run that had never ended: the time since it had is no time of the run, and no deadline counts it. */
function goesOn(experiment: Experiment, now: number, { reason, message, fields }: { readonly reason: string; readonly message: string; readonly fields: ExperimentPatch }): ExperimentPatch {
  const { completionTime, suspendedSeconds = 0 } = experiment.status ?? {}
  const rested = completionTime === undefined ? 0 : Math.max(0, Math.round((now - Date.parse(completionTime)) / 1000))
  return statusPatch(experiment, now, {
    wanted: {
      Ready: cond('Unknown', reason, message), Reconciling: cond('True', reason, message),
      Stalled: null, Complete: null, Failed: null, Measured: null, ResultsStored: null, TornDown: null, GatePassed: null,
    },
    fields: { phase: 'Running', completionTime: null, gate: null, ...fields, ...(rested > 0 && { suspendedSeconds: suspendedSeconds + rested }) },
  })
}

/** How a run that is under way, or has just ended, looks. */
export function progressStatus(experiment: Experiment, progress: Progress): ExperimentPatch {
  const { seen, outcome, adaptive } = progress
  const counts = countTrials(seen.trials)
  const ended = counts.succeeded + counts.failed + counts.invalid
  const far = `${ended}/${counts.total}${adaptive === undefined ? '' : `; ${adaptive.status.progress}`}`
  const fields: ExperimentPatch = {
    trials: { ...counts }, progress: far.slice(0, 64), ...(adaptive && { adaptive: adaptive.status, treatments: adaptive.treatments }), failures: progress.failures.slice(0, 5), stacks: countStacks(seen.stacks, progress.removed),
    eta: outcome === undefined && progress.remainingMs !== undefined ? stamp(Math.ceil((seen.now + progress.remainingMs) / 5000) * 5000) : null,
    ...(progress.usage && { usage: progress.usage }), ...budgetEnd(progress), ...suspension(experiment, seen),
  }
  const wanted = outcome === undefined ? runningConditions(seen, adaptive === undefined ? `${ended}/${counts.total} trials` : `${ended}/${counts.total} trials so far; ${adaptive.status.progress}`) : endConditions(progress, outcome)
  const final = outcome === undefined ? {} : { completionTime: stamp(seen.now), ...(progress.gate && { gate: progress.gate }) }
  const phase = outcome === undefined ? (seen.rules.suspend ? 'Suspended' : 'Running') : endPhase(wanted)
  return statusPatch(experiment, seen.now, { wanted, fields: { ...fields, ...final, phase } })
}

function countStacks(stacks: readonly StackState[], removed: number): NonNullable<ExperimentStatus['stacks']> {
  const up = stacks.filter((s) => s.kind !== 'absent').length
  return { total: stacks.length, up, failed: stacks.filter((s) => s.kind === 'failed').length, removed }
}

/** The decision stands for this budget, so that what was given up is not begun again when a little less was used than expected. */
function budgetEnd({ budgetStop, seen }: Progress): ExperimentPatch {
  const { budget } = seen
  if (budgetStop === undefined || budget === undefined || budget.ended !== undefined) return {}
  return { budgetEnd: { time: stamp(seen.now), message: budgetStop.slice(0, 2048), budget: budget.budget } }
}

/** Time suspended is kept, because deadlines do not count it. */
function suspension(experiment: Experiment, seen: ObservedExperiment): ExperimentPatch {
  const since = experiment.status?.suspendedSince
  if (seen.rules.suspend) return since === undefined ? { suspendedSince: stamp(seen.now) } : {}
  if (since === undefined) return {}
  return { suspendedSince: null, suspendedSeconds: (experiment.status?.suspendedSeconds ?? 0) + Math.round((seen.now - Date.parse(since)) / 1000) }
}

function runningConditions(seen: ObservedExperiment, message: string): Wanted {
  const stood = seen.stacks.some((s) => s.kind === 'ready')
  const measured = seen.trials.every((t: TrialState) => t === 'succeeded' || t === 'failed' || t === 'invalid')
  return {
    ...(seen.rules.suspend
      ? { Ready: cond('Unknown', 'Suspended', message), Suspended: cond('True', 'Suspended', 'nothing new is started'), Reconciling: null }
      : { Ready: cond('Unknown', 'Running', message), Suspended: null, Reconciling: cond('True', 'Running', message) }),
    ...(stood && { StoodUp: cond('True', 'StoodUp', 'a stack has been ready') }),
    ...(measured && { Measured: cond('True', 'Measured', message), ResultsStored: cond('True', 'Stored', 'all results are stored') }),
  }
}

function endConditions(progress: Progress, outcome: ExperimentOutcome): Wanted {
  const tornDown = outcome.kind === 'succeeded' && outcome.held > 0
    ? cond('False', 'Held', `${outcome.held} stacks are kept (teardown.policy ${progress.seen.rules.teardown})`)
    : cond('True', 'TornDown', 'all stacks are gone, verified by inventory')
  const common: Wanted = { Reconciling: null, Suspended: null, TornDown: tornDown }
  if (outcome.kind === 'failed') {
    const state = (status: Condition['status']) => cond(status, outcome.reason, outcome.message)
    return { ...common, Ready: state('False'), Stalled: state('True'), Failed: state('True') }
  }
  const { total, succeeded, failed, invalid } = countTrials(progress.seen.trials)
  const message = `${succeeded} of ${total} trials succeeded${failed + invalid > 0 ? `, ${failed} failed, ${invalid} invalid` : ''}`
  if (outcome.kind === 'exhausted') return { ...common, ...exhaustedConditions(progress, outcome, message) }
  const measured: Wanted = { ...common, Measured: cond('True', 'Measured', message), ResultsStored: cond('True', 'Stored', 'all results are stored'), Complete: cond('True', 'Complete', message) }
  return { ...measured, ...gateConditions(progress, message) }
}

/** Ended for its budget: no failure where every treatment was measured, which a gate decides where there is one. */
function exhaustedConditions(progress: Progress, { covered, message }: Extract<ExperimentOutcome, { kind: 'exhausted' }>, counts: string): Wanted {
  const reason = 'BudgetExhausted'
  const said = `${counts}; ${message}`
  const ended: Wanted = { Measured: cond('False', reason, message), ResultsStored: cond('True', 'Stored', 'all results are stored'), Complete: cond('True', reason, said) }
  if (progress.gate !== undefined) return { ...ended, ...gateConditions(progress, said) }
  return covered ? { ...ended, Ready: cond('True', reason, said), Stalled: null } : { ...ended, Ready: cond('False', reason, said), Stalled: cond('True', reason, said) }
}

/** The truth table of the gate: failed, insufficient and what that counts as, passed. */
function gateConditions({ gate, onInsufficient }: Progress, message: string): Wanted {
  const ready: Wanted = { Ready: cond('True', 'Complete', message), Stalled: null }
  if (gate === undefined) return ready
  const worst = gate.rules.filter((r) => r.result === gate.result).map((r) => `${r.name}: ${r.message}`).join('; ').slice(0, 2048)
  if (gate.result === 'passed') return { ...ready, GatePassed: cond('True', 'Passed', worst) }
  const insufficient = gate.result === 'insufficient'
  const passed = cond(insufficient ? 'Unknown' : 'False', insufficient ? 'InsufficientData' : 'GateFailed', worst)
  if (insufficient && onInsufficient === 'Pass') return { ...ready, GatePassed: passed }
  if (insufficient && onInsufficient === 'Unknown') return { Ready: cond('Unknown', 'InsufficientData', worst), Stalled: null, GatePassed: passed }
  const reason = insufficient ? 'InsufficientData' : 'GateFailed'
  return { Ready: cond('False', reason, worst), Stalled: cond('True', reason, worst), GatePassed: passed }
}

function endPhase(wanted: Wanted): NonNullable<ExperimentStatus['phase']> {
  if (wanted.Failed?.status === 'True') return 'Failed'
  if (wanted.Stalled?.reason === 'BudgetExhausted') return 'Failed'
  return wanted.Stalled?.status === 'True' ? 'GateFailed' : 'Succeeded'
}

/** What moves with every trial; all else is written at once. */
const COUNTERS: ReadonlySet<string> = new Set(['trials', 'progress', 'adaptive', 'treatments', 'conditions', 'eta'])
/** One trial's end and the next one's beginning are told in one write. */
const SETTLING_MS = 1000

/** How long a write can wait because the next trial is about to begin; 0 when it should be written now. `lastEndMs`: when the last trial ended. */
export function settlingMs(experiment: Experiment, patch: ExperimentPatch, at: { readonly now: number; readonly lastEndMs: number }): number {
  const before = experiment.status ?? {}
  const counting = Object.entries(patch).every(([key, value]) => COUNTERS.has(key) || same(value ?? undefined, (before as Readonly<Record<string, unknown>>)[key]))
  const sameConditions = same(stateOf(patch.conditions ?? []), stateOf(before.conditions ?? []))
  return counting && sameConditions ? Math.max(0, at.lastEndMs + SETTLING_MS - at.now) : 0
}

/** Conditions without their words, which count trials too. */
function stateOf(conditions: readonly Condition[]): Readonly<Record<string, string>> {
  return Object.fromEntries(conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]))
}

/** Whether a patch would change anything that a reader sees; the ETA alone is not worth a write. */
export function changes(experiment: Experiment, patch: ExperimentPatch): boolean {
  const current = (experiment.status ?? {}) as Readonly<Record<string, unknown>>
  return Object.entries(patch).some(([key, value]) => key !== 'eta' && !same(value ?? undefined, current[key]))
}

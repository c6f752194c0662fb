// SPDX-License-Identifier: Apache-2.0
/** Boils the mirrors down to what decideExperiment sees. It reads memory only, and asks nothing. */
import { durationMs } from '../../core/model/common.ts'
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import type { ExperimentStatus } from '../../core/model/experiment.ts'
import { type Experiment, LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { canHandOver } from '../../core/reconcile/hand-over.ts'
import type { BudgetView } from '../../core/reconcile/budget.ts'
import type { ExperimentRules, ObservedExperiment, StackState, TrialState } from '../../core/reconcile/experiment-observed.ts'
import { hasEnded } from './trial-observe.ts'
import { BY_EXPERIMENT, BY_STACK, type World } from './world.ts'

export interface Children { readonly stacks: ReadonlyMap<string, Stack>; readonly trials: ReadonlyMap<string, Trial> }

/** The stacks and trials of one run, by name. */
export function childrenOf(world: World, experiment: Experiment, run: number): Children {
  const key = `${experiment.metadata.namespace ?? ''}/${experiment.metadata.name}`
  const ofRun = (o: Stack | Trial) => o.metadata.labels?.[LABELS.run] === String(run)
  const byName = <T extends Stack | Trial>(objects: readonly T[]) => new Map(objects.filter(ofRun).map((o) => [o.metadata.name, o]))
  return { stacks: byName(world.stacks.store.byIndex(BY_EXPERIMENT, key)), trials: byName(world.trials.store.byIndex(BY_EXPERIMENT, key)) }
}

export function observeExperiment(world: World, experiment: Experiment, at: { plan: Plan; children: Children; budget?: BudgetView | undefined }): ObservedExperiment {
  const { plan, children, budget } = at
  const now = world.now()
  const trials = plan.trials.map((t) => trialState(children.trials.get(t.name)))
  return {
    now, plan, trials, rules: rulesOf(experiment), ...(budget && { budget }),
    startMs: Date.parse(experiment.status?.startTime ?? '') || now,
    suspendedMs: suspendedMs(experiment, now),
    stacks: plan.stacks.map((s) => {
      const stack = children.stacks.get(s.name)
      if (stack === undefined) return podsRemain(world, experiment, s.name) ? { kind: 'goingDown' } : { kind: 'absent' }
      return standing(children, { stack, trials: s.trials.map((t) => children.trials.get(plan.trials[t]?.name ?? '')) })
    }),
  }
}

function trialState(trial: Trial | undefined): TrialState {
  if (trial === undefined || trial.metadata.deletionTimestamp !== undefined) return 'absent'
  const { conditions, verdict, attempts } = trial.status ?? {}
  if (isTrue(conditions, 'Complete')) return 'succeeded'
  if (isTrue(conditions, 'Failed')) return verdict === 'invalid' ? 'invalid' : 'failed'
  return (attempts?.length ?? 0) > 0 ? 'running' : 'pending'
}

/** Whether pods of trials outlive the stack that they loaded: it is not gone before they are. */
function podsRemain(world: World, { metadata }: Experiment, stack: string): boolean {
  return world.pods.store.byIndex(BY_STACK, `${metadata.namespace ?? ''}/${stack}`).length > 0
}

/** With what becomes of its releases: another stack may take them over, does so or has done so. */
function standing({ stacks }: Children, { stack, trials }: { stack: Stack; trials: readonly (Trial | undefined)[] }): StackState {
  const state = stackState(stack, trials)
  if (state.kind === 'goingDown') return state
  if (stack.status?.handedOver !== undefined) return { kind: 'handedOver' }
  if (state.kind !== 'ready' || !canHandOver(stack, stack)) return state
  const isHeir = ({ metadata, spec, status }: Stack) => spec.takesOver?.stack === stack.metadata.name && metadata.deletionTimestamp === undefined && status?.releases === undefined && !isTrue(status?.conditions, 'Failed')
  return [...stacks.values()].some(isHeir) ? { kind: 'handingOver' } : { ...state, upgradable: true }
}

function stackState(stack: Stack, trials: readonly (Trial | undefined)[]): StackState {
  if (stack.metadata.deletionTimestamp !== undefined) return { kind: 'goingDown' }
  const ends = trials.map((t) => Date.parse(t?.status?.completionTime ?? '')).filter((t) => !Number.isNaN(t))
  const since = Date.parse(stack.status?.readyTime ?? findCondition(stack.status?.conditions, 'Failed')?.lastTransitionTime ?? '')
  const idle = Math.max(...ends, Number.isNaN(since) ? 0 : since)
  const idleSinceMs = idle > 0 ? { idleSinceMs: idle } : {}
  if (isTrue(stack.status?.conditions, 'Failed')) return { kind: 'failed', ...idleSinceMs }
  return isTrue(stack.status?.conditions, 'Ready') ? { kind: 'ready', ...idleSinceMs } : { kind: 'comingUp' }
}

function rulesOf({ spec }: Experiment): ExperimentRules {
  const { execution, teardown } = spec
  return {
    suspend: spec.suspend, parallelStacks: execution.parallelStacks, maxFailedTrials: execution.maxFailedTrials, idleTimeoutMs: durationMs(execution.idleTimeout),
    teardown: teardown.policy, holdMs: durationMs(teardown.holdFor), ...(execution.deadline !== undefined && { deadlineMs: durationMs(execution.deadline) }),
  }
}

function suspendedMs({ status }: Experiment, now: number): number {
  const running = status?.suspendedSince === undefined ? 0 : now - Date.parse(status.suspendedSince)
  return (status?.suspendedSeconds ?? 0) * 1000 + running
}

/** The first failures, for the status. */
export function failuresOf({ stacks, trials }: Children): NonNullable<ExperimentStatus['failures']> {
  const failed = (objects: Iterable<Stack | Trial>) => [...objects].flatMap((o) => {
    const condition = findCondition(o.status?.conditions, 'Failed')
    return condition?.status === 'True' ? [{ name: o.metadata.name, reason: condition.reason, message: condition.message.slice(0, 512), at: condition.lastTransitionTime }] : []
  })
  return [...failed(stacks.values()), ...failed(trials.values())].sort((a, b) => a.at.localeCompare(b.at)).slice(0, 5).map(({ at: _at, ...failure }) => failure)
}

/** When the last trial ended; 0 when none has. */
export function lastEndMs({ trials }: Children): number {
  let last = 0
  for (const { status } of trials.values()) if (status?.completionTime !== undefined) last = Math.max(last, Date.parse(status.completionTime))
  return last
}

/** Milliseconds that are left, from trials and stand-ups that have ended; undefined until one has. */
export function remainingMs(seen: ObservedExperiment, children: Children, adaptive?: Plan['adaptive']): number | undefined {
  const trialTimes = [...children.trials.values()].filter(hasEnded).map((t) => Date.parse(t.status?.completionTime ?? '') - Date.parse(t.status?.startTime ?? '')).filter((ms) => ms > 0)
  if (trialTimes.length === 0) return undefined
  const startups = [...children.stacks.values()].map((s) => (s.status?.startupSeconds ?? 0) * 1000).filter((ms) => ms > 0)
  const mean = (values: readonly number[]) => (values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length)
  const open = seen.trials.filter((t) => t === 'absent' || t === 'pending' || t === 'running').length
  const unbuilt = seen.stacks.filter((s, i) => s.kind === 'absent' && (seen.plan.stacks[i]?.trials ?? []).some((t) => seen.trials[t] === 'absent')).length
  // Of a design that grows more are likely to come.
  const more = adaptive === undefined || adaptive.ended ? 0 : Math.max(0, adaptive.trials.likely - seen.trials.length)
  return ((open + more) * mean(trialTimes) + unbuilt * mean(startups)) / Math.max(1, Math.min(seen.rules.parallelStacks, seen.stacks.length))
}

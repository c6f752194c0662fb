// SPDX-License-Identifier: Apache-2.0
/** The Experiment controller: plan once, then observe → decide → act → patch. */
import { ExperimentSpec, type ExperimentStatus } from '../../core/model/experiment.ts'
import { isTrue } from '../../core/model/conditions.ts'
import { ANNOTATIONS, type Experiment } from '../../core/model/kinds.ts'
import { adaptiveStatus } from '../../core/reconcile/adaptive-status.ts'
import { decideExperiment, type ExperimentDecision } from '../../core/reconcile/experiment.ts'
import { isEnded, type ObservedExperiment } from '../../core/reconcile/experiment-observed.ts'
import { progressStatus, refusedStatus, settlingMs, statusPatch } from '../../core/reconcile/experiment-status.ts'
import { DONE, type ReconcileContext, requeueAfter, type Result, TerminalError } from '../kube/controller.ts'
import { carryOut, patchExperimentStatus } from './experiment-act.ts'
import { budgetOf, followBudget, recordUsage, tellBudgetEnd, usageOf } from './experiment-budget.ts'
import { followChange } from './experiment-change.ts'
import { evaluateGateOf } from './experiment-gate.ts'
import { childrenOf, type Children, failuresOf, lastEndMs, observeExperiment, remainingMs } from './experiment-observe.ts'
import { planExperiment } from './experiment-plan.ts'
import type { Plan } from '../../core/plan/plan.ts'
import type { PlanBook, PlannedRun } from './plan-book.ts'
import type { PlanGrowth } from './plan-growth.ts'
import type { World } from './world.ts'

const AGAIN: Result = requeueAfter(0)
/** ConfigMaps, quotas and volumes are not watched: whether what was missing has come is asked for. */
const LOOK_AGAIN: Result = requeueAfter(60_000)

/** What is remembered between reconciliations, all of which can be made again from the cluster. */
export interface Plans { readonly book: PlanBook; readonly growth: PlanGrowth }

export async function reconcileExperiment(world: World, { book, growth }: Plans, key: string, context: ReconcileContext): Promise<Result> {
  const found = world.experiments.store.get(key)
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return DONE
  const experiment = withDefaults(found)
  if (wantsRun(experiment)) {
    book.forget(experiment.metadata.uid ?? '')
    growth.forget(experiment.metadata.uid ?? '')
    const outcome = await planExperiment(world, experiment)
    return outcome === 'begun' ? AGAIN : outcome === 'waiting' ? LOOK_AGAIN : DONE
  }
  const changed = await followChange(world, book, experiment)
  if (changed === 'extended') return AGAIN
  if (experiment.status?.startTime === undefined) return DONE
  if (await followBudget(world, experiment)) return AGAIN
  const planned = await book.of(world, experiment)
  if (planned === undefined) return loseSnapshot(world, experiment)
  const children = childrenOf(world, experiment, planned.plan.run)
  return step(world, experiment, { planned: await growth.grow(world, experiment, { planned, children }), children, context })
}

/** Without its snapshot nobody knows what the run was: it fails, and nothing more is stood up. */
async function loseSnapshot(world: World, experiment: Experiment): Promise<Result> {
  if (isTrue(experiment.status?.conditions, 'Failed')) return DONE
  const message = `the ConfigMap ${experiment.status?.snapshot?.name ?? 'with the snapshot'} that this run was planned from is gone; set the annotation ${ANNOTATIONS.rerun} to run again`
  return giveUp(world, experiment, { reason: 'SnapshotGone', message })
}

async function giveUp(world: World, experiment: Experiment, why: { readonly reason: string; readonly message: string }): Promise<Result> {
  const failed = await patchExperimentStatus(world, experiment, { ...refusedStatus(experiment, world.now(), why), completionTime: new Date(world.now()).toISOString() })
  world.story.warning(failed, why.reason, why.message)
  return DONE
}

/** Defaults as the API server would set them; a spec that does not parse is refused by planning. */
function withDefaults(experiment: Experiment): Experiment {
  const parsed = ExperimentSpec.safeParse(experiment.spec)
  return parsed.success ? { ...experiment, spec: parsed.data } : experiment
}

/** A run begins once; a finished one begins again only by a new value of the annotation. */
function wantsRun({ metadata, status }: Experiment): boolean {
  if (status?.startTime === undefined) return true
  const token = metadata.annotations?.[ANNOTATIONS.rerun]
  return status.completionTime !== undefined && token !== undefined && token !== status.handledRerun
}

async function step(world: World, experiment: Experiment, at: { planned: PlannedRun; children: Children; context: ReconcileContext }): Promise<Result> {
  const { planned: { plan }, children } = at
  const usage = usageOf(experiment, { plan, children, now: world.now() })
  const seen = observeExperiment(world, experiment, { plan, children, budget: budgetOf(world, experiment, { plan, usage, children }) })
  if (experiment.status?.completionTime !== undefined) return afterEnd(world, await recordUsage(world, experiment, usage), { seen, children, planned: at.planned })
  const decision = decideExperiment(seen)
  if (decision.actions.length > 0) at.context.log.info({ actions: decision.actions.length, first: decision.actions[0]?.kind }, 'experiment actions')
  try {
    for (const action of decision.actions) await carryOut(world, experiment, { plan, action })
  } catch (error) {
    if (!(error instanceof TerminalError)) throw error
    return giveUp(world, experiment, { reason: 'NameTaken', message: error.message })
  }
  const settling = await record(world, experiment, { seen, children, decision, plan, usage })
  const again = [decision.againInMs, settling].filter((ms) => ms !== undefined)
  return again.length === 0 ? DONE : requeueAfter(Math.min(...again))
}

/** Writes what is seen. Milliseconds to look again after, where the write can wait for the next trial's beginning. */
async function record(world: World, experiment: Experiment, at: { seen: ObservedExperiment; children: Children; decision: ExperimentDecision; plan: Plan; usage: NonNullable<ExperimentStatus['usage']> }): Promise<number | undefined> {
  const { seen, children, decision } = at
  const { outcome } = decision
  const gate = outcome?.kind === 'succeeded' || outcome?.kind === 'exhausted' ? await evaluateGateOf(world, experiment, at.plan) : undefined
  const status = progressStatus(experiment, {
    seen, removed: removedStacks(seen), failures: failuresOf(children), remainingMs: remainingMs(seen, children, at.plan.adaptive), usage: at.usage, ...(decision.budgetStop !== undefined && { budgetStop: decision.budgetStop }),
    ...(at.plan.adaptive && { adaptive: { status: adaptiveStatus(at.plan.adaptive), treatments: at.plan.treatments.length } }),
    ...(outcome && { outcome }), ...(gate && { gate, onInsufficient: experiment.spec.gate?.onInsufficient }),
  })
  const settling = settlingMs(experiment, status, { now: seen.now, lastEndMs: lastEndMs(children) })
  if (settling > 0) return settling
  const patched = await patchExperimentStatus(world, experiment, status)
  tellBudgetEnd(world, experiment, patched)
  if (outcome !== undefined) tellEnd(world, patched)
  return undefined
}

function tellEnd(world: World, experiment: Experiment): void {
  const message = experiment.status?.conditions?.find((c) => c.type === 'Ready')?.message ?? ''
  if (experiment.status?.phase === 'Succeeded') world.story.normal(experiment, 'Complete', message)
  else world.story.warning(experiment, experiment.status?.phase ?? 'Failed', message)
}

/** Stacks whose trials have ended and that are verified gone. */
function removedStacks({ stacks, trials, plan }: ObservedExperiment): number {
  return stacks.filter((s, i) => s.kind === 'absent' && (plan.stacks[i]?.trials ?? []).every((t) => isEnded(trials[t] ?? 'absent'))).length
}

/** A finished Experiment only takes down what it held, when the hold ends. */
async function afterEnd(world: World, experiment: Experiment, at: { seen: ObservedExperiment; children: Children; planned: PlannedRun }): Promise<Result> {
  if (experiment.status?.observedGeneration !== experiment.metadata.generation) await patchExperimentStatus(world, experiment, statusPatch(experiment, world.now(), { wanted: {}, fields: {} }))
  if (isTrue(experiment.status?.conditions, 'TornDown')) return DONE
  if (at.children.stacks.size === 0) {
    const gone = { status: 'True', reason: 'TornDown', message: 'all stacks are gone, verified by inventory' } as const
    await patchExperimentStatus(world, experiment, statusPatch(experiment, world.now(), { wanted: { TornDown: gone }, fields: {} }))
    return DONE
  }
  const decision = decideExperiment(at.seen)
  const removals = decision.actions.filter((a) => a.kind === 'deleteStack')
  for (const action of removals) await carryOut(world, experiment, { plan: at.planned.plan, action })
  return decision.againInMs === undefined ? DONE : requeueAfter(decision.againInMs)
}

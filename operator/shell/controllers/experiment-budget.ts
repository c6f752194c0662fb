// SPDX-License-Identifier: Apache-2.0
/** What an Experiment has used and may still use: the ledger from its stacks, and another budget after it had ended for one. */
import { canonicalJson } from '../../core/design/canonical.ts'
import type { ExperimentStatus } from '../../core/model/experiment.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { oneCurrency } from '../../core/plan/prices.ts'
import type { BudgetView } from '../../core/reconcile/budget.ts'
import { resumedStatus, statusPatch } from '../../core/reconcile/experiment-status.ts'
import { same } from '../../core/reconcile/same.ts'
import { settleUsage, type StandingStack } from '../../core/reconcile/usage.ts'
import { patchExperimentStatus } from './experiment-act.ts'
import { learnedIn } from './experiment-history.ts'
import type { Children } from './experiment-observe.ts'
import type { World } from './world.ts'

type Usage = NonNullable<ExperimentStatus['usage']>

/** Stacks as they are: by the accelerators that their pods request, once that is known. */
export function usageOf({ status }: Experiment, { plan, children, now }: { plan: Plan; children: Children; now: number }): Usage {
  const planned = new Map(plan.stacks.map((s) => [s.name, s.index]))
  const currency = oneCurrency(plan.times.filter((t) => t.gpus > 0).map((t) => t.price))
  const standing = [...children.stacks.values()].map(({ metadata, status: stack }): StandingStack => {
    const time = plan.times[planned.get(metadata.name) ?? -1]
    const sinceMs = Date.parse(metadata.creationTimestamp ?? '') || now
    return { name: metadata.name, sinceMs, gpus: stack?.gpus ?? time?.gpus ?? 0, ...(currency !== undefined && { hourlyCost: time?.price?.amount ?? 0 }) }
  })
  return settleUsage(status?.usage, standing, { now, currency })
}

export function budgetOf(world: World, { metadata, spec, status }: Experiment, { plan, usage, children }: { plan: Plan; usage: Usage; children: Children }): BudgetView | undefined {
  const { budget } = spec
  if (budget === undefined) return undefined
  const runningSince = new Map(plan.trials.flatMap(({ name, index }) => {
    const trial = children.trials.get(name)?.status
    return trial?.startTime === undefined || trial.completionTime !== undefined ? [] : [[index, Date.parse(trial.startTime)] as const]
  }))
  return { budget, usage, runningSince, times: plan.times, learned: learnedIn(world, metadata.namespace ?? ''), ended: status?.budgetEnd?.message }
}

/** A stack that was kept and has gone since the end is charged too. */
export async function recordUsage(world: World, experiment: Experiment, usage: Usage): Promise<Experiment> {
  if (same(usage, experiment.status?.usage)) return experiment
  return patchExperimentStatus(world, experiment, statusPatch(experiment, world.now(), { wanted: {}, fields: { usage } }))
}

/** Once, when it is decided. */
export function tellBudgetEnd(world: World, before: Experiment, patched: Experiment): void {
  const end = patched.status?.budgetEnd
  if (end !== undefined && before.status?.budgetEnd === undefined) world.story.warning(patched, 'BudgetExhausted', end.message)
}

/** True when the budget is another than the one that ended the run: it goes on. */
export async function followBudget(world: World, experiment: Experiment): Promise<boolean> {
  const { spec, status } = experiment
  if (status?.budgetEnd === undefined || canonicalJson(spec.budget ?? null) === canonicalJson(status.budgetEnd.budget)) return false
  const message = spec.budget === undefined ? 'the budget was taken away' : 'the budget changed'
  world.story.normal(await patchExperimentStatus(world, experiment, resumedStatus(experiment, world.now(), message)), 'BudgetChanged', `${message}: the run goes on where it had ended`)
  return true
}

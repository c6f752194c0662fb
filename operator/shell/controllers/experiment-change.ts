// SPDX-License-Identifier: Apache-2.0
/** A change of the design after start: levels and treatments may grow, as a new block; anything else is refused and the run goes on with its snapshot. */
import { findCondition } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { extendedStatus, statusPatch } from '../../core/reconcile/experiment-status.ts'
import { diffPlans } from '../../core/plan/extend.ts'
import { patchExperimentStatus } from './experiment-act.ts'
import { digestOfFrozen } from './experiment-plan.ts'
import { planOf, storeSnapshot } from './experiment-snapshot.ts'
import type { PlanBook } from './plan-book.ts'
import type { World } from './world.ts'

export async function followChange(world: World, book: PlanBook, experiment: Experiment): Promise<'same' | 'extended' | 'refused'> {
  const { status } = experiment
  if (status?.specDigest === undefined) return 'same'
  const specDigest = digestOfFrozen(experiment)
  if (status.specDigest === specDigest) return settle(world, experiment)
  const planned = await book.of(world, experiment)
  if (planned === undefined) return 'same'
  const { snapshot } = planned
  const next = { ...snapshot, spec: { ...experiment.spec } }
  const result = planOf(experiment, next)
  if (!result.ok) return refuse(world, experiment, result.problems.map(formatProblem).join('; '))
  const change = diffPlans(planned.plan, result.plan)
  if (!change.ok) return refuse(world, experiment, change.problems.map(formatProblem).join('; '))
  const stored = await storeSnapshot(world, experiment, { ...next, blocks: change.value.added.length === 0 ? snapshot.blocks : [...snapshot.blocks, change.value.added] })
  const { plan } = result
  const message = `${change.value.added.length} treatments were added: ${plan.trials.length} trials now`
  const patch = extendedStatus(experiment, world.now(), { message, fields: { snapshot: stored, specDigest, treatments: plan.treatments.length } })
  const extended = await patchExperimentStatus(world, experiment, patch)
  world.story.normal(extended, 'Extended', message)
  return 'extended'
}

const REASON = 'SpecChangeRefused'

async function refuse(world: World, experiment: Experiment, why: string): Promise<'refused'> {
  const message = `the design changed after start in a way that cannot be measured together: ${why}; the run goes on with its snapshot. Undo the change, or create a new Experiment`.slice(0, 4096)
  if (findCondition(experiment.status?.conditions, 'Stalled')?.message === message) return 'refused'
  const stalled = await patchExperimentStatus(world, experiment, statusPatch(experiment, world.now(), { wanted: { Stalled: { status: 'True', reason: REASON, message } }, fields: {} }))
  world.story.warning(stalled, REASON, message)
  return 'refused'
}

/** The change was undone. */
async function settle(world: World, experiment: Experiment): Promise<'same'> {
  if (findCondition(experiment.status?.conditions, 'Stalled')?.reason !== REASON) return 'same'
  await patchExperimentStatus(world, experiment, statusPatch(experiment, world.now(), { wanted: { Stalled: null }, fields: {} }))
  return 'same'
}

// SPDX-License-Identifier: Apache-2.0
/** The verbs of the Experiment controller: make and remove stacks and trials, write the status. Each name is fixed by the plan, so a repetition is harmless. */
import { API_VERSION, type Experiment, LABELS, type OwnerReference, type Stack, type Trial } from '../../core/model/kinds.ts'
import { type Plan, stackSpecOf, trialSpecOf } from '../../core/plan/plan.ts'
import { releasesOf } from '../../core/reconcile/hand-over.ts'
import type { ExperimentAction } from '../../core/reconcile/experiment.ts'
import { changes, type ExperimentPatch } from '../../core/reconcile/experiment-status.ts'
import { isAlreadyExists } from '../kube/api-error.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { TerminalError } from '../kube/controller.ts'
import type { Reflector } from '../kube/reflector.ts'
import { FIELD_MANAGER, type World } from './world.ts'

export async function patchExperimentStatus(world: World, experiment: Experiment, status: ExperimentPatch): Promise<Experiment> {
  if (!changes(experiment, status)) return experiment
  const { namespace, name, resourceVersion } = experiment.metadata
  const patched = await world.api.patchMerge(EXPERIMENTS, { namespace, name }, { metadata: { resourceVersion }, status }, { subresource: 'status', fieldManager: FIELD_MANAGER })
  world.experiments.learn(patched)
  return patched
}

export async function carryOut(world: World, experiment: Experiment, at: { plan: Plan; action: ExperimentAction }): Promise<void> {
  const { plan, action } = at
  switch (action.kind) {
    case 'createStack':
      return createStack(world, experiment, { plan, index: action.stack, ...(action.takesOver !== undefined && { takesOver: plan.stacks[action.takesOver]?.name }) })
    case 'createTrial':
      return createTrial(world, experiment, { plan, index: action.trial })
    case 'deleteStack': {
      const name = plan.stacks[action.stack]?.name ?? ''
      if (await world.api.delete(STACKS, { namespace: experiment.metadata.namespace, name })) world.story.normal(experiment, 'StackRemoved', `${name}: ${action.why}`)
      return undefined
    }
    case 'deleteTrial': {
      const name = plan.trials[action.trial]?.name ?? ''
      if (await world.api.delete(TRIALS, { namespace: experiment.metadata.namespace, name })) world.story.warning(experiment, 'TrialRemoved', `${name}: ${action.why}`)
    }
  }
}

async function createStack(world: World, experiment: Experiment, at: { plan: Plan; index: number; takesOver?: string | undefined }): Promise<void> {
  const planned = at.plan.stacks[at.index]
  if (planned === undefined) return
  const before = at.takesOver === undefined ? undefined : world.stacks.store.get(`${experiment.metadata.namespace ?? ''}/${at.takesOver}`)
  const takesOver = before && { stack: before.metadata.name, releases: releasesOf(before) }
  const stack: Stack = {
    apiVersion: API_VERSION, kind: 'Stack', spec: { ...stackSpecOf(at.plan, at.index), ...(takesOver && { takesOver }) },
    metadata: { name: planned.name, namespace: experiment.metadata.namespace, labels: labelsOf(experiment, at.plan), ownerReferences: [ownerOf(experiment)] },
  }
  if (await createOwned(world, experiment, { resource: STACKS, mirror: world.stacks, object: stack })) world.story.normal(experiment, 'StackCreated', `${planned.name}, stand-up ${planned.replicate}, for ${planned.trials.length} trials${takesOver === undefined ? '' : `, by an upgrade of ${takesOver.stack}`}`)
}

async function createTrial(world: World, experiment: Experiment, at: { plan: Plan; index: number }): Promise<void> {
  const planned = at.plan.trials[at.index]
  if (planned === undefined) return
  const stack = at.plan.stacks[planned.stack]?.name ?? ''
  const trial: Trial = {
    apiVersion: API_VERSION, kind: 'Trial', spec: trialSpecOf(at.plan, at.index),
    metadata: { name: planned.name, namespace: experiment.metadata.namespace, labels: { ...labelsOf(experiment, at.plan), [LABELS.stack]: stack }, ownerReferences: [ownerOf(experiment)] },
  }
  await createOwned(world, experiment, { resource: TRIALS, mirror: world.trials, object: trial })
}

/** False when it is there already and ours; a stranger of that name stops us for good. */
async function createOwned<T extends KubeObject>(world: World, experiment: Experiment, at: { resource: ApiResource<T>; mirror: Reflector<T>; object: T }): Promise<boolean> {
  try {
    at.mirror.learn(await world.api.create(at.resource, at.object, { fieldManager: FIELD_MANAGER }))
    return true
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  const { namespace, name } = at.object.metadata
  const found = await world.api.find(at.resource, { namespace, name })
  if (found === undefined) return false
  const ours = found.metadata.ownerReferences?.some((o) => o.uid === experiment.metadata.uid) === true
  if (!ours) throw new TerminalError(`${at.resource.kind} ${name} exists and belongs to somebody else: delete or rename it`)
  at.mirror.learn(found)
  return false
}

function labelsOf(experiment: Experiment, plan: Plan): Record<string, string> {
  return { 'app.kubernetes.io/managed-by': 'assay', [LABELS.experiment]: experiment.metadata.name, [LABELS.run]: String(plan.run) }
}

function ownerOf(experiment: Experiment): OwnerReference {
  return { apiVersion: API_VERSION, kind: 'Experiment', name: experiment.metadata.name, uid: experiment.metadata.uid ?? '', controller: true, blockOwnerDeletion: true }
}

// SPDX-License-Identifier: Apache-2.0
/** Which change wakes which controller. Keys only: controllers look at the mirrors, never at events. */
import { LABELS, type Stack } from '../../core/model/kinds.ts'
import { releasesOf } from '../../core/reconcile/hand-over.ts'
import { type KubeObject, keyOf } from '../kube/api-resource.ts'
import type { Reflector } from '../kube/reflector.ts'
import type { WorkQueue } from '../kube/work-queue.ts'
import type { CreatedWorld } from './create-world.ts'
import { RELEASE_ANNOTATION } from './stack-world.ts'
import { BY_STACK } from './world.ts'

export interface Queues { readonly experiment: WorkQueue; readonly stack: WorkQueue; readonly trial: WorkQueue }

/** Changes of children come in flocks: an Experiment looks at most so often. */
const COALESCE_MS = 50

export function subscribeAll({ world, onDelivered }: CreatedWorld, queues: Queues): void {
  const each = <T extends KubeObject>(mirror: Reflector<T>, run: (object: T) => void) => mirror.subscribe({ add: run, update: run, delete: run })
  const owner = (object: KubeObject) => {
    const name = object.metadata.labels?.[LABELS.experiment]
    if (name !== undefined) queues.experiment.addAfter(`${object.metadata.namespace ?? ''}/${name}`, COALESCE_MS)
  }
  each(world.experiments, (e) => {
    queues.experiment.add(keyOf(e))
    for (const trial of world.trials.store.byIndex('experiment', keyOf(e))) if (trial.status?.completionTime === undefined) queues.trial.add(keyOf(trial))
  })
  // Another one's gate may have waited for it as its baseline.
  world.experiments.subscribe({ add: (e) => wakeUnplanned(world, queues, e.metadata.namespace ?? '') })
  each(world.stacks, (stack) => {
    queues.stack.add(keyOf(stack))
    for (const other of world.stacks.store.list()) if (releasesMeet(stack, other)) queues.stack.add(keyOf(other))
    owner(stack)
    wakeTrialsOf(world, queues, keyOf(stack))
  })
  each(world.trials, (trial) => {
    queues.trial.add(keyOf(trial))
    owner(trial)
    if (trial.status?.completionTime !== undefined || trial.metadata.deletionTimestamp !== undefined) wakeTrialsOf(world, queues, `${trial.metadata.namespace ?? ''}/${trial.spec.stackRef.name}`)
  })
  for (const mirror of [world.jobs, world.pods] as readonly Reflector<KubeObject>[]) each(mirror, (object) => wakeTrial(queues, object))
  each(world.pods, (pod) => { if (pod.metadata.labels?.[LABELS.trial] === undefined) wakeStacksIn(world, queues, pod.metadata.namespace ?? '') })
  // A stack is free for the next trial once no pod loads it any more, and gone once none is left.
  each(world.pods, (pod) => { if (pod.metadata.labels?.[LABELS.trial] !== undefined) wakeTrialsOf(world, queues, stackOf(pod)) })
  world.pods.subscribe({ delete: (pod) => {
    if (pod.metadata.labels?.[LABELS.trial] === undefined) return
    queues.stack.add(stackOf(pod))
    owner(pod)
  } })
  for (const mirror of world.workloads) each(mirror, (workload) => { if (workload.metadata.annotations?.[RELEASE_ANNOTATION] !== undefined) wakeStacksIn(world, queues, workload.metadata.namespace ?? '') })
  const { scenarios, workloads, harnesses } = world.library
  for (const mirror of [scenarios, workloads, harnesses] as unknown as readonly Reflector<KubeObject>[]) each(mirror, (object) => wakeUnplanned(world, queues, object.metadata.namespace ?? ''))
  onDelivered(({ namespace, trial }) => queues.trial.add(`${namespace}/${trial}`))
}

type Mirrors = CreatedWorld['world']
const stackOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.labels?.[LABELS.stack] ?? ''}`

function wakeTrial(queues: Queues, object: KubeObject): void {
  const name = object.metadata.labels?.[LABELS.trial]
  if (name !== undefined) queues.trial.add(`${object.metadata.namespace ?? ''}/${name}`)
}

function wakeTrialsOf(world: Mirrors, queues: Queues, stack: string): void {
  for (const trial of world.trials.store.byIndex(BY_STACK, stack)) if (trial.status?.completionTime === undefined) queues.trial.add(keyOf(trial))
}

/** What one of them does with its releases lets the other go on. */
function releasesMeet(a: Stack, b: Stack): boolean {
  return a !== b && a.metadata.namespace === b.metadata.namespace && releasesOf(a) === releasesOf(b)
}

/** Pods carry no name of ours: every stack of the namespace looks, which is cheap. */
function wakeStacksIn(world: Mirrors, queues: Queues, namespace: string): void {
  for (const stack of world.stacks.store.list()) if (stack.metadata.namespace === namespace) queues.stack.add(keyOf(stack))
}

/** A missing reference may just have come. */
function wakeUnplanned(world: Mirrors, queues: Queues, namespace: string): void {
  for (const e of world.experiments.store.list()) if (e.metadata.namespace === namespace && e.status?.startTime === undefined) queues.experiment.add(keyOf(e))
}

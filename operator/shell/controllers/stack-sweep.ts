// SPDX-License-Identifier: Apache-2.0
/** What a removed stack has left: objects of its releases, and pods of the trials that ran on it. It looks and deletes; whether that is enough is decided elsewhere. */
import { LABELS, type Stack } from '../../core/model/kinds.ts'
import { releaseName } from '../../core/design/identity.ts'
import { releasesOf } from '../../core/reconcile/hand-over.ts'
import { ApiError, isNotFound } from '../kube/api-error.ts'
import { type ApiResource, keyOf } from '../kube/api-resource.ts'
import type { Pod } from '../kube/builtin-resources.ts'
import { podsBySelector, podsOf } from './stack-observe.ts'
import { BY_RELEASE, type StackWorld } from './stack-world.ts'
import { hasEnded } from './trial-observe.ts'
import { BY_STACK } from './world.ts'

/** Looks for everything that the releases made; claims of StatefulSets and hooks' objects, which Helm leaves, are deleted. */
export async function sweepLeftovers(world: StackWorld, stack: Stack): Promise<void> {
  const namespace = stack.metadata.namespace ?? ''
  const tenant = world.tenant(namespace, stack.spec.serviceAccountName)
  const left: string[] = []
  for (const entry of new Set([...(stack.status?.inventory ?? []), ...(stack.status?.inherited ?? [])])) {
    const { apiVersion, kind, name } = splitEntry(entry)
    const resource = await tenant.mapping(apiVersion, kind)
    if (resource === undefined || !(await exists(tenant.api, resource, { namespace, name }))) continue
    await tenant.api.delete(resource, { namespace, name }, { propagation: 'Foreground' })
    left.push(`${kind}/${name}`)
  }
  for (const pod of [...remainingPods(world, stack), ...trialPods(world, stack)]) left.push(`Pod/${pod}`)
  world.memories.of(stack.metadata.uid ?? '').leftovers = left
}

async function exists(api: { find: StackWorld['api']['find'] }, resource: ApiResource, ref: { namespace: string; name: string }): Promise<boolean> {
  try {
    return (await api.find(resource, ref)) !== undefined
  } catch (error) {
    // What the tenant's account may not read, Helm could not have made with it either.
    if (error instanceof ApiError && (error.code === 403 || isNotFound(error))) return false
    throw error
  }
}

/** Pods of the stack's ended trials: what loaded it goes with it. A trial that still runs is somebody else's business. */
function trialPods(world: StackWorld, stack: Stack): string[] {
  const isOver = (pod: Pod) => {
    const trial = world.trials.store.get(`${stack.metadata.namespace ?? ''}/${pod.metadata.labels?.[LABELS.trial] ?? ''}`)
    return pod.metadata.deletionTimestamp !== undefined || trial === undefined || hasEnded(trial)
  }
  return world.pods.store.byIndex(BY_STACK, keyOf(stack)).filter(isOver).map((p) => p.metadata.name)
}

/** Pods of the releases' workloads; once those are gone too, pods are found by the instance label that charts set. */
function remainingPods(world: StackWorld, stack: Stack): string[] {
  const namespace = stack.metadata.namespace ?? ''
  const planned = (stack.spec.scenario?.deploy?.releases ?? []).map((r) => releaseName(releasesOf(stack), r.name))
  const releases = [...new Set([...(stack.status?.releases ?? []).map((r) => r.release), ...planned])]
  const byWorkload = releases.flatMap((r) => world.workloads.flatMap((w) => w.store.byIndex(BY_RELEASE, `${namespace}/${r}`))).flatMap((w) => podsOf(world, w))
  const byLabel = releases.flatMap((r) => podsBySelector(world, namespace, { 'app.kubernetes.io/instance': r }))
  return [...new Set([...byWorkload, ...byLabel].map((p) => p.metadata.name))]
}

function splitEntry(entry: string): { apiVersion: string; kind: string; name: string } {
  const parts = entry.split('/')
  return { name: parts.at(-1) ?? '', kind: parts.at(-2) ?? '', apiVersion: parts.slice(0, -2).join('/') }
}

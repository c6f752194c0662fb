// SPDX-License-Identifier: Apache-2.0
/** Takes the workloads away that the stack before has left in the releases, so that every pod of the next one is new. It looks and deletes; whether that is enough is decided elsewhere. */
import type { Stack } from '../../core/model/kinds.ts'
import { SERVICES } from '../kube/builtin-resources.ts'
import { podsBySelector, podsOf, workloadsOf } from './stack-observe.ts'
import type { RenderedStack } from './stack-render.ts'
import type { StackWorld, Workload } from './stack-world.ts'

/** Remembers what is still there: workloads, their pods, and whatever pods the endpoint's Service would send requests to. */
export async function clearBefore(world: StackWorld, stack: Stack, rendered: RenderedStack): Promise<void> {
  if (!rendered.ok) return
  const { namespace = '' } = stack.metadata
  const workloads = rendered.releases.flatMap((r) => workloadsOf(world, stack, r.name))
  for (const workload of workloads) await deleteWorkload(world, stack, workload)
  const labelled = rendered.releases.flatMap((r) => podsBySelector(world, namespace, { 'app.kubernetes.io/instance': r.release }))
  const { service } = rendered.endpoint ?? {}
  const selector = service === undefined ? undefined : (await world.api.find(SERVICES, { namespace, name: service }))?.spec?.selector
  const behind = selector === undefined ? [] : podsBySelector(world, namespace, selector)
  const pods = new Set([...workloads.flatMap((w) => podsOf(world, w)), ...labelled, ...behind].map((p) => p.metadata.name))
  world.memories.of(stack.metadata.uid ?? '').remains = [...workloads.map((w) => `${w.kind ?? ''}/${w.metadata.name}`), ...[...pods].map((p) => `Pod/${p}`)]
}

/** As the tenant's account, and its pods first, so that it goes last. */
async function deleteWorkload(world: StackWorld, stack: Stack, { apiVersion = '', kind = '', metadata }: Workload): Promise<void> {
  if (metadata.deletionTimestamp !== undefined) return
  const tenant = world.tenant(metadata.namespace ?? '', stack.spec.serviceAccountName)
  const resource = await tenant.mapping(apiVersion, kind)
  if (resource !== undefined) await tenant.api.delete(resource, { namespace: metadata.namespace, name: metadata.name }, { uid: metadata.uid, propagation: 'Foreground' })
}

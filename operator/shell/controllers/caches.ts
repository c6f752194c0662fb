// SPDX-License-Identifier: Apache-2.0
/** Caches before a trial: the engine's reset endpoints on every serving pod, or new pods. Distinct and Keep need nothing. */
import { request } from 'undici'
import type { Stack, Trial } from '../../core/model/kinds.ts'
import { unreadyStack } from '../../core/reconcile/stack-status.ts'
import { STACKS } from '../kube/assay-resources.ts'
import { PODS } from '../kube/builtin-resources.ts'
import { bracketed } from './stack-probe.ts'
import { renderStack } from './stack-render.ts'
import { FIELD_MANAGER, type World } from './world.ts'

const TIMEOUT_MS = 10_000

/** Empties the caches of every serving pod. Returns what went wrong; the trial is then suspect, not failed. */
export async function resetCaches(world: World, stack: Stack): Promise<string | undefined> {
  const rendered = renderStack(world, stack)
  const endpoint = rendered.ok ? rendered.endpoint : undefined
  if (endpoint?.service === undefined) return 'the endpoint is not a stack of ours: its caches cannot be reset'
  const pods = (stack.status?.pods ?? []).filter((p) => p.serving === true && p.ip !== undefined)
  if (pods.length === 0) return 'no serving pod is known'
  const port = servingPort(stack) ?? endpoint.port
  const calls = pods.flatMap((p) => endpoint.resetPaths.map((path) => post(`http://${bracketed(p.ip ?? '')}:${port}${path}`)))
  const failed = (await Promise.all(calls)).filter((why) => why !== undefined)
  return failed.length === 0 ? undefined : failed.slice(0, 3).join('; ')
}

async function post(url: string): Promise<string | undefined> {
  try {
    const { statusCode, body } = await request(url, { method: 'POST', headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS })
    await body.dump()
    return statusCode < 300 ? undefined : `${url}: HTTP ${statusCode}`
  } catch (error) {
    return `${url}: ${(error as Error).message}`
  }
}

/** Pods are addressed directly, so the Service's port may not be theirs: the scrape address knows. */
function servingPort(stack: Stack): number | undefined {
  const first = stack.status?.endpoint?.scrape?.[0]
  return first === undefined ? undefined : Number(new URL(first).port || 80)
}

/** Names the attempt for which pods were restarted last, so that it is done once. */
export const restartToken = (trial: Trial, attempt: number): string => `${trial.metadata.uid ?? ''}/${attempt}`

/** New pods for the next attempt. The stack is not ready until they serve; its own controller sees to that. */
export async function restartServers(world: World, stack: Stack, token: string): Promise<void> {
  const { namespace, name, resourceVersion } = stack.metadata
  const why = { reason: 'Restarting', message: 'serving pods are restarted between trials (caches: Restart)' }
  const status = { ...unreadyStack(stack, world.now(), why), restartedFor: token }
  world.stacks.learn(await world.api.patchMerge(STACKS, { namespace, name }, { metadata: { resourceVersion }, status }, { subresource: 'status', fieldManager: FIELD_MANAGER }))
  for (const pod of stack.status?.pods ?? []) await world.api.delete(PODS, { namespace, name: pod.pod }, { uid: pod.uid })
}

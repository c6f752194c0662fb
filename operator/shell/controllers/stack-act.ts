// SPDX-License-Identifier: Apache-2.0
/** The verbs of the Stack controller that change its own object: each does one thing, records it, and decides nothing. */
import { FINALIZER, type Stack } from '../../core/model/kinds.ts'
import { afreshStack, askingStack, failedStack, handedOverStack, readyStack, reinstallStack, removingStack, type StackPatch, unreadyStack, waitingStack } from '../../core/reconcile/stack-status.ts'
import { STACKS } from '../kube/assay-resources.ts'
import { addFinalizer, removeFinalizer } from '../kube/ownership.ts'
import type { StackWorld } from './stack-world.ts'
import { FIELD_MANAGER } from './world.ts'

export async function patchStackStatus(world: StackWorld, stack: Stack, status: StackPatch): Promise<Stack> {
  const { namespace, name, resourceVersion } = stack.metadata
  const patched = await world.api.patchMerge(STACKS, { namespace, name }, { metadata: { resourceVersion }, status }, { subresource: 'status', fieldManager: FIELD_MANAGER })
  world.stacks.learn(patched)
  return patched
}

/** False when the status says so already. */
export async function showWaitingStack(world: StackWorld, stack: Stack, wait: Parameters<typeof waitingStack>[2]): Promise<boolean> {
  const status = waitingStack(stack, world.now(), wait)
  if (status !== undefined) await patchStackStatus(world, stack, status)
  return status !== undefined
}

export async function holdStack(world: StackWorld, stack: Stack): Promise<void> {
  const patch = addFinalizer(stack, FINALIZER)
  if (patch !== undefined) world.stacks.learn(await world.api.patchMerge(STACKS, stack.metadata, patch, { fieldManager: FIELD_MANAGER }))
}

export async function markReady(world: StackWorld, stack: Stack, facts: StackPatch): Promise<void> {
  const ready = await patchStackStatus(world, stack, readyStack(stack, world.now(), facts))
  world.story.normal(ready, 'Ready', `serving after ${String(ready.status?.startupSeconds ?? 0)} s`)
}

export async function markUnready(world: StackWorld, stack: Stack, why: { reason: string; message: string }): Promise<void> {
  world.memories.of(stack.metadata.uid ?? '').probe = { kind: 'none' }
  world.story.warning(await patchStackStatus(world, stack, unreadyStack(stack, world.now(), why)), why.reason, why.message)
}

/** What is served is not what was measured before: running and coming trials must know. */
export async function markDrifted(world: StackWorld, stack: Stack, facts: StackPatch): Promise<void> {
  const driftedTime = stack.status?.driftedTime ?? new Date(world.now()).toISOString()
  const drifted = await patchStackStatus(world, stack, { ...facts, driftedTime })
  world.story.warning(drifted, 'Drifted', 'images, arguments or templates of the serving pods changed while the stack was up')
}

export async function markReinstall(world: StackWorld, stack: Stack, why: { reason: string; message: string }): Promise<Stack> {
  const again = await patchStackStatus(world, stack, reinstallStack(stack, world.now(), why))
  world.story.warning(again, 'Reinstalling', `${why.reason}: ${why.message}`)
  return again
}

export async function askForReleases(world: StackWorld, stack: Stack, from: Stack): Promise<void> {
  await patchStackStatus(world, stack, askingStack(stack, world.now(), from))
}

/** One write decides: it fails when anything of the other stack has changed since it was looked at, so that nobody else removes or loads what is taken here. */
export async function takeReleases(world: StackWorld, stack: Stack, from: Stack): Promise<void> {
  const given = await patchStackStatus(world, from, handedOverStack(from, world.now(), stack))
  world.story.normal(given, 'HandedOver', `its releases are upgraded to Stack ${stack.metadata.name}`)
}

export async function markAfresh(world: StackWorld, stack: Stack, why: { reason: string; message: string }): Promise<Stack> {
  const again = await patchStackStatus(world, stack, afreshStack(stack, world.now(), why))
  world.story.warning(again, 'UpgradeFailed', `${why.reason}: ${why.message}; it is installed afresh`)
  return again
}

export async function failStack(world: StackWorld, stack: Stack, why: { reason: string; message: string }): Promise<void> {
  world.story.warning(await patchStackStatus(world, stack, failedStack(stack, world.now(), why)), why.reason, why.message)
}

export async function showRemoving(world: StackWorld, stack: Stack): Promise<Stack> {
  if (stack.status?.phase === 'TearingDown') return stack
  const removing = await patchStackStatus(world, stack, removingStack(stack, world.now(), 'Helm removes the releases'))
  world.story.normal(removing, 'TearingDown', 'Helm removes the releases')
  return removing
}

/** The last act: everything is verified gone, so the object may go too. */
export async function releaseStack(world: StackWorld, stack: Stack, { warning, note }: { readonly warning?: string; readonly note?: string }): Promise<void> {
  if (note !== undefined) world.story.normal(stack, 'Gone', note)
  else if (warning !== undefined) world.story.warning(stack, 'RemovedUnverified', warning)
  else world.story.normal(stack, 'Gone', `verified: nothing is left of ${new Set([...(stack.status?.inventory ?? []), ...(stack.status?.inherited ?? [])]).size} objects`)
  const patch = removeFinalizer(stack, FINALIZER)
  if (patch !== undefined) await world.api.patchMerge(STACKS, stack.metadata, patch, { fieldManager: FIELD_MANAGER })
  world.memories.forget(stack.metadata.uid ?? '')
}

// SPDX-License-Identifier: Apache-2.0
/** The status of a Stack after each step, as merge patches; the only place that words its conditions. */
import { type ConditionState, type ConditionType, setConditions } from '../model/conditions.ts'
import type { Condition } from '../model/common.ts'
import type { Stack } from '../model/kinds.ts'
import type { ReleaseStatus, StackStatus } from '../model/stack.ts'
import { stamp } from './stamp.ts'

type Wanted = Partial<Record<ConditionType, Omit<ConditionState, 'type'> | null>>
export type StackPatch = Partial<{ [K in keyof StackStatus]: StackStatus[K] | null }>
const cond = (status: Condition['status'], reason: string, message: string) => ({ status, reason, message: message.slice(0, 4096) })
const iso = (ms: number) => new Date(ms).toISOString()

function patch(stack: Stack, now: number, change: { wanted: Wanted; fields: StackPatch }): StackPatch {
  const generation = stack.metadata.generation ?? 0
  return { ...change.fields, observedGeneration: generation, conditions: setConditions(stack.status?.conditions ?? [], change.wanted, { now: stamp(now), generation }) }
}

const progressing = (reason: string, message: string): Wanted => ({ Ready: cond('Unknown', reason, message), Reconciling: cond('True', reason, message) })

/** Undefined when the status says so already. */
export function waitingStack(stack: Stack, now: number, wait: { phase: NonNullable<StackStatus['phase']>; reason: string; message: string }): StackPatch | undefined {
  const ready = stack.status?.conditions?.find((c) => c.type === 'Ready')
  if (stack.status?.phase === wait.phase && ready?.reason === wait.reason && ready.message === wait.message) return undefined
  return patch(stack, now, { wanted: progressing(wait.reason, wait.message), fields: { phase: wait.phase, startTime: stack.status?.startTime ?? iso(now) } })
}

/** The intent to install: on record with the inventory, before Helm makes the first object. */
export function installingStack(stack: Stack, now: number, release: { status: ReleaseStatus; inventory: readonly string[] }): StackPatch {
  const others = (stack.status?.releases ?? []).filter((r) => r.name !== release.status.name)
  // What went before, such as waiting for rights, is no part of the start-up.
  const startTime = stack.status?.releases === undefined ? iso(now) : stack.status.startTime ?? iso(now)
  const inventory = [...new Set([...(stack.status?.inventory ?? []), ...release.inventory])].slice(0, 500)
  return patch(stack, now, {
    wanted: progressing('Installing', `release ${release.status.release}`),
    fields: { phase: 'Installing', startTime, releases: [...others, release.status], inventory },
  })
}

export function readyStack(stack: Stack, now: number, facts: StackPatch): StackPatch {
  const seconds = (now - Date.parse(stack.status?.startTime ?? iso(now))) / 1000
  const message = `serving after ${seconds.toFixed(1)} s`
  return patch(stack, now, {
    wanted: { Ready: cond('True', 'Serving', message), Reconciling: null, Stalled: null, StoodUp: cond('True', 'Serving', message) },
    fields: { ...facts, phase: 'Ready', readyTime: iso(now), startTime: stack.status?.startTime ?? iso(now), startupSeconds: Math.round(seconds * 100) / 100 },
  })
}

/** It was ready and is not now; trials that run will find out, nothing new begins. */
export function unreadyStack(stack: Stack, now: number, why: { reason: string; message: string }): StackPatch {
  return patch(stack, now, { wanted: progressing(why.reason, why.message), fields: { phase: 'Starting', startTime: iso(now) } })
}

export function reinstallStack(stack: Stack, now: number, why: { reason: string; message: string }): StackPatch {
  return patch(stack, now, {
    wanted: progressing('Reinstalling', `${why.reason}: ${why.message}`),
    fields: { phase: 'Installing', startTime: iso(now), readyTime: null, factsDigest: null, reinstalls: (stack.status?.reinstalls ?? 0) + 1 },
  })
}

export function failedStack(stack: Stack, now: number, why: { reason: string; message: string }): StackPatch {
  return patch(stack, now, {
    wanted: { Ready: cond('False', why.reason, why.message), Stalled: cond('True', why.reason, why.message), Failed: cond('True', why.reason, why.message), Reconciling: null },
    fields: { phase: 'Failed' },
  })
}

export function removingStack(stack: Stack, now: number, message: string): StackPatch {
  return patch(stack, now, { wanted: { Ready: cond('False', 'TearingDown', message), Reconciling: cond('True', 'TearingDown', message) }, fields: { phase: 'TearingDown' } })
}

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

/** The intent to install or upgrade: on record with the inventory, before Helm makes the first object. */
export function installingStack(stack: Stack, now: number, release: { status: ReleaseStatus; inventory: readonly string[]; upgradedFrom?: string | undefined }): StackPatch {
  const others = (stack.status?.releases ?? []).filter((r) => r.name !== release.status.name)
  // What went before, such as waiting for rights or the removal of what failed, is no part of the start-up.
  const begins = (stack.status?.releases ?? []).every((r) => r.state === REMOVING)
  const startTime = begins ? iso(now) : stack.status?.startTime ?? iso(now)
  const inventory = [...new Set([...(stack.status?.inventory ?? []), ...release.inventory])].slice(0, 500)
  return patch(stack, now, {
    wanted: progressing(release.upgradedFrom === undefined ? 'Installing' : 'Upgrading', `release ${release.status.release}`),
    fields: { phase: 'Installing', startTime, releases: [...others, release.status], inventory, ...(release.upgradedFrom !== undefined && { upgradedFrom: release.upgradedFrom }) },
  })
}

/** The intent to take releases over: on record, with all that they made, before the other stack lets go. */
export function askingStack(stack: Stack, now: number, from: Stack): StackPatch {
  const { name, uid = '' } = from.metadata
  const inherited = [...new Set([...(from.status?.inherited ?? []), ...(from.status?.inventory ?? [])])].slice(0, 1000)
  return patch(stack, now, {
    wanted: progressing('TakingOver', `the releases of Stack ${name} are upgraded`),
    fields: { phase: 'Installing', startTime: iso(now), takenFrom: { name, uid }, inherited },
  })
}

/** From here on the other stack has the releases, and this one has nothing to remove. */
export function handedOverStack(stack: Stack, now: number, to: Stack): StackPatch {
  const { name, uid = '' } = to.metadata
  return patch(stack, now, {
    wanted: { Ready: cond('False', 'HandedOver', `its releases are upgraded to Stack ${name}`), Reconciling: null },
    fields: { phase: 'HandedOver', handedOver: { name, uid, time: stamp(now) } },
  })
}

/** An upgrade is given up: everything goes and is installed, as if there had been nothing before. */
export function afreshStack(stack: Stack, now: number, why: { reason: string; message: string }): StackPatch {
  return patch(stack, now, {
    wanted: progressing('UpgradeFailed', `${why.reason}: ${why.message}; it is installed afresh`),
    fields: { phase: 'Installing', startTime: iso(now), upgradedFrom: null, upgradeFailed: `${why.reason}: ${why.message}`.slice(0, 1024), releases: removing(stack) },
  })
}

/** State of a release that is to go before anything is installed. */
export const REMOVING = 'removing'
const removing = (stack: Stack): ReleaseStatus[] => (stack.status?.releases ?? []).map((r) => ({ ...r, state: REMOVING }))

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
    fields: { phase: 'Installing', startTime: iso(now), readyTime: null, factsDigest: null, upgradedFrom: null, releases: removing(stack), reinstalls: (stack.status?.reinstalls ?? 0) + 1 },
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

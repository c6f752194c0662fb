// SPDX-License-Identifier: Apache-2.0
/** Decides by a Lease which of several processes leads; it does not know what leading means. A Lease is no fence: writes must be safe to repeat. */
import { isAlreadyExists, isConflict } from './api-error.ts'
import { LEASES, type Lease } from './builtin-resources.ts'
import { type Cancel, type Clock, sleep, systemClock } from './clock.ts'
import { microTime } from './micro-time.ts'
import type { MergePatch, ResourceApi } from './resource-api.ts'

export interface LeaseTimings {
  /** How long others leave a silent holder alone. */
  readonly leaseMs: number
  /** How long the holder goes on without having renewed; shorter than the lease, so that two never lead. */
  readonly renewDeadlineMs: number
  readonly retryMs: number
}

export interface ElectorOptions {
  readonly api: Pick<ResourceApi, 'find' | 'create' | 'patchMerge'>
  readonly namespace: string
  readonly name: string
  /** Unique to this process, such as the pod's name. */
  readonly identity: string
  readonly onElected: () => void
  /** Somebody else may lead now: end what changes anything, at once. Not called by `stop`. */
  readonly onLost: (why: string) => void
  readonly onProblem?: (error: unknown) => void
  readonly timings?: Partial<LeaseTimings>
  readonly clock?: Clock
  readonly random?: () => number
}

export interface Elector {
  readonly start: () => void
  /** True only while the Lease is surely ours, also right after the event loop has stood still. */
  readonly leads: () => boolean
  /** Stops, and gives the Lease back so that another process takes over at once. End the work first. */
  readonly stop: () => Promise<void>
}

const TIMINGS: LeaseTimings = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2000 }

/** What one process knows between two attempts. */
interface State {
  leading: boolean
  /** When the request was sent that renewed it last: others count from later on. */
  renewedAt: number
  /** The Lease as we saw it last, and since when by our own clock: others' clocks may be wrong. */
  seen: { readonly lease: Lease; readonly at: number } | undefined
  cancelDeadline: Cancel
}

interface Tools extends ElectorOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly timings: LeaseTimings
  readonly signal: AbortSignal
}

export function createElector(options: ElectorOptions): Elector {
  const stopping = new AbortController()
  const tools: Tools = { ...options, clock: options.clock ?? systemClock, random: options.random ?? Math.random, timings: { ...TIMINGS, ...options.timings }, signal: stopping.signal }
  const state: State = { leading: false, renewedAt: 0, seen: undefined, cancelDeadline: () => undefined }
  const lose = (why: string) => {
    if (!state.leading) return
    state.leading = false
    stopping.abort()
    options.onLost(why)
  }
  let loop: Promise<void> | undefined
  return {
    start: () => { loop ??= campaign(state, tools, lose) },
    leads: () => state.leading && tools.clock.now() - state.renewedAt < tools.timings.renewDeadlineMs,
    stop: async () => {
      const held = state.leading
      state.leading = false
      stopping.abort()
      state.cancelDeadline()
      await loop
      if (held) await release(tools)
    },
  }
}

async function campaign(state: State, tools: Tools, lose: (why: string) => void): Promise<void> {
  const { clock, random, signal, timings: { retryMs, renewDeadlineMs } } = tools
  const isLate = () => state.leading && clock.now() - state.renewedAt >= renewDeadlineMs
  while (!signal.aborted) {
    const began = clock.now()
    // After the event loop stood still this timer may come before that of the deadline: too late is too late.
    const holder = isLate() ? undefined : await attempt(state, tools)
    if (signal.aborted) return
    if (isLate()) lose(tooLate(tools))
    else if (holder === tools.identity) held(state, tools, { began, lose })
    else if (holder !== undefined) lose(`${holder} holds the lease`)
    await sleep(clock, retryMs * (0.8 + 0.4 * random()), signal)
  }
}

const tooLate = ({ timings }: Tools): string => `the lease could not be renewed for ${timings.renewDeadlineMs} ms`

function held(state: State, tools: Tools, { began, lose }: { readonly began: number; readonly lose: (why: string) => void }): void {
  const { clock, onElected, timings: { renewDeadlineMs } } = tools
  state.renewedAt = began
  state.cancelDeadline()
  state.cancelDeadline = clock.after(began + renewDeadlineMs - clock.now(), () => lose(tooLate(tools)))
  if (state.leading) return
  state.leading = true
  onElected()
}

/** Who holds the Lease after we tried; undefined when we could not find out. */
async function attempt(state: State, tools: Tools): Promise<string | undefined> {
  try {
    return await acquire(state, tools)
  } catch (error) {
    // Somebody wrote in between: look again before deciding.
    state.seen = isConflict(error) ? undefined : state.seen
    if (!tools.signal.aborted) tools.onProblem?.(error)
    return undefined
  }
}

async function acquire(state: State, tools: Tools): Promise<string> {
  const { clock, identity } = tools
  // The holder renews what it wrote last, without reading first: a conflict tells if that was wrong.
  const lease = state.leading && state.seen !== undefined ? state.seen.lease : await find(tools)
  if (lease === undefined) return look(state, await create(tools), clock)
  if (lease.metadata.resourceVersion !== state.seen?.lease.metadata.resourceVersion) look(state, lease, clock)
  const holder = lease.spec?.holderIdentity ?? ''
  if (holder !== '' && holder !== identity && clock.now() < expiry(state, tools)) return holder
  return look(state, await take(tools, lease), clock)
}

function look(state: State, lease: Lease, clock: Clock): string {
  state.seen = { lease, at: clock.now() }
  return lease.spec?.holderIdentity ?? ''
}

function expiry({ seen }: State, { timings: { leaseMs } }: Tools): number {
  const seconds = seen?.lease.spec?.leaseDurationSeconds
  return (seen?.at ?? 0) + (seconds === undefined ? leaseMs : seconds * 1000)
}

/** Short enough that a dead connection costs one attempt, not the Lease. */
const CALL = { urgent: true, timeoutMs: 3000 } as const

function find({ api, namespace, name, signal }: Tools): Promise<Lease | undefined> {
  return api.find(LEASES, { namespace, name }, { ...CALL, signal })
}

async function create(tools: Tools): Promise<Lease> {
  const { api, namespace, name, identity, timings, clock, signal } = tools
  const now = microTime(clock.epochMs())
  const spec = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(timings.leaseMs / 1000), acquireTime: now, renewTime: now, leaseTransitions: 0 }
  try {
    return await api.create(LEASES, { metadata: { namespace, name }, spec }, { ...CALL, signal })
  } catch (error) {
    const other = isAlreadyExists(error) ? await find(tools) : undefined
    if (other === undefined) throw error
    return other
  }
}

function take({ api, namespace, name, identity, timings, clock, signal }: Tools, lease: Lease): Promise<Lease> {
  const now = microTime(clock.epochMs())
  const renewed = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(timings.leaseMs / 1000), renewTime: now }
  const changed = { ...renewed, acquireTime: now, leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1 }
  const patch: MergePatch = { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec: lease.spec?.holderIdentity === identity ? renewed : changed }
  return api.patchMerge(LEASES, { namespace, name }, patch, { ...CALL, signal })
}

/** Without a holder the Lease is free at once. That it fails is no harm: it expires. */
async function release({ api, namespace, name, identity, onProblem }: Tools): Promise<void> {
  try {
    const lease = await api.find(LEASES, { namespace, name }, CALL)
    if (lease?.spec?.holderIdentity !== identity) return
    const patch = { metadata: { resourceVersion: lease.metadata.resourceVersion }, spec: { holderIdentity: null, leaseDurationSeconds: 1 } }
    await api.patchMerge(LEASES, { namespace, name }, patch, CALL)
  } catch (error) {
    onProblem?.(error)
  }
}

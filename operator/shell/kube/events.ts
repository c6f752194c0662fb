// SPDX-License-Identifier: Apache-2.0
/** Tells the story of an object in Events (events.k8s.io/v1); it never throws, never blocks, and would rather lose an Event than flood the API server. */
import { randomBytes } from 'node:crypto'
import { isNotFound } from './api-error.ts'
import type { ApiResource, KubeObject } from './api-resource.ts'
import { apiVersionOf } from './api-resource.ts'
import { EVENTS } from './builtin-resources.ts'
import { type Clock, systemClock } from './clock.ts'
import { microTime } from './micro-time.ts'
import type { ResourceApi } from './resource-api.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

export interface EventNote {
  readonly type: 'Normal' | 'Warning'
  /** Why it was written, one CamelCase word. */
  readonly reason: string
  /** What was done or tried, one CamelCase word. */
  readonly action: string
  readonly note: string
}

export interface EventRecorder {
  readonly record: (resource: ApiResource, regarding: KubeObject, event: EventNote) => void
  /** Resolves when everything recorded so far has been written or given up. */
  readonly flush: () => Promise<void>
}

export interface EventRecorderOptions {
  readonly api: Pick<ResourceApi, 'create' | 'patchMerge'>
  /** Such as `assay.dev/experiment-controller`. */
  readonly controller: string
  /** Such as the pod's name. */
  readonly instance: string
  readonly onProblem?: (error: unknown) => void
  readonly clock?: Clock
  readonly newId?: () => string
}

/** The API server refuses longer notes. */
const NOTE_BYTES = 1024
/** An Event that repeats within this time is counted in its series. */
const SERIES_MS = 6 * 60_000
const BURST = 30
const PER_SECOND = 1 / 20
/** Events that wait to be written; more are dropped. */
const PENDING = 1000
/** Series and buckets are forgotten beyond this many objects. */
const REMEMBERED = 5000

interface Series {
  readonly name: string
  readonly namespace: string
  count: number
  lastAt: number
}

export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const { onProblem, clock = systemClock } = options
  const series = new Map<string, Series>()
  const buckets = new Map<string, TokenBucket>()
  let pending = 0
  let chain = Promise.resolve()
  const write = async (note: Noted) => {
    try {
      await writeOne(options, series, note)
    } catch (error) {
      onProblem?.(error)
    }
    pending -= 1
  }
  return {
    record: (resource, regarding, event) => {
      if (pending >= PENDING || !bucketOf(buckets, regarding, clock).tryTake()) return
      pending += 1
      const note = { resource, regarding, event, at: clock.epochMs() }
      // One after another: the count of a series needs its beginning.
      chain = chain.then(() => write(note))
    },
    flush: () => chain,
  }
}

interface Noted {
  readonly resource: ApiResource
  readonly regarding: KubeObject
  readonly event: EventNote
  readonly at: number
}

async function writeOne(options: EventRecorderOptions, all: Map<string, Series>, noted: Noted): Promise<void> {
  const { regarding, event, at } = noted
  const key = JSON.stringify([regarding.metadata.uid, event.type, event.reason, event.action, event.note])
  const known = all.get(key)
  if (known !== undefined && at - known.lastAt < SERIES_MS && (await counted(options, known, at))) return
  const namespace = regarding.metadata.namespace ?? 'default'
  const name = `${regarding.metadata.name.slice(0, 240)}.${(options.newId ?? randomId)()}`
  await options.api.create(EVENTS, eventOf(options, noted, { name, namespace }))
  remember(all, key, { name, namespace, count: 1, lastAt: at })
}

/** Whether the Event of the series was still there to be counted up. */
async function counted({ api }: EventRecorderOptions, known: Series, at: number): Promise<boolean> {
  known.count += 1
  known.lastAt = at
  try {
    await api.patchMerge(EVENTS, { namespace: known.namespace, name: known.name }, { series: { count: known.count, lastObservedTime: microTime(at) } })
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

function eventOf({ controller, instance }: EventRecorderOptions, { resource, regarding, event, at }: Noted, metadata: { readonly name: string; readonly namespace: string }) {
  const { name, namespace, uid, resourceVersion } = regarding.metadata
  return {
    metadata, eventTime: microTime(at), reportingController: controller, reportingInstance: instance,
    regarding: { apiVersion: apiVersionOf(resource), kind: resource.kind, name, namespace, uid, resourceVersion },
    type: event.type, reason: event.reason, action: event.action, note: truncated(event.note),
  }
}

/** At most so many bytes, cut between characters. */
export function truncated(note: string, bytes = NOTE_BYTES): string {
  if (Buffer.byteLength(note) <= bytes) return note
  const ellipsis = '…'
  const kept = Buffer.from(note).subarray(0, bytes - Buffer.byteLength(ellipsis))
  return new TextDecoder().decode(kept).replace(/\uFFFD+$/, '') + ellipsis
}

function bucketOf(buckets: Map<string, TokenBucket>, { metadata: { uid = '', name } }: KubeObject, clock: Clock): TokenBucket {
  const key = uid === '' ? name : uid
  return buckets.get(key) ?? remember(buckets, key, createTokenBucket({ perSecond: PER_SECOND, burst: BURST, clock }))
}

function remember<T>(all: Map<string, T>, key: string, value: T): T {
  all.delete(key)
  all.set(key, value)
  const [oldest] = all.keys()
  if (all.size > REMEMBERED && oldest !== undefined) all.delete(oldest)
  return value
}

const randomId = () => randomBytes(8).toString('hex')

// SPDX-License-Identifier: Apache-2.0
/** Passes events on to those who listen, and keeps the last ones, so that who comes back misses nothing or is told so. */
import { randomUUID } from 'node:crypto'
import type { AttemptRef, DeliveredEvent, LiveEvent, ResultsEvent } from './api.ts'

/** An event with the id under which it can be asked for again; live ones have none, because only the newest counts. */
export interface Sent {
  readonly id?: string
  readonly event: ResultsEvent
}

export interface EventHub {
  readonly delivered: (event: DeliveredEvent) => void
  readonly live: (event: LiveEvent) => void
  /** The newest live event of an attempt that runs. */
  readonly liveOf: (ref: Omit<AttemptRef, 'attempt'>) => LiveEvent | undefined
  /** What was missed since `lastId` comes first. The listener must not block; calling the result ends it. */
  readonly subscribe: (listener: (sent: Sent) => void, lastId?: string) => () => void
  readonly listeners: () => number
}

const KEPT = 2000
const MOST_LIVE = 5000

export function createEventHub(boot = randomUUID().slice(0, 8)): EventHub {
  const ring: { readonly seq: number; readonly sent: Sent }[] = []
  const latest = new Map<string, LiveEvent>()
  const listeners = new Set<(sent: Sent) => void>()
  let seq = 0
  const tell = (sent: Sent) => {
    for (const listener of listeners) listener(sent)
  }
  return {
    delivered: (event) => {
      latest.delete(liveKey(event))
      seq++
      const sent: Sent = { id: `${boot}-${seq}`, event: { kind: 'delivered', event } }
      ring.push({ seq, sent })
      if (ring.length > KEPT) ring.shift()
      tell(sent)
    },
    live: (event) => {
      latest.delete(liveKey(event))
      latest.set(liveKey(event), event)
      if (latest.size > MOST_LIVE) latest.delete(latest.keys().next().value ?? '')
      tell({ event: { kind: 'live', event } })
    },
    liveOf: (ref) => latest.get(liveKey(ref)),
    subscribe: (listener, lastId) => {
      for (const sent of missedSince(ring, { boot, seq, lastId })) listener(sent)
      for (const event of latest.values()) listener({ event: { kind: 'live', event } })
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    listeners: () => listeners.size,
  }
}

function liveKey({ namespace, trial }: Omit<AttemptRef, 'attempt'>): string {
  return `${namespace}/${trial}`
}

interface Position {
  readonly boot: string
  readonly seq: number
  readonly lastId: string | undefined
}

/** Without a place in our own sequence, or with one before what is kept, events may be lost: `reset` says so. */
function missedSince(ring: readonly { readonly seq: number; readonly sent: Sent }[], { boot, seq, lastId }: Position): Sent[] {
  const reset: Sent = { id: `${boot}-${seq}`, event: { kind: 'reset' } }
  const match = /^(.+)-(\d+)$/.exec(lastId ?? '')
  if (match?.[1] !== boot) return [reset]
  const last = Number(match[2])
  const oldest = ring[0]?.seq ?? seq + 1
  return last < oldest - 1 || last > seq ? [reset] : ring.filter((kept) => kept.seq > last).map((kept) => kept.sent)
}

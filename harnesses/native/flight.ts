// SPDX-License-Identifier: Apache-2.0
/** Requests in flight: starts them, caps their number, holds them back when the server asks for it, times none of them, and turns each end into a record. It knows no schedule. */
import type { RequestRecord } from '../../operator/core/model/record.ts'
import type { Client, Exchange, SendHooks, Sending } from './client.ts'
import { createServerPause, type ServerPause } from './server-pause.ts'
import { NEVER_SENT, toRecord, type Placement } from './to-record.ts'
import type { Turn } from './turns.ts'
import { createWaitingLine } from './waiting-line.ts'

export interface Flight {
  /** Sends now, or as soon as the cap and a pause of the server allow; fulfils with the exchange when it has ended. */
  readonly start: (turn: Turn, place: Placement) => Promise<Exchange>
  /** When nothing is in flight and nothing waits. */
  readonly idle: () => Promise<void>
  /** Ends all that are in flight and drops all that wait; each gets its record. */
  readonly cancelAll: (why: string) => void
  readonly counts: () => Readonly<FlightCounts>
}

export interface FlightCounts {
  inFlight: number
  waiting: number
  sent: number
  done: number
  failed: number
  maxInFlight: number
  /** Requests that had to wait for the cap; their wait is in their schedule lag. */
  capWaits: number
  /** Pauses that the server asked for, their time together, and requests that they held back. */
  pauses: number
  pausedMs: number
  held: number
}

export interface FlightOptions {
  readonly client: Client
  readonly hooks: SendHooks
  readonly maxConcurrency: number | undefined
  /** Told of every end, in the order of ends. */
  readonly onEnd: (record: RequestRecord, exchange: Exchange) => void
}

interface Waiting { readonly turn: Turn; readonly place: Placement; readonly sinceMs: number; readonly resolve: (exchange: Exchange) => void }

export function createFlight({ client, hooks, maxConcurrency = Number.POSITIVE_INFINITY, onEnd }: FlightOptions): Flight {
  const counts: FlightCounts = { inFlight: 0, waiting: 0, sent: 0, done: 0, failed: 0, maxInFlight: 0, capWaits: 0, pauses: 0, pausedMs: 0, held: 0 }
  const active = new Set<Sending>()
  const pause = createServerPause(hooks.now)
  let idlers: (() => void)[] = []

  const ended = (one: Waiting, exchange: Exchange) => {
    counts.done++
    if (exchange.metrics.status === 'error') counts.failed++
    if (pause.take(exchange.metrics)) counts.pauses++
    onEnd(toRecord(one.turn, one.place, exchange), exchange)
    one.resolve(exchange)
    line.advance()
    counts.waiting = line.length()
    counts.pausedMs = pause.totalMs()
    if (counts.inFlight > 0 || line.length() > 0) return
    for (const wake of idlers) wake()
    idlers = []
  }
  const launch = (waited: Waiting) => {
    const one = withHold(waited, pause)
    if (one.place.heldMs !== undefined) counts.held++
    counts.sent++
    counts.maxInFlight = Math.max(counts.maxInFlight, ++counts.inFlight)
    const sending = client.send(one.turn.prepared, hooks)
    active.add(sending)
    void sending.done.then((exchange) => {
      active.delete(sending)
      counts.inFlight--
      ended(one, exchange)
    })
  }
  const line = createWaitingLine<Waiting>({ pause, launch, isFree: () => counts.inFlight < maxConcurrency })

  return {
    start: (turn, place) => new Promise((resolve) => {
      if (line.offer({ turn, place, resolve, sinceMs: hooks.now() }) === 'cap') counts.capWaits++
      counts.waiting = line.length()
    }),
    idle: () => new Promise((resolve) => {
      if (counts.inFlight === 0 && line.length() === 0) resolve()
      else idlers.push(resolve)
    }),
    cancelAll: (why) => {
      for (const one of line.drop()) ended(one, { text: '', metrics: NEVER_SENT, request: one.turn.prepared.request })
      for (const sending of active) sending.cancel(why)
    },
    counts: () => counts,
  }
}

/** Marked with what it waited of the server's pauses; a wait for the cap is in the schedule lag alone. */
function withHold(waited: Waiting, pause: ServerPause): Waiting {
  const heldMs = pause.since(waited.sinceMs)
  return heldMs > 0 ? { ...waited, place: { ...waited.place, heldMs } } : waited
}

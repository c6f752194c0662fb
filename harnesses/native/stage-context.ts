// SPDX-License-Identifier: Apache-2.0
/** What every kind of stage needs to run, and the window that it reports. It runs nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StageWindow } from '../../operator/core/model/record.ts'
import type { Clock } from './clock.ts'
import type { Exchange } from './client.ts'
import type { Flight } from './flight.ts'
import type { Pacer } from './pacer.ts'
import type { Placement } from './to-record.ts'
import type { Turn, Turns } from './turns.ts'

export interface StageContext {
  readonly clock: Clock
  readonly pacer: Pacer
  readonly turns: Turns
  readonly flight: Flight
  readonly thinkMs: number
  readonly drainMs: number
  /** Stops the sending: the run was told to end, or too much failed. Its reason is the window's `stopped`. */
  readonly signal: AbortSignal
}

/** Sends one turn, and lets its session go on when it was not the last. */
export async function sendTurn(context: StageContext, turn: Turn, place: Placement): Promise<Exchange> {
  const exchange = await context.flight.start(turn, place)
  const next = context.turns.following(turn, exchange)
  if (next !== undefined) context.turns.queue(next, context.clock.now() + context.thinkMs)
  return exchange
}

/** Lets what runs end, for the drain time at most; what is left is cancelled and counts as neither success nor failure. */
export async function drain(context: StageContext, done: Promise<unknown>): Promise<void> {
  const { flight, drainMs, signal } = context
  const over = new AbortController()
  const limit = pause(drainMs, over.signal)
  await Promise.race([done, limit, ...(signal.aborted && signal.reason !== ENDED ? [] : [aborted(signal, over.signal)])])
  over.abort()
  if (flight.counts().inFlight + flight.counts().waiting > 0) {
    flight.cancelAll(signal.reason === ENDED ? ENDED : `still running ${drainMs} ms after the end of its stage`)
  }
  await flight.idle()
}

/** When the signal is aborted; never, once the second one is. */
export function aborted(signal: AbortSignal, unless: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true, signal: unless })
  })
}

/** Reason of a signal that wants everything to end at once, rather than no more to be sent. */
export const ENDED = 'the run was told to end'

export function stopReason({ signal }: StageContext): string | undefined {
  return signal.aborted ? String(signal.reason) : undefined
}

/** Pauses, or returns at once when the stage is stopped. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0 && !signal.aborted) await sleep(ms, undefined, { signal }).catch(() => undefined)
}

export type Window = Omit<StageWindow, 'name' | 'kind'>

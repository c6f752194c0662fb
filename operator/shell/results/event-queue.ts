// SPDX-License-Identifier: Apache-2.0
/** What one listener has not been sent yet; it never grows without end. */
import type { Sent } from './events.ts'

export interface EventQueue {
  readonly push: (sent: Sent) => void
  /** The next event, or silence after the time, or closed: by us, or because the listener lags too far behind. */
  readonly next: (longestMs: number) => Promise<Sent | 'silence' | 'closed'>
  readonly close: () => void
}

/** A listener that lags this far behind is cut off; it comes back with the id of the last event that it got. */
const MOST_QUEUED = 5000

/** Live events of one trial replace each other: a slow listener gets the newest. */
export function createEventQueue(most = MOST_QUEUED): EventQueue {
  const waiting: Sent[] = []
  let closed = false
  let wake: () => void = () => undefined
  return {
    push: (sent) => {
      const older = waiting.findIndex((other) => replaces(sent, other))
      if (older >= 0) waiting.splice(older, 1)
      waiting.push(sent)
      if (waiting.length > most) closed = true
      wake()
    },
    next: async (longestMs) => {
      if (waiting.length === 0 && !closed) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, longestMs)
        wake = resolve
        await promise
        clearTimeout(timer)
      }
      return closed ? 'closed' : (waiting.shift() ?? 'silence')
    },
    close: () => {
      closed = true
      wake()
    },
  }
}

function replaces({ event }: Sent, { event: older }: Sent): boolean {
  return event.kind === 'live' && older.kind === 'live' && event.event.trialUid === older.event.trialUid
}

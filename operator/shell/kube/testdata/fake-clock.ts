// SPDX-License-Identifier: Apache-2.0
/** A clock that stands still until a test moves it. */
import type { Clock } from '../clock.ts'

export interface FakeClock extends Clock {
  /** Moves time on, runs what falls due in order, and lets promises settle after each timer. */
  readonly advance: (ms: number) => Promise<void>
  /** Moves time without running timers, as a stalled event loop does. */
  readonly stall: (ms: number) => void
  readonly pending: () => number
}

interface Timer { readonly at: number; readonly order: number; readonly run: () => void }

export function fakeClock(startEpochMs = Date.UTC(2026, 0, 1)): FakeClock {
  let now = 0
  let order = 0
  const timers = new Set<Timer>()
  const next = (until: number) => [...timers].filter((t) => t.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0]
  return {
    now: () => now,
    epochMs: () => startEpochMs + now,
    after: (ms, run) => {
      const timer = { at: now + Math.max(ms, 0), order: order++, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance: async (ms) => {
      const until = now + ms
      await settle()
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        timers.delete(timer)
        now = Math.max(now, timer.at)
        timer.run()
        await settle()
      }
      now = Math.max(now, until)
    },
    stall: (ms) => { now += ms },
    pending: () => timers.size,
  }
}

/** Lets all promises that can settle without time or I/O settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => { setImmediate(resolve) })
}

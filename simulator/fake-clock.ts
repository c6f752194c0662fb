// SPDX-License-Identifier: Apache-2.0
/** A clock for tests: time stands still until it is told to go on. */
import type { Clock } from './clock.ts'

export type FakeClock = Clock & {
  /** Lets time pass; what falls due on the way is called at its own time. */
  readonly advance: (ms: number) => void
  /** Lets time pass while the process is held up: timers are late and are called only by the next `advance`. */
  readonly stall: (ms: number) => void
  readonly pending: () => number
}

export function createFakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs
  let timers: { readonly dueMs: number; readonly call: () => void }[] = []
  return {
    nowNs: () => Math.round(nowMs * 1e6),
    wallMs: () => 1_795_000_000_000 + nowMs,
    timer: (delayMs, call) => {
      const timer = { dueMs: nowMs + delayMs, call }
      timers.push(timer)
      return () => { timers = timers.filter((other) => other !== timer) }
    },
    stall: (ms) => { nowMs += ms },
    pending: () => timers.length,
    advance: (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        const next = timers.filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.call()
      }
      nowMs = endMs
    },
  }
}

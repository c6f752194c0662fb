// SPDX-License-Identifier: Apache-2.0
/** The one clock of the simulator: CLOCK_MONOTONIC, so that stamps compare with those of clients on the same node. Tests hand in their own. */

export type Clock = {
  /** Nanoseconds of CLOCK_MONOTONIC as a number (exact to 2 ns after a hundred days of uptime). */
  readonly nowNs: () => number
  /** Milliseconds since the epoch, for what people read; never used to measure. */
  readonly wallMs: () => number
  /** Calls back once after about this long; returns how to call it off. */
  readonly timer: (delayMs: number, call: () => void) => () => void
}

export const systemClock: Clock = {
  nowNs: () => Number(process.hrtime.bigint()),
  wallMs: () => Date.now(),
  timer: (delayMs, call) => {
    const handle = setTimeout(call, delayMs)
    return () => clearTimeout(handle)
  },
}

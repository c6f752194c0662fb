// SPDX-License-Identifier: Apache-2.0
/** The one clock of a run: monotonic, from the start of the run, with its place in wall-clock time taken once. */

export interface Clock {
  /** Milliseconds since the start of the run. */
  readonly now: () => number
  /** Wall-clock time of the start, in milliseconds since 1970. */
  readonly epochMs: number
  /** What to subtract from CLOCK_MONOTONIC in milliseconds to get this clock, for other threads and for servers on the same node. */
  readonly monotonicOriginMs: number
}

export function startClock(): Clock {
  const origin = performance.now()
  const monotonicOriginMs = monotonicMs() - (performance.now() - origin)
  return { now: () => performance.now() - origin, epochMs: performance.timeOrigin + origin, monotonicOriginMs }
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

// SPDX-License-Identifier: Apache-2.0
/** The thread that waits for send times, so that waiting finely never holds up the loop that reads answers. It sends nothing. */
import { parentPort } from 'node:worker_threads'

export interface PaceMessage {
  /** Times on CLOCK_MONOTONIC in milliseconds, ascending, in shared memory. */
  readonly timesMs: Float64Array
  /** Shared: how many times have come, and whether to stop. */
  readonly control: Int32Array
}
export const DUE = 0
export const STOP = 1
/** A timed wait overshoots by about this much. */
const OVERSHOOT_MS = 0.05

parentPort?.on('message', ({ timesMs, control }: PaceMessage) => {
  let due = 0
  while (due < timesMs.length && Atomics.load(control, STOP) === 0) {
    const left = (timesMs[due] ?? 0) - Number(process.hrtime.bigint()) / 1e6
    if (left > 0) Atomics.wait(control, STOP, 0, left > 2 * OVERSHOOT_MS ? left - OVERSHOOT_MS : left)
    else {
      due = passed(timesMs, due)
      Atomics.store(control, DUE, due)
      Atomics.notify(control, DUE)
    }
  }
})

/** All that have come by now are released in one wake-up. */
function passed(timesMs: Float64Array, from: number): number {
  const now = Number(process.hrtime.bigint()) / 1e6
  let due = from
  while (due < timesMs.length && (timesMs[due] ?? 0) <= now) due++
  return due
}

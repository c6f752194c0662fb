// SPDX-License-Identifier: Apache-2.0
/** Time as the machinery sees it, so that tests can turn the hands; it knows no schedule. */

/** Stops a timer that has not fired. */
export type Cancel = () => void

export interface Clock {
  /** Milliseconds that only ever grow: for durations. */
  readonly now: () => number
  /** Milliseconds since 1970: for what is written into objects. */
  readonly epochMs: () => number
  readonly after: (ms: number, run: () => void) => Cancel
}

/** The longest delay that a timer takes; a longer one would fire at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_TIMER_MS))
    return () => clearTimeout(timer)
  },
}

/** Resolves after the time, or at once when the signal is aborted: the caller looks at the signal. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (signal?.aborted === true) return Promise.resolve()
  const wake = () => {
    cancel()
    signal?.removeEventListener('abort', wake)
    resolve()
  }
  const cancel = clock.after(ms, wake)
  signal?.addEventListener('abort', wake, { once: true })
  return promise
}

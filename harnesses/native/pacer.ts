// SPDX-License-Identifier: Apache-2.0
/** Releases send times as they come, from an absolute schedule that lateness never shifts. It knows no requests. */
import { Worker } from 'node:worker_threads'
import type { Clock } from './clock.ts'
import { DUE, STOP, type PaceMessage } from './pacer-thread.ts'

export interface Pacer {
  /** Calls release for every time, in order, when it has come; ends when all were released or the signal says stop. */
  readonly run: (timesMs: Float64Array, release: (index: number) => void, signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}

export async function startPacer(clock: Clock): Promise<Pacer> {
  const worker = new Worker(new URL('./pacer-thread.ts', import.meta.url))
  const state: { failure?: Error } = {}
  let stop = () => {}
  worker.on('error', (cause) => {
    state.failure = new Error('the pacing thread failed', { cause })
    stop()
  })
  await new Promise<void>((resolve) => worker.once('online', resolve))
  return {
    run: async (timesMs, release, signal) => {
      const message = share(timesMs, clock)
      const { control } = message
      stop = () => {
        Atomics.store(control, STOP, 1)
        Atomics.notify(control, STOP)
        Atomics.notify(control, DUE)
      }
      signal.addEventListener('abort', stop)
      // A worker's postMessage has no target origin; that rule is for windows.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(message)
      for (let next = 0; next < timesMs.length && !signal.aborted && state.failure === undefined;) {
        const due = Atomics.load(control, DUE)
        for (; next < due && !signal.aborted; next++) release(next)
        if (next < timesMs.length && !signal.aborted) await change(control, due)
      }
      stop()
      signal.removeEventListener('abort', stop)
      if (state.failure !== undefined) throw state.failure
    },
    close: async () => {
      await worker.terminate()
    },
  }
}

function share(timesMs: Float64Array, clock: Clock): PaceMessage {
  const shared = new Float64Array(new SharedArrayBuffer(timesMs.byteLength))
  for (const [i, at] of timesMs.entries()) shared[i] = at + clock.monotonicOriginMs
  return { timesMs: shared, control: new Int32Array(new SharedArrayBuffer(8)) }
}

/** Until more times have come than were seen, or the run was stopped. */
async function change(control: Int32Array, seen: number): Promise<void> {
  if (Atomics.load(control, STOP) !== 0) return
  const waiting = Atomics.waitAsync(control, DUE, seen)
  if (waiting.async) await waiting.value
}

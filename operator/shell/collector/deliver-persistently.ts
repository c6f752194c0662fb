// SPDX-License-Identifier: Apache-2.0
/** Delivers until it has worked, or time is up, or it cannot work; then says so in words. */
import type { Receipt } from '../../core/model/trial-job.ts'
import { ResultsError } from '../results/client.ts'
import type { Collecting } from './collect.ts'
import { deliver, type DeliveryOptions } from './deliver.ts'
import type { Tail } from './tail.ts'

/** Time left for the last word. */
const MARGIN_MS = 3000
/** How often files are sent anew when the server finds that they differ. */
const MISMATCHES = 3

export async function deliverPersistently(collecting: Collecting, tail: Tail): Promise<Receipt> {
  const step = { name: 'starting' }
  const deadline = deadlineOf(collecting, step)
  try {
    return await deliverWhole(collecting, tail, {
      sending: { persistent: true, signal: deadline.signal },
      onStep: (name) => {
        step.name = name
      },
    })
  } catch (error) {
    const earlier = error instanceof ResultsError && error.code === 'Delivered' ? error.details.receipt : undefined
    if (earlier !== undefined) return earlier
    collecting.log.error({ err: error, step: step.name }, 'delivery failed')
    return { kind: 'failed', message: collecting.redactor.text(`${step.name}: ${(error as Error).message}`).slice(0, 1024) }
  } finally {
    deadline.cancel()
  }
}

/** Files that the server finds to differ are sent anew, by a tail that takes nothing for sent. */
async function deliverWhole(collecting: Collecting, tail: Tail, how: Pick<DeliveryOptions, 'sending' | 'onStep'>): Promise<Receipt> {
  const { job, ref, client, redactor, state, work, scrapes, clock, log } = collecting
  for (let mismatches = 1, current = tail; ; mismatches++, current = collecting.makeTail()) {
    const nowEpochMs = clock.epochMs()
    try {
      return await deliver({
        job,
        ref,
        client,
        redactor,
        work,
        scrapes,
        tail: current,
        state: state.get(),
        cgroup: collecting.cgroup()?.seen(),
        nowEpochMs,
        ...how,
      })
    } catch (error) {
      if (!isMismatch(error) || mismatches >= MISMATCHES) throw error
      log.warn({ err: error }, 'what the server has differs: sending it anew')
    }
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof ResultsError && error.code === 'ChecksumMismatch'
}

/** Starts to run when we are told to end. Whoever kills us before it is over leaves a last word behind all the same. */
function deadlineOf(
  { terminate, clock, graceMs, lastWord }: Collecting,
  step: { readonly name: string },
): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const abort = new AbortController()
  let cancelTimer = () => undefined as void
  const start = () => {
    lastWord({ kind: 'failed', message: `the pod was killed during: ${step.name}` })
    cancelTimer = clock.after(Math.max(0, graceMs - MARGIN_MS), () =>
      abort.abort(new Error(`the pod's grace period of ${graceMs / 1000} s was not enough`)),
    )
  }
  if (terminate.aborted) start()
  else terminate.addEventListener('abort', start, { once: true })
  return {
    signal: abort.signal,
    cancel: () => {
      terminate.removeEventListener('abort', start)
      cancelTimer()
    },
  }
}

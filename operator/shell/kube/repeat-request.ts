// SPDX-License-Identifier: Apache-2.0
/** Sends a request again as long as the retry policy says so; it knows no HTTP. */
import { isApiError } from './api-error.ts'
import { type Clock, sleep } from './clock.ts'
import { retryDelayMs } from './retry-policy.ts'

export interface Repeated<T> {
  /** Sending it twice does what sending it once does. */
  readonly safe: boolean
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
  readonly random: () => number
  /** Called when the credentials were not accepted. */
  readonly distrust: () => void
  readonly attempt: () => Promise<T>
}

export async function repeated<T>({ safe, signal, clock, random, distrust, attempt }: Repeated<T>): Promise<T> {
  for (let attempts = 1; ; attempts++) {
    const outcome = await settled(() => trustingOnce(attempt, distrust))
    if ('value' in outcome) return outcome.value
    const waitMs = isApiError(outcome.error) ? retryDelayMs({ error: outcome.error, attempts, safe, random }) : undefined
    if (waitMs === undefined) throw outcome.error
    await sleep(clock, waitMs, signal)
    signal?.throwIfAborted()
  }
}

/** Repeats once with credentials read anew when ours were not accepted: a rotated token is normal. */
export async function trustingOnce<T>(attempt: () => Promise<T>, distrust: () => void): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (!isApiError(error) || error.code !== 401) throw error
    distrust()
    return attempt()
  }
}

async function settled<T>(run: () => Promise<T>): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await run() }
  } catch (error) {
    return { error }
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Whether and when a failed request is sent again; it sends nothing. */
import type { ApiError } from './api-error.ts'
import { backoffMs } from './backoff.ts'

export interface RetryQuestion {
  readonly error: ApiError
  /** Attempts made so far, at least one. */
  readonly attempts: number
  /** Sending it twice does what sending it once does. */
  readonly safe: boolean
  readonly random: () => number
}

export const MAX_ATTEMPTS = 6
const LONGEST_WAIT_MS = 30_000

/** Milliseconds to wait before the next attempt, or undefined to give up. */
export function retryDelayMs({ error, attempts, safe, random }: RetryQuestion): number | undefined {
  if (attempts >= MAX_ATTEMPTS || !mayRepeat(error, safe)) return undefined
  const grown = backoffMs(attempts, { baseMs: 200, maxMs: 10_000, jitter: 0.5, random })
  // Spread, so that those turned away together do not come back together.
  const asked = error.retryAfterMs === undefined ? 0 : error.retryAfterMs * (1 + 0.1 * random())
  return Math.min(Math.max(grown, asked), LONGEST_WAIT_MS)
}

function mayRepeat(error: ApiError, safe: boolean): boolean {
  if (error.code === 429) return true
  // An answer with Retry-After says that nothing was done, whatever the verb.
  if (error.code >= 500) return safe || error.retryAfterMs !== undefined
  return error.code === 0 && safe
}

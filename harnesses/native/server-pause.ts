// SPDX-License-Identifier: Apache-2.0
/** The pause that a server asks for with Retry-After: until when nothing is to be sent, and how much of a wait was due to it. */
import type { ExchangeMetrics } from './client.ts'

export interface ServerPause {
  /** Takes the end of a request; true when it asks for a pause, or for a longer one. */
  readonly take: (metrics: Pick<ExchangeMetrics, 'httpStatus' | 'retryAfterMs'>) => boolean
  /** Whether nothing is to be sent now; then `resume` is called when the pause is over. */
  readonly on: (resume: () => void) => boolean
  /** How much of the time since then was a pause, in milliseconds. */
  readonly since: (fromMs: number) => number
  readonly totalMs: () => number
  /** Nobody waits any more: nothing is resumed. The pause itself goes on. */
  readonly forget: () => void
}

const TOO_MANY_REQUESTS = 429
const UNAVAILABLE = 503

export function createServerPause(now: () => number): ServerPause {
  /** Pauses that were, in order; none overlaps another. */
  const pauses: { readonly startMs: number; endMs: number }[] = []
  let timer: NodeJS.Timeout | undefined
  const overlap = (fromMs: number, toMs: number) =>
    pauses.reduce((sum, { startMs, endMs }) => sum + Math.max(0, Math.min(endMs, toMs) - Math.max(startMs, fromMs)), 0)
  return {
    take({ httpStatus, retryAfterMs = 0 }) {
      const asks = (httpStatus === TOO_MANY_REQUESTS || httpStatus === UNAVAILABLE) && retryAfterMs > 0
      if (!asks) return false
      const startMs = now()
      const last = pauses.at(-1)
      if (last !== undefined && startMs <= last.endMs) last.endMs = Math.max(last.endMs, startMs + retryAfterMs)
      else pauses.push({ startMs, endMs: startMs + retryAfterMs })
      return true
    },
    on(resume) {
      const leftMs = (pauses.at(-1)?.endMs ?? 0) - now()
      if (pauses.length === 0 || leftMs <= 0) return false
      timer ??= setTimeout(() => {
        timer = undefined
        resume()
      }, leftMs + 1)
      return true
    },
    since: (fromMs) => (pauses.length === 0 ? 0 : overlap(fromMs, now())),
    totalMs: () => overlap(Number.NEGATIVE_INFINITY, now()),
    forget: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

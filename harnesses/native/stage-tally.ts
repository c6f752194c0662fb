// SPDX-License-Identifier: Apache-2.0
/** Counts the ends of one stage and says when too many of them are failures. It ends nothing itself. */
import type { RequestRecord } from '../../operator/core/model/record.ts'

export interface StageTally {
  readonly stage: string
  readonly add: (record: RequestRecord) => void
  /** Aborted, with the reason in words, when the share of failures has reached the limit. */
  readonly stop: AbortSignal
  /** Last end of a measured request. */
  readonly lastEndMs: () => number
}

/** Below this many ends a share says nothing. */
const LEAST_ENDS = 20

export interface TallyLimits {
  readonly stopErrorRate: number | undefined
  /** A server that asks for a longer pause has said that it will not serve this load. */
  readonly longestPauseMs?: number
  readonly stage?: string
}

export function createStageTally({ stopErrorRate, longestPauseMs = Number.POSITIVE_INFINITY, stage = '' }: TallyLimits): StageTally {
  const stop = new AbortController()
  let ended = 0
  let failed = 0
  let lastEndMs = 0
  return {
    stage,
    stop: stop.signal,
    lastEndMs: () => lastEndMs,
    add(record) {
      if (record.phase === 'measure') lastEndMs = Math.max(lastEndMs, record.endMs ?? 0)
      if ((record.retryAfterMs ?? 0) > longestPauseMs && !stop.signal.aborted) {
        stop.abort(`the server asked to wait ${((record.retryAfterMs ?? 0) / 1000).toFixed(0)} s (Retry-After), which is longer than api.timeout`)
      }
      if (record.status === 'cancelled') return
      ended++
      if (record.status === 'error') failed++
      const share = failed / ended
      if (stopErrorRate !== undefined && ended >= LEAST_ENDS && share >= stopErrorRate && !stop.signal.aborted) {
        stop.abort(`${failed} of ${ended} requests failed, which is the share at which load.stop.errorRate ends the run`)
      }
    },
  }
}

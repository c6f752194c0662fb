// SPDX-License-Identifier: Apache-2.0
/** What happened to a request, as the record that all harnesses share. */
import { KEPT_ANSWER, type RequestRecord } from '../../operator/core/model/record.ts'
import type { Exchange, ExchangeMetrics } from './client.ts'
import type { Turn } from './turns.ts'

/** Where in the run a request belongs. */
export interface Placement {
  readonly stage: string
  readonly phase: RequestRecord['phase']
  readonly scheduledMs: number | null
  /** How long it was held back because the server had asked for a pause. */
  readonly heldMs?: number
}

export function toRecord({ planned, historyTokens }: Turn, place: Placement, { metrics, text }: Pick<Exchange, 'metrics' | 'text'>): RequestRecord {
  const { eventsMs, usage } = metrics
  return {
    id: planned.id,
    stage: place.stage,
    phase: place.phase,
    session: planned.session,
    turn: planned.turn,
    scheduledMs: rounded(place.scheduledMs),
    sentMs: rounded(metrics.sentMs),
    firstTokenMs: rounded(eventsMs?.[0] ?? null),
    endMs: rounded(metrics.endMs),
    eventsMs: eventsMs?.map(microseconds),
    eventTokens: metrics.eventTokens === undefined ? undefined : [...metrics.eventTokens],
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
    cachedTokens: usage?.cachedTokens ?? undefined,
    clientInputTokens: historyTokens === null ? null : historyTokens + planned.inputTokens,
    wantedOutputTokens: planned.outputTokens,
    ...answered(planned.expected, text, metrics),
    ...(place.heldMs === undefined ? {} : { heldMs: microseconds(place.heldMs) }),
    ...outcome(metrics),
  }
}

/** What the server called its answer, and what it said where that is checked. */
function answered(expected: string | undefined, text: string, { responseIds, silentEvents }: ExchangeMetrics): Partial<RequestRecord> {
  return {
    silentEvents: silentEvents === 0 ? undefined : silentEvents, responseIds: responseIds === undefined ? undefined : [...responseIds],
    ...(expected === undefined ? {} : { expected, answer: text.slice(0, KEPT_ANSWER) }),
  }
}

function outcome({ status, httpStatus, error, retryAfterMs }: ExchangeMetrics): Pick<RequestRecord, 'status' | 'httpStatus' | 'error' | 'retryAfterMs'> {
  return { status, httpStatus, error: error === undefined ? undefined : { ...error }, retryAfterMs }
}

/** For a request that was never sent, because the run ended before. */
export const NEVER_SENT: ExchangeMetrics = {
  status: 'cancelled', sentMs: null, endMs: null, error: { class: 'cancelled', message: 'the stage ended before it could be sent' },
}

/** Finer than a microsecond is noise, and digits cost room. */
function microseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : microseconds(ms)
}

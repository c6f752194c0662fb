// SPDX-License-Identifier: Apache-2.0
/** Rows of fmperf, one a token → one record a request. A row says how long after the one before it came; the first, how long after the send. */
import { z } from 'zod'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { failureOf } from '../reading/failure.ts'

export const FmperfRow = z.looseObject({
  response: z.looseObject({ text: z.string().nullish() }).nullish(),
  ok: z.boolean(), error: z.string().nullish(), timestamp: z.number(), duration_ms: z.number(), exp_num_users: z.int(), exp_duration: z.number().nullish(),
  worker_idx: z.int(), request_idx: z.int(), sample_idx: z.int().nullish(), response_idx: z.int(), n_tokens: z.int().min(0),
})
export type FmperfRow = z.output<typeof FmperfRow>

/** What generate-input wrote of one request. */
export interface SampleLengths { readonly inputTokens: number | null; readonly outputTokens: number | null }

export interface RowsPlace {
  readonly prefix: string
  readonly stage: string
  readonly phase: RequestRecord['phase']
  readonly at: (epochNs: number) => number
  readonly sample: (index: number) => SampleLengths | undefined
}

/** Rows of one worker are in order, and so are the workers. */
export function isSameRequest(a: FmperfRow, b: FmperfRow): boolean {
  return a.exp_num_users === b.exp_num_users && a.worker_idx === b.worker_idx && a.request_idx === b.request_idx && b.response_idx > a.response_idx
}

export function requestOf(rows: readonly [FmperfRow, ...FmperfRow[]], { prefix, stage, phase, at, sample }: RowsPlace): RequestRecord {
  const [first] = rows
  const sentMs = at(first.timestamp) - first.duration_ms
  const failure = rows.find((row) => !row.ok)
  const lengths = typeof first.sample_idx === 'number' ? sample(first.sample_idx) : undefined
  const base = {
    id: `${prefix}-${first.worker_idx}-${first.request_idx}`, stage, phase, scheduledMs: null, sentMs, inputTokens: null,
    ...(lengths === undefined ? {} : { clientInputTokens: lengths.inputTokens, wantedOutputTokens: lengths.outputTokens }),
  } as const
  if (failure !== undefined) return { ...base, firstTokenMs: null, endMs: sentMs + elapsed(rows), outputTokens: null, status: 'error', ...failureOf(failure.error ?? 'fmperf gives no reason') }
  return { ...base, ...eventsOf(rows, sentMs), status: 'ok' }
}

function elapsed(rows: readonly FmperfRow[]): number {
  return rows.reduce((sum, row) => sum + row.duration_ms, 0)
}

/** Rows without text are tokens that make no character yet: their time and count belong to the next event. */
function eventsOf(rows: readonly FmperfRow[], sentMs: number): Pick<RequestRecord, 'firstTokenMs' | 'endMs' | 'eventsMs' | 'eventTokens' | 'outputTokens'> {
  const eventsMs: number[] = []
  const eventTokens: number[] = []
  let at = sentMs
  let pending = 0
  for (const row of rows) {
    at += row.duration_ms
    pending += row.n_tokens
    if ((row.response?.text ?? '') === '') continue
    // Further tokens of a chunk come at its time.
    if (eventsMs.at(-1) === at) eventTokens[eventTokens.length - 1] = (eventTokens.at(-1) ?? 0) + pending
    else {
      eventsMs.push(at)
      eventTokens.push(pending)
    }
    pending = 0
  }
  return { firstTokenMs: eventsMs[0] ?? null, endMs: eventsMs.at(-1) ?? at, eventsMs, eventTokens, outputTokens: rows.reduce((sum, row) => sum + row.n_tokens, 0) }
}

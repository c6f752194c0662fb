// SPDX-License-Identifier: Apache-2.0
/** One line of profile_export.jsonl → a record. Time stamps are nanoseconds since 1970, durations milliseconds by their own unit. */
import { z } from 'zod'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { failureOf } from '../reading/failure.ts'
import { maybeNumber } from '../reading/shape.ts'

const Metric = z.looseObject({ value: z.union([z.number(), z.array(z.number())]).nullish(), unit: z.string().nullish() })

export const AiperfLine = z.looseObject({
  metadata: z.looseObject({
    x_request_id: z.string().nullish(), conversation_id: z.string().nullish(), turn_index: maybeNumber, benchmark_phase: z.string().nullish(), was_cancelled: z.boolean().nullish(),
    credit_issued_ns: maybeNumber, request_start_ns: z.number(), request_end_ns: maybeNumber,
  }),
  metrics: z.record(z.string(), Metric),
  error: z.looseObject({ code: maybeNumber, type: z.string().nullish(), message: z.string().nullish() }).nullish(),
})
export type AiperfLine = z.output<typeof AiperfLine>

const UNIT_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, sec: 1000 }

export interface LinePlace {
  readonly id: string
  readonly stage: string
  readonly warmup: boolean
  /** The trial's clock at a time of the tool's. */
  readonly at: (epochNs: number) => number
  /** Whether the load had a schedule; a closed loop has none. */
  readonly scheduled: boolean
  /** Whether its own count of tokens is the server's. */
  readonly serverCounts: boolean
  readonly multiTurn: boolean
}

export function aiperfRecord(line: AiperfLine, place: LinePlace): RequestRecord {
  const { metadata, error } = line
  const sentMs = place.at(metadata.request_start_ns)
  const credit = metadata.credit_issued_ns
  const base = {
    id: metadata.x_request_id ?? place.id, stage: place.stage, phase: place.warmup || metadata.benchmark_phase === 'warmup' ? 'warmup' : 'measure',
    ...(place.multiTurn && typeof metadata.conversation_id === 'string' ? { session: metadata.conversation_id, turn: metadata.turn_index ?? 0 } : {}),
    scheduledMs: place.scheduled && typeof credit === 'number' ? place.at(credit) : null, sentMs,
  } as const
  const ended = typeof metadata.request_end_ns === 'number' ? place.at(metadata.request_end_ns) : null
  if (metadata.was_cancelled === true) return { ...base, ...NOTHING, endMs: ended, status: 'cancelled', ...failureOf('cancelled by aiperf') }
  if (error !== null && error !== undefined) return { ...base, ...NOTHING, endMs: ended, status: 'error', ...failedBy(error) }
  return { ...base, ...times(line, sentMs), ...tokens(line, place), status: 'ok' }
}

const NOTHING = { firstTokenMs: null, inputTokens: null, outputTokens: null } as const

function failedBy({ code, type, message }: NonNullable<AiperfLine['error']>): Pick<RequestRecord, 'error' | 'httpStatus'> {
  if (typeof code === 'number' && code >= 400) return failureOf(message ?? type ?? String(code), code)
  return failureOf([type, message].filter((text) => typeof text === 'string').join(': '))
}

/** Latency ends with the last response that carries content; the request's own end is when the connection is done. */
function times(line: AiperfLine, sentMs: number): Pick<RequestRecord, 'firstTokenMs' | 'endMs' | 'gapsMs'> {
  const ttft = ms(line, 'time_to_first_token')
  const latency = ms(line, 'request_latency')
  const gaps = line.metrics['inter_chunk_latency']
  const scale = UNIT_MS[gaps?.unit ?? 'ms'] ?? Number.NaN
  return {
    firstTokenMs: ttft === undefined ? null : sentMs + ttft, endMs: latency === undefined ? null : sentMs + latency,
    ...(Array.isArray(gaps?.value) ? { gapsMs: gaps.value.map((gap) => gap * scale) } : {}),
  }
}

function tokens(line: AiperfLine, { serverCounts }: LinePlace): Pick<RequestRecord, 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'clientInputTokens' | 'clientOutputTokens'> {
  const [input, output, cached] = [count(line, 'usage_prompt_tokens'), count(line, 'usage_completion_tokens'), count(line, 'usage_prompt_cache_read_tokens')]
  return {
    inputTokens: input ?? null, outputTokens: output ?? null, ...(cached === undefined ? {} : { cachedTokens: cached }),
    ...(serverCounts ? {} : { clientInputTokens: count(line, 'input_sequence_length') ?? null, clientOutputTokens: count(line, 'output_sequence_length') ?? null }),
  }
}

function ms({ metrics }: AiperfLine, name: string): number | undefined {
  const { value, unit } = metrics[name] ?? {}
  return typeof value === 'number' ? value * (UNIT_MS[unit ?? 'ms'] ?? Number.NaN) : undefined
}

function count({ metrics }: AiperfLine, name: string): number | undefined {
  const value = metrics[name]?.value
  return typeof value === 'number' ? Math.round(value) : undefined
}

// SPDX-License-Identifier: Apache-2.0
/** One entry of per_request_lifecycle_metrics.json → a record. Seconds on the machine's monotonic clock; the end of a request is after its tokens were counted again. */
import { z } from 'zod'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { failureOf } from '../reading/failure.ts'
import { maybeNumber } from '../reading/shape.ts'

const times = z.array(z.number()).nullish()
const count = z.int().min(0).nullish()
const Usage = z.looseObject({
  prompt_tokens: count, completion_tokens: count, input_tokens: count, output_tokens: count, prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
})

export const PerRequest = z.looseObject({
  start_time: z.number(), end_time: z.number(),
  info: z.looseObject({
    request_metrics: z.looseObject({ text: z.looseObject({ input_tokens: count }).nullish() }).nullish(),
    response_metrics: z.looseObject({ output_tokens: count, server_usage: Usage.nullish(), chunk_times: times, output_token_times: times }).nullish(),
  }).nullish(),
  computed_metrics: z.looseObject({ time_to_first_token: maybeNumber, inter_token_latencies: times, input_tokens: count, output_tokens: count }).nullish(),
  error: z.looseObject({ error_type: z.string(), error_msg: z.string() }).nullish(),
})
export type PerRequest = z.output<typeof PerRequest>

type ResponseMetrics = NonNullable<NonNullable<PerRequest['info']>['response_metrics']>

export interface EntryPlace {
  readonly id: string
  readonly stage: string
  readonly phase: RequestRecord['phase']
  /** The trial's clock at a time of the tool's. */
  readonly at: (seconds: number) => number
}

export function perRequestRecord(entry: PerRequest, { id, stage, phase, at }: EntryPlace): RequestRecord {
  const base = { id, stage, phase, scheduledMs: null, sentMs: at(entry.start_time) }
  if (entry.error !== null && entry.error !== undefined) {
    return { ...base, firstTokenMs: null, endMs: at(entry.end_time), inputTokens: null, outputTokens: null, status: 'error', ...failed(entry.error) }
  }
  return { ...base, ...timesOf(entry, at), ...tokensOf(entry), status: 'ok' }
}

function failed({ error_type: type, error_msg: said }: NonNullable<PerRequest['error']>): Pick<RequestRecord, 'error' | 'httpStatus'> {
  const code = /^HTTP Error ([45][0-9]{2})$/.exec(type)?.[1]
  if (code !== undefined) return failureOf(said === '' ? type : said, Number(code))
  return failureOf(said === '' ? type : `${type}: ${said}`)
}

/** Times of chunks with content; without them what was computed from them. */
function timesOf({ info, computed_metrics: computed, start_time: start, end_time: end }: PerRequest, at: EntryPlace['at']): Pick<RequestRecord, 'firstTokenMs' | 'endMs' | 'eventsMs' | 'eventTokens' | 'gapsMs'> {
  const chunks = info?.response_metrics?.chunk_times ?? []
  if (chunks.length > 0) {
    const eventTokens = tokensOfChunks(info?.response_metrics ?? {})
    return { firstTokenMs: at(chunks[0] as number), endMs: at(chunks.at(-1) as number), eventsMs: chunks.map(at), ...(eventTokens === undefined ? {} : { eventTokens }) }
  }
  const ttft = computed?.time_to_first_token
  const gaps = computed?.inter_token_latencies ?? []
  if (typeof ttft !== 'number') return { firstTokenMs: null, endMs: at(end) }
  // Gaps of 0 are further tokens of one chunk.
  return { firstTokenMs: at(start + ttft), endMs: at(gaps.reduce((sum, gap) => sum + gap, start + ttft)), gapsMs: gaps.filter((gap) => gap > 0).map((gap) => 1000 * gap) }
}

/** Tokens of each chunk as the client counted them, where its sum is the server's: else they are other tokens. */
function tokensOfChunks({ chunk_times: chunks, output_token_times: tokens, server_usage: usage }: ResponseMetrics): number[] | undefined {
  const served = usage?.completion_tokens ?? usage?.output_tokens
  if (!chunks || !tokens || tokens.length !== served || chunks.length === served) return undefined
  const counts = new Map<number, number>()
  for (const t of tokens) counts.set(t, (counts.get(t) ?? 0) + 1)
  return chunks.map((t) => counts.get(t) ?? 0)
}

function tokensOf({ info, computed_metrics: computed }: PerRequest): Pick<RequestRecord, 'inputTokens' | 'outputTokens' | 'cachedTokens' | 'clientInputTokens' | 'clientOutputTokens'> {
  const { response_metrics: response, request_metrics: request } = info ?? {}
  const served = usageOf(response?.server_usage)
  const clientOutputTokens = response?.output_tokens ?? computed?.output_tokens ?? null
  // With usage the tool takes its number for the input.
  if (served.inputTokens !== null) return { ...served, clientOutputTokens }
  return { ...served, clientInputTokens: request?.text?.input_tokens ?? computed?.input_tokens ?? null, clientOutputTokens }
}

function usageOf(usage: ResponseMetrics['server_usage']): Pick<RequestRecord, 'inputTokens' | 'outputTokens' | 'cachedTokens'> {
  const cached = usage?.prompt_tokens_details?.cached_tokens
  return {
    inputTokens: usage?.prompt_tokens ?? usage?.input_tokens ?? null, outputTokens: usage?.completion_tokens ?? usage?.output_tokens ?? null,
    ...(typeof cached === 'number' ? { cachedTokens: cached } : {}),
  }
}

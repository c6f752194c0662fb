// SPDX-License-Identifier: Apache-2.0
/** One operating point of genai-bench: durations of single requests without any clock, and a summary in seconds or milliseconds. */
import { z } from 'zod'
import type { Claim, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim } from '../reading/claim-table.ts'
import { failureOf, unanswered } from '../reading/failure.ts'
import { maybeNumber, Statistics } from '../reading/shape.ts'

export const TimeUnit = z.enum(['s', 'ms'])
export type TimeUnit = z.output<typeof TimeUnit>

export const PointFile = z.looseObject({
  // The last member of the file.
  _time_unit: TimeUnit.optional(),
  aggregated_metrics: z.looseObject({
    scenario: z.string().nullish(), num_concurrency: maybeNumber, run_duration: maybeNumber, num_completed_requests: maybeNumber, num_requests: maybeNumber,
    error_codes_frequency: z.record(z.string(), z.number()).nullish(), stats: z.record(z.string(), Statistics.nullish()).nullish(),
  }),
})
export type PointFile = z.output<typeof PointFile>

const count = z.int().min(0).nullish()
export const PointRequest = z.looseObject({
  ttft: maybeNumber, e2e_latency: maybeNumber, num_input_tokens: count, num_output_tokens: count, error_code: maybeNumber, error_message: z.string().nullish(),
})

/** Error counts are right only by code: its number of errors stays 0 when the summary fails. */
export function pointCounts({ aggregated_metrics: { num_completed_requests: ok, error_codes_frequency: errors } }: PointFile): StageWindow['counted'] {
  const failed = Object.values(errors ?? {}).reduce((sum, n) => sum + n, 0)
  return typeof ok === 'number' ? { total: ok + failed, ok, failed, cancelled: 0 } : undefined
}

export interface RequestPlace extends Pick<RequestRecord, 'id' | 'stage' | 'phase'> { readonly unit: TimeUnit }

export function pointRecord(request: z.output<typeof PointRequest>, { unit, ...place }: RequestPlace): RequestRecord {
  const ms = (value: number | null | undefined) => (typeof value === 'number' ? (unit === 's' ? 1000 * value : value) : null)
  const base = { ...place, clockless: true, scheduledMs: null, sentMs: 0 } as const
  if (typeof request.error_code === 'number') return { ...base, firstTokenMs: null, endMs: null, inputTokens: null, outputTokens: null, status: 'error', ...failed(request.error_code, request.error_message ?? '') }
  return { ...base, firstTokenMs: ms(request.ttft), endMs: ms(request.e2e_latency), inputTokens: request.num_input_tokens ?? null, outputTokens: request.num_output_tokens ?? null, status: 'ok' }
}

/** Codes of requests that got no answer are made up. */
function failed(code: number, said: string): Pick<RequestRecord, 'error' | 'httpStatus'> {
  if (/^(Connection error|Request timed out):/.test(said)) return unanswered(said)
  return code >= 400 ? failureOf(said === '' ? `HTTP ${code}` : said, code) : failureOf(said)
}

const DISTRIBUTIONS: readonly (readonly [native: string, metric: string, unit?: string])[] = [
  ['ttft', 'ttft'], ['tpot', 'tpot'], ['e2e_latency', 'e2e'], ['num_input_tokens', 'input_length', 'tokens'], ['num_output_tokens', 'output_length', 'tokens'],
  ['output_inference_speed', 'tokens_per_second_per_user', 'tokens/s'],
]
const SCALARS: readonly (readonly [native: string, metric: string, unit: string])[] = [
  ['requests_per_second', 'request_throughput', 'req/s'], ['mean_output_throughput_tokens_per_s', 'output_throughput', 'tokens/s'],
  ['mean_input_throughput_tokens_per_s', 'input_throughput', 'tokens/s'], ['mean_total_tokens_throughput_tokens_per_s', 'total_throughput', 'tokens/s'], ['error_rate', 'error_rate', 'ratio'],
]

export function pointClaims({ aggregated_metrics: all }: PointFile, stage: string, time: TimeUnit): Claim[] {
  if ((all.num_completed_requests ?? 0) === 0) return []
  return [
    ...DISTRIBUTIONS.flatMap(([native, metric, unit]) => distributionClaims(stage, { native, metric, unit: unit ?? (metric === 'tpot' ? `${time}/token` : time) }, all.stats?.[native])),
    ...SCALARS.flatMap(([native, metric, unit]) => scalarClaim(stage, { native, metric, unit }, all[native])),
  ]
}

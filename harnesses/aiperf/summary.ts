// SPDX-License-Identifier: Apache-2.0
/** profile_export_aiperf.json: what aiperf says of one run, each metric with its unit. Its inter-token latency is one mean a request; the gaps are its inter-chunk latency. */
import { z } from 'zod'
import type { Claim, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim } from '../reading/claim-table.ts'
import { maybeNumber } from '../reading/shape.ts'

export const AiperfSummary = z.looseObject({
  schema_version: z.string().nullish(), aiperf_version: z.string().nullish(), was_cancelled: z.boolean().nullish(), start_time: z.string().nullish(), end_time: z.string().nullish(),
  input_config: z.looseObject({
    models: z.looseObject({ items: z.array(z.looseObject({ name: z.string().nullish() })).nullish() }).nullish(),
    endpoint: z.looseObject({ use_server_token_count: z.boolean().nullish() }).nullish(),
    datasets: z.array(z.looseObject({ turns: z.unknown().optional() })).nullish(),
    phases: z.array(z.looseObject({ kind: z.string().nullish(), type: z.string().nullish(), concurrency: z.unknown().optional(), rate: z.unknown().optional() })).nullish(),
  }).nullish(),
})
export type AiperfSummary = z.output<typeof AiperfSummary>

/** The forms of its file that are known. */
export const KNOWN_SCHEMA = /^1\./
export const SchemaVersion = z.looseObject({ schema_version: z.string().nullish() })

const Metric = z.looseObject({ unit: z.string().nullish(), avg: maybeNumber })

const DISTRIBUTIONS: readonly (readonly [native: string, metric: string])[] = [
  ['time_to_first_token', 'ttft'], ['inter_token_latency', 'tpot'], ['inter_chunk_latency', 'itl'], ['request_latency', 'e2e'],
  ['input_sequence_length', 'input_length'], ['output_sequence_length', 'output_length'], ['output_token_throughput_per_user', 'tokens_per_second_per_user'],
]
const SCALARS: readonly (readonly [native: string, metric: string])[] = [
  ['request_throughput', 'request_throughput'], ['output_token_throughput', 'output_throughput'], ['input_token_throughput', 'input_throughput'],
  ['total_token_throughput', 'total_throughput'], ['request_error_rate', 'error_rate'], ['effective_concurrency', 'concurrency'], ['goodput', 'goodput'],
]
/** Its units in our words; a time per token is a time to it. */
const UNITS: Readonly<Record<string, string>> = { 'requests/sec': 'req/s', 'tokens/sec': 'tokens/s', 'tokens/sec/user': 'tokens/s', sec: 's', concurrency: 'requests', 'requests': 'requests' }

export function aiperfClaims(summary: AiperfSummary, stage: string): Claim[] {
  const metric = (native: string) => Metric.safeParse(summary[native]).data
  const unitOf = (native: string, ours: string) => {
    const unit = metric(native)?.unit ?? ''
    return ours === 'tpot' ? `${unit}/token` : (UNITS[unit] ?? unit)
  }
  return [
    ...DISTRIBUTIONS.flatMap(([native, ours]) => distributionClaims(stage, { native, metric: ours, unit: unitOf(native, ours) }, metric(native))),
    ...SCALARS.flatMap(([native, ours]) => scalarClaim(stage, { native, metric: ours, unit: unitOf(native, ours) }, metric(native)?.avg)),
  ]
}

/** Its request count is of good ones; the completed ones include errors. */
export function aiperfCounts(summary: AiperfSummary): StageWindow['counted'] {
  const avg = (native: string) => Metric.safeParse(summary[native]).data?.avg
  const [ok, total] = [avg('request_count'), avg('completed_request_count')]
  return typeof ok !== 'number' || typeof total !== 'number' ? undefined : { total, ok, failed: total - ok, cancelled: 0 }
}

/** Its rates are over the time between its own start and end, which is a little longer than what it calls the benchmark's duration. */
export function durationMs(summary: AiperfSummary): number {
  const between = isoMs(summary.end_time) - isoMs(summary.start_time)
  return Number.isNaN(between) ? 1000 * (Metric.safeParse(summary['benchmark_duration']).data?.avg ?? 0) : between
}

/** Without a zone, to the microsecond; Date would drop what is below a millisecond. */
function isoMs(text: string | null | undefined): number {
  const [, second, fraction = '0'] = /^(.*T[0-9:]{8})(\.[0-9]+)?$/.exec(text ?? '') ?? []
  return second === undefined ? Number.NaN : Date.parse(`${second}Z`) + 1000 * Number(fraction)
}

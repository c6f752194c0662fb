// SPDX-License-Identifier: Apache-2.0
/** The JSON report of guidellm, as versions 1 (0.5) and 2 (0.8) of it have in common. Times are seconds since 1970. */
import { z } from 'zod'
import { maybeNumber, Statistics } from '../reading/shape.ts'

export const VERSIONS: readonly number[] = [1, 2]

const maybeText = z.string().nullish()

const Strategy = z.looseObject({ type_: z.string(), rate: maybeNumber, streams: maybeNumber, max_concurrency: maybeNumber })
const Totals = z.looseObject({ successful: z.int(), errored: z.int(), incomplete: z.int(), total: z.int() })

export const GuidellmBenchmark = z.looseObject({
  config: z.looseObject({ strategy: Strategy, prefer_response_metrics: z.boolean().nullish(), backend: z.looseObject({ model: maybeText }).nullish() }),
  scheduler_state: z.looseObject({ end_queuing_constraints: z.record(z.string(), z.unknown()).nullish() }).nullish(),
  scheduler_metrics: z.looseObject({ request_start_time: maybeNumber, measure_start_time: maybeNumber, measure_end_time: maybeNumber }).nullish(),
  metrics: z.looseObject({ request_totals: Totals.nullish() }).nullish(),
  start_time: maybeNumber, end_time: maybeNumber, warmup_duration: maybeNumber, cooldown_duration: maybeNumber,
  warnings: z.array(z.looseObject({ message: maybeText })).nullish(),
})
export type GuidellmBenchmark = z.output<typeof GuidellmBenchmark>

/** First send, in seconds since 1970; a report that was cut off says it elsewhere. */
export function benchmarkStart({ start_time: start, scheduler_metrics: scheduler }: GuidellmBenchmark): number | undefined {
  return start ?? scheduler?.request_start_time ?? scheduler?.measure_start_time ?? undefined
}

export const GuidellmReport = z.looseObject({
  metadata: z.looseObject({ version: z.int(), guidellm_version: maybeText }),
  config: z.looseObject({ spec: z.looseObject({ data: z.array(z.looseObject({ turns: maybeNumber })).nullish() }).nullish() }).nullish(),
  benchmarks: z.array(GuidellmBenchmark).nullish(),
})
export type GuidellmReport = z.output<typeof GuidellmReport>

const Usage = z.looseObject({ total_tokens: maybeNumber, text_tokens: maybeNumber, cached_tokens: maybeNumber }).nullish()

/** One request; what only newer versions have is optional. */
export const GuidellmRequest = z.looseObject({
  request_id: z.string(),
  info: z.looseObject({
    status: maybeText, error: maybeText, conversation_id: maybeText, turn_index: maybeNumber,
    timings: z.looseObject({
      targeted_start: maybeNumber, resolve_start: maybeNumber, request_start: maybeNumber, first_token_iteration: maybeNumber,
      last_token_iteration: maybeNumber, request_end: maybeNumber, resolve_end: maybeNumber, token_iterations: maybeNumber,
    }),
  }),
  input_metrics: Usage, output_metrics: Usage,
})
export type GuidellmRequest = z.output<typeof GuidellmRequest>

export const GuidellmDistribution = z.looseObject({ successful: z.looseObject({ percentiles: Statistics.nullish() }).nullish(), total: Statistics.nullish() })

// SPDX-License-Identifier: Apache-2.0
/** What inference-perf says of one stage: stage_<i>_lifecycle_metrics.json. All times are seconds. */
import { z } from 'zod'
import type { Claim, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim, type Meaning } from '../reading/claim-table.ts'
import { maybeNumber, Statistics } from '../reading/shape.ts'

const statistics = Statistics.nullish()

export const StageFile = z.looseObject({
  benchmark_time_seconds: maybeNumber,
  load_summary: z.looseObject({ count: maybeNumber, schedule_delay: statistics, send_duration: maybeNumber, requested_rate: maybeNumber, achieved_rate: maybeNumber, concurrency: maybeNumber }).nullish(),
  successes: z.looseObject({
    count: maybeNumber, latency: z.record(z.string(), statistics).nullish(), throughput: z.record(z.string(), maybeNumber).nullish(),
    prompt_tokens: statistics, output_tokens: statistics, goodput_metrics: z.looseObject({ request_goodput: maybeNumber }).nullish(),
  }).nullish(),
  failures: z.looseObject({ count: maybeNumber }).nullish(),
})
export type StageFile = z.output<typeof StageFile>

/** undefined where the file does not say. */
export function countedOf({ successes, failures }: StageFile): StageWindow['counted'] {
  const [ok, failed] = [successes?.count, failures?.count]
  return typeof ok !== 'number' || typeof failed !== 'number' ? undefined : { total: ok + failed, ok, failed, cancelled: 0 }
}

const LATENCIES: readonly Meaning[] = [
  { native: 'time_to_first_token', metric: 'ttft', unit: 's' }, { native: 'time_per_output_token', metric: 'tpot', unit: 's/token' },
  { native: 'normalized_time_per_output_token', metric: 'ntpot', unit: 's/token' }, { native: 'request_latency', metric: 'e2e', unit: 's' },
  { native: 'inter_token_latency', metric: 'itl_per_token', unit: 's/token' },
]
const RATES: readonly Meaning[] = [
  { native: 'requests_per_sec', metric: 'request_throughput', unit: 'req/s' }, { native: 'output_tokens_per_sec', metric: 'output_throughput', unit: 'tokens/s' },
  { native: 'input_tokens_per_sec', metric: 'input_throughput', unit: 'tokens/s' }, { native: 'total_tokens_per_sec', metric: 'total_throughput', unit: 'tokens/s' },
]

export function stageClaims({ load_summary: load, successes }: StageFile, stage: string): Claim[] {
  // A closed loop has no schedule: there it is the time that a request waited for its turn.
  const scheduled = typeof load?.concurrency === 'number' ? [] : distributionClaims(stage, { native: 'schedule_delay', metric: 'schedule_lag', unit: 's' }, load?.schedule_delay)
  if ((successes?.count ?? 0) === 0) return scheduled
  return [
    ...scheduled,
    ...scalarClaim(stage, { native: 'achieved_rate', metric: 'achieved_rate', unit: 'req/s' }, load?.achieved_rate),
    ...LATENCIES.flatMap((meaning) => distributionClaims(stage, meaning, successes?.latency?.[meaning.native])),
    ...RATES.flatMap((meaning) => scalarClaim(stage, meaning, successes?.throughput?.[meaning.native])),
    ...distributionClaims(stage, { native: 'prompt_tokens', metric: 'input_length', unit: 'tokens' }, successes?.prompt_tokens),
    ...distributionClaims(stage, { native: 'output_tokens', metric: 'output_length', unit: 'tokens' }, successes?.output_tokens),
    ...scalarClaim(stage, { native: 'request_goodput', metric: 'goodput', unit: 'req/s' }, successes?.goodput_metrics?.request_goodput),
  ]
}

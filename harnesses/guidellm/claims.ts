// SPDX-License-Identifier: Apache-2.0
/** What guidellm says of one benchmark, by meaning: its inter-token latency is a mean a request, and its time per output token has the first token in it. */
import type { Claim } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim, type Meaning } from '../reading/claim-table.ts'
import { GuidellmDistribution, type GuidellmBenchmark } from './report-file.ts'

const DISTRIBUTIONS: readonly Meaning[] = [
  { native: 'time_to_first_token_ms', metric: 'ttft', unit: 'ms' }, { native: 'inter_token_latency_ms', metric: 'tpot', unit: 'ms/token' },
  { native: 'time_per_output_token_ms', metric: 'ntpot', unit: 'ms/token' }, { native: 'request_latency', metric: 'e2e', unit: 's' },
  { native: 'prompt_token_count', metric: 'input_length', unit: 'tokens' }, { native: 'output_token_count', metric: 'output_length', unit: 'tokens' },
  { native: 'request_dispatch_delay', metric: 'schedule_lag', unit: 's' },
]
/** Distributions over time, of which the mean is the rate. */
const RATES: readonly Meaning[] = [
  { native: 'requests_per_second', metric: 'request_throughput', unit: 'req/s' }, { native: 'output_tokens_per_second', metric: 'output_throughput', unit: 'tokens/s' },
  { native: 'prompt_tokens_per_second', metric: 'input_throughput', unit: 'tokens/s' }, { native: 'tokens_per_second', metric: 'total_throughput', unit: 'tokens/s' },
]
/** Failed requests take their place too. */
const CONCURRENCY: Meaning = { native: 'request_concurrency.total.mean', metric: 'concurrency', unit: 'requests' }

/** p001 is the 0.1st percentile, p01 the 1st, p999 the 99.9th. */
const PERCENTILES: Readonly<Record<string, string>> = { p001: 'p0p1', p01: 'p1', p05: 'p5', p999: 'p99p9' }

export function guidellmClaims({ metrics }: GuidellmBenchmark, stage: string): Claim[] {
  if ((metrics?.request_totals?.successful ?? 0) === 0) return []
  return [
    ...DISTRIBUTIONS.flatMap((meaning) => {
      const { percentiles = {}, ...summary } = distribution(metrics?.[meaning.native])?.successful ?? {}
      const named = Object.fromEntries(Object.entries(percentiles ?? {}).map(([p, value]) => [PERCENTILES[p] ?? p, value]))
      const { median: _median, ...rest } = summary
      return distributionClaims(stage, meaning, { ...named, ...rest })
    }),
    ...RATES.flatMap((meaning) => scalarClaim(stage, { ...meaning, native: `${meaning.native}.mean` }, distribution(metrics?.[meaning.native])?.successful?.['mean'])),
    ...scalarClaim(stage, CONCURRENCY, distribution(metrics?.['request_concurrency'])?.total?.['mean']),
  ]
}

function distribution(metric: unknown) {
  return GuidellmDistribution.safeParse(metric).data
}

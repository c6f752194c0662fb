// SPDX-License-Identifier: Apache-2.0
/** The JSON of `vllm bench latency`, `throughput` and `startup`, which run the engine in their own process: no request is seen, so all of it is the tool's claim. */
import { z } from 'zod'
import type { Claim, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, scalarClaim, type Meaning } from '../reading/claim-table.ts'
import { maybeNumber } from '../reading/shape.ts'

const values = z.array(z.number()).nullish()
const percentiles = z.record(z.string(), z.number()).nullish()

export const LatencyRun = z.looseObject({ model_id: z.string().nullish(), avg_latency: z.number(), latencies: values, percentiles })
export const ThroughputRun = z.looseObject({
  model_id: z.string().nullish(), elapsed_time: z.number(), num_requests: z.number(), total_num_tokens: maybeNumber,
  requests_per_second: maybeNumber, tokens_per_second: maybeNumber,
})
export const StartupRun = z.looseObject({ cold_startup_times: values, warm_startup_times: values })

export interface InProcessStage {
  readonly window: StageWindow
  readonly claims: readonly Claim[]
}

const count = (n: number) => ({ total: n, ok: n, failed: 0, cancelled: 0 })
const window = (name: string, kind: string, seconds: number): StageWindow => ({ name, kind, startMs: 0, sendEndMs: 0, endMs: 1000 * seconds })

/** One iteration is a whole batch. */
export function latencyStage(run: z.output<typeof LatencyRun>, name: string): InProcessStage {
  const { avg_latency: mean, latencies = [] } = run
  const seconds = (latencies ?? []).reduce((sum, s) => sum + s, 0)
  return {
    window: { ...window(name, 'latency', seconds), counted: count(latencies?.length ?? 0) },
    claims: statistics(name, { native: 'latencies', metric: 'batch_latency', unit: 's' }, { mean, values: latencies, percentiles: run.percentiles }),
  }
}

export function throughputStage(run: z.output<typeof ThroughputRun>, name: string): InProcessStage {
  return {
    window: { ...window(name, 'throughput', run.elapsed_time), counted: count(run.num_requests) },
    claims: [
      ...scalarClaim(name, { native: 'requests_per_second', metric: 'request_throughput', unit: 'req/s' }, run.requests_per_second),
      ...scalarClaim(name, { native: 'tokens_per_second', metric: 'total_throughput', unit: 'tokens/s' }, run.tokens_per_second),
    ],
  }
}

const STARTUPS: readonly (readonly [suffix: string, metric: string])[] = [
  ['startup', 'engine_start'], ['compilation', 'engine_compile'], ['encoder_compilation', 'engine_compile_encoder'],
]

/** Stages `cold` and `warm`, of which each iteration is one start of an engine. */
export function startupStages(run: z.output<typeof StartupRun>): InProcessStage[] {
  return ['cold', 'warm'].flatMap((phase) => {
    const times = z.array(z.number()).catch([]).parse(run[`${phase}_startup_times`])
    if (times.length === 0) return []
    const claims = STARTUPS.flatMap(([suffix, metric]) => {
      const key = `${phase}_${suffix}`
      return statistics(phase, { native: `${key}_times`, metric, unit: 's' }, {
        mean: run[`avg_${key}_time`], values: values.catch(undefined).parse(run[`${key}_times`]), percentiles: percentiles.catch(undefined).parse(run[`${key}_percentiles`]),
      })
    })
    return [{ window: { ...window(phase, 'startup', times.reduce((sum, s) => sum + s, 0)), counted: count(times.length) }, claims }]
  })
}

interface Given { readonly mean: unknown; readonly values: readonly number[] | null | undefined; readonly percentiles: Readonly<Record<string, number>> | null | undefined }

/** Percentile keys are bare numbers. Extremes are in the list of values. */
function statistics(stage: string, meaning: Meaning, { mean, values: list, percentiles: named }: Given): Claim[] {
  const quantiles = Object.fromEntries(Object.entries(named ?? {}).map(([p, value]) => [`p${p}`, value]))
  const extremes = list === null || list === undefined || list.length === 0 ? {} : { min: Math.min(...list), max: Math.max(...list), count: list.length }
  return distributionClaims(stage, meaning, { mean, ...quantiles, ...extremes })
}

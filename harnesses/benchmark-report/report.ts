// SPDX-License-Identifier: Apache-2.0
/** A benchmark report of llm-d-benchmark (0.2, 0.2.1): aggregates of one stage, with a unit each. It holds no request, so all of it is claims. */
import { z } from 'zod'
import type { Claim, StageWindow } from '../../operator/core/model/record.ts'
import { distributionClaims, type Meaning } from '../reading/claim-table.ts'
import { maybeNumber } from '../reading/shape.ts'

const Statistic = z.looseObject({ units: z.string().nullish(), mean: maybeNumber }).nullish()
const statistics = z.record(z.string(), z.unknown()).nullish()

export const KNOWN_VERSION = /^v?0\.2(\.|$)/

/** Looser than our own schema of it: other producers leave out and add. */
export const LooseReport = z.looseObject({
  version: z.union([z.string(), z.number()]).transform(String),
  run: z.looseObject({ time: z.looseObject({ start: z.string().nullish(), end: z.string().nullish(), duration: z.string().nullish() }).nullish() }).nullish(),
  scenario: z.looseObject({
    stack: z.array(z.looseObject({ standardized: z.looseObject({ kind: z.string().nullish(), tool: z.string().nullish(), model: z.looseObject({ name: z.string().nullish() }).nullish(), accelerator: z.looseObject({ count: maybeNumber }).nullish() }).nullish() })).nullish(),
    load: z.looseObject({ standardized: z.looseObject({ tool: z.string().nullish(), tool_version: z.string().nullish(), stage: maybeNumber, rate_qps: maybeNumber, concurrency: maybeNumber }).nullish() }).nullish(),
  }).nullish(),
  results: z.looseObject({
    request_performance: z.looseObject({
      aggregate: z.looseObject({ requests: z.looseObject({ total: maybeNumber, failures: maybeNumber, incomplete: maybeNumber }).nullish(), latency: statistics, throughput: statistics }).nullish(),
    }).nullish(),
  }).nullish(),
})
export type LooseReport = z.output<typeof LooseReport>

export function reportCounts({ results }: LooseReport): StageWindow['counted'] {
  const { total, failures, incomplete } = results?.request_performance?.aggregate?.requests ?? {}
  if (typeof total !== 'number') return undefined
  const [failed, cancelled] = [failures ?? 0, incomplete ?? 0]
  return { total, failed, cancelled, ok: Math.max(0, total - failed - cancelled) }
}

const LATENCIES: Readonly<Record<string, string>> = {
  time_to_first_token: 'ttft', time_per_output_token: 'tpot', normalized_time_per_output_token: 'ntpot', inter_token_latency: 'itl_per_token', request_latency: 'e2e',
}
const LENGTHS: Readonly<Record<string, string>> = { input_length: 'input_length', output_length: 'output_length' }
const RATES: Readonly<Record<string, string>> = {
  request_rate: 'request_throughput', output_token_rate: 'output_throughput', input_token_rate: 'input_throughput', total_token_rate: 'total_throughput',
}
/** Units of the report in our words. */
const UNITS: Readonly<Record<string, string>> = { 'queries/s': 'req/s', count: 'tokens' }

/** Aggregates that a report of a stage with successes has when it is whole. */
export function missingFrom(report: LooseReport): string[] {
  const aggregate = report.results?.request_performance?.aggregate
  if (aggregate?.requests === undefined || aggregate.requests === null) return ['requests']
  if ((reportCounts(report)?.ok ?? 0) === 0) return []
  const of = (all: Readonly<Record<string, unknown>> | null | undefined, table: Readonly<Record<string, string>>) => Object.keys(table).filter((native) => all?.[native] === undefined)
  return [...of(aggregate.latency, LATENCIES), ...of(aggregate.throughput, RATES)]
}

export function reportClaims({ results }: LooseReport, stage: string): Claim[] {
  const aggregate = results?.request_performance?.aggregate
  const of = (all: Readonly<Record<string, unknown>> | null | undefined, table: Readonly<Record<string, string>>, claim: (meaning: Meaning, statistic: Readonly<Record<string, unknown>>) => Claim[]) =>
    Object.entries(table).flatMap(([native, metric]) => {
      const statistic = Statistic.safeParse(all?.[native]).data
      if (statistic === null || statistic === undefined) return []
      const unit = statistic.units ?? ''
      return claim({ native, metric, unit: UNITS[unit] ?? unit }, statistic)
    })
  const distribution = (meaning: Meaning, statistic: Readonly<Record<string, unknown>>) => [
    ...distributionClaims(stage, meaning, statistic),
    // Its standard deviation is that of a sample, as ours.
    ...(typeof statistic['stddev'] === 'number' ? [{ stage, metric: meaning.metric, statistic: 'stddev', value: statistic['stddev'], unit: meaning.unit, nativeName: `${meaning.native}.stddev` }] : []),
  ]
  const rate = ({ native, metric, unit }: Meaning, { mean }: Readonly<Record<string, unknown>>) => (typeof mean === 'number' ? [{ stage, metric, statistic: 'value', value: mean, unit, nativeName: `${native}.mean` }] : [])
  return [...of(aggregate?.latency, LATENCIES, distribution), ...of(aggregate?.requests, LENGTHS, distribution), ...of(aggregate?.throughput, RATES, rate)]
}

// SPDX-License-Identifier: Apache-2.0
/** Series of servers and GPUs within one stage → time series of the benchmark report, under the names that it has for them. */
import type { BenchmarkReport } from '../model/benchmark-report.ts'
import type { Findings, StageFindings } from '../model/findings.ts'
import type { MetricName } from '../model/metric.ts'

type Component = NonNullable<NonNullable<BenchmarkReport['results']['observability']>['components']>[number]
type TimeSeries = NonNullable<Component['time_series']>

/** What the report calls our series, and in which unit. Rates it knows none of: its tokens are counts. */
const NAMES = {
  kv_cache_usage: ['kv_cache_usage', 'fraction'], running_requests: ['num_requests_running', 'count'], queue_length: ['num_requests_waiting', 'count'],
  gpu_utilization: ['gpu_utilization', 'fraction'], gpu_power: ['power_consumption', 'Watts'], pool_kv_cache_usage: ['pool_avg_kv_cache_utilization', 'fraction'],
  pool_queue_length: ['pool_avg_queue_size', 'count'], pool_ready_pods: ['pool_ready_pods', 'count'],
} as const satisfies Partial<Record<MetricName, readonly [keyof TimeSeries, string]>>

/** Reports of all stages must fit into one ConfigMap; the whole series are in the findings. */
const MOST_POINTS = 16

/** Of several pods the mean at the times of the first: the report has one series a component. */
export function reportSeries({ server, client, time }: Findings, { window }: StageFindings): TimeSeries {
  const origin = client?.clock.epochMs ?? Date.parse(time.start)
  const [from, to] = [window.startEpochMs, window.startEpochMs + window.durationS * 1000]
  return Object.fromEntries(Object.entries(NAMES).flatMap(([metric, [name, units]]) => {
    const own = server.filter((s) => s.metric === metric)
    const series = (own[0]?.points ?? []).flatMap(([ms], i) => {
      const values = own.flatMap((s) => s.points[i]?.[1] ?? [])
      const at = origin + ms
      return at < from || at > to ? [] : [{ ts: new Date(at).toISOString(), value: values.reduce((a, b) => a + b, 0) / values.length }]
    })
    const step = Math.ceil(series.length / MOST_POINTS)
    return series.length < 2 ? [] : [[name, { units, series: series.filter((_, i) => i % step === 0) }]]
  }))
}

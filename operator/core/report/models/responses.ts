// SPDX-License-Identifier: Apache-2.0
/** Which responses tables of models show, which are fitted over sizes, and which decide between two models. It computes nothing. */
import type { MetricName } from '../../model/metric.ts'
import { PRIMARY } from '../primary.ts'
import type { Response, Statistic } from '../response.ts'
import type { MessageKey } from '../messages.ts'

export interface Shown extends Response {
  /** In another unit than the metric's own. */
  readonly scale?: { readonly factor: number; readonly unit: string }
  /** What a heading calls it where its table holds several metrics. */
  readonly short?: MessageKey
}
export interface TablePlan {
  readonly key: 'ttft' | 'itl' | 'e2e' | 'batch_latency' | 'throughput' | 'resources'
  readonly responses: readonly Shown[]
}

const value = (metric: MetricName): Shown => ({ metric, statistic: 'value' })
const mean = (metric: MetricName): Shown => ({ metric, statistic: 'mean' })
type Short = { [Key in MessageKey]: Key extends `models.short.${infer Metric extends MetricName}` ? Metric : never }[MessageKey]
const short = (metric: Short, statistic: Statistic = 'value'): Shown => ({ metric, statistic, short: `models.short.${metric}` })
const SPREAD: readonly Statistic[] = ['mean', 'p50', 'min', 'p95', 'stddev']
const spread = (metric: TablePlan['key'] & MetricName): TablePlan => ({ key: metric, responses: SPREAD.map((statistic) => ({ metric, statistic })) })

export const TABLES: readonly TablePlan[] = [
  spread('ttft'), spread('itl'), spread('e2e'), spread('batch_latency'),
  {
    key: 'throughput',
    responses: [
      short('tokens_per_second_per_user', 'mean'), short('output_throughput'), short('output_throughput_per_gpu'), short('request_throughput'),
      { ...value('request_throughput'), scale: { factor: 60, unit: 'req/min' }, short: 'models.short.requestsPerMinute' },
      short('output_length', 'mean'), short('output_length', 'min'), short('output_length', 'stddev'), short('error_rate'),
    ],
  },
  {
    key: 'resources',
    responses: [
      short('engine_start', 'mean'), short('peak_ram'), short('peak_gpu_memory'), short('peak_gpu_memory_process'), short('peak_gpu_memory_reserved'), short('peak_gpu_memory_allocated'),
      short('gpu_memory_used', 'mean'), short('process_energy'), short('energy_per_output_token'), short('cost_per_million_output_tokens'),
    ],
  },
]

/** What a law over sizes is fitted to. Throughputs follow the arrivals of an open loop: there they have no law of their own. */
export const SCALED: readonly Response[] = [
  mean('ttft'), mean('itl'), mean('e2e'), mean('batch_latency'), mean('tokens_per_second_per_user'), value('output_throughput'), mean('engine_start'),
  value('peak_ram'), value('peak_gpu_memory'), value('process_energy'), value('energy_per_output_token'), value('cost_per_million_output_tokens'),
]
export const FOLLOWS_ARRIVALS: ReadonlySet<MetricName> = new Set(['output_throughput', 'output_throughput_per_gpu', 'request_throughput', 'total_throughput', 'cost_per_million_output_tokens', 'goodput'])

/** What decides between two models unless somebody declares others: as between any two configurations, and of engines in the tool's own process. */
export const DECIDING: readonly Response[] = [...PRIMARY, { metric: 'batch_latency', statistic: 'p50' }, { metric: 'itl', statistic: 'mean' }]

/** What another form of the same weights is to gain. */
export const GAINED: readonly Response[] = [
  { metric: 'ttft', statistic: 'p50' }, mean('itl'), mean('e2e'), mean('batch_latency'), value('output_throughput'), value('output_throughput_per_gpu'),
  value('peak_gpu_memory'), value('peak_ram'), value('energy_per_output_token'), value('cost_per_million_output_tokens'),
]

/** What somebody may need most, each by the first of these that was measured. */
export const NEEDS = {
  firstToken: [{ metric: 'ttft', statistic: 'p50' }],
  answer: [{ metric: 'e2e', statistic: 'p50' }, { metric: 'batch_latency', statistic: 'p50' }],
  throughput: [value('output_throughput')],
  cost: [value('cost_per_million_output_tokens')],
  memory: [value('peak_gpu_memory'), value('peak_ram')],
} as const satisfies Readonly<Record<string, readonly Response[]>>
export type Need = keyof typeof NEEDS

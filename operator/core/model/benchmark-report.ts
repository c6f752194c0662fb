// SPDX-License-Identifier: Apache-2.0
/**
 * The benchmark report 0.2.1 of llm-d-benchmark: what one stage of one trial looks like to its readers. Unknown fields are refused
 * and every statistic has the units of its own class. It is data; measure/ fills it.
 */
import { z } from 'zod'
import { reportTime as moment, seriesFields, statisticsFields } from './benchmark-report-statistics.ts'

export const REPORT_VERSION = '0.2.1'

const count = z.int().min(0)
const openRecord = z.record(z.string(), z.unknown())

const Run = z.strictObject({
  uid: z.string().describe('Unique identifier of this report.'),
  eid: z.string().optional().describe('Experiment: the same in all its reports.'),
  cid: z.string().optional().describe('Cluster.'),
  pid: z.string().optional().describe('Pod that made the load.'),
  time: z.strictObject({
    start: moment.optional(), end: moment.optional(), duration: z.string().regex(/^P/).optional().describe('ISO 8601.'),
  }).optional(),
  user: z.string().optional(),
  description: z.string().optional(),
  keywords: z.array(z.string()).optional(),
})

const Native = z.strictObject({ args: openRecord.optional(), envars: openRecord.optional(), config: z.unknown().optional() })
const Parallelism = z.strictObject({
  tp: count.default(1), dp: count.default(1), dp_local: count.default(1), workers: count.default(1),
  ep: z.int().min(1).default(1), pp: z.int().min(1).default(1),
})
const InferenceEngine = z.strictObject({
  kind: z.literal('inference_engine'), tool: z.string(), tool_version: z.string(),
  role: z.enum(['replica', 'prefill', 'decode']),
  replicas: z.int().min(1),
  model: z.strictObject({ name: z.string() }),
  accelerator: z.strictObject({
    model: z.string(), count: count.describe('Accelerators in use, over all replicas.'), parallelism: Parallelism,
  }),
})
const Generic = z.looseObject({ kind: z.literal('generic'), tool: z.string(), tool_version: z.string() })
const Component = z.strictObject({
  metadata: z.strictObject({
    schema_version: z.string().default('0.0.1'),
    label: z.string().min(1).describe('Unique name of the component; observability refers to it.'),
    cfg_id: z.string().describe('Hash of its configuration.'),
    description: z.string().optional(),
  }),
  standardized: z.discriminatedUnion('kind', [Generic, InferenceEngine]),
  native: Native,
})

const SequenceLength = z.strictObject({
  distribution: z.enum(['fixed', 'gaussian', 'uniform', 'other']),
  value: z.number().min(0),
  std_dev: z.number().min(0).optional(),
  min: count.optional(),
  max: z.int().min(1).optional(),
})
export type SequenceLength = z.infer<typeof SequenceLength>

const Load = z.strictObject({
  metadata: z.strictObject({
    schema_version: z.string().default('0.0.1'), cfg_id: z.string().optional(), description: z.string().optional(),
  }),
  standardized: z.strictObject({
    tool: z.string(), tool_version: z.string(),
    parallelism: z.int().min(1).default(1).describe('Load generators side by side.'),
    source: z.enum(['random', 'sampled', 'unknown']),
    stage: count.default(0),
    input_seq_len: SequenceLength,
    output_seq_len: SequenceLength.optional(),
    prefix: z.strictObject({
      prefix_len: SequenceLength, num_groups: z.int().min(1), num_users_per_group: z.int().min(1), num_prefixes: z.int().min(1),
    }).optional(),
    multi_turn: z.strictObject({ enabled: z.boolean().default(true), max_turns: SequenceLength.optional() }).optional(),
    rate_qps: z.number().positive().optional(),
    concurrency: z.int().min(1).optional(),
  }),
  native: Native,
})

const PAYLOAD = { count: 'quantity', filesize: 'memory' } as const
const PICTURE = { ...PAYLOAD, pixels: 'quantity', aspect_ratio: 'ratio' } as const
const Requests = z.strictObject({
  total: count.describe('Requests sent.'),
  failures: count.optional().describe('Requests that ended with an error.'),
  incomplete: count.optional().describe('Requests that did not end.'),
  ...statisticsFields({ input_length: 'quantity', output_length: 'quantity', request_size: 'memory' }),
  multimodal: z.strictObject({
    image: z.strictObject(statisticsFields(PICTURE)).optional(),
    video: z.strictObject(statisticsFields({ ...PICTURE, frames: 'quantity' })).optional(),
    audio: z.strictObject(statisticsFields({ ...PAYLOAD, duration: 'time' })).optional(),
  }).optional(),
})

const LATENCY_CLASSES = {
  time_to_first_token: 'time', normalized_time_per_output_token: 'generationLatency', time_per_output_token: 'generationLatency',
  inter_token_latency: 'generationLatency', request_latency: 'time',
} as const
const RATE_CLASSES = {
  input_token_rate: 'generationThroughput', output_token_rate: 'generationThroughput', total_token_rate: 'generationThroughput',
  request_rate: 'requestThroughput',
} as const
const MEDIA_RATE_CLASSES = { image_rate: 'mediaThroughput', video_rate: 'mediaThroughput', audio_rate: 'mediaThroughput' } as const
const RESOURCE_CLASSES = {
  kv_cache_usage: 'portion', gpu_cache_usage: 'portion', cpu_cache_usage: 'portion', gpu_memory_usage: 'memory', cpu_memory_usage: 'memory',
  storage_usage: 'memory', gpu_utilization: 'portion', cpu_utilization: 'portion', power_consumption: 'power',
} as const
const AGGREGATE_ONLY_CLASSES = {
  cache_hit_rate: 'portion', running_requests: 'quantity', waiting_requests: 'quantity', swapped_requests: 'quantity',
  preemptions: 'quantity',
} as const
const SERIES_ONLY_CLASSES = {
  num_requests_running: 'quantity', num_requests_waiting: 'quantity', num_preemptions: 'quantity', prefix_cache_queries: 'quantity',
  prefix_cache_hits: 'quantity', prefix_cache_hit_rate: 'portion', external_prefix_cache_queries: 'quantity',
  external_prefix_cache_hits: 'quantity', external_prefix_cache_hit_rate: 'portion', prompt_tokens: 'quantity',
  generation_tokens: 'quantity',
  pool_avg_kv_cache_utilization: 'portion', pool_avg_queue_size: 'quantity', pool_avg_running_requests: 'quantity',
  pool_ready_pods: 'quantity',
} as const
const SESSION_CLASSES = {
  session_rate: 'requestThroughput', session_duration: 'time', events_per_session: 'quantity', events_cancelled_per_session: 'quantity',
  input_tokens_per_session: 'quantity', output_tokens_per_session: 'quantity',
} as const

const RequestPerformance = z.strictObject({
  aggregate: z.strictObject({
    requests: Requests.optional(),
    latency: z.strictObject(statisticsFields(LATENCY_CLASSES)).optional(),
    throughput: z.strictObject({ ...statisticsFields(RATE_CLASSES), ...statisticsFields(MEDIA_RATE_CLASSES) }).optional(),
  }).optional(),
  time_series: z.strictObject({
    latency: z.strictObject(seriesFields(LATENCY_CLASSES)).optional(),
    throughput: z.strictObject({ units: z.literal('tokens/s').optional(), ...seriesFields(RATE_CLASSES) }).optional(),
  }).optional(),
})

const SessionPerformance = z.strictObject({
  sessions: z.strictObject({
    total: count, succeeded: count.optional(), failed: count.optional(),
    total_events: count.optional(), total_events_completed: count.optional(), total_events_cancelled: count.optional(),
    ...statisticsFields(SESSION_CLASSES),
  }).optional(),
})

const Controller = z.strictObject({
  kind: z.string(), name: z.string(), model: z.string().optional(), role: z.string().optional(),
  desired_replicas: count, available_replicas: count, ready_replicas: count, updated_replicas: count.optional(),
})
const Observability = z.looseObject({
  components: z.array(z.strictObject({
    component_label: z.string().min(1), replica_id: z.string().optional(),
    aggregate: z.strictObject({ ...statisticsFields(RESOURCE_CLASSES), ...statisticsFields(AGGREGATE_ONLY_CLASSES) }).optional(),
    time_series: z.strictObject({ ...seriesFields(RESOURCE_CLASSES), ...seriesFields(SERIES_ONLY_CLASSES) }).optional(),
    raw_data_path: z.string().optional(), graph_path: z.string().optional(),
  })).optional(),
  ...statisticsFields({ drop_rate: 'portion' }),
  pod_startup_times: z.strictObject({
    collected_at: moment.optional(),
    pods: z.array(z.strictObject({
      name: z.string(), model: z.string().optional(), role: z.string().optional(), node: z.string().optional(),
      creation_timestamp: moment.optional(), ready_timestamp: moment.optional(), startup_seconds: z.number().min(0).optional(),
    })).optional(),
    ...statisticsFields({ aggregate: 'time' }),
    graph_path: z.string().optional(),
  }).optional(),
  replica_status: z.strictObject({
    namespace: z.string().optional(), timestamp: moment.optional(), controllers: z.array(Controller).optional(),
    time_series: z.array(z.strictObject({
      timestamp: moment.optional(), namespace: z.string().optional(), controllers: z.array(Controller).optional(),
    })).optional(),
    ...statisticsFields({ aggregate_ready_replicas: 'quantity' }),
    graph_path: z.string().optional(),
  }).optional(),
})

const ComponentHealth = z.strictObject({
  component_label: z.string().min(1), total_restarts: count.optional(), failed_replicas: count.optional(),
  replica_health: z.array(z.strictObject({
    replica_id: z.string(), restarts: count.optional(), healthy: z.boolean().optional(), logs: z.string().optional(),
  })).optional(),
})

export const BenchmarkReport = z.strictObject({
  version: z.literal(REPORT_VERSION),
  run: Run.describe('Which run this is.'),
  scenario: z.strictObject({ stack: z.array(Component).optional(), load: Load.optional() }).optional()
    .describe('What was served, and how it was loaded.'),
  results: z.strictObject({
    request_performance: RequestPerformance.optional(),
    session_performance: SessionPerformance.optional(),
    observability: Observability.optional(),
    profiling: z.unknown().optional(),
    component_health: z.array(ComponentHealth).optional(),
  }).describe('What was measured.'),
}).describe('Benchmark report 0.2.1: one stage of one trial.')
export type BenchmarkReport = z.infer<typeof BenchmarkReport>

/** The JSON schema of a report; what the generator writes to schemas/benchmark-report-0.2.1.json. */
export function benchmarkReportJsonSchema(): Record<string, unknown> {
  return {
    ...z.toJSONSchema(BenchmarkReport, {
      io: 'input',
      // The format says it; zod's pattern for it would be most of the file.
      override: ({ jsonSchema }) => { if (jsonSchema.format === 'date-time') delete jsonSchema.pattern },
    }),
  }
}

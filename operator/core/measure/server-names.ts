// SPDX-License-Identifier: Apache-2.0
/** What serving engines and routers call the things that we read from their metrics. Another engine is another row; it reads nothing. */
import type { MetricName } from '../model/metric.ts'

/** How the series of one pod (several engines, several labels) become one number. */
export type Fold = 'sum' | 'mean' | 'max'
interface Signal { readonly what: string; readonly kind: 'gauge' | 'counter'; readonly fold: Fold }

/** One number at a time. */
export const SIGNALS = {
  running: { what: 'running requests', kind: 'gauge', fold: 'sum' },
  waiting: { what: 'waiting requests', kind: 'gauge', fold: 'sum' },
  kvUsage: { what: 'KV-cache usage', kind: 'gauge', fold: 'mean' },
  prefixQueries: { what: 'queried prefix tokens', kind: 'counter', fold: 'sum' },
  prefixHits: { what: 'hit prefix tokens', kind: 'counter', fold: 'sum' },
  preemptions: { what: 'preemptions', kind: 'counter', fold: 'sum' },
  promptTokens: { what: 'prompt tokens', kind: 'counter', fold: 'sum' },
  outputTokens: { what: 'generated tokens', kind: 'counter', fold: 'sum' },
  drafts: { what: 'drafts', kind: 'counter', fold: 'sum' },
  draftTokens: { what: 'draft tokens', kind: 'counter', fold: 'sum' },
  acceptedTokens: { what: 'accepted draft tokens', kind: 'counter', fold: 'sum' },
  startTime: { what: 'start time', kind: 'gauge', fold: 'max' },
  poolKvUsage: { what: 'KV-cache usage of the pool', kind: 'gauge', fold: 'mean' },
  poolQueue: { what: 'queue of the pool', kind: 'gauge', fold: 'mean' },
  poolReady: { what: 'ready pods of the pool', kind: 'gauge', fold: 'sum' },
} as const satisfies Readonly<Record<string, Signal>>
export type SignalName = keyof typeof SIGNALS
export const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[]

/** Histograms of seconds, and the metric that each becomes, in milliseconds. */
export const HISTOGRAMS = {
  ttft: 'server_ttft', itl: 'server_itl', tpot: 'server_tpot', e2e: 'server_e2e', queueTime: 'queue_time', prefillTime: 'prefill_time',
  decodeTime: 'decode_time', routerScheduling: 'router_scheduling_time', routerQueue: 'router_queue_time',
} as const satisfies Readonly<Record<string, MetricName>>
export type HistogramName = keyof typeof HISTOGRAMS
export const HISTOGRAM_NAMES = Object.keys(HISTOGRAMS) as HistogramName[]

type Names = Partial<Readonly<Record<SignalName | HistogramName, readonly string[]>>>

/** By engine: its names, newest first. The first that a pod exposes is taken, so that an old name beside a new one counts once. */
const ENGINES = {
  vllm: {
    running: ['vllm:num_requests_running'],
    waiting: ['vllm:num_requests_waiting'],
    kvUsage: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc'],
    prefixQueries: ['vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'],
    prefixHits: ['vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'],
    preemptions: ['vllm:num_preemptions_total'],
    promptTokens: ['vllm:prompt_tokens_total'],
    outputTokens: ['vllm:generation_tokens_total'],
    drafts: ['vllm:spec_decode_num_drafts_total'],
    draftTokens: ['vllm:spec_decode_num_draft_tokens_total'],
    acceptedTokens: ['vllm:spec_decode_num_accepted_tokens_total'],
    ttft: ['vllm:time_to_first_token_seconds'],
    // Up to 0.10 the gaps between tokens had the name of a time per token.
    itl: ['vllm:inter_token_latency_seconds', 'vllm:time_per_output_token_seconds'],
    tpot: ['vllm:request_time_per_output_token_seconds'],
    e2e: ['vllm:e2e_request_latency_seconds'],
    queueTime: ['vllm:request_queue_time_seconds', 'vllm:time_in_queue_requests'],
    prefillTime: ['vllm:request_prefill_time_seconds'],
    decodeTime: ['vllm:request_decode_time_seconds'],
  },
  // Its gauges of hit and acceptance rates are of single batches: no share over a window can be made of them.
  sglang: {
    running: ['sglang:num_running_reqs'],
    waiting: ['sglang:num_queue_reqs'],
    kvUsage: ['sglang:token_usage'],
    prefixQueries: ['sglang:prompt_tokens_total'],
    prefixHits: ['sglang:cached_tokens_total'],
    preemptions: ['sglang:num_retracted_requests_total'],
    promptTokens: ['sglang:prompt_tokens_total'],
    outputTokens: ['sglang:generation_tokens_total'],
    ttft: ['sglang:time_to_first_token_seconds'],
    itl: ['sglang:inter_token_latency_seconds'],
    tpot: ['sglang:request_time_per_output_token_seconds'],
    e2e: ['sglang:e2e_request_latency_seconds'],
    queueTime: ['sglang:queue_time_seconds'],
  },
  // Its mean time per token divides by all tokens, the first included: that is not our TPOT.
  tgi: {
    running: ['tgi_batch_current_size'],
    waiting: ['tgi_queue_size'],
    promptTokens: ['tgi_request_input_length_sum'],
    outputTokens: ['tgi_request_generated_tokens_sum'],
    e2e: ['tgi_request_duration'],
    queueTime: ['tgi_request_queue_duration'],
  },
  'llama.cpp': {
    running: ['llamacpp:requests_processing'],
    waiting: ['llamacpp:requests_deferred'],
    kvUsage: ['llamacpp:kv_cache_usage_ratio'],
    promptTokens: ['llamacpp:prompt_tokens_total'],
    outputTokens: ['llamacpp:tokens_predicted_total'],
  },
  process: { startTime: ['process_start_time_seconds'] },
} as const satisfies Readonly<Record<string, Names>>

/** The endpoint picker: of llm-d's router, then of the gateway API's inference extension. */
const ROUTERS = {
  epp: {
    routerScheduling: ['llm_d_epp_scheduler_e2e_duration_seconds', 'inference_extension_scheduler_e2e_duration_seconds'],
    routerQueue: ['llm_d_epp_flow_control_request_queue_duration_seconds', 'inference_extension_flow_control_request_queue_duration_seconds'],
    poolKvUsage: ['llm_d_epp_average_kv_cache_utilization', 'inference_pool_average_kv_cache_utilization'],
    poolQueue: ['llm_d_epp_average_queue_size', 'inference_pool_average_queue_size'],
    poolReady: ['llm_d_epp_ready_endpoints', 'inference_pool_ready_pods'],
    startTime: ['process_start_time_seconds'],
  },
} as const satisfies Readonly<Record<string, Names>>

export type NameTable = Readonly<Record<SignalName | HistogramName, readonly string[]>>

/** All names of a signal, over all engines of a table. */
function merged(table: Readonly<Record<string, Names>>): NameTable {
  const of = (signal: SignalName | HistogramName) => [...new Set(Object.values(table).flatMap((names) => names[signal] ?? []))]
  return Object.fromEntries([...SIGNAL_NAMES, ...HISTOGRAM_NAMES].map((signal) => [signal, of(signal)])) as unknown as NameTable
}

export const NAMES = { engine: merged(ENGINES), router: merged(ROUTERS) } as const

/** Series of the exposition that a table reads: a histogram is its buckets, its sum and its count. */
export function seriesNames(table: NameTable): string[] {
  const plain = SIGNAL_NAMES.flatMap((signal) => table[signal])
  const parts = HISTOGRAM_NAMES.flatMap((signal) => table[signal]).flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`])
  return [...new Set([...plain, ...parts])]
}

// SPDX-License-Identifier: Apache-2.0
/** The metrics of the server under the names, labels and buckets of vLLM (its `_created` series apart). */
import type { SimulatorConfig } from './config.ts'
import type { EngineLoad } from './engine.ts'
import { createCounter, createGauge, createHistogram } from './metrics.ts'
import type { Labels, Metric } from './metrics.ts'
import { processMetrics } from './process-metrics.ts'

/** What one finished, or given up, answer tells. Times in seconds; absent where the answer never got so far. */
type AnswerStats = {
  readonly reason: 'stop' | 'length' | 'abort' | 'error'
  readonly promptTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  readonly maxTokens: number
  readonly n: number
  readonly preemptions: number
  readonly e2eSeconds: number
  readonly queueSeconds?: number
  readonly prefillSeconds?: number
  readonly decodeSeconds?: number
}

export type VllmMetrics = {
  readonly firstToken: (ttftSeconds: number, prompt: { readonly tokens: number; readonly cached: number }) => void
  /** One event after the first. */
  readonly gap: (seconds: number) => void
  readonly generated: (tokens: number) => void
  readonly answered: (stats: AnswerStats) => void
  readonly rejected: () => void
  readonly http: (handler: string, method: string, status: number) => void
  readonly render: () => string
}

const SECONDS_TTFT = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560]
const SECONDS_GAP = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80]
const SECONDS_REQUEST = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680]
const COUNTS_N = [1, 2, 5, 10, 20]
const COUNTS_PREEMPTIONS = [1, 2, 3, 4, 5, 10, 20]
const FINISHED = ['stop', 'length', 'abort', 'error', 'repetition'] as const
const CACHE_TIERS = ['device', 'host', 'p2p', 'disk', 'external_unspecified']
const TOKEN_SOURCES = ['local_compute', 'local_cache_hit', 'external_kv_transfer']

export function createVllmMetrics(config: SimulatorConfig, load: () => EngineLoad): VllmMetrics {
  const model: Labels = { engine: '0', model_name: config.model.aliases[0] ?? config.model.name }
  const counters = tokenCounters(model)
  const histograms = requestHistograms(model, config.model.maxLength)
  const http = createHttpCounter()
  const metrics = [...processMetrics(), ...loadMetrics(model, load), ...Object.values(counters), ...Object.values(histograms), cacheInfo(config, model), simulatorInfo(config), http]
  return {
    firstToken: (ttftSeconds, { tokens, cached }) => {
      histograms.ttft.observe(ttftSeconds)
      counters.prompt.add(tokens)
      counters.promptCached.add(cached)
      counters.cachedByTier.add(cached, CACHE_TIERS.indexOf('device'))
      counters.promptBySource.add(tokens - cached, TOKEN_SOURCES.indexOf('local_compute'))
      counters.promptBySource.add(cached, TOKEN_SOURCES.indexOf('local_cache_hit'))
    },
    gap: (seconds) => histograms.gap.observe(seconds),
    generated: (tokens) => counters.generation.add(tokens),
    answered: (stats) => {
      counters.success.add(1, FINISHED.indexOf(stats.reason))
      observeAnswer(histograms, stats)
    },
    rejected: () => counters.rejections.add(1, 0),
    http: http.count,
    render: () => metrics.map((metric) => metric.render()).join(''),
  }
}

function tokenCounters(model: Labels) {
  const byLabel = (label: string, values: readonly string[]) => values.map((value) => ({ ...model, [label]: value }))
  return {
    prompt: createCounter({ name: 'vllm:prompt_tokens_total', help: 'Number of prefill tokens processed.' }, [model]),
    promptBySource: createCounter({ name: 'vllm:prompt_tokens_by_source_total', help: 'Number of prompt tokens by source.' }, byLabel('source', TOKEN_SOURCES)),
    promptCached: createCounter({ name: 'vllm:prompt_tokens_cached_total', help: 'Number of cached prompt tokens (local + external).' }, [model]),
    cachedByTier: createCounter({ name: 'vllm:prompt_tokens_cached_by_source_total', help: 'Cached prompt tokens by the tier that supplied them.' }, byLabel('source', CACHE_TIERS)),
    generation: createCounter({ name: 'vllm:generation_tokens_total', help: 'Number of generation tokens processed.' }, [model]),
    success: createCounter({ name: 'vllm:request_success_total', help: 'Count of successfully processed requests.' }, byLabel('finished_reason', FINISHED)),
    rejections: createCounter({ name: 'vllm:admission_rejections_total', help: 'Number of admission attempts rejected by a queue limit, by reason.' },
      ['max_num_queued_reqs', 'max_num_queued_tokens'].map((reason) => ({ model_name: model['model_name'] ?? '', reason }))),
  }
}

function requestHistograms(model: Labels, maxLength: number) {
  const counts = tokenBounds(maxLength)
  const histogram = (name: string, help: string, bounds: readonly number[]) => createHistogram({ name: `vllm:${name}`, help }, bounds, model)
  return {
    ttft: histogram('time_to_first_token_seconds', 'Histogram of time to first token in seconds.', SECONDS_TTFT),
    gap: histogram('inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', SECONDS_GAP),
    tpot: histogram('request_time_per_output_token_seconds', 'Histogram of time_per_output_token_seconds per request.', SECONDS_GAP),
    e2e: histogram('e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', SECONDS_REQUEST),
    queue: histogram('request_queue_time_seconds', 'Histogram of time spent in WAITING phase for request.', SECONDS_REQUEST),
    inference: histogram('request_inference_time_seconds', 'Histogram of time spent in RUNNING phase for request.', SECONDS_REQUEST),
    prefill: histogram('request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase for request.', SECONDS_REQUEST),
    decode: histogram('request_decode_time_seconds', 'Histogram of time spent in DECODE phase for request.', SECONDS_REQUEST),
    promptTokens: histogram('request_prompt_tokens', 'Number of prefill tokens processed.', counts),
    generationTokens: histogram('request_generation_tokens', 'Number of generation tokens processed.', counts),
    computedTokens: histogram('request_prefill_kv_computed_tokens', 'Histogram of new KV tokens computed during prefill (excluding cached tokens).', counts),
    maxTokens: histogram('request_params_max_tokens', 'Histogram of the max_tokens request parameter.', counts),
    n: histogram('request_params_n', 'Histogram of the n request parameter.', COUNTS_N),
    preemptions: histogram('request_num_preemptions', 'Histogram of the number of times a request was preempted.', COUNTS_PREEMPTIONS),
  }
}

function observeAnswer(histograms: ReturnType<typeof requestHistograms>, stats: AnswerStats): void {
  histograms.e2e.observe(stats.e2eSeconds)
  histograms.promptTokens.observe(stats.promptTokens)
  histograms.generationTokens.observe(stats.outputTokens)
  histograms.computedTokens.observe(stats.promptTokens - stats.cachedTokens)
  histograms.maxTokens.observe(stats.maxTokens)
  histograms.n.observe(stats.n)
  histograms.preemptions.observe(stats.preemptions)
  const { queueSeconds, prefillSeconds, decodeSeconds } = stats
  if (queueSeconds !== undefined) histograms.queue.observe(queueSeconds)
  if (prefillSeconds !== undefined) histograms.prefill.observe(prefillSeconds)
  if (prefillSeconds !== undefined && decodeSeconds !== undefined) {
    histograms.decode.observe(decodeSeconds)
    histograms.inference.observe(prefillSeconds + decodeSeconds)
    if (stats.outputTokens > 1) histograms.tpot.observe(decodeSeconds / (stats.outputTokens - 1))
  }
}

function loadMetrics(model: Labels, load: () => EngineLoad): Metric[] {
  const gauge = (name: string, help: string, read: () => number) => createGauge({ name, help }, [{ labels: model, read }])
  const counter = (name: string, help: string, read: () => number): Metric => ({
    render: () => gauge(name, help, read).render().replace(/ gauge\n/, ' counter\n'),
  })
  const waiting = (reason: string, read: () => number) => ({ labels: { ...model, reason }, read })
  return [
    gauge('vllm:num_requests_running', 'Number of requests in model execution batches.', () => load().running),
    gauge('vllm:num_requests_waiting', 'Number of requests waiting to be processed.', () => load().waiting),
    createGauge({ name: 'vllm:num_requests_waiting_by_reason', help: 'Number of waiting requests by reason.' },
      [waiting('capacity', () => load().waiting), waiting('deferred', () => 0)]),
    gauge('vllm:kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', () => load().kvUsage),
    counter('vllm:prefix_cache_queries_total', 'Prefix cache queries, in terms of number of queried tokens.', () => load().prefixQueries),
    counter('vllm:prefix_cache_hits_total', 'Prefix cache hits, in terms of number of cached tokens.', () => load().prefixHits),
    counter('vllm:num_preemptions_total', 'Cumulative number of preemption from the engine.', () => load().preemptions),
  ]
}

function cacheInfo(config: SimulatorConfig, model: Labels): Metric {
  const { cache, parameters } = config
  const labels = {
    ...model,
    block_size: String(cache.blockTokens),
    cache_dtype: 'auto',
    enable_prefix_caching: cache.prefixCaching ? 'True' : 'False',
    gpu_memory_utilization: String(parameters['gpuMemoryUtilization'] ?? 0.9),
    kv_cache_size_tokens: String(cache.blocks * cache.blockTokens),
    num_gpu_blocks: String(cache.blocks),
  }
  return createGauge({ name: 'vllm:cache_config_info', help: 'Information of the LLMEngine CacheConfig' }, [{ labels, read: () => 1 }])
}

/** What a reader of the metrics must know: that this is no engine, and of how many GPUs it pretends to be. */
function simulatorInfo(config: SimulatorConfig): Metric {
  const labels = { gpus: String(config.model.gpus), seed: String(config.random.seed), instance: config.instance.key }
  return createGauge({ name: 'assay_simulator_info', help: 'The simulator behind these metrics' }, [{ labels, read: () => 1 }])
}

function createHttpCounter(): Metric & { count: (handler: string, method: string, status: number) => void } {
  const counts = new Map<string, { readonly labels: Labels; value: number }>()
  return {
    count: (handler, method, status) => {
      const labels = { handler, method, status: `${Math.floor(status / 100)}xx` }
      const key = `${handler} ${method} ${labels.status}`
      const entry = counts.get(key) ?? { labels, value: 0 }
      entry.value++
      counts.set(key, entry)
    },
    render: () => {
      const entries = [...counts.values()]
      const counter = createCounter({ name: 'http_requests_total', help: 'Total number of requests by method, status and handler.' }, entries.map((e) => e.labels))
      entries.forEach((entry, i) => counter.add(entry.value, i))
      return counter.render()
    },
  }
}

/** 1, 2, 5, 10, 20, 50, … up to the context length, as vLLM has it. */
function tokenBounds(maxLength: number): number[] {
  const bounds: number[] = []
  for (let power = 1; power <= maxLength; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power <= maxLength) bounds.push(digit * power)
  }
  return bounds
}

// SPDX-License-Identifier: Apache-2.0
/** What serving engines call the things that we read from their metrics. Another engine is another row. */
import { parsePrometheus, type PromSample, type Scrape } from './scrape.ts'

/** How the series of one pod (several engines, several labels) become one number. */
type Fold = 'sum' | 'mean' | 'max'
interface Signal {
  readonly what: string
  readonly kind: 'gauge' | 'counter'
  readonly fold: Fold
  /** Names by engine and version; the first that a pod exposes is taken. */
  readonly names: readonly string[]
}

export const SIGNALS = {
  running: {
    what: 'running requests', kind: 'gauge', fold: 'sum',
    names: ['vllm:num_requests_running', 'sglang:num_running_reqs', 'tgi_batch_current_size', 'llamacpp:requests_processing'],
  },
  waiting: {
    what: 'waiting requests', kind: 'gauge', fold: 'sum',
    names: ['vllm:num_requests_waiting', 'sglang:num_queue_reqs', 'tgi_queue_size', 'llamacpp:requests_deferred'],
  },
  kvUsage: {
    what: 'KV-cache usage', kind: 'gauge', fold: 'mean',
    names: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'sglang:token_usage', 'llamacpp:kv_cache_usage_ratio'],
  },
  prefixQueries: {
    what: 'queried prefix tokens', kind: 'counter', fold: 'sum',
    names: ['vllm:prefix_cache_queries_total', 'vllm:gpu_prefix_cache_queries_total'],
  },
  prefixHits: {
    what: 'hit prefix tokens', kind: 'counter', fold: 'sum',
    names: ['vllm:prefix_cache_hits_total', 'vllm:gpu_prefix_cache_hits_total'],
  },
  preemptions: { what: 'preemptions', kind: 'counter', fold: 'sum', names: ['vllm:num_preemptions_total'] },
  outputTokens: {
    what: 'generated tokens', kind: 'counter', fold: 'sum',
    names: ['vllm:generation_tokens_total', 'sglang:generation_tokens_total', 'llamacpp:tokens_predicted_total'],
  },
  startTime: { what: 'start time', kind: 'gauge', fold: 'max', names: ['process_start_time_seconds'] },
} as const satisfies Readonly<Record<string, Signal>>
export type SignalName = keyof typeof SIGNALS
export const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[]

const WANTED: ReadonlySet<string> = new Set(SIGNAL_NAMES.flatMap((signal) => SIGNALS[signal].names))

/** Samples of a text, thinned to what the analysis reads: the collector keeps these instead of the text. */
export function serverSamples(text: string): PromSample[] {
  return parsePrometheus(text, (name) => WANTED.has(name))
}

/** One number for each signal that the pod exposes. */
export function readSignals(scrape: Scrape): Partial<Record<SignalName, number>> {
  const samples = 'samples' in scrape ? scrape.samples : serverSamples(scrape.text)
  const byName = Map.groupBy(samples.filter((s) => Number.isFinite(s.value)), (s) => s.name)
  const read = (signal: SignalName): [SignalName, number][] => {
    const { names, fold } = SIGNALS[signal]
    const found = names.find((name) => byName.has(name))
    return found === undefined ? [] : [[signal, folded((byName.get(found) ?? []).map((s) => s.value), fold)]]
  }
  return Object.fromEntries(SIGNAL_NAMES.flatMap(read))
}

function folded(values: readonly number[], fold: Fold): number {
  switch (fold) {
    case 'sum': return values.reduce((a, b) => a + b, 0)
    case 'mean': return values.reduce((a, b) => a + b, 0) / values.length
    case 'max': return Math.max(...values)
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Trials for tests: jobs, records of a known model of latency, scrapes. All values follow from arguments. */
import type { AdapterSummary, RequestRecord } from '../../model/record.ts'
import { TrialJob } from '../../model/trial-job.ts'

export const ORIGIN = Date.UTC(2026, 10, 23, 12, 0, 0)

type Deep<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Deep<T[K]> } : T

const JOB = {
  trial: { name: 'quick-1-abc-s1-r1', namespace: 'bench', uid: '0b1c', attempt: 1, job: 'quick-1-abc-s1-r1-a1', experiment: 'quick' },
  spec: {
    stackRef: { name: 'quick-1-abc-s1' },
    workload: {
      data: { synthetic: { input: { normal: { mean: 64, stddev: 8 }, min: 16, max: 128 }, output: { fixed: 10 } } },
      load: { constant: { stages: [{ name: 'low', rate: 10, requests: 100 }, { name: 'high', rate: 100, requests: 1000 }] } },
    },
    harness: {
      image: 'ghcr.io/assay-dev/harness-native:0.1.0', version: '0.1.0', supports: { load: ['constant'], data: ['synthetic'] },
      command: ['node', 'harnesses/native/main.ts'], results: { adapter: 'native' },
    },
    treatment: { batch: 8, rate: 'low' },
  },
  specDigest: 'sha256:feed',
  endpoint: { url: 'http://s:8000', host: 's', port: 8000, path: '', model: 'sim' },
  stack: {
    name: 'quick-1-abc-s1', gpus: 2, scrape: ['http://10.0.0.1:8000/metrics'], factsDigest: 'sha256:fact',
    model: { name: 'meta-llama/Llama-3.2-1B-Instruct', revision: 'main' }, engine: 'simulator', engineArgs: { 'max-num-seqs': 8 }, replicas: 2,
    parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 }, accelerator: { product: 'NVIDIA-H100-80GB-HBM3' },
    images: [{ name: 'simulator', image: 'ghcr.io/assay-dev/simulator:0.1.0', digest: 'sha256:5111' }],
    startup: {
      pods: [
        { pod: 'sim-0', node: 'n1', phases: [{ name: 'schedule', seconds: 0.5 }, { name: 'pull', seconds: 1.5 }, { name: 'ready', seconds: 2 }] },
        { pod: 'sim-1', node: 'n1', phases: [{ name: 'schedule', seconds: 0.5 }, { name: 'pull', seconds: 0.5 }, { name: 'ready', seconds: 2 }] },
      ],
      totalSeconds: 6.5,
    },
  },
  caches: { policy: 'Distinct', how: 'other prompts' },
  paths: { config: '/assay/config', in: '/assay/run/in', out: '/assay/run/out', requests: '/assay/run/in/requests.jsonl' },
  results: { url: 'http://r', tokenPath: '/t' },
  operatorVersion: '0.1.0',
}

/** A valid trial.json with members replaced, as deep as they go. */
export function trialJob(overlay: Deep<TrialJob> | object = {}): TrialJob {
  return TrialJob.parse(merge(JOB, overlay))
}

function merge(base: unknown, overlay: unknown): unknown {
  const isObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)
  if (!isObject(base) || !isObject(overlay)) return overlay
  const merged = { ...base }
  for (const [key, value] of Object.entries(overlay)) merged[key] = key in base ? merge(base[key], value) : value
  return merged
}

/** One good streamed request: TTFT 20 ms, 10 tokens 5 ms apart, sent as scheduled. */
export function record(overlay: Partial<RequestRecord> & { id: string }): RequestRecord {
  const sentMs = overlay.sentMs === undefined ? 0 : overlay.sentMs
  const tokens = overlay.outputTokens ?? 10
  const eventsMs = sentMs === null ? [] : Array.from({ length: tokens }, (_, i) => sentMs + 20 + 5 * i)
  return {
    stage: 'low', phase: 'measure', scheduledMs: sentMs, sentMs, firstTokenMs: eventsMs[0] ?? null, endMs: eventsMs.at(-1) ?? null, eventsMs,
    inputTokens: 64, outputTokens: 10, wantedOutputTokens: 10, status: 'ok', ...overlay,
  }
}

/** Requests of one stage at even gaps. */
export function steady(stage: string, { count, gapMs, startMs = 0 }: { count: number; gapMs: number; startMs?: number }): RequestRecord[] {
  return Array.from({ length: count }, (_, i) => record({ id: `${stage}-${i}`, stage, sentMs: startMs + i * gapMs }))
}

export function failed(overlay: Partial<RequestRecord> & { id: string }): RequestRecord {
  return record({ firstTokenMs: null, endMs: null, eventsMs: [], inputTokens: null, outputTokens: null, status: 'error', error: { class: 'http5xx', message: 'engine is dead' }, ...overlay })
}

/** Two good stages of the job above. */
export function goodAdapter(): AdapterSummary & { readonly records: readonly RequestRecord[] } {
  return {
    records: [...steady('low', { count: 100, gapMs: 100 }), ...steady('high', { count: 1000, gapMs: 10, startMs: 11_000 })],
    stages: [
      { name: 'low', kind: 'constant', startMs: 0, sendEndMs: 9900, endMs: 9965, rate: 10 },
      { name: 'high', kind: 'constant', startMs: 11_000, sendEndMs: 20_990, endMs: 21_055, rate: 100 },
    ],
    client: { clock: { epochMs: ORIGIN, source: 'monotonic' }, cpuUtilization: 0.3, loopLagP99Ms: 1, throttledSeconds: 0 },
    claims: [], tool: { name: 'native', version: '0.1.0' }, notes: [],
  }
}

/** Metrics of one pod at one time. */
export function exposition(values: Partial<Record<'running' | 'waiting' | 'kv' | 'queries' | 'hits' | 'preemptions' | 'tokens' | 'started', number>>): string {
  const label = '{engine="0",model_name="sim"}'
  const { running = 0, waiting = 0, kv = 0, queries = 0, hits = 0, preemptions = 0, tokens = 0, started = 1000 } = values
  return [
    '# TYPE vllm:num_requests_running gauge', `vllm:num_requests_running${label} ${running}`, `vllm:num_requests_waiting${label} ${waiting}`,
    `vllm:kv_cache_usage_perc${label} ${kv}`, `vllm:prefix_cache_queries_total${label} ${queries}`, `vllm:prefix_cache_hits_total${label} ${hits}`,
    `vllm:num_preemptions_total${label} ${preemptions}`, `vllm:generation_tokens_total${label} ${tokens}`, `process_start_time_seconds ${started}`, '',
  ].join('\n')
}

// SPDX-License-Identifier: Apache-2.0
/** Mappings of real tools' files, as people would write them. */

export const VLLM_BENCH = {
  format: 'json', files: '**/*.json', columns: true, clock: 'monotonic',
  fields: {
    sent: { path: 'start_times', unit: 's' }, firstToken: { path: 'ttfts', unit: 's', since: 'sent' }, end: { path: 'latencies', unit: 's', since: 'sent' }, gaps: { path: 'itls', unit: 's' },
    inputTokens: { path: 'input_lens' }, outputTokens: { path: 'output_lens' }, error: { path: 'errors' },
  },
  ok: [{ path: 'errors', is: 'empty' }, { path: 'latencies', is: 'positive' }],
  offered: { concurrency: { path: 'max_concurrency' } },
  counts: { ok: { path: 'completed' }, failed: { path: 'failed' } },
  window: { path: 'duration', unit: 's' },
  claims: [
    { metric: 'ttft', statistic: 'mean', path: 'mean_ttft_ms', unit: 'ms' }, { metric: 'tpot', statistic: 'p99', path: 'p99_tpot_ms', unit: 'ms/token' }, { metric: 'request_throughput', path: 'request_throughput', unit: 'req/s' },
  ],
}

const metric = (name: string) => `metrics.${name}.value`
export const AIPERF = {
  format: 'jsonl', files: '**/profile_export.jsonl',
  fields: {
    id: { path: 'metadata.x_request_id' }, sent: { path: 'metadata.request_start_ns', unit: 'ns' },
    firstToken: { path: metric('time_to_first_token'), unit: 'ms', since: 'sent' }, end: { path: metric('request_latency'), unit: 'ms', since: 'sent' }, gaps: { path: metric('inter_chunk_latency'), unit: 'ms' },
    inputTokens: { path: metric('usage_prompt_tokens') }, outputTokens: { path: metric('usage_completion_tokens') },
    clientInputTokens: { path: metric('input_sequence_length') }, clientOutputTokens: { path: metric('output_sequence_length') },
    httpStatus: { path: 'error.code' }, error: { path: 'error.message' },
  },
  ok: [{ path: 'error', is: 'empty' }],
  cancelled: [{ path: 'metadata.was_cancelled', is: 'true' }],
  warmup: [{ path: 'metadata.benchmark_phase', equals: ['warmup'] }],
}

export const CSV = {
  format: 'csv', files: '*.csv',
  fields: {
    id: { path: 'id' }, stage: { path: 'stage' }, sent: { path: 't_send', unit: 's' }, firstToken: { path: 'ttft_ms', unit: 'ms', since: 'sent' }, end: { path: 'latency_ms', unit: 'ms', since: 'sent' },
    inputTokens: { path: 'in' }, outputTokens: { path: 'out' }, httpStatus: { path: 'code' }, error: { path: 'error' },
  },
}

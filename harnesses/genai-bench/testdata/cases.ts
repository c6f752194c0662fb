// SPDX-License-Identifier: Apache-2.0
/** Results of genai-bench 0.0.5 without audio and reasoning metrics; `partial` is cut from them, its summary computed as the tool's source does. */
import type { Conformance } from '../../testing/conformance-case.ts'

const few = ['FewRequests']

export const conformance: Conformance = {
  adapter: 'genai-bench',
  cases: [
    {
      kind: 'success', name: 'two concurrencies', files: 'run1', reasons: few, secrets: ['sk-genai-0123456789abcdef'], notes: [/gives durations and no times/],
      stages: {
        'concurrent-1': { ok: 18, measured: { 'ttft mean': 32.453696, 'ttft p95': 126.801516, 'e2e p50': 92.771754, 'e2e p99': 1969.44398, 'tpot mean': 17.883872, 'tpot p90': 49.476902, 'output_length mean': 15.055556 } },
        'concurrent-2': { ok: 8, measured: { 'ttft mean': 50.070433, 'ttft p95': 219.021487, 'e2e p50': 44.733669, 'e2e p99': 453.415201, 'tpot mean': 5.85531, 'tpot p90': 13.589603, 'output_length mean': 14.75 } },
      },
    },
    {
      kind: 'partial failure', name: 'in milliseconds, with a warm-up', files: 'partial', load: { concurrent: { stages: [{ name: 'one', concurrency: 1, requests: 10 }] } }, reasons: ['ErrorRateHigh', ...few],
      stages: { one: { ok: 6, failed: 2, warmup: 2, errors: { connect: 1, http429: 1 }, claimed: ['input_throughput', 'output_throughput', 'request_throughput', 'total_throughput'] } },
      notes: [/genai-bench 0.1.0 is not known/, /error rate is always 0/],
    },
    {
      kind: 'server down', name: 'of which most requests were not kept', files: 'down', reasons: ['NoSuccessfulRequest'], stages: { 'concurrent-1': { ok: 0, failed: 441, errors: { connect: 5 } } },
      notes: [/counted 441 requests and wrote down 5/],
    },
    { kind: 'wrong model', name: 'of which most requests were not kept', files: 'wrong-model', reasons: ['NoSuccessfulRequest'], stages: { 'concurrent-1': { ok: 0, failed: 376, errors: { http4xx: 6 } } } },
    { kind: 'unknown version', name: 'of the metadata', files: { 'experiment_metadata.json': '{"benchmark_version":"1.0.0"}', 'a.json': '{"aggregated_metrics":{"num_concurrency":1,"num_completed_requests":0}}' }, reasons: ['NoSuccessfulRequest'], stages: { 'concurrent-1': { ok: 0 } }, notes: [/genai-bench 1.0.0 is not known/] },
    { kind: 'other', name: 'a unit that is none', files: { 'a.json': '{"_time_unit":"min","aggregated_metrics":{}}' }, error: /a.json: _time_unit: .*expected one of "s"\|"ms"/ },
  ],
}

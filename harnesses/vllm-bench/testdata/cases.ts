// SPDX-License-Identifier: Apache-2.0
/** Samples of vllm bench 0.32.0: serve as it ran, `partial` cut from it, latency, throughput and startup as its source writes them. */
import type { Conformance } from '../../testing/conformance-case.ts'

const twoStages = { concurrent: { stages: [{ name: 'low', concurrency: 4, requests: 8 }, { name: 'high', concurrency: 8, requests: 4 }] } }

export const conformance: Conformance = {
  adapter: 'vllm-bench',
  absent: { 'unknown version': 'its files name no version' },
  cases: [
    {
      kind: 'success', name: 'with --save-detailed', files: 'detailed',
      stages: {
        'concurrent-4': {
          ok: 20, unlike: ['output_throughput', 'request_throughput'],
          measured: {
            'ttft mean': 20.197354, 'ttft p50': 13.997138, 'ttft p99': 51.091791, 'e2e mean': 324.492455, 'e2e p90': 1079.67935, 'tpot mean': 9.815971, 'tpot p99': 34.243504,
            'itl mean': 9.815971, 'itl p95': 79.470541, 'itl p99': 99.468181, output_throughput: 392.769582, request_throughput: 12.274049,
          },
        },
      },
    },
    {
      kind: 'success', name: 'without --save-detailed', files: 'undetailed', reasons: ['FewRequests'],
      stages: { 'poisson-8': { ok: 12, claimed: ['itl', 'output_throughput', 'total_throughput', 'tpot', 'ttft'] } }, notes: [/without --save-detailed/, /first chunk of a chat/, /claims, which no records check: itl,/],
    },
    {
      kind: 'partial failure', name: 'of two stages and a warm-up', files: 'partial', load: twoStages, reasons: ['ErrorRateHigh', 'FewRequests'],
      stages: { low: { ok: 6, failed: 2, warmup: 2, errors: { http4xx: 1, stream: 1 } }, high: { ok: 4 } },
    },
    { kind: 'server down', name: 'exit code 0', files: 'down', reasons: ['NoSuccessfulRequest'], stages: { throughput: { ok: 0, failed: 12, errors: { unknown: 12 } } } },
    { kind: 'wrong model', name: 'exit code 0', files: 'wrong-model', reasons: ['NoSuccessfulRequest'], stages: { throughput: { ok: 0, failed: 12 } } },
    { kind: 'success', name: 'latency, in process', files: 'latency', reasons: ['FewRequests'], stages: { latency: { ok: 5, claimed: ['batch_latency'] } } },
    {
      kind: 'other', name: 'latency of two stages', load: twoStages, reasons: ['FewRequests'], stages: { low: { ok: 2, claimed: ['batch_latency'], measured: { 'batch_latency mean': 300 } }, high: { ok: 1, claimed: ['batch_latency'], measured: { 'batch_latency mean': 500 } } },
      files: { 'stage-1/latency.json': '{"avg_latency":0.5,"latencies":[0.5],"percentiles":{"50":0.5}}', 'stage-0/latency.json': '{"avg_latency":0.3,"latencies":[0.2,0.4],"percentiles":{"50":0.3}}', 'stage-0/stage.json': '{"started":1,"startedMonotonic":1,"ended":2,"exitCode":0}' },
    },
    { kind: 'success', name: 'throughput, in process', files: 'throughput', stages: { throughput: { ok: 48, claimed: ['request_throughput', 'total_throughput'] } } },
    { kind: 'success', name: 'startup, in process', files: 'startup', reasons: ['FewRequests'], stages: { cold: { ok: 3, claimed: ['engine_compile', 'engine_start'] }, warm: { ok: 3, claimed: ['engine_compile', 'engine_start'] } } },
    { kind: 'other', name: 'another file', files: { 'other.json': '{"a":1}' }, error: /there is no result of vllm bench: found other.json, expected/ },
    { kind: 'other', name: 'several runs in one file', files: { 'a.json': '{"completed":1}\n{"completed":1}' }, error: /a.json: expected one JSON value, found more after it/ },
    { kind: 'other', name: 'another type', files: { 'a.json': '{"completed":"one"}' }, error: /a.json: completed: .*expected number/ },
  ],
}

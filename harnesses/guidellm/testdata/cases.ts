// SPDX-License-Identifier: Apache-2.0
/** Reports of guidellm 0.8.1 (version 2) and 0.5.3 (version 1); texts of prompts and answers are cut, all numbers are as it wrote them. */
import type { Conformance } from '../../testing/conformance-case.ts'

const few = ['FewRequests']

export const conformance: Conformance = {
  adapter: 'guidellm',
  cases: [
    {
      kind: 'success', name: '0.8.1, two concurrencies', files: 'concurrent', reasons: few, secrets: ['sk-guidellm-0123456789abcdef'],
      notes: [/what it calls so is our TPOT/],
      stages: {
        'concurrent-1': { ok: 6, unlike: ['ttft p50', 'e2e mean'], measured: { 'ttft mean': 23.208221, 'ttft p50': 7.321596, 'e2e mean': 43.431163, 'tpot mean': 2.888992, 'output_length mean': 8 } },
        'concurrent-4': { ok: 6, unlike: ['ttft p50', 'e2e mean'], measured: { 'ttft mean': 24.445971, 'ttft p50': 23.804426, 'e2e mean': 65.331459, 'tpot mean': 5.840784, 'output_length mean': 8 } },
      },
    },
    { kind: 'success', name: '0.8.1, named by the workload', files: 'concurrent', reasons: few, load: { concurrent: { stages: [{ name: 'four', concurrency: 4, requests: 6 }, { name: 'one', concurrency: 1, requests: 6 }] } }, stages: { one: { ok: 6 }, four: { ok: 6 } } },
    {
      kind: 'success', name: '0.5.3, the older report', files: '0.5.3', reasons: few,
      stages: {
        'concurrent-1': { ok: 5, unlike: ['e2e mean'], measured: { 'ttft mean': 10.659885, 'ttft p50': 9.453297, 'e2e mean': 26.157284, 'tpot mean': 2.213914 } },
        'concurrent-2': { ok: 5, unlike: ['e2e mean'], measured: { 'ttft mean': 14.232206, 'ttft p50': 14.664173, 'e2e mean': 26.848555, 'tpot mean': 1.802335 } },
      },
    },
    {
      kind: 'success', name: 'a sweep of which a sample of the requests was kept', files: 'sweep', reasons: ['ClientSaturated'], notes: [/^synchronous: the tool counted 113 requests and wrote down 4: latencies/],
      stages: {
        synchronous: { ok: 113, claimed: ['concurrency', 'input_throughput', 'output_throughput', 'request_throughput', 'total_throughput'] },
        throughput: { ok: 56, cancelled: 8, claimed: ['concurrency', 'input_throughput', 'output_throughput', 'request_throughput', 'total_throughput'] },
        'constant-14': { ok: 47, cancelled: 7, claimed: ['concurrency', 'input_throughput', 'output_throughput', 'request_throughput', 'total_throughput'] },
      },
    },
    { kind: 'partial failure', name: 'five of ten', files: 'partial', reasons: ['ErrorRateHigh', 'FewRequests'], stages: { 'concurrent-2': { ok: 5, failed: 5, errors: { http5xx: 5 } } } },
    { kind: 'wrong model', name: 'exit code 0', files: 'wrong-model', reasons: ['NoSuccessfulRequest'], stages: { synchronous: { ok: 0, failed: 3, errors: { http4xx: 3 } } } },
    { kind: 'server down', name: 'no file', files: { 'stdout.txt': 'Backend validation request failed' }, error: /there is no result of guidellm: found stdout.txt, expected/ },
    { kind: 'unknown version', name: '3', files: { 'r.json': '{"metadata":{"version":3,"guidellm_version":"1.0.0"},"benchmarks":[]}' }, error: /r.json: metadata.version is 3 \(guidellm 1.0.0\), expected 1 or 2/ },
  ],
}

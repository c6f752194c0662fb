// SPDX-License-Identifier: Apache-2.0
/** Benchmark reports that inference-perf 0.7.0 wrote, with the scenario that llm-d-benchmark lays over them. */
import type { Conformance } from '../../testing/conformance-case.ts'

const claimed = ['e2e', 'input_length', 'input_throughput', 'itl_per_token', 'ntpot', 'output_length', 'output_throughput', 'request_throughput', 'total_throughput', 'tpot', 'ttft']

export const conformance: Conformance = {
  adapter: 'benchmark-report',
  absent: { 'wrong model': 'it looks as without a server', 'partial failure': 'is a number in it: failures' },
  cases: [
    {
      kind: 'success', name: 'two stages', files: 'two-stages', reasons: ['FewRequests'], secrets: ['sk-report-0123456789abcdef'],
      stages: { 'rate-2': { ok: 8, claimed }, 'rate-5': { ok: 15, claimed } }, notes: [/all numbers are claims/],
    },
    { kind: 'server down', name: 'no latency', files: 'down', reasons: ['NoSuccessfulRequest'], stages: { stage: { ok: 0, failed: 8 } } },
    { kind: 'unknown version', name: '0.1', files: { 'r.yaml': 'version: "0.1"\nmetrics: {}\nrun: {}\n' }, error: /r.yaml: version is 0.1, expected a benchmark report 0.2 or 0.2.1/ },
    { kind: 'other', name: 'another file', files: { 'r.yaml': 'a: 1\n' }, error: /there is no result of llm-d-benchmark: found r.yaml, expected/ },
  ],
}

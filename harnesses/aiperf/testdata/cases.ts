// SPDX-License-Identifier: Apache-2.0
/** Results of aiperf 0.13.0 without HTTP metrics; `partial` is cut from them. */
import type { Conformance } from '../../testing/conformance-case.ts'

const few = ['FewRequests']

export const conformance: Conformance = {
  adapter: 'aiperf',
  cases: [
    {
      kind: 'success', name: 'one concurrency, tokens by its own tokenizer', files: 'concurrency2', reasons: few, secrets: ['sk-aiperf-0123456789abcdef'],
      stages: {
        'concurrent-2': {
          ok: 10, unlike: ['output_length mean', 'tpot mean', 'output_throughput', 'request_throughput'],
          measured: { 'ttft mean': 128.715257, 'ttft p90': 226.1805, 'e2e mean': 616.533157, 'e2e p99': 1693.853145, 'itl mean': 39.659992, 'itl p99': 121.647808, 'output_length mean': 16, 'tpot mean': 32.521193, request_throughput: 3.11399, output_throughput: 49.823844 },
        },
      },
      notes: [/mean\(output_length.*|output_length.*counts tokens in the other way/],
    },
    {
      kind: 'success', name: 'a sweep, tokens by the server', files: 'sweep', reasons: few,
      stages: {
        'concurrent-1': { ok: 6, unlike: ['request_throughput', 'output_throughput'], measured: { 'ttft mean': 15.3203, 'e2e p99': 70.579634, 'itl mean': 3.845962, 'tpot mean': 2.930257, request_throughput: 25.068758, output_throughput: 200.550062 } },
        'concurrent-2': { ok: 6, unlike: ['request_throughput', 'output_throughput'], measured: { 'ttft mean': 59.830748, 'e2e p99': 272.827522, 'itl mean': 13.678794, 'tpot mean': 13.027423, request_throughput: 10.660413, output_throughput: 85.283305 } },
      },
    },
    {
      kind: 'partial failure', name: 'killed before its summary', files: 'partial', load: { concurrent: { stages: [{ name: 'only', concurrency: 2, requests: 10 }] } }, reasons: ['ErrorRateHigh', ...few],
      stages: { only: { ok: 5, failed: 2, cancelled: 1, errors: { connect: 1, http5xx: 1 } } }, notes: [/profile_export_aiperf.json is missing/],
    },
    { kind: 'server down', name: 'without summary', files: 'down', reasons: ['NoSuccessfulRequest'], stages: { aiperf: { ok: 0, failed: 3, errors: { connect: 3 } } } },
    { kind: 'wrong model', name: 'without summary', files: 'wrong-model', reasons: ['NoSuccessfulRequest'], stages: { aiperf: { ok: 0, failed: 3, errors: { http4xx: 3 } } } },
    { kind: 'unknown version', name: 'of the summary', files: { 'profile_export.jsonl': '', 'profile_export_aiperf.json': '{"schema_version":"2.0","request_latency":{"unit":"ms","avg":5}}' }, reasons: ['NoSuccessfulRequest', 'RecordsTruncated'], stages: { aiperf: { ok: 0 } }, notes: [/schema_version is 2.0, expected 1.x: what it claims is left out/] },
    { kind: 'other', name: 'a line of another form', files: { 'profile_export.jsonl': '{"metadata":{}}\n' }, error: /profile_export.jsonl:1: metadata.request_start_ns: .*expected number/ },
  ],
}

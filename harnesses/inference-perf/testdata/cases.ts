// SPDX-License-Identifier: Apache-2.0
/** Results of inference-perf 0.7.0 without texts; `partial` is cut from them. Of `sweep` the tool's files hold 10 of 271 requests. */
import type { Conformance } from '../../testing/conformance-case.ts'

const load = { constant: { stages: [{ name: 'slow', rate: 2, duration: '4s' }, { name: 'fast', rate: 5, duration: '3s' }] } }
// Its "constant" draws exponential gaps: that the arrivals are not the wanted ones is seen in every run.
const arrivals = ['ArrivalsOff', 'OfferedRateNotReached']

export const conformance: Conformance = {
  adapter: 'inference-perf',
  absent: { 'unknown version': 'its files name no version' },
  cases: [
    {
      kind: 'success', name: 'two constant rates', files: 'constant', load, reasons: [...arrivals, 'ClientSaturated', 'FewRequests'], secrets: ['sk-perf-0123456789abcdefgh'],
      stages: {
        slow: { ok: 8, claimed: ['schedule_lag'], unlike: ['tpot mean'], measured: { 'ttft mean': 168.966436, 'ttft p90': 212.054721, 'e2e mean': 800.122334, 'e2e p99': 922.822474, 'tpot mean': 90.165128, 'itl mean': 100.984944 } },
        fast: { ok: 15, claimed: ['schedule_lag'], unlike: ['e2e mean', 'e2e p99', 'tpot mean'], measured: { 'ttft mean': 90.969327, 'ttft p90': 201.933654, 'e2e mean': 249.802833, 'e2e p99': 858.253212, 'tpot mean': 22.690501, 'itl mean': 27.073893 } },
      },
    },
    {
      kind: 'success', name: 'two concurrencies', files: 'concurrent', reasons: ['FewRequests'],
      stages: {
        'concurrent-1': { ok: 6, unlike: ['e2e mean', 'tpot mean'], measured: { 'ttft mean': 118.695672, 'e2e mean': 703.274158, 'tpot mean': 83.511212, 'itl mean': 87.686773 } },
        'concurrent-4': { ok: 8, unlike: ['e2e mean', 'tpot mean'], measured: { 'ttft mean': 63.975449, 'e2e mean': 180.440919, 'tpot mean': 16.637924, 'itl mean': 16.637924 } },
      },
    },
    {
      kind: 'success', name: 'a sweep of which most requests are missing', files: 'sweep', reasons: ['ClientSaturated', 'FewRequests'],
      stages: { 'constant-1': { ok: 2, claimed: ['schedule_lag'] }, 'constant-134-92': { ok: 269, claimed: ['achieved_rate', 'input_throughput', 'output_throughput', 'request_throughput', 'schedule_lag', 'total_throughput'] } },
      notes: [/^constant-134-92: the tool counted 269 requests and wrote down 8/],
    },
    { kind: 'partial failure', name: 'in the folder of the second stage', files: 'partial', load, reasons: [...arrivals, 'ErrorRateHigh', 'FewRequests'], stages: { fast: { ok: 6, failed: 2, errors: { connect: 1, timeout: 1 }, claimed: ['schedule_lag'] } } },
    { kind: 'server down', name: 'exit code 0', files: 'down', load, reasons: [...arrivals, 'NoSuccessfulRequest'], stages: { slow: { ok: 0, failed: 8, errors: { connect: 8 } }, fast: { ok: 0, failed: 15, errors: { connect: 15 } } } },
    { kind: 'wrong model', name: 'exit code 0', files: 'wrong', load, reasons: [...arrivals, 'NoSuccessfulRequest'], stages: { slow: { ok: 0, failed: 8, errors: { http4xx: 8 } }, fast: { ok: 0, failed: 15 } } },
    { kind: 'other', name: 'a sweep that found no rate', files: { 'config.yaml': 'server: { api_key: x }\n' }, error: /there is no result of inference-perf: found config.yaml, expected/ },
    { kind: 'other', name: 'an entry of another form', files: { 'per_request_lifecycle_metrics.json': '[{"start_time":1,"end_time":"late"}]' }, error: /per_request_lifecycle_metrics.json\[0\]: end_time: .*expected number/ },
  ],
}

// SPDX-License-Identifier: Apache-2.0
/** Rows of fmperf's load generator (git, 2025-07), whole requests of them; `partial` and `killed` are cut from them. */
import type { Conformance } from '../../testing/conformance-case.ts'

const few = ['FewRequests']

export const conformance: Conformance = {
  adapter: 'fmperf',
  absent: { 'wrong model': 'was not tried; it ends as any request without answer', 'unknown version': 'its files name no version' },
  cases: [
    {
      kind: 'success', name: 'a sweep of users', files: 'sweep', reasons: few, 
      stages: {
        'concurrent-1': { ok: 12, measured: { 'ttft mean': 10.445028, 'ttft p90': 9.969314, 'e2e mean': 17.308735, 'e2e p99': 41.403034, 'itl mean': 1.961059, 'itl p95': 3.205392 } },
        'concurrent-2': { ok: 10, measured: { 'ttft mean': 35.363204, 'ttft p90': 128.912587, 'e2e mean': 51.738499, 'e2e p99': 158.277497, 'itl mean': 4.816263, 'itl p95': 11.475346 } },
      },
    },
    { kind: 'success', name: 'all rows in one list', files: 'all', load: { concurrent: { stages: [{ name: 'one', concurrency: 1, requests: 7 }] } }, reasons: few, stages: { one: { ok: 7 } } },
    {
      kind: 'partial failure', name: 'in the folder of the second stage', files: 'partial', load: { concurrent: { stages: [{ name: 'a', concurrency: 2, requests: 7 }, { name: 'b', concurrency: 1, requests: 7 }] } },
      reasons: ['ErrorRateHigh', ...few], stages: { b: { ok: 2, failed: 1, errors: { protocol: 1 } } }, notes: [/fmperf left 1 files of energy metrics/],
    },
    { kind: 'other', name: 'killed', files: 'killed', reasons: [...few, 'RecordsTruncated'], stages: { 'concurrent-1': { ok: 2 } }, notes: [/^truncated: fmperf was killed/] },
    { kind: 'server down', name: 'no file', files: { 'stdout.txt': 'requests.exceptions.ConnectionError' }, error: /there is no result of fmperf: found stdout.txt, expected/ },
    { kind: 'other', name: 'a row of another form', files: { 'results_all.json': '[{"ok":true}]' }, error: /results_all.json: expected rows with exp_num_users/ },
  ],
}

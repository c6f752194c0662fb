// SPDX-License-Identifier: Apache-2.0
/** Files of vllm bench and aiperf by mappings, and CSV of a tool that nobody knows. */
import type { Conformance } from '../../testing/conformance-case.ts'
import { AIPERF, CSV, VLLM_BENCH } from './mappings.ts'

const few = ['FewRequests']
const vllm = { results: { mapping: VLLM_BENCH } }
const aiperf = { results: { mapping: AIPERF } }
const csv = { results: { mapping: CSV } }
const oneStage = { concurrent: { stages: [{ name: 'only', concurrency: 2, requests: 10 }] } }
const twoStages = { concurrent: { stages: [{ name: 'a', concurrency: 1, requests: 2 }, { name: 'b', concurrency: 2, requests: 2 }] } }
const rows = (text: string) => ({ 'requests.csv': `id,stage,t_send,ttft_ms,latency_ms,in,out,code,error\n${text}` })

export const conformance: Conformance = {
  adapter: 'mapping',
  absent: { 'unknown version': 'a mapping knows no versions' },
  cases: [
    { kind: 'success', name: 'columns of vllm bench', ...vllm, files: '../../vllm-bench/testdata/detailed', stages: { 'concurrent-4': { ok: 20 } } },
    { kind: 'success', name: 'lines of aiperf', ...aiperf, files: '../../aiperf/testdata/concurrency2', load: oneStage, reasons: few, stages: { only: { ok: 10 } } },
    { kind: 'partial failure', name: 'lines of aiperf in a folder', ...aiperf, files: '../../aiperf/testdata/partial', load: oneStage, reasons: ['ErrorRateHigh', ...few], stages: { only: { ok: 5, failed: 2, cancelled: 1, errors: { connect: 1, http5xx: 1 } } } },
    { kind: 'server down', name: 'lines of aiperf', ...aiperf, files: '../../aiperf/testdata/down', reasons: ['NoSuccessfulRequest'], stages: { run: { ok: 0, failed: 3, errors: { connect: 3 } } } },
    { kind: 'wrong model', name: 'lines of aiperf', ...aiperf, files: '../../aiperf/testdata/wrong-model', reasons: ['NoSuccessfulRequest'], stages: { run: { ok: 0, failed: 3, errors: { http4xx: 3 } } } },
    { kind: 'success', name: 'CSV with a stage in each row', ...csv, files: 'csv', load: twoStages, reasons: [...few, 'ErrorRateHigh'], stages: { a: { ok: 2 }, b: { ok: 1, failed: 1, errors: { http5xx: 1 } } } },
    { kind: 'other', name: 'no matching file', ...csv, files: { 'a.txt': 'x' }, error: /found a.txt, expected files that match \*.csv/ },
    { kind: 'other', name: 'another column', ...csv, files: rows('a,0,1795348800,20,80,1,1,200\n'), error: /requests.csv: row 2 has 8 cells, expected 9 as in the header: id, stage/ },
    { kind: 'other', name: 'a number that is none', ...csv, files: rows('a,0,1795348800,soon,80,1,1,200,\n'), error: /requests.csv: row 2: mapping.fields.firstToken: "ttft_ms" is "soon", expected a number/ },
    { kind: 'other', name: 'a stage that is none', ...csv, load: twoStages, files: rows('x,c,1795348800,20,80,1,1,200,\n'), error: /row 2: mapping.fields.stage: "c" is no stage of the workload, expected one of a, b/ },
    { kind: 'other', name: 'a path that leads nowhere', results: { mapping: { ...CSV, fields: { ...CSV.fields, end: { path: 'latncy_ms', unit: 'ms', since: 'sent' } }, ok: [{ path: 'code', equals: ['200'] }] } }, files: rows('x,a,1795348800,20,80,1,1,200,\n'), error: /mapping.fields.end: no successful row has "latncy_ms"; did you mean "latency_ms"/ },
    { kind: 'other', name: 'a path that is none', results: { mapping: { ...CSV, fields: { ...CSV.fields, id: { path: 'a..b' } } } }, files: 'csv', error: /mapping.fields.id.path: "a..b" is no path/ },
    {
      kind: 'other', name: 'an optional path that leads nowhere', results: { mapping: { ...VLLM_BENCH, fields: { ...VLLM_BENCH.fields, firstToken: { path: 'ttft', unit: 's', since: 'sent' } }, claims: [{ metric: 'ttft', statistic: 'mean', path: 'mean_tfft_ms', unit: 'ms' }] } },
      files: '../../vllm-bench/testdata/detailed', reasons: [], stages: { 'concurrent-4': { ok: 20 } }, notes: [/mapping.fields.firstToken: no successful row has "ttft"/, /mapping.claims\[0\]: .* has no number at "mean_tfft_ms"; did you mean "mean_ttft_ms"/],
    },
  ],
}

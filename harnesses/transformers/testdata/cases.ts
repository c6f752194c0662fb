// SPDX-License-Identifier: Apache-2.0
/** Results of the benchmark in its image with models of random weights, as it left them; values were computed from them by other code. */
import type { Conformance } from '../../testing/conformance-case.ts'

const wrong = JSON.stringify({ tool: 'assay-transformers', version: '9.0.0', complete: true, clock: { epochMs: 1_795_996_555_703, monotonicMs: 5 }, model: { name: 'm' }, load: { startMs: 0, endMs: 1500, peaksPerStage: false }, stages: [] })

export const conformance: Conformance = {
  adapter: 'transformers',
  absent: { 'server down': 'there is no server' },
  cases: [
    {
      kind: 'success', name: 'two models, of which one is quantised', files: 'two-models', reasons: ['FewRequests'],
      stages: {
        'tiny-load_model': { ok: 1, claimed: ['engine_start', 'peak_ram'], measured: { 'engine_start mean': 0.800063547, peak_ram: 0.3753929138183594 } },
        'tiny-batch-1': {
          ok: 4, warmup: 1, claimed: ['batch_latency', 'peak_ram'],
          measured: { 'ttft mean': 3.41608525, 'e2e mean': 19.22892325, 'itl mean': 3.1625676, 'tpot mean': 3.1625676, 'output_length mean': 6, output_throughput: 299.8195124, 'batch_latency mean': 19.22892325, peak_ram: 0.38260650634765625 },
        },
        'tiny-batch-2': { ok: 4, warmup: 2, claimed: ['batch_latency', 'peak_ram'], measured: { 'ttft mean': 4.073782, 'e2e mean': 12.278328, output_throughput: 936.750928583629, 'batch_latency mean': 12.278328 } },
        'tiny-int8-load_model': { ok: 1, claimed: ['engine_start', 'peak_ram'], measured: { 'engine_start mean': 0.686757701 } },
        'tiny-int8-batch-1': { ok: 4, warmup: 1, claimed: ['batch_latency', 'peak_ram'], measured: { 'ttft mean': 21.195119, output_throughput: 50.07615404 } },
        'tiny-int8-batch-2': { ok: 4, warmup: 2, claimed: ['batch_latency', 'peak_ram'], measured: { 'e2e mean': 23.0274865, 'itl mean': 3.6561094 } },
      },
      scores: [
        { task: 'tiny: references', metric: 'perplexity', value: 4183547.4468485285, stderr: 29998.637418224516, n: 2, better: 'lower' }, { task: 'tiny: references', metric: 'bits_per_byte', n: 2, better: 'lower' },
        { task: 'tiny: answers', metric: 'distinct-1', value: 1, better: 'none' }, { task: 'tiny: answers', metric: 'distinct-2' },
        { task: 'tiny-int8: references', metric: 'perplexity', value: 4219106.310991488 }, { task: 'tiny-int8: references', metric: 'bits_per_byte' },
        { task: 'tiny-int8: answers', metric: 'distinct-1' }, { task: 'tiny-int8: answers', metric: 'distinct-2' }, { task: 'tiny-int8: answers', metric: 'repetition-4', value: 0, n: 1, better: 'lower' },
      ],
    },
    {
      kind: 'partial failure', name: 'one batch is too long for the model', files: 'partial', reasons: ['FewRequests', 'NoSuccessfulRequest'],
      load: { concurrent: { stages: [{ name: 'few', concurrency: 2, requests: 2 }, { name: 'long', concurrency: 1, requests: 1 }] } },
      stages: { load_model: { ok: 1, claimed: ['engine_start', 'peak_ram'] }, few: { ok: 2, warmup: 2, claimed: ['batch_latency', 'peak_ram'], measured: { 'batch_latency mean': 107.93494 } }, long: { ok: 0, failed: 1, errors: { client: 1 } } },
      scores: [{ task: 'answers', metric: 'distinct-1', n: 2 }, { task: 'answers', metric: 'distinct-2' }],
    },
    { kind: 'wrong model', name: 'that no hub has', files: 'wrong-model', reasons: ['NoSuccessfulRequest'], stages: { load_model: { ok: 0, failed: 1, errors: { client: 1 } } } },
    {
      kind: 'other', name: 'ended by a signal', files: 'ended', reasons: ['ErrorRateHigh', 'FewRequests', 'RecordsTruncated'], notes: [/truncated: local-models.json: the benchmark of tiny was ended before it was done/],
      stages: { load_model: { ok: 1, claimed: ['engine_start', 'peak_ram'] }, 'batch-1': { ok: 9, failed: 1, warmup: 1, errors: { client: 1 }, measured: { 'ttft mean': 99.942524667, output_throughput: 71.550308769 } } },
      scores: [{ metric: 'distinct-1', value: 0.9482758620689655 }, { metric: 'distinct-2' }, { metric: 'repetition-4' }],
    },
    { kind: 'unknown version', name: '9.0.0, on a kernel that forgets no peaks', files: { 'local-models.json': wrong, 'records.jsonl': '' }, reasons: ['FewRequests'], stages: { load_model: { ok: 1, claimed: ['engine_start'] } }, notes: [/version 9.0.0 of the benchmark is not known/, /the greatest since the process began/] },
    { kind: 'other', name: 'no result', files: { 'local-models.json': '{"tool":"another"}' }, error: /there is no result of the benchmark of local models: found local-models.json, expected a file local-models.json with tool assay-transformers/ },
    { kind: 'other', name: 'a record of another form', files: { 'local-models.json': wrong, 'records.jsonl': '{"id":"a"}\n{"id":"b"}\n' }, error: /records.jsonl:1: stage: .*expected string/ },
  ],
}

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { convertProfile, toolOf } from './profile.ts'

const inferencePerf = (over: object = {}) => ({
  load: { type: 'poisson', stages: [{ rate: 3, duration: 20 }, { rate: 6, num_requests: 40 }], num_workers: 4, interval: 15 },
  api: { type: 'completion', streaming: true }, server: { type: 'vllm', model_name: 'REPLACE_ENV_LLMDBENCH_DEPLOY_CURRENT_MODEL', ignore_eos: true },
  data: { type: 'random', input_distribution: { min: 8, max: 64, mean: 32, std_dev: 4, total_count: 50 }, output_distribution: { min: 16, max: 16, mean: 16, std_dev: 0 } },
  report: { request_lifecycle: { summary: true } }, ...over,
})
const guidellm = (over: object = {}) => ({
  spec: { backend: { kind: 'openai_http', target: 'x', request_format: '/v1/chat/completions' }, profile: { kind: 'concurrent', streams: 4 }, constraints: [{ kind: 'max_duration', seconds: 30 }], data: [{ kind: 'synthetic_text', prompt_tokens: 100, output_tokens: 50 }], ...over },
})
const vllm = (over: object = {}) => ({ executable: 'benchmark_serving.py', 'dataset-name': 'random', 'random-input-len': 200, 'random-output-len': 20, 'num-prompts': 64, 'ignore-eos': 'none', ...over })
const synthetic = { input: { fixed: 200 }, output: { fixed: 20 } }

describe('convertProfile', () => {
  it('reads inference-perf, and keeps what only that tool knows', () => {
    expect(convertProfile('inference-perf', inferencePerf())).toEqual({
      spec: {
        api: { kind: 'completions', streaming: true, ignoreEos: true },
        data: { synthetic: { input: { normal: { mean: 32, stddev: 4 }, min: 8, max: 64 }, output: { fixed: 16 } } },
        load: { poisson: { stages: [{ name: 'stage-1', rate: 3, duration: '20s' }, { name: 'stage-2', rate: 6, requests: 40 }] }, stageGap: '15s' },
        overrides: { 'inference-perf': { config: { load: { num_workers: 4 } } } },
      },
      dropped: [], notes: [],
    })
  })

  it.each([
    ['shared prefixes', 'inference-perf', inferencePerf({ data: { type: 'shared_prefix', shared_prefix: { num_groups: 6, num_prompts_per_group: 2, system_prompt_len: 100, question_len: 10, output_len: 5 } } }), { data: { synthetic: { prefix: { groups: 6, length: 100 }, input: { fixed: 10 }, output: { fixed: 5 } } } }],
    ['a closed loop', 'inference-perf', inferencePerf({ load: { type: 'concurrent', stages: [{ concurrency_level: 2, num_requests: 8 }], request_timeout: 45 } }), { load: { concurrent: { stages: [{ name: 'stage-1', concurrency: 2, requests: 8 }] } }, api: { timeout: '45s' } }],
    ['streams', 'guidellm', guidellm(), { api: { kind: 'chat' }, load: { concurrent: { stages: [{ name: 'stage-1', concurrency: 4, duration: '30s' }] } }, data: { synthetic: { input: { fixed: 100 }, output: { fixed: 50 } } } }],
    ['a list of rates', 'guidellm', guidellm({ profile: { kind: 'constant', rate: [1, 2] } }), { load: { constant: { stages: [{ name: 'stage-1', rate: 1, duration: '30s' }, { name: 'stage-2', rate: 2, duration: '30s' }] } } }],
    ['benchmarks that overlay', 'guidellm', { ...guidellm({ constraints: [{ kind: 'max_requests' }] }), benchmarks: [{ 'profile.streams': 2, 'constraints[0].count': 20 }, { 'profile.streams': 8, 'constraints[0].count': 80 }] }, { load: { concurrent: { stages: [{ name: 'stage-1', concurrency: 2, requests: 20 }, { name: 'stage-2', concurrency: 8, requests: 80 }] } } }],
    ['turns and a prefix', 'guidellm', guidellm({ data: [{ kind: 'synthetic_text', prompt_tokens: 10, output_tokens: 5, turns: 3, prefix_buckets: [{ prefix_tokens: 100, prefix_count: 7 }] }] }), { load: { sessions: { stages: [{ name: 'stage-1', concurrency: 4, duration: '30s' }] } }, data: { synthetic: { prefix: { groups: 7, length: 100 }, turns: { count: 3 } } } }],
    ['the flat form', 'guidellm', { target: 'REPLACE_ENV_X', data_request_formatter: 'text_completions', profile: 'concurrent', rate: [1, 5], max_seconds: 60, data: { prompt_tokens: 32, prompt_tokens_stdev: 4, output_tokens: 8 } }, { api: { kind: 'completions' }, load: { concurrent: { stages: [{ concurrency: 1, duration: '60s' }, { concurrency: 5, duration: '60s' }] } }, data: { synthetic: { input: { normal: { mean: 32, stddev: 4 } }, output: { fixed: 8 } } } }],
    ['a cap on requests in flight', 'vllm-benchmark', vllm({ 'max-concurrency': 3 }), { api: { kind: 'completions', ignoreEos: true }, data: { synthetic }, load: { concurrent: { stages: [{ name: 'stage-1', concurrency: 3, requests: 64 }] } } }],
    ['a rate under a cap', 'vllm-benchmark', vllm({ 'request-rate': 8, 'max-concurrency': 3 }), { load: { poisson: { stages: [{ name: 'stage-1', rate: 8, requests: 64 }] }, maxConcurrency: 3 } }],
    ['bursts', 'vllm-benchmark', vllm({ 'request-rate': 8, burstiness: 0.25 }), { load: { gamma: { cv: 2, stages: [{ rate: 8 }] } } }],
    ['everything at once', 'inferencemax', vllm({ 'request-rate': 'inf', backend: 'openai-chat' }), { api: { kind: 'chat' }, load: { throughput: { requests: 64 } } }],
    ['a spread of lengths', 'vllm-benchmark', vllm({ 'random-range-ratio': 0.5, 'random-prefix-len': 30, 'max-concurrency': 1 }), { data: { synthetic: { prefix: { groups: 1, length: 30 }, input: { uniform: { min: 100, max: 300 } } } } }],
    ['aiperf', 'aiperf', { 'endpoint-type': 'chat', streaming: 'none', concurrency: 2, 'request-count': 9, isl: 100, osl: 20, 'extra-inputs': 'ignore_eos:true' }, { api: { kind: 'chat', streaming: true, ignoreEos: true }, data: { synthetic: { input: { fixed: 100 }, output: { fixed: 20 } } }, load: { concurrent: { stages: [{ concurrency: 2, requests: 9 }] } } }],
  ])('reads %s', (_, tool, value, expected) => {
    const { spec, dropped } = convertProfile(tool, value)
    expect(spec).toMatchObject(expected)
    expect(dropped).toEqual([])
    expect(WorkloadProfileSpec.safeParse(spec).error?.issues).toBeUndefined()
  })

  it.each([
    ['a file that is to be found', 'vllm-benchmark', vllm({ 'dataset-name': 'sharegpt', 'dataset-path': 'REPLACE_ENV_DIR/REPLACE_ENV_FILE', 'max-concurrency': 1 }), /dataset-path: REPLACE_ENV_DIR.*: which file: set source of data\.sharegpt/],
    ['turns at a rate', 'inference-perf', inferencePerf({ data: { type: 'shared_prefix', shared_prefix: { question_len: 10, output_len: 5, enable_multi_turn_chat: true } } }), /enable_multi_turn_chat: true: turns need load\.sessions/],
    ['a stage without end', 'inference-perf', inferencePerf({ load: { type: 'poisson', stages: [{ rate: 1, duration: 5 }, { rate: 2 }] } }), /load\.stages\.1: .*needs a rate or a concurrency, and an end/],
    ['benchmarks that differ otherwise', 'guidellm', { ...guidellm(), benchmarks: [{ 'data[0].prompt_tokens': 7 }] }, /data\[0\]\.prompt_tokens: a stage differs from others by its load/],
  ])('names %s', (_, tool, value, message) => {
    const { spec, dropped } = convertProfile(tool, value)
    expect(spec).toBeDefined()
    expect(dropped.map((d) => `${d.path}: ${d.reason}`).join('\n')).toMatch(message)
  })

  it.each([
    ['recorded traces', 'inference-perf', inferencePerf({ data: { type: 'otel_trace_replay' } }), 'cannot be replayed yet'],
    ['no data', 'inference-perf', inferencePerf({ data: undefined }), 'nothing of the data'],
    ['no lengths', 'inference-perf', inferencePerf({ data: { type: 'random' } }), 'nothing of the lengths'],
    ['another load', 'inference-perf', inferencePerf({ load: { type: 'trace_session_replay', stages: [] } }), 'load.type trace_session_replay'],
    ['a sweep without ends', 'guidellm', guidellm({ profile: { kind: 'sweep' } }), 'load.sweep needs the rates'],
    ['no end', 'guidellm', guidellm({ constraints: [] }), 'no constraint ends a stage'],
    ['a data set of poems', 'vllm-benchmark', vllm({ 'dataset-name': 'sonnet' }), 'dataset-name sonnet'],
    ['start-up times', 'nop', { model_name: 'x' }, 'any WorkloadProfile will do'],
    ['an unknown tool', 'loadster', {}, 'loadster is no tool whose profiles are known (inference-perf, guidellm'],
  ])('refuses %s', (_, tool, value, reason) => {
    expect(convertProfile(tool, value)).toMatchObject({ dropped: [{ path: 'the whole profile', reason: expect.stringContaining(reason) as string }] })
    expect(convertProfile(tool, value).spec).toBeUndefined()
  })

  it('drops nothing in silence, wherever it stands', () => {
    const places = ['', 'load', 'api', 'server', 'data', 'data.input_distribution', 'load.stages.0']
    fc.assert(fc.property(fc.constantFrom(...places), fc.stringMatching(/^[a-z]{3,8}_new$/), fc.oneof(fc.integer(), fc.constant(true), fc.constant({ deep: 1 })), (place, key, value) => {
      const profile = structuredClone(inferencePerf())
      const parent = place.split('.').filter(Boolean).reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], profile)
      Object.assign(parent as object, { [key]: value })
      expect(convertProfile('inference-perf', profile).dropped.map((d) => d.path.split(':')[0])).toEqual([place === '' ? key : `${place}.${key}`])
    }))
  })

  it('knows a profile by its members', () => {
    expect([inferencePerf(), guidellm(), vllm(), { 'request-count': 1 }, { evaluation: {} }, { trafficClasses: [] }, { name: 'x' }].map(toolOf)).toEqual(['inference-perf', 'guidellm', 'vllm-benchmark', 'aiperf', 'lm-eval', 'priority-mix', undefined])
  })
})

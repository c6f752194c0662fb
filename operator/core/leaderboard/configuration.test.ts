// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { backendArguments, configurationLabel, configurationOf, normalized } from './configuration.ts'
import { treatmentParts } from './treatment-parts.ts'

const SCENARIO = { model: { name: 'a/b', dtype: 'float32' }, serving: { engine: 'pytorch', args: { attn_implementation: 'sdpa', quantization_config: { bits: 4, deep: { x: true } }, nothing: null } } }
const WORKLOAD = { data: { synthetic: { input: { fixed: 256 }, output: { fixed: 64 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 4 }] } } }

describe('a configuration', () => {
  it('is read out of specifications', () => {
    expect(configurationOf({ scenario: SCENARIO, workload: WORKLOAD })).toEqual({ model: 'a/b', backend: 'pytorch', device: 'cpu', dtype: 'float32', attention: 'sdpa', batch: '4', input: '256', output: '64' })
  })

  it.each([
    ['an accelerator is cuda', { scenario: { accelerator: { perReplica: 1, resource: 'nvidia.com/gpu' } } }, { device: 'cuda', backend: 'vllm' }],
    ['one of AMD is rocm', { scenario: { accelerator: { perReplica: 2, resource: 'amd.com/gpu' } } }, { device: 'rocm', backend: 'vllm' }],
    ['an argument says the device', { scenario: { serving: { engine: 'pytorch', args: { device: 'mps' } } } }, { device: 'mps', backend: 'pytorch' }],
    ['no quantisation is none', { scenario: { model: { quantization: 'none' }, serving: { engine: 'openvino' } } }, { device: 'cpu', backend: 'openvino' }],
    ['a module before a number format is left off', { scenario: { model: { dtype: 'torch.bfloat16' }, serving: { engine: 'onnxruntime' } } }, { device: 'cpu', backend: 'onnxruntime', dtype: 'bfloat16' }],
    ['an engine that nobody named is the tool\'s own', { scenario: {}, harness: { results: { adapter: 'optimum-benchmark' } } }, { device: 'cpu', backend: 'pytorch' }],
    ['and stays what it is with others', { scenario: { serving: { engine: 'vllm' } }, harness: { results: { adapter: 'vllm-bench' } } }, { device: 'cpu', backend: 'vllm' }],
    ['one request at a time is a batch of one', { workload: { load: { synchronous: { stages: [{ name: 'main', requests: 3 }] } } } }, { batch: '1' }],
    ['nothing is nothing', {}, {}],
  ])('%s', (_, parts, wanted) => expect(configurationOf(parts)).toEqual(wanted))

  it('has the arguments of its back end by dotted name', () => {
    expect(backendArguments({ scenario: SCENARIO })).toEqual({ attn_implementation: 'sdpa', 'quantization_config.bits': '4', 'quantization_config.deep.x': 'true' })
  })

  it('has what a workload lays over them', () => {
    expect(backendArguments({ scenario: { serving: { args: { device: 'cpu' } } }, workload: { overrides: { 'optimum-benchmark': { config: { backend: { no_weights: true } } } } } })).toEqual({ device: 'cpu', no_weights: 'true' })
  })

  it('is called by what it says', () => {
    expect(configurationLabel({ dtype: 'float32', model: 'a/b' })).toBe('a/b · float32')
    expect(normalized({ dtype: ' ', quantization: 'None', model: 'x' })).toEqual({ model: 'x' })
  })
})

describe('parts of a treatment', () => {
  const base = { scenario: SCENARIO, workload: WORKLOAD }
  const read = (design: object, levels: Readonly<Record<string, unknown>>) => configurationOf(treatmentParts(base, design, levels))
  const factors = (...own: readonly object[]) => ({ fullFactorial: { factors: own } })

  it.each([
    ['a level by its path', factors({ name: 'm', path: 'scenario.model.name', levels: ['x', 'y'] }), { m: 'y' }, { model: 'y' }],
    ['a label by its place', factors({ name: 'm', path: 'scenario.model.name', levels: ['x', 'y'], labels: ['one', 'two'] }), { m: 'two' }, { model: 'y' }],
    ['all members of a zip', factors({ name: 'm', zip: [{ path: 'scenario.model.name', levels: ['x', 'y'] }, { path: 'scenario.model.dtype', levels: ['float16', 'int8'] }] }), { m: 'y' }, { model: 'y', dtype: 'int8' }],
    ['a stage by its name', factors({ name: 'b', path: 'workload.load.concurrent.stages[main].concurrency', levels: [1, 8] }), { b: 8 }, { batch: '8' }],
    ['a treatment that is written out', { treatments: [{ name: 't', set: { 'scenario.model.name': 'z' } }] }, { name: 'z' }, { model: 'z' }],
    ['a factor that does not apply', factors({ name: 'm', path: 'scenario.model.name', levels: ['x'], when: 'a == 1' }), { m: 'n/a' }, { model: 'a/b' }],
    ['a label of another design', factors({ name: 'm', path: 'scenario.model.name', levels: ['x'], labels: ['one'] }), { m: 'three' }, { model: 'a/b' }],
    ['a stage that the base lacks', factors({ name: 'b', path: 'workload.load.concurrent.stages[other].concurrency', levels: [8] }), { b: 8 }, { batch: '4' }],
  ])('take %s', (_, design, levels, wanted) => expect(read(design, levels)).toMatchObject(wanted))

  it('are the base where there is no design', () => expect(read({}, { m: 'y' })).toMatchObject({ model: 'a/b' }))
})

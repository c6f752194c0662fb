// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ScenarioSpec } from '../model/scenario.ts'
import { memoryOfProduct } from './accelerator-memory.ts'
import { checkModel } from './check-model.ts'
import { formatFinding } from './finding.ts'
import { kvBytesPerToken, weightBytes } from './model-memory.ts'

const LLAMA_70B = { name: 'meta-llama/Llama-3.1-70B-Instruct', parameters: 70.6e9, dtype: 'bfloat16', maxLength: 16_384, architecture: { layers: 80, attentionHeads: 64, keyValueHeads: 8, headSize: 128 } }
const LLAMA_8B = { name: 'meta-llama/Llama-3.1-8B-Instruct', parameters: 8.03e9, dtype: 'bfloat16', maxLength: 16_384, architecture: { layers: 32, attentionHeads: 32, keyValueHeads: 8, headSize: 128 } }
const H100 = { product: 'NVIDIA-H100-80GB-HBM3', perReplica: 1 }
const scenario = (model: object, serving: object = {}, accelerator: object = H100) => ScenarioSpec.parse({ model, accelerator, serving: { engine: 'vllm', ...serving } })
const one = { tensor: 1, pipeline: 1, data: 1 }

describe('memory of a model', () => {
  it.each<[string, object, object, number | undefined]>([
    ['bfloat16', LLAMA_8B, {}, 16.06e9],
    ['nothing said', { ...LLAMA_8B, dtype: undefined }, {}, 16.06e9],
    ['float32', { ...LLAMA_8B, dtype: 'float32' }, {}, 32.12e9],
    ['fp8', { ...LLAMA_8B, quantization: 'fp8' }, {}, 8.03e9],
    ['AWQ, which keeps scales', { ...LLAMA_8B, quantization: 'awq' }, {}, 8.03e9 * 0.56],
    ['no quantisation', { ...LLAMA_8B, quantization: 'none' }, {}, 16.06e9],
    ['an argument that wins', LLAMA_8B, { args: { quantization: 'fp8' } }, 8.03e9],
    ['a method that nobody knows', { ...LLAMA_8B, quantization: 'squeeze' }, {}, undefined],
    ['no parameters', { ...LLAMA_8B, parameters: undefined }, {}, undefined],
  ])('weights in %s', (_, model, serving, bytes) => {
    const found = weightBytes(scenario(model, serving))
    if (bytes === undefined) expect(found).toBeUndefined()
    else expect(found).toBeCloseTo(bytes, -3)
  })

  it.each<[string, ScenarioSpec, object, number | undefined]>([
    // 2 × 32 layers × 8 heads × 128 × 2 bytes: the 128 KiB a token that are known of Llama 3.1 8B; 320 KiB of 70B.
    ['Llama 3.1 8B', scenario(LLAMA_8B), one, 131_072],
    ['Llama 3.1 70B', scenario(LLAMA_70B), one, 327_680],
    ['split over eight', scenario(LLAMA_70B), { ...one, tensor: 8 }, 40_960],
    ['repeated where there are fewer heads', scenario(LLAMA_70B), { ...one, tensor: 16 }, 40_960],
    ['stages of a pipeline', scenario(LLAMA_70B), { ...one, pipeline: 2 }, 163_840],
    ['in fp8', scenario(LLAMA_8B, { args: { 'kv-cache-dtype': 'fp8_e4m3' } }), one, 65_536],
    ['as stated', scenario({ ...LLAMA_8B, architecture: { ...LLAMA_8B.architecture, kvBytesPerToken: 70_272 } }), one, 70_272],
    ['unknown', scenario({ ...LLAMA_8B, architecture: undefined }), one, undefined],
  ])('KV cache of a token: %s', (_, spec, parallel, bytes) => {
    expect(kvBytesPerToken(spec, parallel as typeof one)).toBe(bytes)
  })

  it.each([
    ['NVIDIA-H100-80GB-HBM3', 80], ['NVIDIA-H100-NVL', 94], ['NVIDIA-H200', 141], ['NVIDIA-A100-SXM4-40GB', 40], ['NVIDIA-A100-SXM4-80GB', 80], ['NVIDIA-L40S', 48], ['NVIDIA-L4', 24], ['Tesla-T4', 16],
    ['NVIDIA-A100-SXM4-80GB-MIG-1g.10gb', 10], ['NVIDIA-B200', 180], ['AMD_Instinct_MI300X_OAM', 192], ['NVIDIA-GeForce-RTX-4090', 24], ['Something-Else', undefined],
  ])('%s has %d GB', (product, gigabytes) => {
    expect(memoryOfProduct(product)).toBe(gigabytes === undefined ? undefined : gigabytes * 1e9)
  })
})

describe('checkModel', () => {
  const tp = (tensor: number, more: object = {}) => ({ parallelism: { tensor }, ...more })
  it.each<[string, ScenarioSpec, string[]]>([
    ['a model that fits', scenario(LLAMA_8B), []],
    ['weights that are larger than the accelerator', scenario(LLAMA_70B), ['fails memory']],
    ['weights that fill it: no room for the longest request', scenario(LLAMA_70B, tp(2), { ...H100, perReplica: 2 }), ['fails kvCache']],
    ['the same, split over four', scenario(LLAMA_70B, tp(4), { ...H100, perReplica: 4 }), []],
    ['the same, in fp8', scenario({ ...LLAMA_70B, quantization: 'fp8' }, tp(2)), []],
    ['the same with less to take', scenario(LLAMA_8B, { args: { 'gpu-memory-utilization': 0.2 } }), ['fails memory']],
    ['the same in underscores', scenario(LLAMA_8B, { args: { gpu_memory_utilization: 0.2 } }), ['fails memory']],
    ['a smaller accelerator by the catalogue', scenario(LLAMA_8B, {}, { product: 'Tesla-T4', perReplica: 1 }), ['fails memory']],
    ['one that the scenario says', scenario(LLAMA_8B, {}, { product: 'Tesla-T4', memory: '80G', perReplica: 1 }), []],
    ['one that nobody knows', scenario(LLAMA_70B, {}, { product: 'Something', perReplica: 1 }), []],
    ['a window that slides needs less', scenario({ ...LLAMA_70B, architecture: { ...LLAMA_70B.architecture, fullAttention: false } }, tp(2)), ['doubt kvCache']],
    ['heads that cannot be divided', scenario(LLAMA_8B, tp(3)), ['fails parallelism']],
    ['heads that can be divided, and key-value heads repeated', scenario(LLAMA_8B, tp(16)), []],
    ['key-value heads that can be neither', scenario({ ...LLAMA_8B, architecture: { ...LLAMA_8B.architecture, attentionHeads: 24, keyValueHeads: 8 } }, tp(12)), ['fails parallelism']],
    ['the size as an argument', scenario(LLAMA_8B, { args: { 'tensor-parallel-size': 3 } }), ['fails parallelism']],
    ['each role by itself', scenario(LLAMA_70B, { roles: { prefill: { parallelism: { tensor: 4 } }, decode: { parallelism: { tensor: 3 } } } }), ['fails parallelism']],
    ['an engine that reserves no cache', scenario(LLAMA_70B, { engine: 'llama.cpp', ...tp(2) }), []],
    ['no accelerator', scenario(LLAMA_70B, {}, { perReplica: 0 }), []],
    ['a simulator', scenario(LLAMA_70B, { engine: 'simulator' }), []],
  ])('%s', (_, spec, expected) => {
    expect(checkModel(spec, {}).map((f) => `${f.severity} ${f.check}`)).toEqual(expected)
  })

  it('believes the nodes more than the scenario', () => {
    expect(checkModel(scenario(LLAMA_8B, {}, { ...H100, memory: '80G' }), { nodeMemory: 10e9 }).map((f) => f.check)).toEqual(['memory'])
  })

  it.each<[string, number, object, boolean]>([
    // 80 GB × 0.9 − 16.06 GB is room for 426,788 tokens: 416 requests of 1024.
    ['fits', 400, {}, false], ['does not fit', 500, {}, true], ['fits on two replicas', 800, { replicas: 2 }, false],
  ])('a closed loop that %s', (_, concurrency, serving, said) => {
    const findings = checkModel(scenario(LLAMA_8B, serving), { demand: { concurrency, tokens: 1024 } })
    expect(findings.map((f) => `${f.severity} ${f.check}`)).toEqual(said ? ['doubt kvCache'] : [])
    if (said) expect(findings[0]?.message).toContain('asks for 500 requests at once of each engine, each of about 1024 tokens; its KV cache holds about 416 of them')
  })

  it('says what, where, what was expected and what to do', () => {
    expect(checkModel(scenario(LLAMA_70B), {}).map(formatFinding)).toEqual([
      'scenario.serving.parallelism: the weights of meta-llama/Llama-3.1-70B-Instruct take at least 141.2 GB of each accelerator (expected less than 72.0 GB (90 % of 80.0 GB)); split it over more accelerators (tensor, pipeline), quantise it, or take larger ones',
    ])
    expect(checkModel(scenario(LLAMA_8B, tp(3)), {}).map(formatFinding)).toEqual([
      'scenario.serving.parallelism.tensor: 32 attention heads cannot be divided by 3: vllm refuses to start (found 3, expected one of 1, 2, 4, 8, 16, 32); take a tensor-parallel size that divides the heads',
    ])
  })
})

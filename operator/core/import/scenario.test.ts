// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ScenarioSpec } from '../model/scenario.ts'
import { convertScenario, hoisted } from './scenario.ts'
import { readExports, stacksOfEnvironment } from './scenario-env.ts'
import { flags } from './vllm-flags.ts'

const stack = (over: object = {}) => hoisted({
  name: 'mine',
  common: { model: { name: 'org/m-8b', huggingfaceId: 'org/m-8b', maxModelLen: 8192, gpuMemoryUtilization: 0.9, blockSize: 64 }, acceleratorType: { labelKey: 'nvidia.com/gpu.product', labelValue: 'NVIDIA-X' }, vllmCommon: { flags: { noPrefixCaching: true, enforceEager: false } } },
  modelservice: { enabled: true, decode: { replicas: 3, parallelism: { tensor: 2, data: 1 }, resources: { limits: { memory: '40Gi' } }, vllm: { additionalFlags: ['--max-num-seqs 32', '--swap-space=4'] } }, gateway: { className: 'epponly' } },
  ...over,
})
const paths = (remarks: readonly { readonly path: string }[]) => remarks.map((r) => r.path.split(':')[0])

describe('convertScenario', () => {
  it('makes a stack of the chart that comes with Assay, and names what is lost', () => {
    const { spec, dropped, notes } = convertScenario(stack())
    expect(ScenarioSpec.safeParse(spec).error?.issues).toBeUndefined()
    expect(spec).toMatchObject({
      model: { name: 'org/m-8b', maxLength: 8192 }, accelerator: { product: 'NVIDIA-X', perReplica: 2 },
      serving: { replicas: 3, parallelism: { tensor: 2 }, args: { 'gpu-memory-utilization': 0.9, 'block-size': 64, 'enable-prefix-caching': false, 'max-num-seqs': 32, 'swap-space': 4 } },
      deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' }, values: { resources: { limits: { memory: '40Gi' } } } }] }, endpoint: { service: '{{release.model}}' },
    })
    expect(spec['serving']).not.toHaveProperty('args.enforce-eager')
    expect(paths(dropped)).toEqual(['gateway'])
    expect(notes).toEqual([])
  })

  it('serves alone where that is switched on', () => {
    const { spec, dropped } = convertScenario(stack({ standalone: { enabled: true, replicas: 2, parallelism: { tensor: 4 } }, modelservice: { enabled: false, decode: { replicas: 9 } } }))
    expect(spec).toMatchObject({ serving: { replicas: 2, parallelism: { tensor: 4 } }, accelerator: { perReplica: 4 } })
    expect(dropped).toEqual([])
  })

  it('keeps prefill and decode apart, without a chart that could do it', () => {
    const { spec, dropped } = convertScenario(stack({ modelservice: { enabled: true, prefill: { enabled: true, replicas: 4, parallelism: { tensor: 1 } }, decode: { replicas: 1, parallelism: { tensor: 8 }, vllm: { additionalFlags: ['--max-num-seqs 8'] } } } }))
    expect(spec).toMatchObject({ serving: { roles: { prefill: { replicas: 4, parallelism: { tensor: 1 } }, decode: { replicas: 1, parallelism: { tensor: 8 }, args: { 'max-num-seqs': 8 } } } } })
    expect(spec).not.toHaveProperty('deploy')
    expect(paths(dropped)).toEqual(['prefill.replicas', 'prefill.parallelism'])
    expect(ScenarioSpec.safeParse(spec).success).toBe(true)
  })

  it.each([
    ['no accelerator', { modelservice: { decode: { parallelism: { tensor: 0 } } } }, { accelerator: { perReplica: 0 }, serving: { parallelism: { tensor: 1 } } }],
    ['accelerators that are counted', { common: { accelerator: { count: 8, resource: 'amd.com/gpu' } } }, { accelerator: { perReplica: 8, resource: 'amd.com/gpu' } }],
    ['another node label', { common: { acceleratorType: { labelKey: 'kubernetes.io/os', labelValue: 'linux' } } }, { nodeSelector: { 'kubernetes.io/os': 'linux' } }],
    ['an image and variables', { common: { images: { vllm: { repository: 'r/v', tag: '1' } }, vllmCommon: { extraEnvVars: [{ name: 'A', value: 'b' }] } } }, { deploy: { releases: [{ values: { image: { repository: 'r/v', tag: '1' }, extraEnv: [{ name: 'A', value: 'b' }] } }] } }],
    ['a transfer of the cache', { common: { vllmCommon: { kvTransfer: { enabled: true, connector: 'X', extraConfig: { blocks: 5 } } } } }, { serving: { args: { 'kv-transfer-config': { kv_connector: 'X', kv_role: 'kv_both', kv_connector_extra_config: { blocks: 5 } } } } }],
    ['a whole command', { modelservice: { decode: { vllm: { customCommand: 'cd /x && vllm serve m \\\n  --port 8000 --enforce-eager --block-size 16 --no-enable-prefix-caching' } } } }, { serving: { args: { 'enforce-eager': true, 'block-size': 16, 'enable-prefix-caching': false } } }],
  ])('reads %s', (_, over, expected) => {
    expect(convertScenario(hoisted({ common: { model: { name: 'm' } }, ...over })).spec).toMatchObject(expected)
  })

  it('says nothing of what is switched off or empty', () => {
    expect(convertScenario(stack({ kustomize: { enabled: false, repoRef: 'main' }, modelservice: { decode: { additionalVolumes: [], extra: { a: null } } } })).dropped).toEqual([])
  })
})

describe('flags', () => {
  it('reads words as vllm does', () => {
    const leftOut: string[] = []
    expect(flags(['--a', '1', '--b', '--no-c', '--d', "'{\"x\":1}'", '--port', '80', '--e', '$(E)'], (word) => leftOut.push(word))).toEqual({ a: 1, b: true, c: false, d: { x: 1 } })
    expect(leftOut).toEqual(['--e'])
  })
})

describe('an environment file', () => {
  const text = [
    '#!/usr/bin/env bash', 'export LLMDBENCH_DEPLOY_MODEL_LIST="org/m-8b,org/m-1b"', "export LLMDBENCH_DEPLOY_METHODS='modelservice' # or standalone", 'export LLMDBENCH_VLLM_COMMON_MAX_MODEL_LEN=8192',
    'LLMDBENCH_VLLM_COMMON_AFFINITY=nvidia.com/gpu.product:NVIDIA-X', 'export LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS=3', 'export LLMDBENCH_VLLM_MODELSERVICE_DECODE_TENSOR_PARALLELISM=2',
    'export LLMDBENCH_VLLM_MODELSERVICE_DECODE_EXTRA_ARGS="[\\', '--max-num-seqs____32____\\', '--kv-transfer-config____\'{\\"kv_connector\\":\\"X\\"}\'\\', ']"',
    'export LLMDBENCH_VLLM_COMMON_EXTRA=$(mktemp)', 'cat << EOF > $LLMDBENCH_VLLM_COMMON_EXTRA', 'LLMDBENCH_NOT_THIS=1', 'EOF', 'export LLMDBENCH_HARNESS_NAME=guidellm', 'export LLMDBENCH_VLLM_GATEWAY=gke', 'export LLMDBENCH_CONTROL_WORK_DIR=~/x',
  ].join('\n')

  it('is the same stack, once for each model', () => {
    const { stacks, dropped } = stacksOfEnvironment(text)
    expect(stacks.map((s) => convertScenario(s).spec['model'])).toEqual([{ name: 'org/m-8b', maxLength: 8192 }, { name: 'org/m-1b', maxLength: 8192 }])
    expect(convertScenario(stacks[0])).toMatchObject({ tool: 'guidellm', dropped: [], spec: { accelerator: { product: 'NVIDIA-X', perReplica: 2 }, serving: { replicas: 3, parallelism: { tensor: 2 }, args: { 'max-num-seqs': 32, 'kv-transfer-config': { kv_connector: 'X' } } } } })
    expect(paths(dropped)).toEqual(['LLMDBENCH_VLLM_COMMON_EXTRA', 'LLMDBENCH_VLLM_GATEWAY'])
  })

  it('is read as a shell reads it', () => {
    const { variables } = readExports("export LLMDBENCH_A='x # y' # z\nLLMDBENCH_B=1 # two\nexport LLMDBENCH_C=\"a\\\nb\"\n#export LLMDBENCH_D=4\necho LLMDBENCH_E=5")
    expect([...variables]).toEqual([['LLMDBENCH_A', 'x # y'], ['LLMDBENCH_B', '1'], ['LLMDBENCH_C', 'ab']])
  })
})

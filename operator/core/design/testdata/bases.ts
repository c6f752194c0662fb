// SPDX-License-Identifier: Apache-2.0
/** Specifications that tests plan with, raw as users write them and parsed as bases. */
import { HarnessSpec } from '../../model/harness.ts'
import { ScenarioSpec } from '../../model/scenario.ts'
import { WorkloadProfileSpec } from '../../model/workload-profile.ts'
import type { Bases } from '../path-schema.ts'

export const SCENARIO = {
  model: { name: 'meta-llama/Llama-3.2-1B-Instruct', maxLength: 16384 },
  accelerator: { perReplica: 1, product: 'NVIDIA-H100-80GB-HBM3' },
  serving: { engine: 'vllm', replicas: 1, args: { 'max-num-seqs': 64 } },
  deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' }, values: { replicaCount: '{{serving.replicas}}' } }] },
  endpoint: { service: '{{release.model}}' },
} as const

export const WORKLOAD = {
  data: { synthetic: { input: { fixed: 512 }, output: { fixed: 128 } } },
  load: { poisson: { stages: [{ name: 'low', rate: 2, duration: '60s' }, { name: 'high', rate: 8, requests: 500 }] }, warmup: '5s' },
} as const

export const HARNESS = {
  version: '1.0', image: 'example/tool:1', supports: { load: ['constant', 'poisson', 'concurrent'], data: ['synthetic'] }, results: { adapter: 'native' }, command: ['tool'],
} as const

export function exampleBases(): Bases {
  return {
    scenario: { schema: ScenarioSpec, value: ScenarioSpec.parse(SCENARIO), object: 'Scenario/example' },
    workload: { schema: WorkloadProfileSpec, value: WorkloadProfileSpec.parse(WORKLOAD), object: 'WorkloadProfile/example' },
    harness: { schema: HarnessSpec, value: HarnessSpec.parse(HARNESS), object: 'Harness/example' },
  }
}

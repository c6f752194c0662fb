// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { buildPlan } from '../plan/plan.ts'
import { convertExperiment } from './experiment.ts'
import { convertProfile } from './profile.ts'
import { convertScenario, hoisted } from './scenario.ts'
import { specDifference } from './spec-difference.ts'

const STACK = hoisted({ common: { model: { name: 'org/m-8b', maxModelLen: 8192 } }, modelservice: { enabled: true, decode: { replicas: 1, parallelism: { tensor: 1 } } } })
const PREFIX = { load: { type: 'poisson', stages: [{ rate: 2, duration: 30 }] }, api: { type: 'completion', streaming: true }, data: { type: 'shared_prefix', shared_prefix: { num_groups: 4, system_prompt_len: 100, question_len: 20, output_len: 10 } } }
const RANDOM = { 'dataset-name': 'random', 'random-input-len': 100, 'random-output-len': 10, 'max-concurrency': 1, 'num-prompts': 10 }
const HARNESS = { version: '1', supports: { load: ['poisson', 'concurrent'], data: ['synthetic'], features: ['stages', 'requests', 'eos', 'prefix', 'prefixGroups', 'nonStreaming'] }, results: { adapter: 'native' } }

interface Over { readonly stack?: unknown; readonly tool?: string; readonly profile?: unknown }

function converted(value: unknown, { stack = STACK, tool = 'inference-perf', profile = PREFIX }: Over = {}) {
  return convertExperiment({ value, stack, tool, profiles: new Map([['base', profile], ['other', RANDOM]]), profile: 'base.yaml', names: { scenario: 's', workload: 'w', harness: 'h' } })
}
/** Labels of the treatments that it plans, over the imported scenario and profile. */
function planned(value: unknown, over: Over = {}): string[] {
  const { stack = STACK, tool = 'inference-perf', profile = PREFIX } = over
  const result = buildPlan({
    experiment: { name: 'x', run: 1, spec: converted(value, over).spec },
    library: { scenarios: new Map([['s', convertScenario(stack).spec]]), workloads: new Map([['w', convertProfile(tool, profile).spec]]), harnesses: new Map([['h', HARNESS]]) },
  })
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.plan.treatments.map((t) => t.label)
}
const design = (value: unknown, over: Over = {}) => converted(value, over).spec?.['design']

describe('the executable form', () => {
  it('becomes a factor for each setting where every combination is there', () => {
    const value = { treatments: [4, 8].flatMap((groups) => [100, 200].map((length) => ({ name: `g${groups}-l${length}`, 'data.shared_prefix.num_groups': groups, 'data.shared_prefix.system_prompt_len': length }))) }
    expect(design(value)).toEqual({ fullFactorial: { factors: [{ name: 'groups', path: 'workload.data.synthetic.prefix.groups', levels: [4, 8] }, { name: 'length', path: 'workload.data.synthetic.prefix.length', levels: [100, 200] }] } })
    expect(planned(value)).toHaveLength(4)
  })

  it('becomes one factor whose settings change together where they do', () => {
    const value = { setup: { treatments: [{ name: 'small', 'decode.replicas': 4, 'decode.parallelism.tensor': 1 }, { name: 'large', 'decode.replicas': 1, 'decode.parallelism.tensor': 4 }] }, treatments: [{ name: 'a', 'load.stages.0.rate': 1 }, { name: 'b', 'load.stages.0.rate': 5 }] }
    expect(design(value)).toEqual({ fullFactorial: { factors: [
      // What follows from a setting is there, too: four GPUs for four-way tensor parallelism.
      { name: 'setup', labels: ['small', 'large'], zip: [{ path: 'scenario.accelerator.perReplica', levels: [1, 4] }, { path: 'scenario.serving.parallelism.tensor', levels: [1, 4] }, { path: 'scenario.serving.replicas', levels: [4, 1] }] },
      { name: 'rate', path: 'workload.load.poisson.stages[stage-1].rate', levels: [1, 5], labels: ['a', 'b'] },
    ] } })
    expect(planned(value)).toEqual(['setup=small rate=a', 'setup=small rate=b', 'setup=large rate=a', 'setup=large rate=b'])
  })

  it('takes constants of both sides, and settings of execution', () => {
    const { spec, dropped, notes } = converted({ reset_caches: true, treatment_max_attempts: 3, treatment_stop_on_error: true, constants: { 'api.streaming': false }, setup: { constants: { 'model.maxModelLen': 4096 }, treatments: [{ name: 'x', 'decode.replicas': 2 }] }, treatments: [{ name: 'y', 'load.stages.0.rate': 3 }] })
    expect(spec).toMatchObject({ design: { constants: { 'scenario.model.maxLength': 4096, 'workload.api.streaming': false } }, execution: { caches: 'Reset', retries: 2, maxFailedTrials: 0 } })
    expect(dropped).toEqual([])
    expect(notes.map((n) => n.path)).toEqual(['treatment_max_attempts: 3'])
  })

  it('lets a treatment start from another profile', () => {
    const value = { treatments: [{ name: 'c1', 'max-concurrency': 2 }, { name: 'c2', profile: 'other.yaml', 'max-concurrency': 4 }] }
    expect(planned(value, { tool: 'vllm-benchmark', profile: { ...RANDOM, 'random-input-len': 300 } })).toEqual(['run=c1', 'run=c2'])
  })

  it('takes factors that are only described for every combination', () => {
    const value = { design: { setup: { factors: [{ name: 'n', key: 'decode.replicas', levels: [1, 2] }] }, run: { factors: [{ name: 'q', key: 'data.shared_prefix.question_len', levels: [10, 50] }, { name: 'o', key: 'data.shared_prefix.output_len', levels: [5, 9] }] } }, setup: {}, run: {} }
    expect(planned(value)).toHaveLength(8)
  })

  it('is one treatment where nothing is varied', () => {
    expect(planned({ treatments: [] })).toEqual(['only'])
  })
})

describe('the older form', () => {
  const value = {
    setup: { factors: ['LLMDBENCH_DEPLOY_METHODS', 'LLMDBENCH_VLLM_COMMON_TENSOR_PARALLELISM', 'LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS'], levels: { LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS: '1,2' }, treatments: ['modelservice,NA,1', 'modelservice, NA, 2', 'standalone,4,NA'] },
    run: { factors: ['max-concurrency', 'num-prompts'], treatments: ['1,10', '8,80'] },
  }

  it('is read by position, and NA leaves things as they are', () => {
    expect(planned(value, { tool: 'vllm-benchmark', profile: RANDOM })).toEqual(['setup=modelservice-1 run=1-10', 'setup=modelservice-1 run=8-80', 'setup=modelservice-2 run=1-10', 'setup=modelservice-2 run=8-80', 'setup=standalone-4 run=1-10', 'setup=standalone-4 run=8-80'])
    expect(design(value, { tool: 'vllm-benchmark', profile: RANDOM })).toMatchObject({ fullFactorial: { factors: [
      { zip: [{ path: 'scenario.accelerator.perReplica', levels: [1, 1, 4] }, { path: 'scenario.serving.parallelism.tensor', levels: [1, 1, 4] }, { path: 'scenario.serving.replicas', levels: [1, 2, 1] }] },
      { zip: [{ path: 'workload.load.concurrent.stages[stage-1].concurrency', levels: [1, 8] }, { path: 'workload.load.concurrent.stages[stage-1].requests', levels: [10, 80] }] },
    ] } })
  })

  it('leaves what NA stands for as the scenario has it', () => {
    const wide = hoisted({ common: { model: { name: 'm' } }, modelservice: { decode: { replicas: 3, parallelism: { tensor: 2 } } } })
    const over = { setup: { factors: ['LLMDBENCH_VLLM_MODELSERVICE_DECODE_TENSOR_PARALLELISM', 'LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS'], treatments: ['NA,1', '4,NA'] } }
    expect(design(over, { stack: wide })).toMatchObject({ fullFactorial: { factors: [{ zip: [{ path: 'scenario.accelerator.perReplica', levels: [2, 4] }, { path: 'scenario.serving.parallelism.tensor', levels: [2, 4] }, { path: 'scenario.serving.replicas', levels: [1, 3] }] }] } })
  })

  it('finds short names where only one setting has them', () => {
    expect(design({ run: { factors: ['num_groups'], treatments: ['4', '8'] } })).toMatchObject({ fullFactorial: { factors: [{ path: 'workload.data.synthetic.prefix.groups', levels: [4, 8] }] } })
  })

  it('names a line of the wrong length, and variables without counterpart', () => {
    const { dropped } = converted({ setup: { factors: ['LLMDBENCH_VLLM_MODELSERVICE_GAIE_PLUGINS', 'LLMDBENCH_VLLM_MODELSERVICE_DECODE_REPLICAS'], treatments: ['a,1', 'b,2', 'c'] } })
    expect(dropped.map((d) => d.path)).toEqual(['setup.treatments.2: c', 'treatment a-1: LLMDBENCH_VLLM_MODELSERVICE_GAIE_PLUGINS: a', 'treatment b-2: LLMDBENCH_VLLM_MODELSERVICE_GAIE_PLUGINS: b'])
  })
})

describe('what is lost', () => {
  it('is named for each treatment, also when treatments come to the same', () => {
    const { dropped } = converted({ setup: { treatments: [{ name: 'a', 'router.epp.config': 'x' }, { name: 'b', 'router.epp.config': 'y' }] } })
    expect(dropped.map((d) => d.path.split(':').slice(0, 2).join(':'))).toEqual(['treatment a: router', 'treatment b: router', 'treatments a, b'])
  })

  it('is named when a key is mistyped, where their tool runs the baseline', () => {
    expect(converted({ treatments: [{ name: 'a', 'data.shared_prefix.num_group': 4 }] }).dropped.map((d) => d.path)).toEqual(['treatment a: data.shared_prefix.num_group: 4'])
  })

  it('is the whole experiment when its treatments change a profile that is not there', () => {
    const lost = converted({ treatments: [{ name: 'a', 'load.stages.0.rate': 4 }] }, { profile: {} })
    expect(lost.spec).toBeUndefined()
    expect(lost.dropped.at(-1)).toEqual({ path: '1 treatments', reason: 'they change a profile that is not given or cannot be expressed' })
  })
})

describe('specDifference', () => {
  it.each([
    [{ load: { poisson: { stages: [{ name: 'a', rate: 1 }] } } }, { load: { poisson: { stages: [{ name: 'a', rate: 2 }] } } }, { 'workload.load.poisson.stages[a].rate': 2 }],
    [{ load: { poisson: { stages: [{ name: 'a', rate: 1 }] } } }, { load: { concurrent: { stages: [] } } }, { 'workload.load': { concurrent: { stages: [] } } }],
    [{ load: { poisson: { stages: [{ name: 'a' }] } } }, { load: { poisson: { stages: [{ name: 'a' }, { name: 'b' }] } } }, { 'workload.load.poisson.stages': [{ name: 'a' }, { name: 'b' }] }],
    [{ overrides: { x: 1, y: 2 } }, { overrides: { x: 1 } }, { 'workload.overrides.y': null }],
    [{ a: 1 }, { a: 1 }, {}],
  ])('from %j to %j is %j', (before, after, expected) => {
    expect(Object.fromEntries(specDifference('workload', before, after))).toEqual(expected)
  })
})

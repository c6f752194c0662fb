// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { formatProblem } from '../model/problem.ts'
import { experimentSpec, planned, RATE } from '../plan/testdata/example.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { checkAccelerators, checkRoom } from './check-accelerators.ts'
import { checkContext } from './check-context.ts'
import { checkObjects } from './check-objects.ts'
import type { ClusterFacts, NodeFacts } from './cluster-facts.ts'
import { formatFinding } from './finding.ts'
import { judge, preflight, problemOf, wantedBy } from './preflight.ts'
import { type TokenDemand, tokenDemand } from './token-demand.ts'

const H100 = 'NVIDIA-H100-80GB-HBM3'
const node = (over: Partial<NodeFacts> & { gpus?: number; busy?: number; product?: string } = {}): NodeFacts => {
  const { gpus = 8, busy = 0, product = H100, ...rest } = over
  return { name: 'n', schedulable: true, labels: product === '' ? {} : { 'nvidia.com/gpu.product': product }, allocatable: gpus === 0 ? { cpu: '8' } : { 'nvidia.com/gpu': String(gpus) }, requested: { 'nvidia.com/gpu': busy }, ...rest }
}
const { requested: _, ...withoutRequests } = node()
const accelerator = { product: H100, resource: 'nvidia.com/gpu', perReplica: 4 }
const said = (findings: readonly { severity: string; message: string }[]) => findings.map((f) => `${f.severity}: ${f.message}`)

describe('checkAccelerators', () => {
  it.each<[string, NodeFacts[], object, RegExp | undefined]>([
    ['enough', [node(), node()], {}, undefined],
    ['none at all', [node({ gpus: 0 })], {}, /^fails: no node offers nvidia\.com\/gpu$/],
    ['another product', [node({ product: 'NVIDIA-A100-SXM4-80GB' })], {}, /^fails: no node has this product$/],
    ['products that nobody says', [node({ product: '' })], {}, /^doubt: no node says which product its nvidia\.com\/gpu is/],
    ['any product', [node({ product: 'NVIDIA-A100-SXM4-80GB' })], { product: undefined }, undefined],
    ['too few on each node', [node({ gpus: 2 }), node({ gpus: 2 }), node({ gpus: 2 }), node({ gpus: 2 })], {}, /^fails: no node has so many nvidia\.com\/gpu for one replica$/],
    ['too few for all replicas', [node({ gpus: 6 })], {}, /^fails: one stack asks for more nvidia\.com\/gpu than all fitting nodes have together$/],
    ['tainted ones', [node({ taints: [{ key: 'team', value: 'a', effect: 'NoSchedule' }] })], {}, /^doubt: all nodes that fit are tainted/],
    ['one of them tainted', [node(), node({ taints: [{ key: 'team', effect: 'NoSchedule' }] })], {}, undefined],
    ['the taint of the resource itself', [node({ taints: [{ key: 'nvidia.com/gpu', effect: 'NoSchedule' }] })], {}, undefined],
    ['a taint that only prefers others', [node({ taints: [{ key: 'team', effect: 'PreferNoSchedule' }] })], {}, undefined],
    ['a node that takes no pods', [node(), node({ schedulable: false })].slice(1), {}, /^fails: no node has so many/],
    ['busy ones', [node({ busy: 1 })], {}, /^doubt: 4 of 8 fitting nvidia\.com\/gpu are free now, a stack asks for 8/],
    ['busy or not, which nobody may see', [withoutRequests], {}, undefined],
  ])('%s', (_, nodes, over, expected) => {
    const findings = said(checkAccelerators({ accelerator: { ...accelerator, ...over }, gpus: 8 }, { nodes }))
    expect(findings).toHaveLength(expected === undefined ? 0 : 1)
    if (expected !== undefined) expect(findings[0]).toMatch(expected)
  })

  it.each<[string, object, object, RegExp | undefined]>([
    ['room', { 'requests.nvidia.com/gpu': '8' }, {}, undefined],
    ['too little for ever', { 'requests.nvidia.com/gpu': '4' }, {}, /^fails: ResourceQuota q allows 4 nvidia\.com\/gpu/],
    ['too little now', { 'requests.nvidia.com/gpu': '8' }, { 'requests.nvidia.com/gpu': '2' }, /^doubt: ResourceQuota q has 6 of 8/],
    ['nothing said of them', { pods: '10' }, {}, undefined],
  ])('a quota with %s', (_, hard, used, expected) => {
    const findings = said(checkAccelerators({ accelerator, gpus: 8 }, { quotas: [{ name: 'q', hard: hard as Record<string, string>, used: used as Record<string, string> }] }))
    expect(findings).toHaveLength(expected === undefined ? 0 : 1)
    if (expected !== undefined) expect(findings[0]).toMatch(expected)
  })

  it('names the nearest product', () => {
    const [finding] = checkAccelerators({ accelerator: { ...accelerator, product: 'NVIDIA-H100-80GB' }, gpus: 4 }, { nodes: [node()] })
    expect(finding === undefined ? '' : formatFinding(finding)).toBe(`scenario.accelerator.product: no node has this product (found NVIDIA-H100-80GB, expected ${H100}); did you mean ${H100}?; name a product that the cluster has, or set preflight.mode: Warn, where an autoscaler brings such nodes`)
  })

  it('needs none where nothing takes one', () => {
    expect(checkAccelerators({ accelerator, gpus: 0 }, { nodes: [] })).toEqual([])
    expect(said(checkRoom([{ name: 'q', hard: { pods: '3', 'requests.cpu': '4' }, used: { pods: '3', 'requests.cpu': '3' } }]))).toEqual(['doubt: ResourceQuota q is used up: pods 3'])
  })
})

describe('checkObjects', () => {
  const spec = planned(experimentSpec({
    scenarioRef: undefined,
    scenario: {
      model: { name: 'm', volume: { claimName: 'models' } }, accelerator: { perReplica: 1 },
      deploy: { releases: [{ name: 'model', chart: { configMap: { name: 'charts', key: 'vllm.tgz' } }, valuesFrom: [{ configMap: 'values' }] }, { name: 'gateway', chart: { repository: { url: 'https://charts.example.org/', name: 'gw' } }, version: '2' }], requires: { definitions: ['inferencepools.x'], storageClasses: ['fast'], secrets: [{ name: 'hub', key: 'token' }] } },
      endpoint: { service: 's' },
    },
  }, { fullFactorial: { factors: [RATE] } }))
  const there: ClusterFacts = {
    claims: { models: 'Bound' }, configMaps: { charts: ['vllm.tgz'], values: ['values.yaml'] }, secrets: { hub: ['token'] }, definitions: { 'inferencepools.x': true }, storageClasses: { fast: true }, charts: { 'https://charts.example.org/gw 2': { kind: 'fetched' } },
  }

  it('knows by their paths what is named', () => {
    const { claims, configMaps, secrets, definitions, storageClasses, charts } = wantedBy(spec)
    expect([...claims, ...configMaps, ...secrets, ...definitions, ...storageClasses, ...charts].map((w) => `${w.path} ${w.name}`)).toEqual([
      'scenario.model.volume.claimName models', 'scenario.deploy.releases[model].chart.configMap charts', 'scenario.deploy.releases[model].valuesFrom values', 'scenario.deploy.requires.secrets hub',
      'scenario.deploy.requires.definitions inferencepools.x', 'scenario.deploy.requires.storageClasses fast', 'scenario.deploy.releases[gateway].chart https://charts.example.org/gw 2',
    ])
  })

  it.each<[string, ClusterFacts, string[]]>([
    ['all is there', there, []],
    ['nothing could be looked at', {}, []],
    ['no volume', { ...there, claims: { models: null } }, ['fails: there is no PersistentVolumeClaim models in the namespace']],
    ['a volume that waits', { ...there, claims: { models: 'Pending' } }, ['doubt: PersistentVolumeClaim models is Pending']],
    ['a volume that is lost', { ...there, claims: { models: 'Lost' } }, ['fails: PersistentVolumeClaim models is Lost']],
    ['no chart', { ...there, configMaps: { ...there.configMaps, charts: null } }, ['fails: there is no ConfigMap charts in the namespace']],
    ['a chart under another key', { ...there, configMaps: { ...there.configMaps, charts: ['vlm.tgz'] } }, ['fails: ConfigMap charts has no key vllm.tgz']],
    ['a chart that the repository has not', { ...there, charts: { 'https://charts.example.org/gw 2': { kind: 'refused', message: 'no chart version 2' } } }, ['fails: chart https://charts.example.org/gw 2 cannot be fetched: no chart version 2']],
    ['a repository that cannot be reached', { ...there, charts: { 'https://charts.example.org/gw 2': { kind: 'unreachable', message: 'no such host' } } }, ['doubt: chart https://charts.example.org/gw 2 cannot be fetched: no such host']],
    ['no Secret', { ...there, secrets: { hub: null } }, ['fails: there is no Secret hub in the namespace']],
    ['a Secret without the key', { ...there, secrets: { hub: [] } }, ['fails: Secret hub has no key token']],
    ['no definition', { ...there, definitions: { 'inferencepools.x': false } }, ['fails: there is no CustomResourceDefinition inferencepools.x']],
    ['no class', { ...there, storageClasses: { fast: false } }, ['fails: there is no StorageClass fast']],
  ])('%s', (_, facts, expected) => {
    expect(said(checkObjects(wantedBy(spec), facts))).toEqual(expected)
  })
})

describe('tokenDemand', () => {
  const workload = (synthetic: object, load: object = { synchronous: { requests: 1 } }) => tokenDemand(WorkloadProfileSpec.parse({ data: { synthetic }, load }))
  it.each<[string, ReturnType<typeof workload>, TokenDemand]>([
    ['fixed', workload({ input: { fixed: 512 }, output: { fixed: 128 } }), { least: 640, mean: 640, most: 640, concurrency: 1 }],
    ['unbounded', workload({ input: { normal: { mean: 500, stddev: 10 } }, output: { fixed: 128 } }), { least: 129, mean: 628, concurrency: 1 }],
    ['clamped', workload({ input: { normal: { mean: 500, stddev: 10 }, min: 16, max: 2048 }, output: { uniform: { min: 1, max: 99 } } }), { least: 17, mean: 550, most: 2147, concurrency: 1 }],
    ['a shared prefix', workload({ input: { fixed: 100 }, output: { fixed: 50 }, prefix: { length: 1000 } }), { least: 1150, mean: 1150, most: 1150, concurrency: 1 }],
    ['turns, each with the history', workload({ input: { fixed: 100 }, output: { fixed: 50 }, turns: { count: 3 } }, { sessions: { stages: [{ name: 'a', concurrency: 7, requests: 9 }] } }), { least: 450, mean: 300, most: 450, concurrency: 7 }],
    ['an open loop', workload({ input: { fixed: 1 }, output: { fixed: 1 } }, { poisson: { stages: [{ name: 'a', rate: 1, requests: 1 }] } }), { least: 2, mean: 2, most: 2 }],
    ['a cap', workload({ input: { fixed: 1 }, output: { fixed: 1 } }, { concurrent: { stages: [{ name: 'a', concurrency: 9, requests: 9 }] }, maxConcurrency: 4 }), { least: 2, mean: 2, most: 2, concurrency: 4 }],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  it.each<[number, number | undefined, object, string | undefined]>([
    [512, 640, { maxLength: 1000 }, undefined], [2000, 2000, { maxLength: 1000 }, 'fails'], [512, 2000, { maxLength: 1000 }, 'doubt'], [512, undefined, { maxLength: 1000 }, undefined], [2000, 2000, {}, undefined],
  ])('of %d to %s tokens in %j', (least, most, model, severity) => {
    const scenario = ScenarioSpec.parse({ model: { name: 'm', ...model } })
    expect(checkContext(scenario, { least, mean: least, ...(most !== undefined && { most }) })[0]?.severity).toBe(severity)
    const longer = ScenarioSpec.parse({ model: { name: 'm', ...model }, serving: { args: { 'max-model-len': 4096 } } })
    expect(checkContext(longer, { least, mean: least, ...(most !== undefined && { most }) })).toEqual([])
  })
})

describe('preflight', () => {
  const INPUT = { name: 'input', path: 'workload.data.synthetic.input.fixed', levels: [512, 20_000] }
  const TP = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2, 3] }
  const heads = { scenarioRef: undefined, scenario: { model: { name: 'm', maxLength: 16_384, architecture: { layers: 32, attentionHeads: 32, keyValueHeads: 8, headSize: 128 } }, accelerator: { perReplica: 1 }, deploy: { releases: [{ name: 'model', chart: { bundled: 'vllm' } }] }, endpoint: { service: 's' } } }
  const plan = planned(experimentSpec(heads, { fullFactorial: { factors: [TP, INPUT] } }))

  it('says the same of several setups once, with all of them, and what fails first', () => {
    const findings = preflight(plan, { quotas: [{ name: 'q', hard: { pods: '1' }, used: { pods: '1' } }] })
    expect(findings.map((f) => [f.severity, f.check, f.of])).toEqual([['fails', 'context', 'tp=1; tp=2; tp=3'], ['fails', 'parallelism', 'tp=3'], ['doubt', 'quota', undefined]])
    expect(findings.slice(1, 2).map((f) => formatProblem(problemOf(f)))).toEqual(['scenario.serving.parallelism.tensor: tp=3: 32 attention heads cannot be divided by 3: vllm refuses to start; take a tensor-parallel size that divides the heads (found 3, expected one of 1, 2, 4, 8, 16, 32)'])
  })

  it.each([['Enforce', 2, 1], ['Warn', 0, 3], ['Off', 0, 0]] as const)('%s refuses %d and warns of %d', (mode, refused, warned) => {
    const verdict = judge(preflight(plan, { quotas: [{ name: 'q', hard: { pods: '1' }, used: { pods: '1' } }] }), mode)
    expect([verdict.refused.length, verdict.warned.length]).toEqual([refused, warned])
  })

  it('finds nothing to say of a sound plan', () => {
    expect(preflight(planned(experimentSpec()))).toEqual([])
  })
})

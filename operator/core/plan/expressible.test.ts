// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SCENARIO, WORKLOAD } from '../design/testdata/bases.ts'
import { HarnessSpec } from '../model/harness.ts'
import { FEATURES } from '../model/harness-features.ts'
import { formatProblem } from '../model/problem.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { abilitiesOf, ableHarnesses, checkExpressible } from './expressible.ts'
import { endpointNeeds, needsOf } from './needs.ts'

const workload = (over: object) => WorkloadProfileSpec.parse({ ...WORKLOAD, load: { concurrent: { stages: [{ name: 'a', concurrency: 1, requests: 5 }] } }, ...over })
const scenario = (over: object) => ScenarioSpec.parse({ ...SCENARIO, ...over })
const harness = (over: object = {}, supports: object = {}) => HarnessSpec.parse({ version: '1', results: { adapter: 'native' }, supports: { load: ['concurrent', 'constant', 'poisson'], data: ['synthetic'], features: [], ...supports }, ...over })
const problems = (spec: object, over: object = {}, supports: object = {}, endpoint: object = {}) =>
  checkExpressible({ workload: needsOf(workload(spec)), endpoint: endpointNeeds(scenario(endpoint)) }, abilitiesOf('tool', harness(over, supports)))
const asked = (spec: object, endpoint: object = {}) => problems(spec, {}, {}, endpoint).map(({ path, found }) => [found, path])

const CLOSED = { stages: [{ name: 'a', concurrency: 1, requests: 5 }] }
const SYNTHETIC = { input: { fixed: 5 }, output: { fixed: 5 } }
const inline = { source: { inline: '' } }

/** Everything that a feature stands for: what asks for it, where, and what does not. */
const ASKED: readonly (readonly [feature: string, path: string, asking: object, usual: object])[] = [
  ['stages', 'workload.load.concurrent', { load: { concurrent: { stages: [...CLOSED.stages, { name: 'b', concurrency: 2, requests: 5 }] } } }, {}],
  ['stageGap', 'workload.load.stageGap', { load: { concurrent: { stages: [...CLOSED.stages, { name: 'b', concurrency: 2, requests: 5 }] }, stageGap: '1s' } }, { load: { concurrent: CLOSED, stageGap: '1s' } }],
  ['duration', 'workload.load.concurrent.stages[b].duration', { load: { concurrent: { stages: [{ name: 'b', concurrency: 2, duration: '5s' }] } } }, { load: { constant: { stages: [{ name: 'b', rate: 2, duration: '5s' }] } } }],
  ['requests', 'workload.load.concurrent.stages[a].requests', {}, { load: { constant: { stages: [{ name: 'b', rate: 2, requests: 5 }] } } }],
  ['whicheverFirst', 'workload.load.concurrent.stages[b].duration', { load: { concurrent: { stages: [{ name: 'b', concurrency: 2, duration: '5s', requests: 5 }] } } }, { load: { concurrent: { stages: [{ name: 'b', concurrency: 2, duration: '5s' }] } } }],
  ['ramp', 'workload.load.constant.stages[b].rampTo', { load: { constant: { stages: [{ name: 'b', rate: 2, rampTo: 3, requests: 5 }] } } }, {}],
  ['warmup', 'workload.load.warmup', { load: { concurrent: CLOSED, warmup: '1s' } }, { load: { concurrent: CLOSED, warmup: '0s' } }],
  ['maxConcurrency', 'workload.load.maxConcurrency', { load: { constant: { stages: [{ name: 'b', rate: 2, requests: 5 }] }, maxConcurrency: 4 } }, { load: { concurrent: CLOSED, maxConcurrency: 4 } }],
  ['stop', 'workload.load.stop.errorRate', { load: { concurrent: CLOSED, stop: { errorRate: 0.5 } } }, { load: { concurrent: CLOSED, stop: {} } }],
  ['drain', 'workload.load.drain', { load: { concurrent: CLOSED, drain: '5s' } }, { load: { concurrent: CLOSED, drain: '0.5m' } }],
  ['timeout', 'workload.api.timeout', { api: { timeout: '60s' } }, { api: { timeout: '5m' } }],
  ['nonStreaming', 'workload.api.streaming', { api: { streaming: false } }, {}],
  ['eos', 'workload.api.ignoreEos', { api: { ignoreEos: false } }, {}],
  ['sampling', 'workload.api.sampling', { api: { sampling: { temperature: 0.5 } } }, { api: { sampling: {} } }],
  ['sampling', 'workload.api.sampling', { api: { sampling: { temperature: 0, top_p: 1 } } }, { api: { sampling: { temperature: 0 } } }],
  ['extraBody', 'workload.api.extraBody', { api: { extraBody: { seed: 1 } } }, {}],
  ['headers', 'workload.api.headers', { api: { headers: { a: 'b' } } }, {}],
  ['turns', 'workload.data.synthetic.turns', { data: { synthetic: { ...SYNTHETIC, turns: { count: 2 } } } }, { data: { synthetic: { ...SYNTHETIC, turns: { count: 1 } } } }],
  ['thinkTime', 'workload.data.synthetic.turns.thinkTime', { data: { synthetic: { ...SYNTHETIC, turns: { count: 2, thinkTime: '1s' } } } }, { data: { synthetic: { ...SYNTHETIC, turns: { count: 2 } } } }],
  ['redraw', 'workload.data.synthetic.output.outside', { data: { synthetic: { ...SYNTHETIC, output: { normal: { mean: 5, stddev: 5 }, min: 1, outside: 'redraw' } } } }, { data: { synthetic: { ...SYNTHETIC, output: { normal: { mean: 5, stddev: 5 }, min: 1, outside: 'clamp' } } } }],
  ['prefix', 'workload.data.synthetic.prefix', { data: { synthetic: { ...SYNTHETIC, prefix: { length: 5 } } } }, {}],
  ['prefixGroups', 'workload.data.synthetic.prefix.groups', { data: { synthetic: { ...SYNTHETIC, prefix: { groups: 2, length: 5 } } } }, { data: { synthetic: { ...SYNTHETIC, prefix: { groups: 1, length: 5 } } } }],
]
const ENDPOINT = { service: 's' }
const ASKED_OF_ENDPOINTS: readonly (readonly [feature: string, path: string, endpoint: object])[] = [
  ['headers', 'scenario.endpoint.headers', { headers: { a: 'b' } }],
  ['credentials', 'scenario.endpoint.credentials', { credentials: { secretKeyRef: { name: 's', key: 'k' } } }],
  ['credentialHeader', 'scenario.endpoint.credentials', { credentials: { header: 'x-api-key', prefix: '', secretKeyRef: { name: 's', key: 'k' } } }],
  ['ca', 'scenario.endpoint.ca', { ca: { configMap: 'c' } }],
]

describe('features', () => {
  it.each(ASKED)('%s is asked for at %s', (feature, path, asking, usual) => {
    expect(asked(asking)).toContainEqual([feature, path])
    expect(asked(usual).map(([found]) => found)).not.toContain(feature)
    expect(problems(asking, {}, { features: FEATURES })).toEqual([])
  })

  it.each(ASKED_OF_ENDPOINTS)('%s is asked for at %s', (feature, path, endpoint) => {
    expect(asked({}, { endpoint: { ...ENDPOINT, ...endpoint } })).toContainEqual([feature, path])
    expect(asked({}, { endpoint: ENDPOINT }).map(([found]) => found)).not.toContain(feature)
    expect(problems({}, {}, { features: FEATURES }, { endpoint: { ...ENDPOINT, ...endpoint } })).toEqual([])
  })

  it('answers are checked only where the harness keeps them, whatever prompts it can send', () => {
    const checked = { api: { ignoreEos: false }, data: { correctness: {} } }
    const features = (...more: string[]) => ({ data: ['correctness'], features: ['eos', 'requests', ...more] })
    expect(problems(checked, {}, features()).map(({ path, found }) => [found, path])).toEqual([['answers', 'workload.data.correctness']])
    expect(problems(checked, {}, features('answers'))).toEqual([])
  })

  it('are all in these tables', () => {
    const tried = new Set(['answers', ...[...ASKED, ...ASKED_OF_ENDPOINTS].map(([feature]) => feature)])
    expect(FEATURES.filter((feature) => !tried.has(feature))).toEqual([])
  })
})

describe('kinds', () => {
  interface Case { readonly spec: object; readonly over?: object; readonly supports?: object; readonly message?: string }
  const fed = { inputs: [{ name: 'x', format: 'jsonl', each: {} }] }
  const zipf = { data: { synthetic: { ...SYNTHETIC, output: { zipf: { exponent: 2, scale: 4 } } } } }
  const own = (name: string) => ({ data: { toolProfile: { harness: name, ...inline } }, load: { toolProfile: {} } })
  const takesOwn = { load: ['toolProfile'], data: ['toolProfile'] }
  it.each<[string, Case]>([
    ['data of another kind', { spec: { data: { prompts: inline } }, message: 'workload.data.prompts: harness tool cannot send the data prompts (found prompts, expected one of synthetic)' }],
    ['data of any kind, fed with the requests', { spec: { data: { prompts: inline } }, over: fed }],
    ['lengths', { spec: zipf, supports: { lengths: ['fixed'] }, message: 'workload.data.synthetic.output: harness tool draws lengths by itself and cannot draw them from zipf (found zipf, expected one of fixed)' }],
    ['lengths, fed with the requests', { spec: zipf, over: fed, supports: { lengths: ['fixed'] } }],
    ['a profile of another tool', { spec: own('other'), supports: takesOwn, message: 'workload.data.toolProfile.harness: harness tool cannot read a profile of other (found other, expected tool)' }],
    ['its own profile, whatever the API', { spec: { api: { kind: 'chat' }, ...own('tool') }, supports: { ...takesOwn, api: ['completions'] } }],
    ['its own profile, which it does not take', { spec: own('tool'), over: fed, message: 'workload.load.toolProfile: harness tool cannot produce the load toolProfile (found toolProfile, expected one of concurrent, constant, poisson)' }],
  ])('%s', (_, { spec, over = {}, supports = {}, message }) => {
    expect(problems(spec, over, { features: FEATURES, ...supports }).map(formatProblem)[0]).toBe(message)
  })
})

describe('protocols', () => {
  const url = (api: string) => ({ deploy: undefined, endpoint: { url: 'https://api.example.com', api } })
  it.each<[string, object, string | undefined]>([
    ['openai', {}, undefined],
    ['anthropic', {}, 'scenario.endpoint.api: harness tool cannot speak the protocol anthropic (found anthropic, expected one of openai)'],
    ['anthropic', { protocols: ['openai', 'anthropic'] }, undefined],
    ['anthropic', { load: [], data: [] }, undefined],
  ])('%s, of a harness with %o', (api, supports, message) => {
    expect(problems({}, {}, { features: FEATURES, ...supports }, url(api)).map(formatProblem)[0]).toBe(message)
  })
})

describe('the engine in the pod', () => {
  const none = ScenarioSpec.parse({ model: SCENARIO.model })
  const check = (server: boolean, over: object, supports: object = { features: FEATURES }) =>
    checkExpressible({ workload: needsOf(workload({})), endpoint: endpointNeeds(server ? scenario({}) : none) }, abilitiesOf('tool', harness(over, supports))).map(({ found }) => found)
  it.each<[boolean, object, object | undefined, string[]]>([
    [true, {}, undefined, []],
    [false, {}, undefined, ['no server']],
    [true, { inProcess: true }, undefined, ['a server']],
    [false, { inProcess: true }, undefined, []],
    [false, {}, { load: [], data: [] }, []],
    [true, { inProcess: true }, { load: [], data: [] }, ['a server']],
  ])('server %s, harness %j: %j', (server, over, supports, expected) => {
    expect(check(server, over, supports)).toEqual(expected)
  })
})

describe('ableHarnesses', () => {
  it('are those that can, send something and refuse nothing', () => {
    const of = (over: object) => ({ version: '1', results: { adapter: 'native' }, supports: { load: ['concurrent'], data: ['synthetic'] }, ...over })
    const library = new Map<string, unknown>([
      ['able', of({})], ['broken', of({ nonsense: 1, version: 2 })], ['idle', of({ supports: { load: [], data: [] } })], ['other', of({ supports: { load: ['poisson'], data: ['synthetic'] } })], ['unwilling', of({ description: 'unwilling' })],
    ])
    expect(ableHarnesses({ workload: needsOf(workload({})) }, library, (_, { description }) => description === 'unwilling')).toEqual(['able'])
  })
})

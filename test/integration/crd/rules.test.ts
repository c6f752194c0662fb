// SPDX-License-Identifier: Apache-2.0
/** Every CEL rule of every kind, against the API server: what it refuses, in which words, and what it lets through. */
import { beforeAll, describe, expect, it } from 'vitest'
import { KINDS, type KindName } from '../../../operator/core/model/kinds.ts'
import { useNamespace } from '../cluster.ts'
import { refusal, useObjects } from './api.ts'
import { objectOf } from './objects.ts'

const namespace = useNamespace('crd-rules')
const objects = useObjects(namespace)

type Changes = Readonly<Record<string, unknown>>
type Row = readonly [string, KindName, Changes, RegExp | '']

const RELEASE = { name: 'model', chart: { bundled: 'vllm' } }
const deployed = (release: object): Changes => ({ deploy: { releases: [release] }, endpoint: { service: '{{release.model}}' } })
const factor = (members: object): Changes => ({ design: { fullFactorial: { factors: [{ name: 'tp', ...members }] } } })
const load = (members: object): Changes => ({ load: members })
const stage = (members: object): Changes => load({ poisson: { stages: [{ name: 'main', rate: 1, ...members }] } })
const input = (members: object): Changes => ({ 'data.synthetic.input': members })

const ON_CREATE: readonly Row[] = [
  ['a bundled chart', 'Scenario', deployed(RELEASE), ''],
  ['two charts', 'Scenario', deployed({ ...RELEASE, chart: { bundled: 'vllm', path: '.' } }), /chart: set exactly one of bundled, oci, repository, configMap, path/],
  ['no chart', 'Scenario', deployed({ ...RELEASE, chart: {} }), /chart: set exactly one of/],
  ['an oci chart without version', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c' } }), /release: a chart from a repository or a registry needs version/],
  ['an oci chart with version', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c' }, version: '1.0.0' }), ''],
  ['an oci chart pinned by digest', 'Scenario', deployed({ ...RELEASE, chart: { oci: 'oci://r/c@sha256:00' } }), ''],
  ['a repository chart without version', 'Scenario', deployed({ ...RELEASE, chart: { repository: { url: 'https://h', name: 'c' } } }), /needs version/],
  ['two releases of one name', 'Scenario', { deploy: { releases: [RELEASE, RELEASE] }, endpoint: { service: 's' } }, /Duplicate value/],
  ['an endpoint with url and service', 'Scenario', { 'endpoint.service': 's' }, /endpoint: set exactly one of service, url/],
  ['an endpoint with neither', 'Scenario', { endpoint: {} }, /endpoint: set exactly one of service, url/],
  ['a deployed scenario with a url', 'Scenario', { deploy: { releases: [RELEASE] } }, /endpoint.url names a server that is there already/],
  ['a deployed scenario without endpoint', 'Scenario', { deploy: { releases: [RELEASE] }, endpoint: undefined }, /a deployed scenario needs endpoint.service/],
  ['neither deploy nor endpoint', 'Scenario', { endpoint: undefined }, ''],
  ['an open map with null and flags', 'Scenario', { serving: { args: { a: null, b: true, c: 1.5, d: [1, { e: 'x' }] } } }, ''],
  ['a quantity that is none', 'Scenario', { accelerator: { memory: '80 GB' } }, /spec.accelerator.memory/],
  ['a duration that is none', 'Scenario', { readiness: { timeout: 'soon' } }, /spec.readiness.timeout/],
  ['no accelerators at all', 'Scenario', { accelerator: { perReplica: -1 } }, /spec.accelerator.perReplica/],
  ['parameters of zero', 'Scenario', { 'model.parameters': 0 }, /spec.model.parameters/],

  ['two kinds of load', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 1, duration: '1s' }] }, synchronous: { requests: 1 } }), /load: set exactly one of/],
  ['no load', 'WorkloadProfile', load({}), /load: set exactly one of/],
  ['two kinds of data', 'WorkloadProfile', { 'data.prompts': { source: { inline: 'x' } } }, /data: set exactly one of/],
  ['a stage with two ends', 'WorkloadProfile', stage({ duration: '1s', requests: 1 }), /stage: set exactly one of duration, requests/],
  ['a stage without end', 'WorkloadProfile', stage({}), /stage: set exactly one of duration, requests/],
  ['a stage by requests', 'WorkloadProfile', stage({ requests: 5 }), ''],
  ['two stages of one name', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 1, requests: 1 }, { name: 'a', rate: 2, requests: 1 }] } }), /Duplicate value/],
  ['a rate of zero', 'WorkloadProfile', load({ poisson: { stages: [{ name: 'a', rate: 0, requests: 1 }] } }), /spec.load.poisson.stages\[0\].rate/],
  ['a synchronous load without end', 'WorkloadProfile', load({ synchronous: {} }), /stage: set exactly one of/],
  ['a throughput load with one end', 'WorkloadProfile', load({ throughput: { requests: 3 } }), ''],
  ['a sweep with two ends', 'WorkloadProfile', load({ sweep: { from: 1, to: 2, steps: 2, duration: '1s', requests: 1 } }), /stage: set exactly one of/],
  ['a trace without trace data', 'WorkloadProfile', load({ trace: {} }), /load.trace replays the time stamps of data.trace/],
  ['a trace with trace data', 'WorkloadProfile', { load: { trace: {} }, data: { trace: { source: { inline: 'x' }, format: 'jsonl' } } }, ''],
  ['sessions without turns', 'WorkloadProfile', load({ sessions: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }), /load.sessions needs turns/],
  ['sessions with turns', 'WorkloadProfile', { ...load({ sessions: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }), 'data.synthetic.turns': { count: 2 } }, ''],
  ['two distributions', 'WorkloadProfile', input({ fixed: 1, uniform: { min: 1, max: 2 } }), /lengths: set exactly one of/],
  ['clamps alone', 'WorkloadProfile', input({ min: 1, max: 2 }), /lengths: set exactly one of/],
  ['a Zipf exponent of 1', 'WorkloadProfile', input({ zipf: { exponent: 1, scale: 2 } }), /exponent/],
  ['a source from two places', 'WorkloadProfile', { data: { prompts: { source: { inline: 'x', path: 'y' } } } }, /source: set exactly one of inline, configMap, volume, path/],
  ['an error rate above 1', 'WorkloadProfile', { 'load.stop': { errorRate: 1.5 } }, /errorRate/],

  ['a load that does not exist', 'Harness', { 'supports.load': ['gentle'] }, /Unsupported value: "gentle"/],
  ['a variable with value and secret', 'Harness', { env: [{ name: 'A', value: 'x', secretKeyRef: { name: 's', key: 'k' } }] }, /env: set at most one of value, secretKeyRef/],
  ['a variable from a secret', 'Harness', { env: [{ name: 'A', secretKeyRef: { name: 's', key: 'k' } }] }, ''],
  ['an empty variable', 'Harness', { env: [{ name: 'A' }] }, ''],

  ['a scenario and its reference', 'Experiment', { scenario: { model: { name: 'm' } } }, /spec: set exactly one of scenario, scenarioRef/],
  ['no scenario', 'Experiment', { scenarioRef: undefined }, /spec: set exactly one of scenario, scenarioRef/],
  ['an inline scenario', 'Experiment', { scenarioRef: undefined, scenario: { model: { name: 'm' } } }, ''],
  ['no workload', 'Experiment', { workloadRef: undefined }, /spec: set exactly one of workload, workloadRef/],
  ['no harness', 'Experiment', { harnessRef: undefined }, /spec: set exactly one of harness, harnessRef/],
  ['no design', 'Experiment', { design: undefined }, /spec.design: Required value/],
  ['an empty design', 'Experiment', { design: {} }, /design: set exactly one of fullFactorial, oneFactorAtATime, treatments/],
  ['two designs', 'Experiment', { 'design.fullFactorial': { factors: [{ name: 'a', path: 'p', levels: [1] }] } }, /design: set exactly one of/],
  ['a factor', 'Experiment', factor({ path: 'p', levels: [1, 'two', null, { three: 3 }, [4]] }), ''],
  ['a zipped factor', 'Experiment', factor({ zip: [{ path: 'p', levels: [1] }, { path: 'q', levels: [2] }] }), ''],
  ['a factor without levels', 'Experiment', factor({ path: 'p' }), /factors\[0\].levels: Required value/],
  ['a factor without levels, empty', 'Experiment', factor({ path: 'p', levels: [] }), /levels in body should have at least 1 items/],
  ['a factor without path', 'Experiment', factor({ levels: [1] }), /factor: set exactly one of path, zip/],
  ['a factor with path and zip', 'Experiment', factor({ path: 'p', zip: [{ path: 'q', levels: [1] }] }), /factor: set exactly one of path, zip/],
  ['a zipped factor with levels', 'Experiment', factor({ levels: [1], zip: [{ path: 'q', levels: [1] }] }), /must validate one and only one schema/],
  ['two factors of one name', 'Experiment', { design: { fullFactorial: { factors: [{ name: 'a', path: 'p', levels: [1] }, { name: 'a', path: 'q', levels: [1] }] } } }, /Duplicate value/],
  ['a factor name that no expression can hold', 'Experiment', { design: { fullFactorial: { factors: [{ name: 'a-b', path: 'p', levels: [1] }] } } }, /factors\[0\].name/],
  ['a gate without rules', 'Experiment', { gate: { rules: [] } }, /spec.gate.rules/],

  ['a stack with both', 'Stack', { scenario: { model: { name: 'm' } } }, /spec: set exactly one of scenario, scenarioRef/],
  ['a stack with neither', 'Stack', { scenarioRef: undefined }, /spec: set exactly one of scenario, scenarioRef/],
  ['a trial without stack', 'Trial', { stackRef: undefined }, /spec.stackRef: Required value/],
]

describe('on creation', () => {
  it.each(ON_CREATE)('%s of a %s', async (_what, kind, changes, wanted) => {
    const said = await refusal(objects.create(objectOf(kind, changes)))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })

  it.each(ON_CREATE)('the model says the same offline: %s of a %s', (_what, kind, changes, wanted) => {
    expect(KINDS[kind].spec.safeParse(objectOf(kind, changes).spec).success).toBe(wanted === '')
  })

  it.each([['a name of 40 characters', 40, ''], ['a name of 41 characters', 41, /metadata.name must be at most 40 characters/]] as const)('%s of an Experiment', async (_what, length, wanted) => {
    const said = await refusal(objects.create(objectOf('Experiment', {}, 'x'.repeat(length))))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })
})

const FACTORS = [{ name: 'tp', path: 'scenario.a', levels: [1, 2] }, { name: 'pair', zip: [{ path: 'workload.b', levels: [1] }, { path: 'workload.c', levels: [2] }] }]
const EVERY_DESIGN = { constants: { gpus: 8 }, constraints: ['tp < 3'], replicates: { stacks: 1, runs: 2 }, order: { seed: 3 } }
const factorsNow = (change: (factors: typeof FACTORS) => unknown): Changes => ({ 'design.fullFactorial.factors': change(structuredClone(FACTORS)) })

const AFTER_START: readonly (readonly [string, Changes, RegExp | ''])[] = [
  ['nothing', {}, ''],
  ['suspend', { suspend: true }, ''],
  ['execution', { execution: { parallelStacks: 4, retries: 2, deadline: '4h' } }, ''],
  ['budget of time, slo, gate, teardown and results', { slo: { ttft: '1s' }, gate: { rules: [{ name: 'a', expr: 'p99(ttft) <= 1s' }] }, teardown: { policy: 'Never' }, results: { keepRaw: false } }, ''],
  ['the reference', { scenarioRef: { name: 'other' } }, /scenario, workload and harness are frozen/],
  ['a reference into an inline one', { harnessRef: undefined, harness: { version: '1', supports: { load: [], data: [] }, results: { adapter: 'native' } } }, /scenario, workload and harness are frozen/],
  ['an open map of the inline workload', { 'workload.overrides': { native: { a: 2 } } }, /scenario, workload and harness are frozen/],
  ['the inline workload', { 'workload.load.poisson.stages.0.rate': 5 }, /scenario, workload and harness are frozen/],
  ['one more level', factorsNow(([tp, pair]) => [{ ...tp, levels: [1, 2, 4] }, pair]), ''],
  ['the order of factors', factorsNow(([tp, pair]) => [pair, tp]), ''],
  ['labels and unit of a factor', factorsNow(([tp, pair]) => [{ ...tp, labels: ['one', 'two'], unit: 'GPU' }, pair]), ''],
  ['the path of a factor', factorsNow(([tp, pair]) => [{ ...tp, path: 'scenario.z' }, pair]), /the factors of the design are frozen/],
  ['a path within a zipped factor', factorsNow(([tp, pair]) => [tp, { ...pair, zip: [{ path: 'workload.z', levels: [1] }, pair?.zip?.[1]] }]), /the factors of the design are frozen/],
  ['the name of a factor', factorsNow(([tp, pair]) => [{ ...tp, name: 'other' }, pair]), /the factors of the design are frozen/],
  ['one factor less', factorsNow(([tp]) => [tp]), /the factors of the design are frozen/],
  ['one factor more', factorsNow((all) => [...all, { name: 'new', path: 'p', levels: [1] }]), /the factors of the design are frozen/],
  ['the kind of design', { 'design.fullFactorial': undefined, 'design.oneFactorAtATime': { factors: FACTORS } }, /the factors of the design are frozen/],
  ['factors into treatments', { 'design.fullFactorial': undefined, 'design.treatments': [{ name: 'a', set: {} }] }, /the treatments of the design are frozen/],
  ['a constant', { 'design.constants': { gpus: 9 } }, /constants, constraints, replicates and order/],
  ['one more constant', { 'design.constants': { gpus: 8, more: 1 } }, /constants, constraints, replicates and order/],
  ['a constraint', { 'design.constraints': [] }, /constants, constraints, replicates and order/],
  ['replicates', { 'design.replicates': { stacks: 2, runs: 2 } }, /constants, constraints, replicates and order/],
  ['the seed', { 'design.order': { seed: 4 } }, /constants, constraints, replicates and order/],
]

const TREATMENTS = [{ name: 'a', set: { 'scenario.x': 1 } }, { name: 'b', set: { 'scenario.x': { y: [1, 2] } } }]
const TREATMENTS_AFTER_START: readonly (readonly [string, unknown, RegExp | ''])[] = [
  ['nothing', TREATMENTS, ''],
  ['their order', TREATMENTS.toReversed(), ''],
  ['one more', [...TREATMENTS, { name: 'c', set: { 'scenario.x': 2 } }], ''],
  ['one less', TREATMENTS.slice(1), /the treatments of the design are frozen/],
  ['a value', [{ name: 'a', set: { 'scenario.x': 2 } }, TREATMENTS[1]], /the treatments of the design are frozen/],
  ['a value deep within', [TREATMENTS[0], { name: 'b', set: { 'scenario.x': { y: [1, 3] } } }], /the treatments of the design are frozen/],
  ['one path more', [{ name: 'a', set: { 'scenario.x': 1, 'scenario.z': 1 } }, TREATMENTS[1]], /the treatments of the design are frozen/],
]

describe('after an Experiment has started', () => {
  const inline = { workloadRef: undefined, workload: { ...(objectOf('WorkloadProfile').spec as object), overrides: { native: { a: 1 } } } }
  const factorial = { ...inline, design: { fullFactorial: { factors: FACTORS }, ...EVERY_DESIGN } }
  const treatments = (list: unknown): Changes => ({ design: { treatments: list } })

  beforeAll(async () => {
    for (const [name, changes] of [['factorial', factorial], ['treatments', treatments(TREATMENTS)]] as const) {
      const object = objectOf('Experiment', changes, name)
      await objects.apply(object, { dryRun: false })
      await objects.merge({ ...object, spec: undefined, status: { startTime: new Date(0).toISOString() } }, { subresource: 'status', dryRun: false })
    }
    await objects.apply(objectOf('Experiment', factorial, 'waiting'), { dryRun: false })
  })

  it.each(AFTER_START)('change of %s', async (_what, changes, wanted) => {
    const said = await refusal(objects.apply(objectOf('Experiment', { ...structuredClone(factorial), ...changes }, 'factorial')))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })

  it.each(TREATMENTS_AFTER_START)('change of treatments: %s', async (_what, list, wanted) => {
    const said = await refusal(objects.apply(objectOf('Experiment', treatments(list), 'treatments')))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })

  it('everything may change before the start', async () => {
    expect(await refusal(objects.apply(objectOf('Experiment', { ...treatments(TREATMENTS), scenarioRef: { name: 'other' } }, 'waiting')))).toBe('')
  })
})

describe('a Stack and a Trial never change', () => {
  const stack = { scenarioRef: undefined, scenario: { model: { name: 'm' }, serving: { args: { a: 1, b: { c: [1, null] } } } }, treatment: { tp: 1 } }
  const trial = { treatment: { tp: [1, 2] } }

  beforeAll(async () => {
    await objects.apply(objectOf('Stack', stack), { dryRun: false })
    await objects.apply(objectOf('Trial', trial), { dryRun: false })
  })

  it.each([
    ['the same Stack', 'Stack', stack, ''],
    ['the name of the model', 'Stack', { ...stack, 'scenario.model.name': 'n' }, /a Stack does not change/],
    ['an untyped argument', 'Stack', { ...stack, 'scenario.serving.args': { a: 2, b: { c: [1, null] } } }, /a Stack does not change/],
    ['an untyped argument deep within', 'Stack', { ...stack, 'scenario.serving.args': { a: 1, b: { c: [1, 2] } } }, /a Stack does not change/],
    ['one more untyped argument', 'Stack', { ...stack, 'scenario.serving.args': { a: 1, b: { c: [1, null] }, d: 1 } }, /a Stack does not change/],
    ['an untyped level', 'Stack', { ...stack, treatment: { tp: 2 } }, /a Stack does not change/],
    ['the same Trial', 'Trial', trial, ''],
    ['an untyped level of a Trial', 'Trial', { treatment: { tp: [1, 3] } }, /a Trial does not change/],
    ['its position', 'Trial', { ...trial, position: 4 }, /a Trial does not change/],
  ] as const)('%s', async (_what, kind, changes, wanted) => {
    const said = await refusal(objects.apply(objectOf(kind, structuredClone(changes))))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })
})

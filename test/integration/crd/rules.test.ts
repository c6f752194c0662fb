// SPDX-License-Identifier: Apache-2.0
/** Every CEL rule of every kind, against the API server: what it refuses, in which words, and what it lets through. */
import { beforeAll, describe, expect, it } from 'vitest'
import { KINDS } from '../../../operator/core/model/kinds.ts'
import { type Changes, ON_CREATE } from '../../../operator/core/schema/testdata/rule-cases.ts'
import { objectOf } from '../../../operator/core/schema/testdata/valid-objects.ts'
import { useNamespace } from '../cluster.ts'
import { refusal, useObjects } from './api.ts'

const namespace = useNamespace('crd-rules')
const objects = useObjects(namespace)

describe('on creation', () => {
  it.each(ON_CREATE)('%s of a %s', async (_what, kind, changes, wanted) => {
    const said = await refusal(objects.create(objectOf(kind, changes)))
    if (wanted === '') expect(said).toBe('')
    else expect(said).toMatch(wanted)
  })

  it.each(ON_CREATE)('the model says the same offline: %s of a %s', (_what, kind, changes, wanted) => {
    expect(KINDS[kind].spec.safeParse(objectOf(kind, changes).spec).success).toBe(wanted === '')
  })

  it.each([['Experiment', 40], ['Stack', 63], ['Trial', 60]] as const)('the name of an %s may have %i characters and no more', async (kind, longest) => {
    expect(await refusal(objects.create(objectOf(kind, {}, 'x'.repeat(longest))))).toBe('')
    expect(await refusal(objects.create(objectOf(kind, {}, 'x'.repeat(longest + 1))))).toContain(`metadata.name must be at most ${longest} characters`)
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
  ['a constant', { 'design.constants': { gpus: 9 } }, /constants, constraints, effects, blocks, replicates and order/],
  ['one more constant', { 'design.constants': { gpus: 8, more: 1 } }, /constants, constraints, effects, blocks, replicates and order/],
  ['a constraint', { 'design.constraints': [] }, /constants, constraints, effects, blocks, replicates and order/],
  ['replicates', { 'design.replicates': { stacks: 2, runs: 2 } }, /constants, constraints, effects, blocks, replicates and order/],
  ['the seed', { 'design.order': { seed: 4 } }, /constants, constraints, effects, blocks, replicates and order/],
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

const RANGE = { name: 'a', path: 'p', low: 1, high: 2 }
const SOBOL = { sobol: { points: 8, factors: [RANGE] } }
const FRACTION = { fractionalFactorial: { resolution: 4, factors: [{ name: 'a', path: 'p', levels: [1, 2] }, { name: 'b', path: 'q', levels: [1, 2] }] } }
const CONSTRUCTED_AFTER_START: readonly (readonly [string, 'sobol' | 'fraction', object, RegExp | ''])[] = [
  ['nothing', 'sobol', SOBOL, ''],
  ['more points', 'sobol', { sobol: { ...SOBOL.sobol, points: 16 } }, ''],
  ['a range', 'sobol', { sobol: { ...SOBOL.sobol, factors: [{ ...RANGE, high: 3 }] } }, /the factors of the design are frozen/],
  ['a scale', 'sobol', { sobol: { ...SOBOL.sobol, factors: [{ ...RANGE, scale: 'log' }] } }, /the factors of the design are frozen/],
  ['the seed of the points', 'sobol', { sobol: { ...SOBOL.sobol, seed: 4 } }, /the factors of the design are frozen/],
  ['nothing', 'fraction', FRACTION, ''],
  ['the resolution', 'fraction', { fractionalFactorial: { ...FRACTION.fractionalFactorial, resolution: 5 } }, /the factors of the design are frozen/],
  ['folding over', 'fraction', { fractionalFactorial: { ...FRACTION.fractionalFactorial, foldover: {} } }, /the factors of the design are frozen/],
  ['blocks', 'fraction', { ...FRACTION, blocks: { count: 2 } }, /constants, constraints, effects, blocks, replicates and order/],
]

describe('after an Experiment has started', () => {
  const inline = { workloadRef: undefined, workload: { ...(objectOf('WorkloadProfile').spec as object), overrides: { native: { a: 1 } } } }
  const factorial = { ...inline, design: { fullFactorial: { factors: FACTORS }, ...EVERY_DESIGN } }
  const treatments = (list: unknown): Changes => ({ design: { treatments: list } })

  beforeAll(async () => {
    for (const [name, changes] of [['factorial', factorial], ['treatments', treatments(TREATMENTS)], ['sobol', { design: SOBOL }], ['fraction', { design: FRACTION }]] as const) {
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

  it.each(CONSTRUCTED_AFTER_START)('change of %s of a %s', async (_what, name, design, wanted) => {
    const said = await refusal(objects.apply(objectOf('Experiment', { design }, name)))
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

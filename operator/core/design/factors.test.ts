// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Design } from '../model/design.ts'
import { readConstants } from './constants.ts'
import { columnNames } from './explicit-treatments.ts'
import { assignmentsOf, overlay, shownLevel } from './factors.ts'
import { readFactors } from './read-factors.ts'
import { exampleBases } from './testdata/bases.ts'

const bases = exampleBases()
const RATE = 'workload.load.poisson.stages[high].rate'
const read = (design: object) => readFactors(Design.parse(design), bases, [])
const factorial = (...factors: readonly object[]) => read({ fullFactorial: { factors } })
const tp = { name: 'tp', path: 'scenario.serving.parallelism.tensor', levels: [1, 2] }

describe('readFactors', () => {
  it('tells setup factors from run factors', () => {
    const { plan, problems } = factorial(tp, { name: 'rate', path: RATE, levels: [1, 8], unit: 'req/s' }, { name: 'adapter', path: 'harness.results.adapter', levels: ['native', 'nop'] })
    expect(problems).toEqual([])
    expect(plan.factors.map((f) => [f.name, f.role, f.unit])).toEqual([['tp', 'setup', undefined], ['rate', 'run', 'req/s'], ['adapter', 'run', undefined]])
  })

  it('changes zipped paths together; one on the stack makes it a setup factor', () => {
    const { plan, problems } = factorial({
      name: 'size', labels: ['small', 'large'],
      zip: [{ path: RATE, levels: [1, 8] }, { path: 'scenario.serving.parallelism.tensor', levels: [1, 4] }, { path: 'scenario.accelerator.perReplica', levels: [1, 4] }],
    })
    const [size] = plan.factors
    expect(problems).toEqual([])
    expect(size).toMatchObject({ role: 'setup', paths: [RATE, 'scenario.serving.parallelism.tensor', 'scenario.accelerator.perReplica'] })
    expect(plan.factors.map((f) => [shownLevel(f, 0), shownLevel(f, 1), f.levels[1]?.value])).toEqual([['small', 'large', 8]])
    expect(overlay(bases.scenario.value, assignmentsOf(plan.factors, [1], 'scenario'))).toMatchObject({ serving: { parallelism: { tensor: 4 } }, accelerator: { perReplica: 4 } })
    expect(overlay(bases.workload.value, assignmentsOf(plan.factors, [1], 'workload'))).toMatchObject({ load: { poisson: { stages: [{ rate: 2 }, { rate: 8 }] } } })
  })

  it.each([
    ['a level of the wrong type', { ...tp, levels: [1, 'two'] }, { reason: 'WrongType', path: 'spec.design.fullFactorial.factors[tp].levels[1]', found: 'text "two"' }],
    ['an unknown path', { ...tp, path: 'scenario.serving.tensor' }, { reason: 'UnknownPath', path: 'spec.design.fullFactorial.factors[tp].path' }],
    ['zips of different length', { name: 'z', zip: [{ path: RATE, levels: [1, 2] }, { path: 'workload.load.maxConcurrency', levels: [8] }] }, { reason: 'BadFactor', path: 'spec.design.fullFactorial.factors[z].zip[1].levels', found: '1 levels', expected: '2 levels' }],
    ['too few labels', { ...tp, labels: ['one'] }, { reason: 'BadFactor', found: '1 labels', expected: '2 labels' }],
    ['a label twice', { ...tp, labels: ['one', 'one'] }, { reason: 'BadFactor', message: expect.stringContaining('same label') as string }],
  ])('refuses %s', (_, factor, expected) => {
    expect(factorial(factor).problems).toEqual([expect.objectContaining(expected)])
  })

  it.each([
    ['the same place', tp.path, 'the same place as factor tp'],
    ['a place within', 'scenario.serving.parallelism', 'a place within scenario.serving.parallelism'],
  ])('refuses two owners of %s', (_, path, message) => {
    const levels = path === tp.path ? [4] : [{ tensor: 2 }]
    expect(factorial(tp, { name: 'other', path, levels }).problems).toEqual([expect.objectContaining({ reason: 'OverlappingPaths', message: expect.stringContaining(message) as string })])
  })

  it('lets neighbours with alike names be', () => {
    const near = ['scenario.serving.args.max', 'scenario.serving.args.max-len', 'scenario.serving.args["max.x"]', 'scenario.serving.args.maximum']
    expect(factorial(...near.map((path, i) => ({ name: `f${i}`, path, levels: [1] }))).problems).toEqual([])
  })
})

describe('treatments', () => {
  const treatments = [
    { name: 'base', set: {} },
    { name: 'fast', set: { [RATE]: 32, 'scenario.serving.parallelism.tensor': 4 } },
    { name: 'slow', set: { 'workload.load.poisson.stages[1].rate': 1 } },
  ]

  it('become factors, and what is not set is the base', () => {
    const { plan, problems } = read({ treatments })
    expect(problems).toEqual([])
    expect(plan.factors.map((f) => [f.name, f.role, f.base])).toEqual([['rate', 'run', 8], ['tensor', 'setup', 1]])
    expect(plan.cells?.map((cell) => [cell.name, ...plan.factors.map((f, i) => shownLevel(f, cell.picks[i] ?? -1))])).toEqual([['base', 8, 1], ['fast', 32, 4], ['slow', 1, 1]])
  })

  it('say which treatment is wrong', () => {
    const { problems } = read({ treatments: [{ name: 'a', set: { 'workload.laod': 1, [RATE]: 'fast' } }] })
    expect(problems).toEqual([
      expect.objectContaining({ reason: 'UnknownPath', path: 'spec.design.treatments[a].set["workload.laod"]', nearest: 'workload.load' }),
      expect.objectContaining({ reason: 'WrongType', message: expect.stringMatching(/^treatment a/) as string }),
    ])
  })

  it.each([
    [['a.rate', 'b.rate'], ['a_rate', 'b_rate']],
    [['a.stages[high].rate', 'a.stages[low].rate', 'a.x'], ['high_rate', 'low_rate', 'x']],
    [['scenario.args["max-num.seqs"]'], ['max_num_seqs']],
    [['a.list[0]', 'a.list[1]'], ['item0', 'item1']],
    [['a.b', 'x.a.b'], ['a_b', 'x_a_b']],
    [['workload'], ['workload']],
  ])('names columns of %j %j', (paths, names) => {
    expect(columnNames(paths)).toEqual(names)
  })
})

describe('readConstants', () => {
  it('tells names from paths', () => {
    const { values, assignments, problems } = readConstants({ gpus: 8, 'scenario.serving.replicas': 2 }, bases, ['tp'])
    expect(problems).toEqual([])
    expect(values).toEqual({ gpus: 8 })
    expect(overlay(bases.scenario.value, assignments)).toMatchObject({ serving: { replicas: 2 } })
  })

  it.each([
    ['scenario.serving.replcas', 2, { reason: 'UnknownPath', nearest: 'scenario.serving.replicas' }],
    ['scenario.serving.replicas', 'two', { reason: 'WrongType', message: 'constant scenario.serving.replicas: this value does not fit scenario.serving.replicas' }],
    ['serving.replicas', 2, { reason: 'BadConstant', nearest: 'scenario.serving.replicas' }],
    ['max-gpus', 2, { reason: 'BadConstant' }],
    ['tp', 2, { reason: 'DuplicateName' }],
  ])('refuses %s: %j', (key, value, expected) => {
    expect(readConstants({ [key]: value }, bases, ['tp']).problems).toEqual([expect.objectContaining(expected)])
  })

  it('may set what lies around a factor, but not the factor\'s place', () => {
    const problemsWith = (constants: object) => readFactors(Design.parse({ fullFactorial: { factors: [tp] } }), bases, readConstants(constants as Record<string, unknown>, bases, ['tp']).paths).problems
    expect(problemsWith({ 'scenario.serving.parallelism': { tensor: 8, pipeline: 2 } })).toEqual([])
    expect(problemsWith({ 'scenario.serving.parallelism.tensor': 8 })).toEqual([expect.objectContaining({ reason: 'OverlappingPaths' })])
  })
})

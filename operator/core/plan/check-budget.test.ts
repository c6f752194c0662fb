// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Problem } from '../model/problem.ts'
import { figure } from './budget-limits.ts'
import { stackSpecOf } from './plan.ts'
import { experimentSpec, planned, tryPlan } from './testdata/example.ts'

const H100 = 'NVIDIA-H100-80GB-HBM3'
const prices = [{ product: H100, amount: 4, currency: 'EUR' }]
const replicated = (over: object) => experimentSpec(over, { replicates: { stacks: 3, runs: 1 } })

/** Six stand-ups of a GPU each, a replicate is two of them; each takes 1 min at least and 3 min likely, and has two trials of 2 and 10 min. */
describe('a budget in a plan', () => {
  it('is fine when all fits', () => {
    const plan = planned(replicated({ budget: { gpuHours: 3, money: { amount: 12, currency: 'EUR' }, wallTime: '3h' }, prices }))
    expect(plan.warnings.filter((w) => w.includes('budget'))).toEqual([])
    expect(plan.estimate.cost).toMatchObject({ currency: 'EUR', likely: expect.closeTo(plan.estimate.gpuHours.likely * 4, 9) as number })
  })

  it.each<[string, object, Partial<Problem>]>([
    ['no limit', { budget: {} }, { message: 'budget: set at least one of gpuHours, money, wallTime' }],
    ['nothing at all', { budget: { gpuHours: 0 } }, { path: 'spec.budget.gpuHours' }],
    ['a word that does not exist', { budget: { gpuHour: 3 } }, { reason: 'UnknownField', nearest: 'gpuHours' }],
    ['a time that is none', { budget: { wallTime: 'a day' } }, { path: 'spec.budget.wallTime' }],
    ['GPU-hours for less than one replicate', { budget: { gpuHours: 0.05 } }, { reason: 'BudgetTooSmall', path: 'spec.budget.gpuHours', found: '0.05 GPU-hours', expected: expect.stringMatching(/^at least 0\.42\d GPU-hours, or fewer/) as string }],
    ['time for less than one replicate', { budget: { wallTime: '1m' } }, { reason: 'BudgetTooSmall', path: 'spec.budget.wallTime', found: '60s' }],
    ['money for less than one replicate', { budget: { money: { amount: 0.1, currency: 'EUR' } }, prices }, { reason: 'BudgetTooSmall', path: 'spec.budget.money', found: '0.1 EUR' }],
    ['money without a price', { budget: { money: { amount: 9 } } }, { reason: 'BadBudget', path: 'spec.budget.money', message: `no price is known of ${H100}`, expected: `accelerator.hourlyCost in the scenario, or an entry in spec.prices with product ${H100}` }],
    ['a price of something else', { budget: { money: { amount: 9 } }, prices: [{ product: 'NVIDIA-H100-80GB-HBM', amount: 3 }] }, { reason: 'BadBudget', nearest: 'NVIDIA-H100-80GB-HBM' }],
    ['another currency', { budget: { money: { amount: 9, currency: 'USD' } }, prices }, { reason: 'BadBudget', path: 'spec.budget.money.currency', found: 'USD', expected: 'EUR' }],
    ['a price twice', { prices: [...prices, ...prices] }, { message: 'prices: two are of the same product' }],
  ])('refuses %s', (_, over, problem) => {
    const result = tryPlan(replicated(over))
    expect(result.ok ? [] : result.problems).toContainEqual(expect.objectContaining(problem))
  })

  it.each<[string, object, RegExp]>([
    ['that one replicate may not fit', { budget: { gpuHours: 0.45 } }, /budget\.gpuHours: one complete replicate is expected to take 0\.\d+ GPU-hours, the budget is 0\.45 GPU-hours: it may end with some treatments unmeasured/],
    ['how many replicates fit', { budget: { gpuHours: 1.1 } }, /budget\.gpuHours: all 3 replicates are expected to take 1\.5 GPU-hours, the budget is 1\.1 GPU-hours: about 2 of them fit/],
    ['that no price is used', { prices: [{ product: 'NVIDIA-H100-80GB-HBM', amount: 3 }] }, /prices: no stack runs on NVIDIA-H100-80GB-HBM; did you mean NVIDIA-H100-80GB-HBM3\?/],
  ])('warns %s', (_, over, warning) => {
    expect(planned(replicated(over)).warnings).toContainEqual(expect.stringMatching(warning))
  })

  it('warns that GPU-hours limit nothing where there are no GPUs', () => {
    const cpu = { scenarioRef: undefined, scenario: { model: { name: 'm' }, endpoint: { url: 'http://x' } }, budget: { gpuHours: 1 } }
    expect(planned(experimentSpec(cpu, { fullFactorial: { factors: [{ name: 'rate', path: 'workload.load.poisson.stages[high].rate', levels: [1, 8] }] } })).warnings).toContain('budget.gpuHours limits nothing: no stack takes an accelerator')
  })

  it('learns from what was measured before', () => {
    const spec = replicated({ budget: { gpuHours: 1.3 } })
    const setups = planned(spec).stacks.map((s) => [s.setupHash, 5] as const)
    expect(planned(spec).warnings).toContainEqual(expect.stringMatching(/budget.*about 2 of them fit/))
    expect(planned(spec, { learned: { standUpSeconds: new Map(setups) } }).warnings.filter((w) => w.includes('budget'))).toEqual([])
  })

  it('refuses no run that has begun: it is planned again from its snapshot, with less known than then', () => {
    const spec = replicated({ budget: { gpuHours: 0.4 } })
    const known = planned(replicated({}))
    const learned = { trialSeconds: new Map(known.treatments.map((t) => [t.hash, 20])) }
    const begun = planned(spec, { learned })
    expect(tryPlan(spec).ok).toBe(false)
    expect(planned(spec, { blocks: [begun.treatments.map((t) => t.hash)] }).digest).toBe(begun.digest)
  })

  it('tells stacks the price of the table, and leaves identities alone', () => {
    const [free, priced] = [planned(replicated({})), planned(replicated({ prices }))]
    expect(priced.digest).toBe(free.digest)
    expect(stackSpecOf(priced, 0).scenario?.accelerator.hourlyCost).toEqual({ amount: 4, currency: 'EUR' })
    expect(stackSpecOf(free, 0).scenario?.accelerator.hourlyCost).toBeUndefined()
  })
})

describe('figure', () => {
  it.each([[0, '0'], [0.01254, '0.0125'], [3.2, '3.2'], [12.345, '12.3'], [118.4, '118'], [0.999999, '1']])('%d', (amount, text) => {
    expect(figure(amount)).toBe(text)
  })
})

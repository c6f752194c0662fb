// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { diffPlans } from './extend.ts'
import { experimentSpec, planned, RATE, TP, tryPlan } from './testdata/example.ts'

const from = 'perf.csv:2'
const measured = (...levels: readonly object[]) => ({ measured: levels.map((own) => ({ levels: own, from })) })
const spec = (more: object = {}, design: object = {}) => experimentSpec({}, { fullFactorial: { factors: [TP, RATE] }, ...design, ...more })
const problemsOf = (written: unknown) => {
  const result = tryPlan(written)
  return result.ok ? [] : result.problems
}

describe('what was measured elsewhere', () => {
  it('is left out, named, and no longer a whole design', () => {
    const plan = planned(spec(measured({ tp: 1, rate: 8 })))
    expect(plan.treatments.map((t) => t.levels)).toEqual([{ tp: 1, rate: 1 }, { tp: 2, rate: 1 }, { tp: 2, rate: 8 }])
    expect(plan.design).toMatchObject({ measured: 1, excluded: 0 })
    expect(plan.warnings).toContain('1 of 4 combinations is left out, since it was measured already: tp=1 rate=8 (perf.csv:2); effects and comparisons see only the rest')
  })

  it('changes the identity of nothing that stays', () => {
    const whole = planned(spec())
    const rest = planned(spec(measured({ tp: 1, rate: 8 })))
    expect(rest.treatments.map((t) => t.hash)).toEqual(whole.treatments.filter((t) => t.label !== 'tp=1 rate=8').map((t) => t.hash))
    expect(whole.design).not.toHaveProperty('measured')
  })

  it('may be left out of treatments that are written out, and beside constraints', () => {
    const treatments = [{ name: 'a', set: { [TP.path]: 1 } }, { name: 'b', set: { [TP.path]: 2 } }]
    expect(planned(experimentSpec({}, { fullFactorial: undefined, treatments, ...measured({ tensor: 2 }) })).treatments.map((t) => t.label)).toEqual(['a'])
    // It is known as measured even where a constraint would leave it out too.
    expect(planned(spec(measured({ tp: 2, rate: 8 }), { constraints: ['tp * rate < 16'] })).design).toMatchObject({ measured: 1, excluded: 0 })
  })

  it('may be measured here after all: taking an entry out extends the design', () => {
    const before = planned(spec(measured({ tp: 1, rate: 8 })))
    const change = diffPlans(before, planned(spec()))
    expect(change.ok && change.value.added).toHaveLength(1)
    expect(diffPlans(planned(spec()), before).ok).toBe(false)
  })

  it.each<[string, unknown, object]>([
    ['a level that is none', spec(measured({ tp: 3, rate: 8 })), { path: 'spec.design.measured[0].levels', message: 'it is no combination of this design', found: '{"tp":3,"rate":8}' }],
    ['a mistyped factor', spec(measured({ tp: 1, rat: 8 })), { path: 'spec.design.measured[0].levels', nearest: 'rate' }],
    ['a factor too few', spec(measured({ tp: 1 })), { expected: 'a level of each of tp, rate' }],
    ['everything', spec(measured({ tp: 1, rate: 1 }, { tp: 1, rate: 8 }, { tp: 2, rate: 1 }, { tp: 2, rate: 8 })), { reason: 'EmptyDesign', path: 'spec.design.measured' }],
    ['a design that results decide', experimentSpec({ slo: { ttft: '1s' } }, { fullFactorial: undefined, search: { load: { name: 'rate', path: RATE.path, lower: 1, upper: 8 }, factors: [TP] }, ...measured({ tp: 1 }) }), { path: 'spec.design.measured', expected: 'no measured here, or a design of fixed combinations' }],
    ['a misspelt member', spec({ measured: [{ level: { tp: 1 }, from }] }), { reason: 'UnknownField' }],
  ])('refuses %s', (_, written, problem) => expect(problemsOf(written)).toContainEqual(expect.objectContaining(problem)))
})

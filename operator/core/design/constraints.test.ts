// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { compileConstraints } from './constraints.ts'
import { expandCells } from './expand.ts'
import type { FactorPlan, PlannedFactor } from './factors.ts'

const factor = (name: string, levels: readonly unknown[], base?: unknown): PlannedFactor =>
  ({ name, role: 'run', paths: [name], levels: levels.map((value) => ({ value, assignments: [] })), base })
const design = (levels: Readonly<Record<string, readonly unknown[]>>): FactorPlan =>
  ({ kind: 'fullFactorial', factors: Object.entries(levels).map(([name, values]) => factor(name, values)) })

function kept(text: string, plan: FactorPlan, constants: Record<string, unknown> = {}) {
  const compiled = compileConstraints([text], plan, constants)
  if (!compiled.ok) return compiled.problems
  return [...expandCells(plan)].filter((cell) => compiled.constraints.firstUnmet(cell) === -1).map((cell) => cell.picks.map((pick, f) => plan.factors[f]?.levels[pick]?.value))
}

describe('constraints', () => {
  it.each<[string, Record<string, readonly unknown[]>, Record<string, unknown>, unknown[][]]>([
    ['tp * 2 <= gpus', { tp: [1, 2, 4, 8] }, { gpus: 8 }, [[1], [2], [4]]],
    ['tp * 2 <= gpus', { tp: [1, 2, 4, 8] }, { gpus: 4.5 }, [[1], [2]]],
    ['tp * 2 <= gpus', { tp: [1, 1.5, 4] }, { gpus: 3 }, [[1], [1.5]]],
    ['tp * 2.0 <= gpus', { tp: [1, 2, 4] }, { gpus: 4 }, [[1], [2]]],
    ['rate / 2 < 1.5', { rate: [1, 2.5, 4] }, {}, [[1], [2.5]]],
    ['rate % 2 == 0', { rate: [1, 2, 2.5] }, {}, [[2]]],
    ['gpus - tp * 1.5 >= 1', { tp: [1, 2] }, { gpus: 3 }, [[1]]],
    ['tp in [1, 4]', { tp: [1, 2, 4] }, {}, [[1], [4]]],
    ['tp == 2', { tp: [1, 2, 2.5] }, {}, [[2]]],
    ['dtype != "fp8" || tp > 1', { dtype: ['bf16', 'fp8'], tp: [1, 2] }, {}, [['bf16', 1], ['bf16', 2], ['fp8', 2]]],
    ['eager ? tp == 1 : true', { eager: [true, false], tp: [1, 2] }, {}, [[true, 1], [false, 1], [false, 2]]],
    ['allowed.exists(a, a == tp)', { tp: [1, 2, 3] }, { allowed: [1, 3] }, [[1], [3]]],
    ['limits.small >= tp', { tp: [1, 2, 3] }, { limits: { small: 2 } }, [[1], [2]]],
    ['mixed == 1 || mixed == "a"', { mixed: [1, 'a', 'b'] }, {}, [[1], ['a']]],
    ['chart.tag.startsWith("v1")', { chart: [{ tag: 'v1.2' }, { tag: 'v2' }] }, {}, [[{ tag: 'v1.2' }]]],
  ])('%s over %j with %j', (text, levels, constants, expected) => {
    expect(kept(text, design(levels), constants)).toEqual(expected)
  })

  it.each([
    ['tpp > 1', { nearest: 'tp', found: 'tpp', message: expect.stringContaining('neither a factor nor a constant') as string }],
    ['tp > 1 && gpu < 2', { nearest: 'gpus', found: 'gpu' }],
    ['tp >', { message: expect.stringContaining('at character') as string }],
    ['tp + 1', { message: expect.stringContaining('is no condition: it gives int') as string, expected: 'true or false' }],
    ['dtype * 2 > 1', { message: expect.stringContaining('no such overload') as string }],
    ['nope(tp)', { message: expect.stringContaining('nope') as string }],
  ])('refuses %s', (text, expected) => {
    const compiled = compileConstraints([text], design({ tp: [1, 2], dtype: ['a'] }), { gpus: 4 })
    expect(compiled.ok ? undefined : compiled.problems).toEqual([expect.objectContaining({ reason: 'BadConstraint', path: 'spec.design.constraints[0]', ...expected })])
  })

  it('says for which combination it cannot be evaluated', () => {
    const plan = design({ tp: [1, 0] })
    const compiled = compileConstraints(['true', '4 / tp > 1'], plan, {})
    const results = compiled.ok ? [...expandCells(plan)].map((cell) => compiled.constraints.firstUnmet(cell)) : []
    expect(results[0]).toBe(-1)
    expect(results[1]).toMatchObject({ reason: 'BadConstraint', path: 'spec.design.constraints[1]', message: expect.stringContaining('tp=0: division by zero') as string })
  })

  it('refuses what turns out to be no condition', () => {
    const plan = design({ mixed: [1, true] })
    const compiled = compileConstraints(['mixed'], plan, {})
    expect(compiled.ok ? compiled.constraints.firstUnmet({ picks: [0] }) : undefined).toMatchObject({ message: expect.stringContaining('is no condition for mixed=1') as string })
    expect(compiled.ok ? compiled.constraints.firstUnmet({ picks: [1] }) : undefined).toBe(-1)
  })

  it('uses the value of the base where a written-out treatment does not set a factor', () => {
    const plan: FactorPlan = { kind: 'treatments', factors: [factor('tp', [4, 8], 1)], cells: [] }
    const compiled = compileConstraints(['tp < 8'], plan, {})
    expect(compiled.ok ? [-1, 0, 1].map((pick) => compiled.constraints.firstUnmet({ picks: [pick] })) : undefined).toEqual([-1, -1, 0])
  })

  it.each(['in', 'true', 'size', 'int', 'null', 'as', 'double', 'type'])('a factor may not be called %s where CEL would take it for its own', (name) => {
    const compiled = compileConstraints([`${name} > 1`], design({ [name]: [1, 2] }), {})
    if (!compiled.ok) expect(compiled.problems[0]).toMatchObject({ reason: expect.stringMatching(/BadFactor|BadConstraint/) as string })
    else expect([0, 1].map((pick) => compiled.constraints.firstUnmet({ picks: [pick] }))).toEqual([0, -1])
  })
})

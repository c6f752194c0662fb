// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { diffPlans } from './extend.ts'
import { experimentSpec, planned, RATE, TP } from './testdata/example.ts'

const factorial = (tp: readonly number[], rate: readonly number[], more: object = {}) => experimentSpec({}, { fullFactorial: { factors: [{ ...TP, levels: tp }, { ...RATE, levels: rate }] }, replicates: { stacks: 2, runs: 1 }, ...more })
const before = planned(factorial([1, 2], [4, 8]))
const block = before.treatments.map((t) => t.hash)

describe('diffPlans', () => {
  it('adds new cells as a block of their own, after what was there', () => {
    const spec = factorial([1, 2, 4], [1, 4, 8])
    const change = diffPlans(before, planned(spec))
    expect(change.ok && change.value.added).toHaveLength(5)
    const after = planned(spec, { blocks: [block] })
    expect(after.treatments.slice(0, 4).map((t) => [t.hash, t.block])).toEqual(block.map((hash) => [hash, 0]))
    expect(after.treatments.slice(4).every((t) => t.block === 1)).toBe(true)
    expect(after.trials.slice(0, before.trials.length).map((t) => [t.name, t.seeds, t.position])).toEqual(before.trials.map((t) => [t.name, t.seeds, t.position]))
    expect(after.trials).toHaveLength(18)
    // The new rate on the old setups runs on stacks of the same name.
    expect(new Set(after.stacks.map((s) => s.name)).size).toBe(6)
    expect(after.stacks.slice(0, 4).map((s) => s.name)).toEqual(before.stacks.map((s) => s.name))
  })

  it('runs new cells after all that there was, also on setups that were measured before: a block never mixes with another', () => {
    const after = planned(factorial([1, 2], [1, 2, 4, 8]), { blocks: [block] })
    const blocks = after.trials.map((t) => t.block)
    expect(blocks).toEqual(blocks.toSorted((a, b) => a - b))
    expect(blocks.filter((b) => b === 1)).toHaveLength(8)
    // Each replicate of the new block is whole before the next begins, as in the old one.
    expect(after.trials.filter((t) => t.block === 1).map((t) => t.stackReplicate)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
    // The seeds of what was measured do not change, so that a trial that is made again sends what it sent.
    expect(after.trials.slice(0, before.trials.length).map((t) => t.seeds)).toEqual(before.trials.map((t) => t.seeds))
  })

  it('goes on block by block', () => {
    const second = planned(factorial([1, 2], [4, 8, 16]), { blocks: [block] })
    const added = second.treatments.filter((t) => t.block === 1).map((t) => t.hash)
    const third = planned(factorial([1, 2], [2, 4, 8, 16]), { blocks: [block, added] })
    expect(third.treatments.map((t) => t.block)).toEqual([0, 0, 0, 0, 1, 1, 2, 2])
  })

  it('takes new labels, units and written-out treatments', () => {
    const change = diffPlans(before, planned(experimentSpec({}, { fullFactorial: { factors: [{ ...TP, labels: ['one', 'two'] }, { ...RATE, levels: [4, 8], unit: '1/s' }] }, replicates: { stacks: 2, runs: 1 } })))
    expect(change.ok && change.value.added).toEqual([])
    const written = (names: readonly number[]) => planned(experimentSpec({}, { fullFactorial: undefined, treatments: names.map((rate) => ({ name: `r${rate}`, set: rate > 8 ? { [RATE.path]: rate, [TP.path]: 2 } : { [RATE.path]: rate } })) }))
    expect(diffPlans(written([1, 2]), written([1, 2, 16]))).toMatchObject({ ok: true, value: { added: [expect.any(String)] } })
  })

  it.each([
    ['a level that is gone', factorial([1], [4, 8]), 'spec.design', '2 of 4 treatments are gone or changed: tp=2 rate=4'],
    ['another part', { ...factorial([1, 2], [4, 8]), scenarioRef: undefined, scenario: { model: { name: 'other' }, endpoint: { url: 'http://x' } } }, 'spec.design', '4 of 4 treatments'],
    ['more replicates', factorial([1, 2], [4, 8], { replicates: { stacks: 3, runs: 1 } }), 'spec.design.replicates', 'replicates changed from {"runs":1,"stacks":2}'],
    ['another order', factorial([1, 2], [4, 8], { order: { seed: 9 } }), 'spec.design.order', 'order changed'],
    ['a factor of another name', experimentSpec({}, { fullFactorial: { factors: [{ ...TP, name: 'x' }, { ...RATE, levels: [4, 8] }] }, replicates: { stacks: 2, runs: 1 } }), 'spec.design', 'names or paths of its factors'],
  ])('refuses %s', (_, spec, path, message) => {
    const change = diffPlans(before, planned(spec))
    expect(change.ok ? [] : change.problems).toContainEqual(expect.objectContaining({ reason: 'ChangeRefused', path, message: expect.stringContaining(message) as string }))
  })

  const ranged = (design: object) => experimentSpec({}, { fullFactorial: undefined, replicates: { stacks: 2, runs: 1 }, ...design })
  const RANGES = [{ name: 'rate', path: RATE.path, low: 1, high: 16 }, { name: 'output', path: 'workload.data.synthetic.output.fixed', low: 32, high: 512 }]
  const sobol = (points: number, more: object = {}) => planned(ranged({ sobol: { factors: RANGES, points, ...more } }))

  it('takes more points of a Sobol sequence, which begins with those that there were', () => {
    const change = diffPlans(sobol(8), sobol(16))
    expect(change.ok && change.value.added).toHaveLength(8)
  })

  it.each([
    ['another seed of the points', sobol(8, { seed: 2 }), '8 of 8 treatments are gone or changed'],
    ['fewer points', sobol(4), '4 of 8 treatments are gone or changed'],
    ['another kind', planned(ranged({ latinHypercube: { factors: RANGES, points: 8 } })), 'the kind of design'],
  ])('refuses %s', (_, after, message) => {
    const change = diffPlans(sobol(8), after)
    expect(change.ok ? [] : change.problems).toContainEqual(expect.objectContaining({ reason: 'ChangeRefused', message: expect.stringContaining(message) as string }))
  })

  it.each([
    ['more centre points', { fullFactorial: { factors: [{ ...RATE, levels: [4, 8] }], centerPoints: 3 } }, 'spec.design', 'rate=6 is measured another number of times in each replicate'],
    ['blocks', { fullFactorial: { factors: [{ ...RATE, levels: [4, 8] }, { ...TP, levels: [1, 2] }] }, blocks: { count: 2 } }, 'spec.design.blocks', 'blocks changed from'],
  ])('refuses %s', (_, design, path, message) => {
    const one = planned(ranged({ fullFactorial: { factors: [{ ...RATE, levels: [4, 8] }], centerPoints: 2 } }))
    const change = diffPlans(one, planned(ranged(design)))
    expect(change.ok ? [] : change.problems).toContainEqual(expect.objectContaining({ reason: 'ChangeRefused', path, message: expect.stringContaining(message) as string }))
  })
})

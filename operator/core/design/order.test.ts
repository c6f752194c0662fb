// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OrderInput, orderTrials } from './order.ts'

const treatment = fc.record({ setup: fc.constantFrom('a', 'b', 'c', 'd'), block: fc.constantFrom(0, 0, 1) })
const input: fc.Arbitrary<OrderInput> = fc.record({
  treatments: fc.array(treatment, { minLength: 1, maxLength: 20 }).map((list) => list.map((t, i) => ({ ...t, hash: `h${i}` })).sort((a, b) => a.block - b.block)),
  replicates: fc.record({ stacks: fc.integer({ min: 1, max: 3 }), runs: fc.integer({ min: 1, max: 3 }) }),
  randomize: fc.boolean(), seed: fc.nat(),
})
const keyOf = (t: ReturnType<typeof orderTrials>[number]) => `${t.treatment}/${t.stackReplicate}/${t.runReplicate}`

describe('orderTrials', () => {
  it('runs every treatment in every replicate exactly once', () => {
    fc.assert(fc.property(input, (given) => {
      const keys = orderTrials(given).map(keyOf)
      expect(keys).toHaveLength(given.treatments.length * given.replicates.stacks * given.replicates.runs)
      expect(new Set(keys).size).toBe(keys.length)
    }))
  })

  it('is the same for the same seed, whatever the order of listing within a block', () => {
    fc.assert(fc.property(input.filter((g) => g.randomize), (given) => {
      const reversed = { ...given, treatments: given.treatments.toReversed().sort((a, b) => a.block - b.block) }
      const hashes = (g: OrderInput) => orderTrials(g).map((t) => `${g.treatments[t.treatment]?.hash}/${t.stackReplicate}/${t.runReplicate}`)
      expect(hashes(given)).toEqual(hashes(given))
      expect(hashes(reversed)).toEqual(hashes(given))
    }))
  })

  it('keeps the trials of a stack together, complete replicates first, blocks one after another', () => {
    fc.assert(fc.property(input, (given) => {
      const trials = orderTrials(given)
      const place = trials.map((t) => [given.treatments[t.treatment]?.block ?? 0, t.stackReplicate] as const)
      expect(place).toEqual(place.toSorted(([a, b], [c, d]) => a - c || b - d))
      const visits = trials.map((t) => `${given.treatments[t.treatment]?.block}/${t.stackReplicate}/${t.setup}`).filter((s, i, all) => s !== all[i - 1])
      expect(new Set(visits).size).toBe(visits.length)
      const runs = trials.map((t) => t.runReplicate)
      for (const [i, t] of trials.entries()) if (i > 0 && visits.length === 1 && t.stackReplicate === trials[i - 1]?.stackReplicate) expect(runs[i]).toBeGreaterThanOrEqual(runs[i - 1] ?? 0)
    }))
  })

  it('gives every treatment of two replicates the same mean place in time, so that a linear drift cancels', () => {
    fc.assert(fc.property(input.filter((g) => g.randomize && g.replicates.stacks >= 2), (given) => {
      const own = { ...given, treatments: given.treatments.map((t) => ({ ...t, block: 0 })) }
      const pair = orderTrials(own).filter((t) => t.stackReplicate <= 2)
      const places = Map.groupBy(pair.keys(), (i) => pair[i]?.treatment)
      const means = [...places.values()].map((at) => at.reduce((a, b) => a + b, 0) / at.length)
      expect(new Set(means)).toEqual(new Set([(pair.length - 1) / 2]))
    }))
  })

  it('leaves what was planned before an extension where it was', () => {
    fc.assert(fc.property(input, (given) => {
      const before = { ...given, treatments: given.treatments.filter((t) => t.block === 0) }
      fc.pre(before.treatments.length > 0)
      const all = orderTrials(given).map(keyOf)
      const old = orderTrials(before).map(keyOf)
      expect(all.slice(0, old.length)).toEqual(old)
    }))
  })

  const treatments = ['a', 'b', 'a', 'b'].map((setup, i) => ({ setup, hash: `h${i}`, block: 0 }))

  it('keeps the listed order, grouped by stack, when it is not randomised', () => {
    const trials = orderTrials({ treatments, replicates: { stacks: 2, runs: 2 }, randomize: false, seed: 1 })
    expect(trials.slice(0, 8).map(keyOf)).toEqual(['0/1/1', '2/1/1', '0/1/2', '2/1/2', '1/1/1', '3/1/1', '1/1/2', '3/1/2'])
  })

  it('has seeds that matter, and replicates that are shuffled apart', () => {
    const many = Array.from({ length: 12 }, (_, i) => ({ setup: `s${i % 6}`, hash: `h${i}`, block: 0 }))
    const order = (seed: number) => orderTrials({ treatments: many, replicates: { stacks: 2, runs: 1 }, randomize: true, seed })
    const treatmentsOf = (trials: ReturnType<typeof order>) => trials.map((t) => t.treatment)
    expect(treatmentsOf(order(1))).not.toEqual(treatmentsOf(order(2)))
    expect(treatmentsOf(order(1).slice(0, 12))).not.toEqual(treatmentsOf(order(1).slice(12)))
  })

  it('gives every trial the same chance of every place on its stack', () => {
    const four = Array.from({ length: 4 }, (_, i) => ({ setup: 's', hash: `h${i}`, block: 0 }))
    const counts = Array.from({ length: 4 }, () => [0, 0, 0, 0])
    for (let seed = 0; seed < 2000; seed++) {
      for (const [place, t] of orderTrials({ treatments: four, replicates: { stacks: 1, runs: 1 }, randomize: true, seed }).entries()) counts[t.treatment]![place]! += 1
    }
    for (const count of counts.flat()) expect(Math.abs(count - 500)).toBeLessThan(100)
  })

  it('measures centre points several times, among the others and numbered after them', () => {
    const centred = [...treatments, { setup: 'a', hash: 'c', block: 0, repeats: [3] }]
    const trials = orderTrials({ treatments: centred, replicates: { stacks: 1, runs: 2 }, randomize: true, seed: 1 })
    expect(trials.filter((t) => t.treatment === 4).map((t) => t.runReplicate).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6])
    expect(trials).toHaveLength(4 * 2 + 6)
    expect(new Set(trials.map(keyOf)).size).toBe(trials.length)
    // The repeats of one run replicate come before the next begins: 1, 3 and 5 before 2, 4 and 6.
    const centres = trials.filter((t) => t.treatment === 4).map((t) => t.runReplicate % 2)
    expect(centres).toEqual([1, 1, 1, 0, 0, 0])
  })

  it('stands stacks up anew in every block of a design, which counts as a stack replicate of its own', () => {
    const split = ['a', 'b', 'a', 'b'].map((setup, i) => ({ setup, hash: `h${i}`, block: 0, repeats: i < 2 ? [1] : [0, 1] }))
    const trials = orderTrials({ treatments: split, replicates: { stacks: 2, runs: 1 }, designBlocks: 2, randomize: true, seed: 4 })
    expect(trials.map((t) => [t.stackReplicate, t.treatment < 2])).toEqual([[1, true], [1, true], [2, false], [2, false], [3, true], [3, true], [4, false], [4, false]])
    expect(new Set(trials.map((t) => `${t.setup}/${t.stackReplicate}`)).size).toBe(8)
  })
})

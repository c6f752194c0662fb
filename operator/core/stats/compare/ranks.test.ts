// SPDX-License-Identifier: Apache-2.0
// References: R 4.2 (wilcox.test and its examples, p.adjust); exact probabilities with ties by counting every arrangement.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { midranks } from '../ranks.ts'
import { random } from '../testdata/random.ts'
import { holm } from './holm.ts'
import { hodgesLehmann, mannWhitney, smallestRankSumP } from './rank-sum.ts'
import { pseudoMedian, signedRank } from './signed-rank.ts'

const X = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const Y = [1.15, 0.88, 0.9, 0.74, 1.21]

describe('mannWhitney', () => {
  it('gives what R gives for the permeability of membranes', () => {
    expect(mannWhitney(Y, X)).toMatchObject({ u: 35, method: 'exact', upper: expect.closeTo(0.127_206_127_206_127, 13), p: expect.closeTo(0.254_412_254_412_254, 13) })
    expect(hodgesLehmann(Y, X)).toMatchObject({ estimate: expect.closeTo(0.305, 12), low: expect.closeTo(-0.15, 12), high: expect.closeTo(0.76, 12) })
  })

  it('corrects for ties and continuity where there are many values', () => {
    const a = Array.from({ length: 60 }, (_, i) => ((i * 37) % 23) / 10)
    const b = Array.from({ length: 70 }, (_, i) => ((i * 41) % 29) / 10)
    expect(mannWhitney(a, b)).toMatchObject({ u: 2521.5, p: expect.closeTo(0.049_123_239_985_985_2, 13), method: 'normal, corrected for ties and continuity' })
    expect(hodgesLehmann(a, b)).toMatchObject({ estimate: expect.closeTo(0.3, 4), low: expect.closeTo(0, 4), high: expect.closeTo(0.6, 4) })
  })

  it('counts arrangements with ties exactly', () => {
    const small = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 })
    fc.assert(fc.property(small, small, (a, b) => {
      const ranks = midranks([...a, ...b])
      const observed = ranks.slice(a.length).reduce((x, y) => x + y, 0)
      const sums = subsets(ranks, b.length)
      const share = (keep: (sum: number) => boolean) => sums.filter(keep).length / sums.length
      const found = mannWhitney(a, b)
      expect(found.lower).toBeCloseTo(share((s) => s <= observed), 12)
      expect(found.upper).toBeCloseTo(share((s) => s >= observed), 12)
    }))
  })

  it.each([[3, 3, 0.1], [3, 4, 2 / 35], [4, 4, 2 / 70], [5, 5, 2 / 252]])('of %d against %d can reach p = %d and not less', (n, m, least) => {
    expect(smallestRankSumP(n, m)).toBeCloseTo(least, 13)
    const [low, high] = [Array.from({ length: n }, (_, i) => i), Array.from({ length: m }, (_, i) => 100 + i)]
    expect(mannWhitney(low, high).p).toBeCloseTo(least, 13)
  })

  it('shifts with the sample: Hodges–Lehmann of y + c is c more', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 12 })
    fc.assert(fc.property(values, values, fc.integer({ min: -500, max: 500 }), (a, b, c) => {
      const [one, moved] = [hodgesLehmann(a, b), hodgesLehmann(a, b.map((x) => x + c))]
      if (one.kind === 'none' || moved.kind === 'none') throw new Error('no interval')
      expect([moved.estimate, moved.low, moved.high]).toEqual([one.estimate + c, one.low + c, one.high + c])
    }))
  })

  it('covers a shift of heavy-tailed values 93 to 97 times in 100 (2,000 simulations)', () => {
    const r = random(31)
    const heavy = () => r.normal() / Math.sqrt(0.2 + r.uniform())
    let covered = 0
    for (let i = 0; i < 2000; i++) {
      const found = hodgesLehmann(Array.from({ length: 7 }, heavy), Array.from({ length: 8 }, () => heavy() + 2))
      covered += Number(found.kind === 'interval' && found.low <= 2 && found.high >= 2)
    }
    expect(covered / 2000).toBeGreaterThan(0.93)
    expect(covered / 2000).toBeLessThan(0.97)
  })
})

function subsets(values: readonly number[], size: number): number[] {
  if (size === 0) return [0]
  return values.flatMap((value, i) => subsets(values.slice(i + 1), size - 1).map((rest) => value + rest))
}

describe('signedRank', () => {
  // Hollander & Wolfe's depression scale, as in R's examples.
  const first = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
  const second = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
  const differences = first.map((x, i) => x - (second[i] as number))

  it('gives what R gives', () => {
    expect(signedRank(differences)).toMatchObject({ v: 40, p: expect.closeTo(0.0390625, 12), method: 'exact' })
    expect(pseudoMedian(differences)).toMatchObject({ estimate: expect.closeTo(0.46, 12), low: expect.closeTo(0.01, 12), high: expect.closeTo(0.786, 12) })
  })

  it('leaves out pairs without a difference, and counts them', () => expect(signedRank([0, 1, 2, 0, -3])).toMatchObject({ zeros: 2, v: 3, p: 1 }))
  it('of five pairs bounds nothing at 95 %', () => expect(pseudoMedian([1, 2, 3, 4, 5])).toMatchObject({ kind: 'none', estimate: 3 }))
})

describe('holm', () => {
  it('gives what R gives', () => holm([0.01, 0.04, 0.03, 0.005, 0.2]).forEach((p, i) => expect(p).toBeCloseTo([0.04, 0.09, 0.09, 0.025, 0.2][i] as number, 14)))
  it('never lowers a p-value, never changes their order, and is the plain one for one', () => {
    expect(holm([0.03])).toEqual([0.03])
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (ps) => {
      const adjusted = holm(ps)
      adjusted.forEach((p, i) => expect(p).toBeGreaterThanOrEqual(ps[i] as number))
      ps.forEach((p, i) => ps.forEach((q, j) => { if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number) }))
    }))
  })
})

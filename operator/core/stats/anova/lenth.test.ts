// SPDX-License-Identifier: Apache-2.0
// Montgomery, Design and Analysis of Experiments, ch. 6: the filtration rate of an unreplicated 2^4.
import { describe, expect, it } from 'vitest'
import { interactionEffect, mainEffects } from './effects.ts'
import { lenth } from './lenth.ts'
import { analyzeStrata, type Stratum } from './strata.ts'
import { type Factor, modelTerms } from './terms.ts'

const y = [45, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96]
const factor = (name: string, bit: number): Factor => ({ name, levels: ['−', '+'], codes: y.map((_, row) => (row >> bit) & 1) })
const all = ['A', 'B', 'C', 'D'].map(factor)

function effects(factors: readonly Factor[], order: number) {
  const terms = modelTerms(factors, order)
  const [stratum] = analyzeStrata({ y, terms, blocks: [], sums: 'sequential' }) as [Stratum]
  const found = [...factors.flatMap((f) => mainEffects(stratum, f)), ...terms.slice(factors.length).flatMap((t) => interactionEffect(stratum, t))]
  return { stratum, sizes: Object.fromEntries(found.map((e) => [e.term, e.estimate])), found }
}

describe('an unreplicated factorial', () => {
  const { sizes, found } = effects(all, 4)
  it.each([['A', 21.625], ['B', 3.125], ['C', 9.875], ['D', 14.625], ['A × C', -18.125], ['A × D', 16.625], ['A × B × C × D', 1.375]])('has the effect %s of %d', (term, size) => {
    expect(sizes[term]).toBeCloseTo(size, 10)
  })

  it('has no interval, and Lenth’s margins instead', () => {
    expect(found.every((e) => e.interval === null)).toBe(true)
    const margins = lenth(Object.values(sizes))
    expect(margins?.s0).toBeCloseTo(3.9375, 12)
    expect(margins?.pse).toBeCloseTo(2.625, 12)
    expect(margins?.marginOfError).toBeCloseTo(6.7478, 4)
    // t at (1 + 0.95^(1/15)) / 2 with five degrees of freedom is 5.219.
    expect(margins?.simultaneousMargin).toBeCloseTo(13.699, 3)
    expect(Object.entries(sizes).filter(([, size]) => Math.abs(size) > (margins?.marginOfError ?? 0)).map(([term]) => term)).toEqual(['A', 'C', 'D', 'A × C', 'A × D'])
  })

  it('without B is a replicated 2^3', () => {
    const { stratum, found: three } = effects(all.filter((f) => f.name !== 'B'), 3)
    expect(stratum.fit.error.df).toBe(8)
    expect(stratum.fit.error.meanSquare).toBeCloseTo(22.4375, 10)
    expect(stratum.fit.terms[0]?.f).toBeCloseTo(83.37, 2)
    // Two standard errors of an effect: √(22.4375 · 4 / 16).
    expect(three[0]?.interval?.standardError).toBeCloseTo(Math.sqrt(22.4375 / 4), 12)
  })
})

it('of few effects is not given', () => {
  expect(lenth([1, 2, 3, 4, 5, 6])).toBeNull()
})

// SPDX-License-Identifier: Apache-2.0
// References: R 4.2 (power.t.test with strict = TRUE, power.anova.test); the power of two one-sided tests by adaptive quadrature (scipy).
import { describe, expect, it } from 'vitest'
import { random } from './testdata/random.ts'
import { detectableEffect, effectPower, equivalencePower, fewestReplicates, twoSamplePower } from './power.ts'
import { welchDifference } from './interval/means.ts'

describe('twoSamplePower', () => {
  it.each([[20, 1, 0.868_953_027_724_586], [3, 2, 0.462_640_811_891_427]])('of %d a side for a shift of %d deviations', (n, shift, power) => expect(twoSamplePower({ n, shift, sd: 1 })).toBeCloseTo(power, 10))
  it('gives the number of replicates back', () => expect(fewestReplicates((n) => twoSamplePower({ n, shift: 1, sd: 1 }), { power: 0.9 })).toBe(23))
  it.each([2, 7, 8, 17, 60, 9000])('finds the same from %d', (start) => expect(fewestReplicates((n) => twoSamplePower({ n, shift: 1, sd: 1 }), { start })).toBe(17))
  it('of no shift is alpha', () => expect(twoSamplePower({ n: 6, shift: 0, sd: 2, alpha: 0.03 })).toBeCloseTo(0.03, 10))
  it('says when no number will do', () => expect(fewestReplicates(() => 0.1)).toBeNull())
})

describe('equivalencePower', () => {
  it.each([[12, 0.1, 0, 0.1, 0.533_708_885_949_224_9], [12, 0.1, 0.05, 0.1, 0.295_785_185_053_561_55], [5, 0.1, 0, 0.15, 0.418_268_583_592_790_45], [40, 1, 0.2, 0.8, 0.842_304_440_768_352_6]])(
    'of %d a side, deviation %d, shift %d, margin %d', (...[n, sd, shift, margin, power]) => expect(equivalencePower({ n, sd, shift, margin })).toBeCloseTo(power, 4))
  it('is what happens', () => {
    const r = random(5)
    let same = 0
    for (let i = 0; i < 2000; i++) {
      const inner = welchDifference(Array.from({ length: 12 }, r.normal), Array.from({ length: 12 }, r.normal), 0.9)
      same += Number(inner.kind === 'interval' && inner.low > -1 && inner.high < 1)
    }
    expect(Math.abs(same / 2000 - equivalencePower({ n: 12, sd: 1, shift: 0, margin: 1 }))).toBeLessThan(0.04)
  })
})

describe('effectPower', () => {
  // power.anova.test(groups = 4, n = 5, between.var = 1, within.var = 3): λ = 5, that is an effect of √6.
  it('is that of the F test', () => expect(effectPower({ effect: Math.sqrt(6), sd: Math.sqrt(3), levels: 4, unitsPerLevel: 5, errorDf: 16 })).toBeCloseTo(0.353_559_423_815_302, 8))
  it('of two levels is that of the t test', () => expect(effectPower({ effect: 1, sd: 1, levels: 2, unitsPerLevel: 20, errorDf: 38 })).toBeCloseTo(0.868_953_027_724_586, 9))
  it('gives the detectable effect back', () => {
    const plan = { sd: 3, levels: 3, unitsPerLevel: 4, errorDf: 9 }
    expect(effectPower({ ...plan, effect: detectableEffect(plan) as number })).toBeCloseTo(0.8, 10)
  })
  it('without an error is none', () => expect([effectPower({ effect: 9, sd: 1, levels: 2, unitsPerLevel: 1, errorDf: 0 }), detectableEffect({ sd: 1, levels: 2, unitsPerLevel: 1, errorDf: 0 })]).toEqual([0, null]))
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incompleteBeta } from './distribution/incomplete-beta.ts'
import { logGamma } from './gamma.ts'
import { studentCdf, studentQuantile } from './student-t.ts'

const relative = (got: number, expected: number) => Math.abs(got - expected) / Math.abs(expected)

describe('logGamma', () => {
  it.each([
    [0.5, 0.5 * Math.log(Math.PI)], [10, Math.log(362_880)], [100, 359.134_205_369_575_4],
    [1e-3, 6.907_178_885_383_853], [1e5, 1_051_287.708_973_657],
  ])('of %f', (x, expected) => expect(relative(logGamma(x), expected)).toBeLessThan(1e-13))

  it('follows Γ(x + 1) = x Γ(x)', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), (x) => {
      expect(logGamma(x + 1)).toBeCloseTo(logGamma(x) + Math.log(x), 9)
    }))
  })
})

describe('incompleteBeta', () => {
  it('of b = 1 is a power, and mirrors', () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 0.999, noNaN: true }), fc.double({ min: 0.1, max: 50, noNaN: true }), (x, a) => {
      expect(incompleteBeta(x, a, 1)).toBeCloseTo(x ** a, 11)
      expect(incompleteBeta(x, a, 2.5)).toBeCloseTo(1 - incompleteBeta(1 - x, 2.5, a), 9)
    }))
  })
})

describe('studentQuantile', () => {
  // df 1 and 2 have closed forms: tan(π(p − ½)) and (2p − 1)/√(2p(1 − p)); df 4 as well. The rest is R's qt to 15 digits.
  it.each([
    [0.975, 1, Math.tan(Math.PI * 0.475)], [0.9995, 1, Math.tan(Math.PI * 0.4995)],
    [0.975, 2, 0.95 / Math.sqrt(2 * 0.975 * 0.025)], [0.6, 2, 0.2 / Math.sqrt(2 * 0.6 * 0.4)],
    [0.975, 3, 3.182_446_305_284_263], [0.975, 4, 2.776_445_105_197_793], [0.975, 5, 2.570_581_835_636_197],
    [0.975, 10, 2.228_138_851_964_939], [0.95, 30, 1.697_260_886_593_901], [0.995, 120, 2.617_421_145_109_892],
  ])('at %f with %d degrees of freedom has nine digits', (p, df, expected) => {
    expect(relative(studentQuantile(p, df), expected)).toBeLessThan(1e-9)
    expect(relative(studentQuantile(1 - p, df), -expected)).toBeLessThan(1e-9)
  })

  it('nears the normal quantile as the degrees of freedom grow', () => {
    expect(studentQuantile(0.975, 1e7)).toBeCloseTo(1.959_963_984_540_054, 6)
  })

  it('undoes the distribution function', () => {
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.integer({ min: 1, max: 300 }), (p, df) => {
      expect(studentCdf(studentQuantile(p, df), df)).toBeCloseTo(p, 11)
    }))
  })

  it('refuses what has no quantile', () => {
    expect(() => studentQuantile(1, 3)).toThrow('expected 0 < p < 1')
    expect(() => studentQuantile(0.5, 0)).toThrow('expected df > 0')
  })
})

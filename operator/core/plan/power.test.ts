// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectable, powerOf } from './power.ts'

const twoGroups = (n: number) => ({ variance: 2 / n, df: 2 * n - 2 })

describe('powerOf', () => {
  // The two-sample t test with so many values a side: by R 4.2 and scipy 1.17; 17 a side for one, 64 for half a deviation are in every textbook.
  it.each([[1, 17, 0.8070367151], [0.5, 64, 0.8014595579], [2, 3, 0.4626408119], [1, 2, 0.0952017555], [3, 2, 0.3874001285]])('of %f standard deviations with %i a side is %f', (difference, n, power) => {
    expect(powerOf(difference, twoGroups(n))).toBeCloseTo(power, 8)
  })

  it('is the level where there is no difference', () => {
    expect(powerOf(0, twoGroups(4))).toBeCloseTo(0.05, 10)
    expect(powerOf(1, { variance: 1, df: 0 })).toBeNaN()
  })

  it('grows with the difference and with the degrees of freedom, up to certainty', () => {
    const difference = fc.double({ min: 0.01, max: 300, noNaN: true })
    fc.assert(fc.property(difference, difference, fc.integer({ min: 1, max: 200 }), (a, b, df) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      expect(powerOf(low, { variance: 1, df })).toBeLessThanOrEqual(powerOf(high, { variance: 1, df }) + 1e-9)
      expect(powerOf(low, { variance: 1, df })).toBeLessThanOrEqual(powerOf(low, { variance: 1, df: df + 1 }) + 1e-9)
      expect(powerOf(1e4, { variance: 1, df })).toBeGreaterThan(0.99)
    }), { numRuns: 60 })
  })
})

describe('detectable', () => {
  it.each([[2, 5.65348926619], [3, 3.07089226636], [5, 2.02443933938], [10, 1.32494739258]])('with %i a side is %f standard deviations', (n, difference) => {
    expect(detectable(twoGroups(n))).toBeCloseTo(difference, 6)
  })

  it('has the power that is wanted', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 10, noNaN: true }), (df, variance) => {
      expect(powerOf(detectable({ variance, df }), { variance, df })).toBeCloseTo(0.8, 6)
    }), { numRuns: 40 })
  })

  it('is nothing without an error term', () => {
    expect(detectable({ variance: 1, df: 0 })).toBeNaN()
  })
})

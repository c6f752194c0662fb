// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { coefficientOfVariation, sum, summarizeValues } from './summary.ts'

describe('summarizeValues', () => {
  it.each([
    [[], { n: 0, mean: null, stddev: null, min: null, max: null }],
    [[5], { n: 1, mean: 5, stddev: null, min: 5, max: 5 }],
    [[2, 4, 4, 4, 5, 5, 7, 9], { n: 8, mean: 5, stddev: Math.sqrt(32 / 7), min: 2, max: 9 }],
  ])('of %j', (values, expected) => {
    expect(summarizeValues(values)).toEqual(expected)
  })

  // NIST StRD univariate NumAcc3 and NumAcc4: mean 1000000.2 (10000000.2), standard deviation exactly 0.1.
  it.each([1_000_000, 10_000_000])('keeps the digits of small spreads on %d', (offset) => {
    const values = [offset + 0.2, ...Array.from({ length: 1000 }, (_, i) => offset + (i % 2 === 0 ? 0.1 : 0.3))]
    const { mean, stddev } = summarizeValues(values)
    expect(mean).toBeCloseTo(offset + 0.2, 8)
    expect(Math.abs((stddev as number) - 0.1) / 0.1).toBeLessThan(1e-7)
  })

  it('is moved by a shift and stretched by a factor', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 })
    fc.assert(fc.property(values, fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 50 }), (sample, shift, factor) => {
      const before = summarizeValues(sample)
      const after = summarizeValues(sample.map((x) => x * factor + shift))
      expect(after.mean).toBeCloseTo((before.mean as number) * factor + shift, 6)
      expect(after.stddev).toBeCloseTo((before.stddev as number) * factor, 6)
    }))
  })

  it('adds what a plain sum loses', () => {
    expect(sum([1, 1e100, 1, -1e100])).toBe(2)
  })

  it('gives the coefficient of variation, or null where the mean is 0', () => {
    expect(coefficientOfVariation([1, 3])).toBeCloseTo(Math.SQRT2 / 2, 12)
    expect(coefficientOfVariation([-1, 1])).toBeNull()
    expect(coefficientOfVariation([4])).toBeNull()
  })
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, quantile, sorted } from './quantile.ts'

describe('quantile', () => {
  // R: quantile(c(1, 2, 3, 4), type = 7) and quantile(c(1, 3, 6, 10, 15), c(.1, .9), type = 7).
  it.each([
    [[1, 2, 3, 4], 0, 1], [[1, 2, 3, 4], 0.25, 1.75], [[1, 2, 3, 4], 0.5, 2.5], [[1, 2, 3, 4], 0.75, 3.25], [[1, 2, 3, 4], 1, 4],
    [[1, 3, 6, 10, 15], 0.1, 1.8], [[1, 3, 6, 10, 15], 0.9, 13], [[7], 0.999, 7],
  ])('of %j at %f is %f', (values, p, expected) => {
    expect(quantile(values, p)).toBeCloseTo(expected, 12)
  })

  it('of nothing is null, and a fraction outside 0 to 1 is refused', () => {
    expect(quantile([], 0.5)).toBeNull()
    expect(() => quantile([1], 1.1)).toThrow('expected 0 ≤ p ≤ 1')
    expect(() => quantile([1], Number.NaN)).toThrow('expected 0 ≤ p ≤ 1')
  })

  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 })
  const fraction = fc.double({ min: 0, max: 1, noNaN: true })

  it('lies between the extremes and grows with p', () => {
    fc.assert(fc.property(values, fraction, fraction, (sample, p, q) => {
      const order = sorted(sample)
      const low = quantile(order, Math.min(p, q)) as number
      const high = quantile(order, Math.max(p, q)) as number
      expect(low).toBeLessThanOrEqual(high + Math.abs(high) * 1e-12)
      expect(low).toBeGreaterThanOrEqual(order[0] as number)
      expect(high).toBeLessThanOrEqual(order.at(-1) as number)
    }))
  })

  it('mirrors: the p-quantile of −x is minus the (1 − p)-quantile of x', () => {
    fc.assert(fc.property(values, fraction, (sample, p) => {
      const mirrored = quantile(sorted(sample.map((x) => -x)), 1 - p) as number
      expect(-mirrored).toBeCloseTo(quantile(sorted(sample), p) as number, 3)
    }))
  })

  it('sorts by number, not by text', () => {
    expect(median([10, 9, 100])).toBe(10)
    expect([...sorted([10, 9, 100])]).toEqual([9, 10, 100])
  })
})

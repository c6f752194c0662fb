// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { PERCENTILES } from '../model/metric.ts'
import { createPooledValues } from './pooled-values.ts'

const filled = (values: readonly number[], limit?: number) => {
  const pool = createPooledValues(limit)
  for (const value of values) pool.push(value)
  return pool
}

it('is exact up to the limit and says when it is not', () => {
  expect(filled([3, 1, 2], 3)).toMatchObject({ exact: true, length: 3 })
  expect(filled([3, 1, 2], 2)).toMatchObject({ exact: false, length: 3 })
})

it('in bins keeps mean, spread and extremes, and quantiles within 0.01 %', () => {
  const values = Array.from({ length: 5000 }, (_, i) => 0.5 + ((i * 7919) % 5000) / 37)
  const exact = filled(values).sample()
  const binned = filled(values, 100).sample()
  expect(binned.summary.mean).toBeCloseTo(exact.summary.mean as number, 9)
  expect(binned.summary.stddev).toBeCloseTo(exact.summary.stddev as number, 9)
  expect([binned.summary.min, binned.summary.max, binned.summary.n]).toEqual([exact.summary.min, exact.summary.max, 5000])
  for (const p of Object.values(PERCENTILES)) {
    const [got, want] = [binned.quantile(p) as number, exact.quantile(p) as number]
    // Half a bin, and the distance to the next of 5,000 values.
    expect(Math.abs(got - want)).toBeLessThan(want * 1e-4 + 1 / 37)
  }
})

it('takes zero and values beyond all bins', () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { minLength: 3, maxLength: 30 }), (values) => {
    const { summary, quantile } = filled(values, 1).sample()
    for (const p of [0, 0.5, 1]) {
      expect(quantile(p)).toBeGreaterThanOrEqual(summary.min as number)
      expect(quantile(p)).toBeLessThanOrEqual(summary.max as number)
    }
  }))
})

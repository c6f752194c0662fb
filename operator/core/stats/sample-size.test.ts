// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { minimumSamples } from './sample-size.ts'

// 64, 130, 662 and 6,636 are the counts that MLCommons publishes for early stopping.
it.each([[0.5, 11], [0.9, 64], [0.95, 130], [0.99, 662], [0.999, 6636]])('the %f-quantile needs %d values', (p, expected) => {
  expect(minimumSamples(p)).toBe(expected)
  expect(minimumSamples(p)).toBe(expected)
})

it('asks as much of low percentiles as of high ones', () => {
  expect(minimumSamples(0.01)).toBe(minimumSamples(0.99))
  expect(() => minimumSamples(1)).toThrow('expected 0 < p < 1')
})

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../testdata/random.ts'
import { medianBounds } from './median.ts'

describe('medianBounds', () => {
  it.each<[string, readonly number[], object]>([
    ['six values: the first and the last of them', [5, 1, 4, 2, 6, 3], { kind: 'interval', estimate: 3.5, low: 1, high: 6, method: 'order statistics' }],
    // exp(mean ± 4.302653 s / √3) of logarithms of 1, 2, 4: s = ln 2.
    ['three: Student on logarithms', [1, 4, 2], { kind: 'interval', estimate: 2, low: expect.closeTo(2 * Math.exp(-4.302_652_73 * Math.LN2 / Math.sqrt(3)), 6), method: 'Student on logarithms' }],
    ['three with a zero: Student', [0, 1, 2], { kind: 'interval', estimate: 1, low: expect.closeTo(1 - 4.302_652_73 / Math.sqrt(3), 6), method: 'Student' }],
    ['one', [7], { kind: 'none', estimate: 7, reason: 'one value has no spread' }],
    ['none', [], { kind: 'none', estimate: null, reason: 'no values' }],
  ])('%s', (_, values, expected) => expect(medianBounds(values)).toMatchObject(expected))

  it('holds its estimate', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 12 }), (values) => {
      const found = medianBounds(values)
      if (found.kind === 'interval') expect(found.low <= found.estimate && found.estimate <= found.high).toBe(true)
    }))
  })

  it.each([3, 5, 8])('covers the median of a lognormal in at least 93 of 100, with %i values', (n) => {
    const r = random(n)
    let covered = 0
    for (let i = 0; i < 2000; i++) {
      const found = medianBounds(Array.from({ length: n }, () => 50 * Math.exp(0.2 * r.normal())))
      covered += Number(found.kind === 'interval' && found.low <= 50 && found.high >= 50)
    }
    expect(covered / 2000).toBeGreaterThan(0.93)
  })
})

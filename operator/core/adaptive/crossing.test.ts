// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { zeroCrossing } from './crossing.ts'

const points = (...values: readonly (readonly [number, number, number?])[]) => values.map(([load, mean, weight = 1]) => ({ load, mean, weight }))

describe('zeroCrossing', () => {
  it.each<[string, ReturnType<typeof points>, number | null]>([
    ['none of nothing', [], null],
    ['none where all are met', points([1, 2], [2, 1]), null],
    ['none where all are missed', points([1, -1], [2, -2]), null],
    ['half way in log load between equal margins', points([4, 1], [16, -1]), 8],
    ['nearer to the smaller margin', points([1, 3], [16, -1]), 8],
    ['pools neighbours that rise', points([1, 4], [2, -1], [4, 3], [16, -1]), 8],
    ['by weight', points([1, 4], [2, -1, 1], [4, 2, 2], [16, -1]), 8],
  ])('%s', (_, given, expected) => {
    const found = zeroCrossing(given)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toBeCloseTo(expected, 10)
  })

  it('lies between the last load that is met and the first that is not where means fall', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 20 }), fc.double({ min: 1.5, max: 999, noNaN: true }), (loads, knee) => {
      const sorted = loads.toSorted((a, b) => a - b)
      const found = zeroCrossing(sorted.map((load) => ({ load, mean: knee - load, weight: 1 })))
      const [below, above] = [sorted.findLast((l) => l <= knee), sorted.find((l) => l > knee)]
      if (below === undefined || above === undefined) expect(found).toBeNull()
      else {
        expect(found).toBeGreaterThanOrEqual(below * (1 - 1e-12))
        expect(found).toBeLessThanOrEqual(above * (1 + 1e-12))
      }
    }))
  })
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kneeOfFront, type Objective, paretoPlaces } from './pareto.ts'

const point = (...values: readonly number[]): Objective[] => values.map((estimate) => ({ estimate, low: estimate, high: estimate }))
const wide = (half: number, ...values: readonly number[]): Objective[] => values.map((estimate) => ({ estimate, low: estimate - half, high: estimate + half }))

describe('paretoPlaces', () => {
  // Latency, lower is better; throughput per GPU, higher is better.
  const directions = ['lower', 'higher'] as const
  it('has on the front whom nobody beats', () => {
    const places = paretoPlaces([point(10, 100), point(20, 300), point(25, 250), point(40, 310)], directions)
    expect(places).toEqual([{ place: 'front', by: null }, { place: 'front', by: null }, { place: 'dominated', by: 1 }, { place: 'front', by: null }])
  })
  it('calls possible whom nobody beats for sure', () => {
    expect(paretoPlaces([wide(3, 20, 300), wide(3, 22, 298), wide(3, 40, 200)], directions).map((p) => p.place)).toEqual(['front', 'possible', 'dominated'])
  })
  it('keeps equals both', () => expect(paretoPlaces([point(1, 1), point(1, 1)], directions).map((p) => p.place)).toEqual(['front', 'front']))
  it('has somebody on the front, and nobody beaten by someone off it alone', () => {
    const value = fc.integer({ min: 0, max: 20 })
    fc.assert(fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 25 }), (raw) => {
      const places = paretoPlaces(raw.map((r) => point(...r)), directions)
      expect(places.some((p) => p.place === 'front')).toBe(true)
      // Without intervals nothing is merely possible.
      expect(places.every((p) => p.place !== 'possible')).toBe(true)
    }))
  })
})

describe('kneeOfFront', () => {
  it('is where the front bends', () => expect(kneeOfFront([[10, 100], [12, 280], [20, 300], [60, 310]], ['lower', 'higher'])).toBe(1))
  it('is none on a straight line, of two points, or of a hollow front', () => {
    expect(kneeOfFront([[0, 0], [1, 1], [2, 2]], ['lower', 'higher'])).toBeNull()
    expect(kneeOfFront([[0, 0], [2, 2]], ['lower', 'higher'])).toBeNull()
    expect(kneeOfFront([[0, 0], [5, 1], [10, 10]], ['lower', 'higher'])).toBeNull()
    expect([1e-9, 0.05].map((least) => kneeOfFront([[0, 0], [5, 5.2], [10, 10]], ['lower', 'higher'], least))).toEqual([1, null])
  })
})

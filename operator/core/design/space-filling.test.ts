// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latinHypercube } from './latin-hypercube.ts'
import { codedOf, codedValue, type Range, spreadValue, valueAt } from './range.ts'
import { SOBOL_DIMENSIONS, sobolPoints } from './sobol.ts'

const leastDistance = (points: readonly (readonly number[])[]) => Math.min(...points.flatMap((a, i) => points.slice(0, i).map((b) => Math.hypot(...a.map((x, d) => x - (b[d] ?? 0))))))

describe('latinHypercube', () => {
  const size = fc.record({ points: fc.integer({ min: 2, max: 40 }), factors: fc.integer({ min: 1, max: 6 }), seed: fc.nat(), maximin: fc.boolean() })

  it('hits each stratum of each factor exactly once', () => {
    fc.assert(fc.property(size, (given) => {
      const rows = latinHypercube(given)
      for (let f = 0; f < given.factors; f++) expect(rows.map((row) => Math.floor((row[f] ?? 0) * given.points)).sort((a, b) => a - b)).toEqual([...Array(given.points).keys()])
    }), { numRuns: 40 })
  })

  it('is the same for the same seed, and another for another', () => {
    const of = (seed: number) => latinHypercube({ points: 8, factors: 3, seed, maximin: true })
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })

  // What is measured is named by its levels: other points after an upgrade would measure everything again.
  it('does not change from version to version', () => {
    expect(latinHypercube({ points: 5, factors: 2, seed: 1, maximin: true }).map((row) => row.map((x) => Number((x * 5 - 0.5).toFixed(9))))).toMatchInlineSnapshot(`
      [
        [
          4,
          3,
        ],
        [
          2,
          2,
        ],
        [
          0,
          1,
        ],
        [
          3,
          0,
        ],
        [
          1,
          4,
        ],
      ]
    `)
    expect(latinHypercube({ points: 4, factors: 3, seed: 7, maximin: false }).map((row) => row.map((x) => Number((x * 4 - 0.5).toFixed(9))))).toMatchInlineSnapshot(`
      [
        [
          0,
          1,
          2,
        ],
        [
          1,
          0,
          0,
        ],
        [
          3,
          2,
          1,
        ],
        [
          2,
          3,
          3,
        ],
      ]
    `)
  })

  // The best that there is in two dimensions: squared distances 5, 5, 8, 10 in strata (van Dam et al. 2007).
  it.each([[4, 5], [5, 5], [7, 8], [10, 10]])('of %i points in two dimensions is as far apart as any', (points, squared) => {
    expect((leastDistance(latinHypercube({ points, factors: 2, seed: 1, maximin: true })) * points) ** 2).toBeCloseTo(squared, 6)
  })

  it('is moved apart in more dimensions, too', () => {
    const distance = (maximin: boolean) => leastDistance(latinHypercube({ points: 30, factors: 4, seed: 3, maximin }))
    expect(distance(true)).toBeGreaterThan(1.5 * distance(false))
  })
})

describe('sobolPoints', () => {
  it('begins as published (Joe & Kuo)', () => {
    expect(sobolPoints({ points: 8, dimensions: 5 })).toEqual([
      [0, 0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5, 0.5], [0.75, 0.25, 0.25, 0.25, 0.75], [0.25, 0.75, 0.75, 0.75, 0.25],
      [0.375, 0.375, 0.625, 0.875, 0.375], [0.875, 0.875, 0.125, 0.375, 0.875], [0.625, 0.125, 0.875, 0.625, 0.625], [0.125, 0.625, 0.375, 0.125, 0.125],
    ])
  })

  // Point 1000 in all dimensions, in units of 1/1024, as scipy 1.17 computes it from the same direction numbers.
  it('goes on as others compute it, in every dimension', () => {
    expect(sobolPoints({ points: 1001, dimensions: SOBOL_DIMENSIONS }).at(-1)?.map((x) => x * 1024)).toEqual([
      225, 99, 531, 693, 287, 929, 47, 921, 513, 71, 87, 261, 165, 393, 147, 379, 737, 353, 1015, 743, 535, 563, 973, 553, 597, 929, 41, 1003, 61, 349, 151, 149,
    ])
  })

  it('scrambled or not, has one point in each of 2^m strata of every factor, and in each square of two', () => {
    fc.assert(fc.property(fc.option(fc.nat(), { nil: undefined }), (seed) => {
      const rows = sobolPoints({ points: 64, dimensions: 6, ...(seed === undefined ? {} : { seed }) })
      for (let d = 0; d < 6; d++) expect(new Set(rows.map((row) => Math.floor((row[d] ?? 0) * 64))).size).toBe(64)
      expect(new Set(rows.map(([x = 0, y = 0]) => `${Math.floor(x * 8)},${Math.floor(y * 8)}`)).size).toBe(64)
    }), { numRuns: 30 })
  })

  it('grows without moving what is there', () => {
    const of = (points: number) => sobolPoints({ points, dimensions: 3, seed: 5 })
    expect(of(50).slice(0, 20)).toEqual(of(20))
  })

  it('is scrambled differently by each seed and in each dimension, and stays so', () => {
    const of = (seed: number) => sobolPoints({ points: 4, dimensions: 2, seed })
    expect(of(1)).not.toEqual(of(2))
    expect(of(1).map(([x]) => x)).not.toEqual(of(1).map(([, y]) => y))
    expect(of(1).map((row) => row.map((x) => Number(x.toFixed(9))))).toMatchInlineSnapshot(`
      [
        [
          0.908518702,
          0.08359161,
        ],
        [
          0.037127942,
          0.856600553,
        ],
        [
          0.333659917,
          0.471226543,
        ],
        [
          0.743881494,
          0.633285016,
        ],
      ]
    `)
  })

  it('is spread evenly on average over seeds', () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => sobolPoints({ points: 1, dimensions: 1, seed })[0]?.[0] ?? 0)
    expect(firsts.reduce((a, b) => a + b, 0) / firsts.length).toBeCloseTo(0.5, 1)
    for (let decile = 0; decile < 10; decile++) expect(Math.abs(firsts.filter((x) => Math.floor(x * 10) === decile).length - 200)).toBeLessThan(60)
  })
})

describe('a range', () => {
  const linear: Range = { low: 4, high: 12, log: false }
  const log: Range = { low: 1, high: 100, log: true }

  it.each([
    [linear, 0, 4], [linear, 1, 12], [linear, 0.5, 8], [linear, 1.2071067811865475, 13.65685], [log, 0.5, 10], [log, 1, 100], [log, 0.25, 3.16228], [log, 1.5, 1000],
    [{ ...linear, step: 1 }, 0.3, 6], [{ ...linear, step: 2.5 }, 0.5, 9], [{ low: 0.1, high: 0.9, log: false, step: 0.1 }, 0.25, 0.3], [{ low: 0, high: 1e-6, log: false }, 0.123456789, 1.2346e-7],
  ])('%j at %f is %f', (range, position, value) => {
    expect(valueAt(range, position)).toBe(value)
  })

  it('gives every step the same share of many points', () => {
    const range: Range = { low: 1, high: 4, log: false, step: 1 }
    const values = Array.from({ length: 400 }, (_, i) => spreadValue(range, (i + 0.5) / 400))
    expect([1, 2, 3, 4].map((value) => values.filter((v) => v === value).length)).toEqual([100, 100, 100, 100])
    expect(spreadValue({ low: 0, high: 1, log: false, step: 0.4 }, 0.999)).toBe(0.8)
  })

  it('finds the position of a value again', () => {
    fc.assert(fc.property(fc.constantFrom(linear, log), fc.double({ min: -1.5, max: 1.5, noNaN: true }), (range, coded) => {
      expect(codedOf(range, codedValue(range, coded))).toBeCloseTo(coded, 4)
    }))
  })
})

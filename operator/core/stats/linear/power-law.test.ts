// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../testdata/random.ts'
import { fitPowerLaw, type PowerLaw, type SizedUnit } from './power-law.ts'

const law = (units: readonly SizedUnit[]): PowerLaw => {
  const found = fitPowerLaw(units)
  if (found.kind === 'none') throw new Error(found.reason)
  return found
}
const one = ([size, value]: readonly [number, number]): SizedUnit => ({ size, values: [value] })

/** Semi-major axes (au) and sidereal periods (years) of the planets, as every table has them. */
const PLANETS = [[0.3871, 0.2408], [0.7233, 0.6152], [1, 1], [1.5237, 1.8808], [5.2028, 11.862], [9.5388, 29.457], [19.1914, 84.01], [30.0611, 164.79]] as const

describe('a power law', () => {
  it('is Kepler’s third for the planets: period = distance^1.5', () => {
    const { exponent, scatter, units } = law(PLANETS.map(one))
    expect(exponent.estimate).toBeCloseTo(1.5, 3)
    expect(exponent.low < 1.5 && exponent.high > 1.4995).toBe(true)
    expect([units, exponent.df, scatter < 0.001]).toEqual([8, 6, true])
  })

  // Worked by hand: log2 of sizes 0, 1, 2 and of values 0, 2, 3: b = 1.5, residuals −1/6, 1/3, −1/6, s² = 1/6, se(b)² = s²/2 = 1/12, t(1) = 12.7062.
  it('has the interval of a line by hand', () => {
    const { exponent, at } = law([[1, 1], [2, 4], [4, 8]].map((p) => one(p as [number, number])))
    expect(exponent.estimate).toBeCloseTo(1.5, 12)
    expect(exponent.high - exponent.estimate).toBeCloseTo(12.706_204_736 / Math.sqrt(12), 6)
    expect(at(2)?.estimate).toBeCloseTo(2 ** (5 / 3), 9)
  })

  it('is not given with two sizes, however many replicates, nor of zeros', () => {
    expect(fitPowerLaw([{ size: 1, values: [1, 2, 3] }, { size: 2, values: [4, 5] }, { size: 2, values: [4] }, { size: 3, values: [] }])).toEqual({ kind: 'none', reason: 'fewer than three sizes' })
    expect(fitPowerLaw([one([1, 1]), one([2, 0]), one([3, 4])])).toEqual({ kind: 'none', reason: 'values that are not positive' })
  })

  it('is not given outside of what was measured', () => {
    const { at, from, to } = law(PLANETS.map(one))
    expect([at(from), at(to)].every((b) => b !== null)).toBe(true)
    expect([at(from / 1.01), at(to * 1.01)]).toEqual([null, null])
  })

  it('takes replicates for no further sizes: they narrow nothing between models', () => {
    const few = law([[1, 1], [2, 4], [4, 8]].map((p) => one(p as [number, number])))
    const many = law([[1, 1], [2, 4], [4, 8]].map(([size = 0, v = 0]) => ({ size, values: Array.from({ length: 9 }, () => v) })))
    expect(many.exponent).toEqual(few.exponent)
    expect(few.lack).toBeNull()
  })

  it('says where units lie off the line by more than replicates scatter', () => {
    const r = random(3)
    const units = (bend: number) => [1, 2, 4, 8].map((size) => ({ size, values: [1, 2, 3, 4].map(() => size * (size === 2 ? bend : 1) * Math.exp(0.01 * r.normal())) }))
    expect(law(units(1.2)).lack?.p).toBeLessThan(0.001)
    const alarms = Array.from({ length: 1000 }, () => law(units(1)).lack?.p ?? 1).filter((p) => p < 0.05).length
    expect(Math.abs(alarms / 1000 - 0.05)).toBeLessThan(0.02)
  })

  it('turns with the units of both axes, and not in its exponent', () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (x, y) => {
      const scaled = law(PLANETS.map(([size, value]) => one([size * x, value * y])))
      expect(scaled.exponent.estimate).toBeCloseTo(law(PLANETS.map(one)).exponent.estimate, 8)
    }))
  })
})

// Models differ from the law by a tenth, and stand-ups of one model by a hundredth: the exponent is to be covered 95 times in 100.
it.each([3, 4, 6])('covers the exponent that %i sizes were made with', (sizes) => {
  const r = random(sizes)
  let covered = 0
  const runs = 2000
  for (let i = 0; i < runs; i++) {
    const units = Array.from({ length: sizes }, (_, k) => {
      const own = 0.1 * r.normal()
      return { size: 0.5 * 2 ** k, values: [1, 2, 3].map(() => 20 * (0.5 * 2 ** k) ** 0.8 * Math.exp(own + 0.01 * r.normal())) }
    })
    const { exponent } = law(units)
    covered += Number(exponent.low <= 0.8 && exponent.high >= 0.8)
  }
  expect(Math.abs(covered / runs - 0.95)).toBeLessThan(0.015)
})

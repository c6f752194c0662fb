// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lengths } from '../model/workload-profile.ts'
import { lengthSource } from './lengths.ts'
import { randomStream } from './random.ts'

const draw = (lengths: Lengths, n: number, seed = 1) => {
  const source = lengthSource(lengths, randomStream(seed, 'lengths'))
  return Array.from({ length: n }, source)
}
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const deviation = (values: readonly number[]) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2)))
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

describe('lengthSource', () => {
  it('repeats a fixed length', () => {
    expect(new Set(draw({ fixed: 128 }, 100))).toEqual(new Set([128]))
  })

  it('is uniform between both bounds, included', () => {
    const values = draw({ uniform: { min: 3, max: 7 } }, 20_000)
    for (const value of [3, 4, 5, 6, 7]) expect(values.filter((v) => v === value).length / values.length).toBeCloseTo(0.2, 1)
    expect(values.every((v) => v >= 3 && v <= 7)).toBe(true)
  })

  it('is normal with the given mean and deviation', () => {
    const values = draw({ normal: { mean: 512, stddev: 64 } }, 20_000)
    expect(Math.abs(mean(values) - 512)).toBeLessThan(2)
    expect(Math.abs(deviation(values) - 64)).toBeLessThan(2)
  })

  it('draws again what falls outside, where that is wanted', () => {
    const wide = { normal: { mean: 10, stddev: 20 }, min: 1 }
    const [clamped, redrawn] = [draw(wide, 4000), draw({ ...wide, outside: 'redraw' }, 4000)]
    expect(clamped.filter((n) => n === 1).length).toBeGreaterThan(1000)
    expect(redrawn.filter((n) => n === 1).length).toBeLessThan(200)
    expect(Math.min(...redrawn)).toBe(1)
    expect(() => draw({ fixed: 5, min: 6, outside: 'redraw' }, 1)).toThrow('10000 draws in a row fell outside of 6')
  })

  it('is log-normal with the given median and sigma', () => {
    const values = draw({ lognormal: { median: 400, sigma: 0.5 } }, 20_000)
    expect(Math.abs(median(values) - 400)).toBeLessThan(8)
    expect(Math.abs(deviation(values.map(Math.log)) - 0.5)).toBeLessThan(0.02)
  })

  it('gives Zipf ranks their shares', () => {
    const values = draw({ zipf: { exponent: 2, scale: 10 } }, 50_000)
    const share = (rank: number) => values.filter((v) => v === 10 * rank).length / values.length
    const zeta2 = Math.PI ** 2 / 6
    for (const rank of [1, 2, 3, 4]) expect(Math.abs(share(rank) - 1 / (rank ** 2 * zeta2))).toBeLessThan(0.01)
  })

  it('follows an empirical table by weight', () => {
    const values = draw({ empirical: [{ tokens: 10, weight: 3 }, { tokens: 1000, weight: 1 }] }, 20_000)
    expect(Math.abs(values.filter((v) => v === 10).length / values.length - 0.75)).toBeLessThan(0.02)
    expect(new Set(values)).toEqual(new Set([10, 1000]))
  })

  it('refuses lengths without a distribution', () => {
    expect(() => draw({ min: 1 }, 1)).toThrow('expected one of fixed, uniform')
  })

  const anyLengths = fc.oneof(
    fc.record({ normal: fc.record({ mean: fc.double({ min: 1, max: 5000, noNaN: true }), stddev: fc.double({ min: 0, max: 5000, noNaN: true }) }) }),
    fc.record({ lognormal: fc.record({ median: fc.double({ min: 1, max: 5000, noNaN: true }), sigma: fc.double({ min: 0.01, max: 3, noNaN: true }) }) }),
    fc.record({ zipf: fc.record({ exponent: fc.double({ min: 1.05, max: 5, noNaN: true }), scale: fc.integer({ min: 1, max: 100 }) }) }),
    fc.record({ uniform: fc.record({ min: fc.nat(1000), max: fc.nat(1000) }) }),
  )
  it('stays whole, clamped and reproducible, whatever the distribution', () => {
    fc.assert(fc.property(anyLengths, fc.nat(100), fc.nat(500), fc.integer(), (lengths, min, span, seed) => {
      const values = draw({ ...lengths, min, max: min + span }, 50, seed)
      expect(values.every((v) => Number.isInteger(v) && v >= min && v <= min + span)).toBe(true)
      expect(draw({ ...lengths, min, max: min + span }, 50, seed)).toEqual(values)
    }))
  })
})

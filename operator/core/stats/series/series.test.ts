// SPDX-License-Identifier: Apache-2.0
// References: R 4.2, cor.test(method = "kendall") against the index, exact and with continuity correction; MSER-5 as the research page defines the case.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../testdata/random.ts'
import { pettitt } from './change-point.ts'
import { findWarmUp } from './mser.ts'
import { assessSteadiness } from './steadiness.ts'
import { mannKendall } from './trend.ts'

describe('findWarmUp', () => {
  const steady = Array.from({ length: 50 }, () => [10, 11, 9, 10, 10]).flat()
  it('cuts a falling start and nothing else', () => {
    const start = Array.from({ length: 50 }, (_, i) => 100 - (88 * i) / 49)
    expect(findWarmUp([...start, ...steady])).toEqual({ cut: 50, mean: 10, verdict: 'found' })
  })
  it('cuts nothing of a steady series', () => expect(findWarmUp(steady)).toEqual({ cut: 0, mean: 10, verdict: 'none' }))
  it('does not call a series settled that falls throughout', () => {
    expect(findWarmUp(Array.from({ length: 200 }, (_, i) => 300 - i)).verdict).toBe('unsettled')
  })
  it('is not asked of a short series', () => expect(findWarmUp([5, 4, 3, 2, 1])).toEqual({ cut: 0, mean: null, verdict: 'too short' }))
  it('finds the same cut whatever the unit', () => {
    const r = random(4)
    const series = Array.from({ length: 150 }, (_, i) => 20 * Math.exp(-i / 15) + r.normal())
    const { cut } = findWarmUp(series)
    expect(cut).toBeGreaterThan(15)
    expect(cut).toBeLessThan(75)
    expect(findWarmUp(series.map((x) => 1e6 + 3 * x)).cut).toBe(cut)
  })
})

describe('mannKendall', () => {
  it('is exact without ties', () => expect(mannKendall([2.1, 2.4, 1.9, 2.8, 3.1, 2.7, 3.3, 3, 3.6, 3.2])).toMatchObject({ s: 29, method: 'exact', p: expect.closeTo(0.009_148_478_835_978_8, 13) }))
  it('corrects for ties and continuity', () => expect(mannKendall([2.1, 2.4, 2.4, 2.8, 3.1, 2.7, 3.1, 3, 3.6, 3.2, 3.1, 2.9])).toMatchObject({ method: 'normal', p: expect.closeTo(0.015_232_089_753_898_1, 12) }))
  it('finds the slope whatever one outlier says', () => {
    const found = mannKendall([0, 2, 4, 6, 800, 10, 12, 14, 16, 18])
    expect(found?.slope).toBe(2)
    expect(found?.low).toBeLessThanOrEqual(2)
    expect(found?.high).toBeGreaterThanOrEqual(2)
  })
  it('turns with the series', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 30 }), (values) => {
      const [up, down] = [mannKendall(values), mannKendall(values.toReversed())]
      expect(down?.s).toBe(-(up?.s ?? 0) + 0)
      expect(down?.p).toBeCloseTo(up?.p ?? 0, 12)
    }))
  })
})

describe('pettitt', () => {
  it('finds where the level shifts, and by how much', () => {
    const r = random(8)
    const found = pettitt(Array.from({ length: 60 }, (_, i) => r.normal() + (i < 25 ? 0 : 4)))
    expect(Math.abs((found?.at ?? 0) - 25)).toBeLessThanOrEqual(1)
    expect(found?.shift).toBeCloseTo(4, 0)
    expect(found?.p).toBeLessThan(1e-5)
  })
  it('of a handful of values says nothing', () => expect(pettitt([1, 2, 3, 4, 5, 6, 7])).toBeNull())
})

describe('assessSteadiness', () => {
  const noise = random(21)
  const series = (level: (i: number) => number, n = 60) => Array.from({ length: n }, (_, i) => 100 + noise.normal() + level(i))
  it('tells drift from shift', () => {
    expect(assessSteadiness(series((i) => i / 6))).toMatchObject({ verdict: 'drift', change: expect.closeTo(10, -0.3), relative: expect.closeTo(0.1, 1) })
    expect(assessSteadiness(series((i) => (i < 40 ? 0 : 8)))).toMatchObject({ verdict: 'shift', at: 40, change: expect.closeTo(8, -0.3) })
  })
  it('calls 1,000 steady series anything else in at most 5 of 100', () => {
    let alarms = 0
    for (let i = 0; i < 1000; i++) alarms += Number(assessSteadiness(series(() => 0, 30)).verdict !== 'steady')
    expect(alarms / 1000).toBeLessThan(0.06)
  })
  it('averages correlated neighbours first: else a steady run would drift', () => {
    let [plain, batched] = [0, 0]
    for (let run = 0; run < 100; run++) {
      let state = 0
      const values = Array.from({ length: 240 }, () => (state = 0.4 * state + noise.normal()))
      plain += Number(assessSteadiness(values).verdict !== 'steady')
      batched += Number(assessSteadiness(values, { correlated: true }).verdict !== 'steady')
    }
    expect(plain / 100).toBeGreaterThan(0.15)
    expect(batched / 100).toBeLessThan(0.12)
  })
  it('of a short series says so', () => expect(assessSteadiness([1, 2, 3]).verdict).toBe('too short'))
})

// SPDX-License-Identifier: Apache-2.0
// References: R 4.2 (t.test, binom.test, prop.test without correction, boot.ci with 20,000 resamples).
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sorted } from '../quantile.ts'
import { random } from '../testdata/random.ts'
import { bootstrap, bootstrapMean, bootstrapQuantile } from './bootstrap.ts'
import type { MaybeBounds } from './bounds.ts'
import { clusteredQuantile } from './clustered-quantile.ts'
import { geometricMeanRatio, meanBounds, pairedDifference, welchDifference } from './means.ts'
import { quantileBounds, samplesForBounds } from './order-statistic.ts'
import { clopperPearson, wilson } from './proportion.ts'

const ends = (bounds: MaybeBounds) => (bounds.kind === 'none' ? bounds.reason : [bounds.low, bounds.high])
const near = (expected: readonly number[], decimals: number) => expected.map((x) => expect.closeTo(x, decimals))

describe('means', () => {
  const [drug1, drug2] = [[0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]]
  it('Welch: Student’s sleep data, two samples', () => {
    const found = welchDifference(drug1, drug2)
    expect(ends(found)).toEqual(near([-0.205_483_230_711_71, 3.365_483_230_711_71], 12))
    expect(found).toMatchObject({ p: expect.closeTo(0.079_394_140_187_358_2, 12), df: expect.closeTo(17.776_473_516_178_5, 10) })
  })
  it('pairs: the same data by person', () => {
    const found = pairedDifference(drug2.map((x, i) => x - (drug1[i] as number)))
    expect(ends(found)).toEqual(near([0.700_114_236_723_018, 2.459_885_763_276_982], 12))
    expect(found).toMatchObject({ p: expect.closeTo(0.002_832_890_197_384_27, 13) })
  })
  it('on logarithms: ratio of geometric means', () => {
    const found = geometricMeanRatio([10.1, 11.2, 9.8, 12], [12.5, 14.1, 13.3, 15.2, 12.9])
    expect(found.estimate).toBeCloseTo(1.263_269_856_721_61, 12)
    expect(ends(found)).toEqual(near([1.094_762_140_665_37, 1.457_714_577_096_65], 11))
    expect(found).toMatchObject({ p: expect.closeTo(0.007_308_436_935_932_02, 12), df: expect.closeTo(5.875_135_123_947_32, 9) })
  })
  it('of too little says so', () => {
    expect(ends(meanBounds([3]))).toBe('one value has no spread')
    expect(ends(welchDifference([1], [2, 3]))).toBe('needs two values on each side')
    expect(ends(welchDifference([1, 1], [2, 2]))).toContain('no spread')
    expect(ends(geometricMeanRatio([0, 1], [2, 3]))).toBe('logarithms need positive values')
  })
  it('is not moved by the unit: a ratio of milliseconds is one of seconds', () => {
    const value = fc.double({ min: 0.1, max: 100, noNaN: true })
    fc.assert(fc.property(fc.array(value, { minLength: 3, maxLength: 9 }), fc.array(value, { minLength: 3, maxLength: 9 }), (a, b) => {
      const [one, other] = [geometricMeanRatio(a, b), geometricMeanRatio(a.map((x) => x * 1000), b.map((x) => x * 1000))]
      if (one.kind === 'none' || other.kind === 'none') return
      expect(other.low / one.low).toBeCloseTo(1, 8)
    }))
  })
})

describe('shares', () => {
  it.each([[8, 20, 0.191_190_060_725_307, 0.639_457_412_692_51], [0, 10, 0, 0.308_497_107_818_761], [10, 10, 0.691_502_892_181_239, 1]])(
    'Clopper–Pearson of %d in %d', (k, n, low, high) => expect(ends(clopperPearson({ k, n }))).toEqual(near([low, high], 12)))
  it.each([[8, 20, 0.218_806_532_372_817, 0.613_418_499_237_747], [0, 10, 0, 0.277_532_799_862_889]])(
    'Wilson of %d in %d', (k, n, low, high) => expect(ends(wilson({ k, n }))).toEqual(near([low, high], 12)))
  it('refuses what is no share', () => expect(() => wilson({ k: 3, n: 2 })).toThrow('0 ≤ k ≤ n'))
})

describe('order statistics', () => {
  // Tables of the sign test: for 10 values the 2nd and the 9th enclose the median with 97.9 %, for 20 the 6th and the 15th with 95.9 %.
  it.each([[10, 2, 9, 0.978_515_625], [20, 6, 15, 0.958_610_534], [6, 1, 6, 0.968_75]])('of %d values take the %dth and the %dth for a median', (n, low, high, reached) => {
    expect(quantileBounds(Array.from({ length: n }, (_, i) => i + 1), 0.5)).toMatchObject({ low, high, reached: expect.closeTo(reached, 8) })
  })
  it.each([[0.5, 6], [0.95, 72], [0.99, 368], [0.01, 368]])('need so many values for the %d-quantile: %d', (p, n) => {
    expect(samplesForBounds(p)).toBe(n)
    const values = (count: number) => Array.from({ length: count }, (_, i) => i)
    expect([quantileBounds(values(n - 1), p).kind, quantileBounds(values(n), p).kind]).toEqual(['none', 'interval'])
  })
  it('say what is missing', () => expect(quantileBounds([1, 2, 3, 4, 5], 0.5)).toEqual({ kind: 'none', estimate: 3, reason: '5 values; an interval of this percentile needs 6' }))
})

describe('bootstrap', () => {
  const values = [9.6, 10.4, 13, 15, 16.6, 17.2, 17.3, 21.8, 24, 26.9, 33.8]
  const clusters = values.map((v) => [v])
  it.each([['percentile', 14.79, 23.07], ['bca', 15.12, 23.5]] as const)('%s interval of a mean', (method, low, high) => {
    const found = bootstrapMean(clusters, { seed: 3, resamples: 20_000, method })
    if (found.kind === 'none') throw new Error(found.reason)
    expect(Math.abs(found.low - low)).toBeLessThan(0.15)
    expect(Math.abs(found.high - high)).toBeLessThan(0.15)
  })
  it('gives the same for the same seed, and a wider interval where clusters are few', () => {
    const once = bootstrapMean(clusters, { seed: 3 })
    expect(bootstrapMean(clusters, { seed: 3 })).toEqual(once)
    const plain = bootstrapMean(clusters, { seed: 3, method: 'percentile' })
    if (once.kind === 'none' || plain.kind === 'none') throw new Error('no interval')
    expect(once.high - once.low).toBeGreaterThan((plain.high - plain.low) * 1.1)
  })
  it('counts draws as the full sample would: the percentile of a resample', () => {
    const trials = [[1, 2, 3], [10, 20], [5], [7, 7, 7], [4], [6], [8], [9], [11], [12]]
    const drawn: number[][] = []
    bootstrap(trials.length, (counts) => {
      drawn.push(Array.from(counts))
      return 0
    }, { seed: 1, resamples: 5 })
    expect(drawn.every((counts) => counts.reduce((a, b) => a + b, 0) === 10)).toBe(true)
    expect(bootstrapQuantile(trials, 0.5, { seed: 1 }).estimate).toBe(7)
  })
  it('of a few trials claims nothing', () => expect(ends(bootstrapMean([[1], [2], [3]], { seed: 1 }))).toContain('needs 10'))
})

// Requests of one trial share a shift of 10 %; the truth is the percentile over all trials.
describe('coverage of 95 % over 2,000 simulations', () => {
  const coverage = (simulate: (r: ReturnType<typeof random>) => MaybeBounds, truth: number, seed = 11) => {
    const r = random(seed)
    let [covered, made] = [0, 0]
    for (let i = 0; i < 2000; i++) {
      const found = simulate(r)
      if (found.kind === 'none') continue
      made++
      covered += Number(found.low <= truth && truth <= found.high)
    }
    expect(made).toBeGreaterThan(1900)
    return covered / made
  }
  const trials = (r: ReturnType<typeof random>, n: number, requests: number) => Array.from({ length: n }, () => {
    const shift = 0.1 * r.normal()
    return Array.from({ length: requests }, () => Math.exp(shift + 0.5 * r.normal()))
  })

  it('mean', () => {
    const rate = coverage((r) => meanBounds(Array.from({ length: 5 }, r.normal)), 0)
    expect(rate).toBeGreaterThan(0.93)
    expect(rate).toBeLessThan(0.97)
  })
  it('ratio of geometric means with unequal spread', () => {
    const rate = coverage((r) => geometricMeanRatio(Array.from({ length: 4 }, () => Math.exp(0.1 * r.normal())), Array.from({ length: 6 }, () => 1.2 * Math.exp(0.3 * r.normal()))), 1.2)
    expect(rate).toBeGreaterThan(0.93)
    expect(rate).toBeLessThan(0.97)
  })
  it('p90 of requests, clustered by trial; as if requests were independent it would be far too rare', () => {
    const truth = Math.exp(1.281_551_565_544_6 * Math.hypot(0.1, 0.5))
    const rate = coverage((r) => clusteredQuantile(trials(r, 6, 100), 0.9), truth)
    expect(rate).toBeGreaterThan(0.93)
    expect(rate).toBeLessThan(0.97)
    const naive = coverage((r) => quantileBounds(sorted(trials(r, 6, 400).flat()), 0.9), truth)
    expect(naive).toBeLessThan(0.8)
  }, 20_000)
})

it('a percentile over one trial has no interval, however many requests it has', () => {
  expect(ends(clusteredQuantile([[1, 2, 3, 4]], 0.5))).toContain('one trial')
  expect(ends(clusteredQuantile([[1, 2, 3], [2, 3, 4]], 0.99))).toContain('too few values beyond')
})

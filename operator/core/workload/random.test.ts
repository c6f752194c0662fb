// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { randomStream } from './random.ts'

const series = (n: number, draw: () => number) => Array.from({ length: n }, draw)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const cv = (values: readonly number[]) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2))) / centre
}

describe('randomStream', () => {
  it('repeats itself for the same seed and labels', () => {
    const a = randomStream(7, 'arrival', 1)
    const b = randomStream(7, 'arrival', 1)
    expect(series(50, a.uniform)).toEqual(series(50, b.uniform))
  })

  it('is uncorrelated between neighbouring seeds and labels', () => {
    const base = series(4000, randomStream(1, 'a').uniform)
    for (const other of [randomStream(2, 'a'), randomStream(0, 'a'), randomStream(1, 'b'), randomStream(1, 'a', 0)]) {
      const values = series(4000, other.uniform)
      const covariance = mean(values.map((v, i) => (v - 0.5) * (base[i]! - 0.5)))
      expect(Math.abs(covariance * 12)).toBeLessThan(0.06)
    }
    const firstOfManySeeds = Array.from({ length: 4000 }, (_, seed) => randomStream(seed, 'a').uniform())
    expect(Math.abs(mean(firstOfManySeeds) - 0.5)).toBeLessThan(0.02)
  })

  it.each([[0.25], [0.5], [1], [4], [25]])('draws gamma of shape %d with mean 1 and CV 1/√shape', (shape) => {
    const random = randomStream(3, 'gamma')
    const values = series(40_000, () => random.gamma(shape))
    expect(Math.abs(mean(values) - 1)).toBeLessThan(0.04)
    expect(Math.abs(cv(values) * Math.sqrt(shape) - 1)).toBeLessThan(0.04)
    expect(values.every((v) => v >= 0)).toBe(true)
  })
})

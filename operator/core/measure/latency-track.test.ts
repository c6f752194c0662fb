// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLatencyTrack } from './latency-track.ts'

function tracked(values: readonly (readonly [number, number])[]) {
  const track = createLatencyTrack()
  for (const [at, value] of values) track.add(at, value)
  return track.points()
}
const every = (n: number, ms: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => [i * ms, value(i)] as const)

describe('a latency over time', () => {
  it.each<[string, readonly (readonly [number, number])[], number]>([
    ['nothing', [], 0],
    ['one request', [[10, 5]], 1],
    ['ten seconds, ten requests a second', every(100, 100, () => 40), 20],
    ['ten minutes', every(6000, 100, () => 40), 38],
    ['a request a second: stretches hold five on average', every(60, 1000, () => 40), 8],
  ])('of %s has so many points', (_, values, count) => expect(tracked(values)).toHaveLength(count))

  it('shows a step where it was, and its height', () => {
    const points = tracked(every(6000, 100, (i) => (i < 3000 ? 40 : 200)))
    for (const [at, value] of points) {
      if (at < 290_000) expect(Math.abs(value / 40 - 1)).toBeLessThan(0.011)
      if (at > 310_000) expect(Math.abs(value / 200 - 1)).toBeLessThan(0.011)
    }
  })

  it('takes the median, which one slow request does not move', () => {
    expect(tracked([[0, 10], [1, 10], [2, 5000], [3, 10], [4, 10]])[0]?.[1]).toBeCloseTo(10, 0)
  })

  it('whatever the order and the times: few points, rising times, values within those seen', () => {
    const value = fc.tuple(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.double({ min: 0.01, max: 1e6, noNaN: true }))
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), (values) => {
      const points = tracked(values)
      expect(tracked(values.toReversed())).toEqual(points)
      expect(points.length).toBeLessThanOrEqual(60)
      const [least, most] = [Math.min(...values.map((v) => v[1])), Math.max(...values.map((v) => v[1]))]
      points.forEach(([at, median], i) => {
        expect(median).toBeGreaterThanOrEqual(least * 0.98)
        expect(median).toBeLessThanOrEqual(most * 1.02)
        if (i > 0) expect(at).toBeGreaterThan(points[i - 1]?.[0] ?? 0)
      })
    }))
  })
})

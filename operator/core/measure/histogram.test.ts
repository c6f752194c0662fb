// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addHistograms, bucketQuantile, distributionOfHistogram, growth, type HistogramReading } from './histogram.ts'
import { grownHistogram, histogramTracks } from './histogram-track.ts'

const LE = [0.01, 0.1, 1]
const reading = (counts: readonly number[], sum = 0, le: readonly number[] = LE): HistogramReading => ({ le, counts, sum })

describe('bucketQuantile', () => {
  // Sums that say nothing beyond the buckets.
  it.each([
    ['in the middle of a bucket', reading([0, 10, 10, 10], 0.55), 0.5, { value: 0.055, range: [0.01, 0.1] }],
    ['in the first bucket, from 0', reading([4, 4, 4, 4], 0.02), 0.5, { value: 0.005, range: [0, 0.01] }],
    ['above the last bound: that, and what the sum leaves', reading([0, 0, 1, 4], 9.1), 0.5, { value: null, range: [1, 4] }],
    ['by a sum that leaves little: waits of microseconds in a bucket of a third of a second', reading([10, 10, 10], 0.0002, [0.3, 0.5]), 0.5, { value: 0.00004, range: [0, 0.00004] }],
    ['by a sum that leaves much', reading([0, 10, 10, 10], 0.99), 0.9, { value: 0.098888889, range: [0.098888889, 0.1] }],
    ['by its bucket alone where the sum contradicts it', reading([0, 10, 10, 10], 99), 0.5, { value: 0.055, range: [0.01, 0.1] }],
  ])('%s', (_, of, p, expected) => {
    const found = bucketQuantile(of, p)
    const close = (x: number | null) => (x === null ? null : expect.closeTo(x, 6) as number)
    expect(found).toEqual({ value: close(expected.value), range: expected.range.map(close) })
  })

  it('of nothing is nothing', () => expect(bucketQuantile(reading([0, 0, 0, 0]), 0.5)).toBeNull())

  it('its range holds the true quantile, whatever the values, and its value lies within', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (values, p) => {
      const counts = [...LE, Infinity].map((bound) => values.filter((v) => v <= bound).length)
      const truth = [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(p * values.length) - 1)] as number
      const { range: [lower, upper], value } = bucketQuantile(reading(counts, values.reduce((a, b) => a + b, 0)), p) as NonNullable<ReturnType<typeof bucketQuantile>>
      const slack = 1e-9
      expect(truth >= lower - slack && (upper === null || truth <= upper + slack)).toBe(true)
      if (value !== null) expect(value >= lower - slack && value <= (upper as number) + slack).toBe(true)
    }), { numRuns: 500 })
  })
})

describe('distributionOfHistogram', () => {
  it('has the exact mean and n, percentiles with their buckets, and no extremes', () => {
    const d = distributionOfHistogram('server_ttft', reading([0, 900, 1000, 1000], 55), 1000)
    expect(d).toMatchObject({ unit: 'ms', n: 1000, mean: 55, p50: 60, stddev: null, min: null, max: null, ranges: { p50: [10, 100], p90: [10, 100], p95: [100, 820], p99: [100, 1000] } })
    expect(Object.keys(d?.ranges ?? {})).toHaveLength(4)
  })

  it('marks percentiles of wide buckets and small samples as weak: they decide nothing', () => {
    const narrow = [0.1, 0.11, 0.12]
    const all = distributionOfHistogram('server_ttft', reading([0, 5000, 10_000, 10_000], 1100, narrow), 1000)
    expect(all?.weak).toEqual([])
    expect(distributionOfHistogram('server_ttft', reading([0, 5, 10, 10], 1.1, narrow), 1000)?.weak).toContain('p99')
    expect(distributionOfHistogram('server_ttft', reading([0, 5000, 10_000, 10_000], 1100), 1000)?.weak).toContain('p50')
  })

  it('of no values is none', () => expect(distributionOfHistogram('server_ttft', reading([0, 0, 0, 0]), 1000)).toBeNull())
})

describe('over time', () => {
  const at = (seconds: number, counts: readonly number[], sum: number, le = LE) => ({ atMs: seconds * 1000, histograms: { ttft: reading(counts, sum, le) } })
  const track = (...seen: Parameters<typeof histogramTracks>[0]) => [{ histograms: histogramTracks(seen) }]

  it('is what its buckets grew by within the window, not since the start', () => {
    const tracks = track(at(0, [10, 10, 10, 10], 1), at(10, [10, 20, 20, 20], 2), at(20, [10, 20, 50, 50], 20))
    expect(grownHistogram(tracks, 'ttft', [0, 10_000])).toEqual(reading([0, 10, 10, 10], 1))
    expect(grownHistogram(tracks, 'ttft', [10_000, 20_000])).toEqual(reading([0, 0, 30, 30], 18))
    expect(grownHistogram(tracks, 'ttft', [5000, 15_000])).toEqual(reading([0, 5, 20, 20], 9.5))
  })

  it('goes on after a restart with what was counted since', () => {
    const tracks = track(at(0, [5, 5, 5, 5], 1), at(10, [9, 9, 9, 9], 2), at(20, [0, 3, 3, 3], 0.3))
    expect(grownHistogram(tracks, 'ttft', [0, 20_000])?.counts).toEqual([4, 7, 7, 7])
  })

  it('adds replicas, and refuses those with other buckets', () => {
    const a = track(at(0, [0, 0, 0, 0], 0), at(10, [1, 2, 3, 4], 5))
    const b = track(at(0, [0, 0, 0, 0], 0), at(10, [10, 20, 30, 40], 50))
    const other = track(at(0, [0, 0, 0, 0], 0, [0.02, 0.1, 1]), at(10, [1, 1, 1, 1], 1, [0.02, 0.1, 1]))
    expect(grownHistogram([...a, ...b], 'ttft', [0, 10_000])).toEqual(reading([11, 22, 33, 44], 55))
    expect(grownHistogram([...a, ...other], 'ttft', [0, 10_000])).toBeNull()
    expect(grownHistogram(a, 'e2e', [0, 10_000])).toBeNull()
  })

  it('growth and sum undo each other', () => {
    const [a, b] = [reading([1, 2, 3, 4], 5), reading([0, 1, 1, 9], 7)]
    expect(growth(addHistograms([a, b]) as HistogramReading, b)).toEqual(a)
  })
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addHistograms, bucketQuantile, distributionOfHistogram, growth, type HistogramReading } from './histogram.ts'
import { grownHistogram, histogramTracks } from './histogram-track.ts'

const LE = [0.01, 0.1, 1]
const reading = (counts: readonly number[], sum = 0, le: readonly number[] = LE): HistogramReading => ({ le, counts, sum })

describe('bucketQuantile', () => {
  it.each([
    ['in the middle of a bucket', [0, 10, 10, 10], 0.5, { value: 0.055, range: [0.01, 0.1] }],
    ['in the first bucket, from 0', [4, 4, 4, 4], 0.5, { value: 0.005, range: [0, 0.01] }],
    ['above the last bound: only that is known', [0, 0, 1, 4], 0.9, { value: null, range: [1, null] }],
    ['where a bucket ends', [5, 10, 10, 10], 0.5, { value: 0.01, range: [0, 0.01] }],
  ])('%s', (_, counts, p, expected) => expect(bucketQuantile(reading(counts), p)).toEqual({ ...expected, value: expected.value === null ? null : expect.closeTo(expected.value, 12) }))

  it('of nothing is nothing', () => expect(bucketQuantile(reading([0, 0, 0, 0]), 0.5)).toBeNull())

  it('lies in the bucket of the true quantile, whatever the values', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1 }), fc.double({ min: 0.001, max: 1, noNaN: true }), (values, p) => {
      const counts = [...LE, Infinity].map((bound) => values.filter((v) => v <= bound).length)
      const truth = [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(p * values.length) - 1)] as number
      const { range: [lower, upper], value } = bucketQuantile(reading(counts), p) as NonNullable<ReturnType<typeof bucketQuantile>>
      expect(truth >= lower && (upper === null || truth <= upper)).toBe(true)
      if (value !== null) expect(value >= lower && value <= (upper as number)).toBe(true)
    }))
  })
})

describe('distributionOfHistogram', () => {
  it('has the exact mean and n, percentiles with their buckets, and no extremes', () => {
    const d = distributionOfHistogram('server_ttft', reading([0, 900, 1000, 1000], 55), 1000)
    expect(d).toMatchObject({ unit: 'ms', n: 1000, mean: 55, p50: 60, stddev: null, min: null, max: null, ranges: { p50: [10, 100], p90: [10, 100], p95: [100, 1000], p99: [100, 1000] } })
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

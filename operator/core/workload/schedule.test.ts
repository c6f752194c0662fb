// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Load } from '../model/workload-profile.ts'
import { arrivalTimes, type ArrivalProcess } from './arrivals.ts'
import { randomStream } from './random.ts'
import { requestsNeeded } from './requests-needed.ts'
import { schedule, type OpenStage } from './schedule.ts'

const load = (value: unknown) => Load.parse(value)
const open = (value: unknown, seed = 1) => schedule({ load: load(value), seed }).stages as OpenStage[]
const gaps = (timesMs: Float64Array) => Array.from(timesMs.subarray(1), (at, i) => at - timesMs[i]!)
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
const cv = (values: readonly number[]) => {
  const centre = mean(values)
  return Math.sqrt(mean(values.map((v) => (v - centre) ** 2))) / centre
}
/** Kolmogorov's distance from a distribution; at n = 10,000 the 1 % point is 0.0163. */
function distance(values: readonly number[], cdf: (x: number) => number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return Math.max(...sorted.map((x, i) => Math.max(Math.abs(cdf(x) - i / sorted.length), Math.abs(cdf(x) - (i + 1) / sorted.length))))
}
const at1000PerSecond = (process: ArrivalProcess, n: number) => arrivalTimes(process, { rate: 1000, requests: n }, randomStream(5, 'test')).timesMs

describe('arrivalTimes', () => {
  it('constant: equal gaps, CV 0', () => {
    const times = arrivalTimes({ kind: 'constant' }, { rate: 4, requests: 10_000 }, randomStream(1)).timesMs
    expect(new Set(gaps(times))).toEqual(new Set([250]))
    expect(times[0]).toBe(0)
  })

  it('poisson: exponential gaps by Kolmogorov and Smirnov, CV 1', () => {
    const values = gaps(at1000PerSecond({ kind: 'poisson' }, 10_001))
    expect(distance(values, (x) => 1 - Math.exp(-x))).toBeLessThan(0.0163)
    expect(Math.abs(cv(values) - 1)).toBeLessThan(0.03)
  })

  it.each([[0.25], [0.5], [2], [4]])('gamma: CV %d', (wanted) => {
    const values = gaps(at1000PerSecond({ kind: 'gamma', cv: wanted }, 40_001))
    expect(Math.abs(cv(values) / wanted - 1)).toBeLessThan(0.05)
  })

  it('gamma with CV 1 is Poisson', () => {
    expect(distance(gaps(at1000PerSecond({ kind: 'gamma', cv: 1 }, 10_001)), (x) => 1 - Math.exp(-x))).toBeLessThan(0.0163)
  })

  it('burst: size requests at once, every size ÷ rate seconds', () => {
    const times = arrivalTimes({ kind: 'burst', size: 4 }, { rate: 8, durationMs: 2000 }, randomStream(1)).timesMs
    expect(Array.from(times)).toEqual([0, 0, 0, 0, 500, 500, 500, 500, 1000, 1000, 1000, 1000, 1500, 1500, 1500, 1500])
  })

  it('constant ramp: the rate grows linearly', () => {
    const { timesMs } = arrivalTimes({ kind: 'constant' }, { rate: 10, rampTo: 110, durationMs: 10_000 }, randomStream(1))
    expect(timesMs.length).toBe(600)
    const within = (from: number, to: number) => timesMs.filter((t) => t >= from && t < to).length
    expect(within(0, 5000)).toBe(175)
    expect(within(5000, 10_000)).toBe(425)
  })

  it('poisson ramp: rescaled back to unit rate it is Poisson again', () => {
    const { timesMs } = arrivalTimes({ kind: 'poisson' }, { rate: 1000, rampTo: 100, durationMs: 20_000 }, randomStream(2, 'ramp'))
    const expected = (t: number) => (1000 * t - (900 * t * t) / 40_000) / 1000
    expect(distance(gaps(timesMs.map(expected)), (x) => 1 - Math.exp(-x))).toBeLessThan(0.0163)
  })

  const anyProcess: fc.Arbitrary<ArrivalProcess> = fc.oneof(
    fc.constant({ kind: 'constant' as const }), fc.constant({ kind: 'poisson' as const }),
    fc.record({ kind: fc.constant('gamma' as const), cv: fc.double({ min: 0.1, max: 5, noNaN: true }) }),
    fc.record({ kind: fc.constant('burst' as const), size: fc.integer({ min: 1, max: 50 }) }),
  )
  const anyRate = fc.double({ min: 0.1, max: 1000, noNaN: true })
  const anyCase = fc.record({ process: anyProcess, rate: anyRate, rampTo: fc.option(anyRate, { nil: undefined }), n: fc.integer({ min: 1, max: 300 }), seed: fc.integer() })
  it('ascends, stays in its window, repeats itself and counts exactly, whatever the process and the ramp', () => {
    fc.assert(fc.property(anyCase, ({ process, rate, rampTo, n, seed }) => {
      const counted = arrivalTimes(process, { rate, rampTo, requests: n }, randomStream(seed))
      expect(counted.timesMs.length).toBe(n)
      expect(arrivalTimes(process, { rate, rampTo, requests: n }, randomStream(seed))).toEqual(counted)
      const timed = arrivalTimes(process, { rate, rampTo, durationMs: 500 }, randomStream(seed))
      expect(timed.windowMs).toBe(500)
      for (const { timesMs, windowMs } of [counted, timed]) {
        expect(gaps(timesMs).every((gap) => gap >= 0)).toBe(true)
        expect(timesMs.every((t) => t >= 0 && t <= windowMs)).toBe(true)
      }
    }))
  })

  it.each<[number, number, number]>([[3.768574831353089, 226.66897889999652, 1065353214], [4.967917641074366, 48.40783149656493, 273034734]])('points that are closer than a rounding error keep their order: cv %d, ramp to %d', (cv, rampTo, seed) => {
    for (const end of [{ requests: 224 }, { durationMs: 500 }]) {
      const { timesMs, windowMs } = arrivalTimes({ kind: 'gamma', cv }, { rate: 0.1, rampTo, ...end }, randomStream(seed))
      expect(gaps(timesMs).every((gap) => gap >= 0) && timesMs.every((t) => t <= windowMs)).toBe(true)
    }
  })

  it.each([[{ kind: 'constant' }], [{ kind: 'poisson' }], [{ kind: 'gamma', cv: 2 }], [{ kind: 'burst', size: 10 }]] as [ArrivalProcess][])('%o: rate within sampling error, by time and by count', (process) => {
    const spread = process.kind === 'gamma' ? process.cv : 1
    const timed = arrivalTimes(process, { rate: 100, durationMs: 100_000 }, randomStream(11))
    expect(Math.abs(timed.timesMs.length - 10_000)).toBeLessThanOrEqual(4 * spread * 100)
    const counted = arrivalTimes(process, { rate: 100, requests: 10_000 }, randomStream(12))
    expect(Math.abs(10_000_000 / counted.windowMs - 100)).toBeLessThanOrEqual(4 * spread)
  })
})

describe('schedule', () => {
  it('plans open stages with names, rates and windows', () => {
    const [low, high] = open({ poisson: { stages: [{ name: 'low', rate: 2, duration: '60s' }, { name: 'high', rate: 8, requests: 500 }] } })
    expect(low).toMatchObject({ name: 'low', kind: 'poisson', rate: 2, windowMs: 60_000 })
    expect(high?.timesMs.length).toBe(500)
  })

  it('gives the same arrivals for the same seed, others for another, and other ones to every stage', () => {
    const spec = { poisson: { stages: [{ name: 'a', rate: 5, requests: 50 }, { name: 'b', rate: 5, requests: 50 }] } }
    const [a, b] = open(spec)
    expect(open(spec)[0]).toEqual(a)
    expect(open(spec, 2)[0]?.timesMs).not.toEqual(a?.timesMs)
    expect(b?.timesMs).not.toEqual(a?.timesMs)
  })

  it('scales one random pattern when only the rate differs, so that treatments are comparable', () => {
    const at = (rate: number) => open({ poisson: { stages: [{ name: 'a', rate, requests: 50 }] } })[0]!.timesMs
    at(10).forEach((t, i) => expect(t).toBeCloseTo(at(5)[i]! / 2, 6))
  })

  it.each([
    ['linear', [1, 3, 5]],
    ['geometric', [1, Math.sqrt(5), 5]],
  ])('sweeps %s', (scale, rates) => {
    const stages = open({ sweep: { from: 1, to: 5, steps: 3, scale, process: 'constant', requests: 10 } })
    expect(stages.map((s) => s.name)).toEqual(['sweep-1', 'sweep-2', 'sweep-3'])
    stages.forEach((s, i) => expect(s.rate).toBeCloseTo(rates[i]!, 9))
    expect(stages[0]?.kind).toBe('constant')
  })

  it.each([
    [{ concurrent: { stages: [{ name: 'c4', concurrency: 4, requests: 40 }] } }, { name: 'c4', kind: 'concurrent', loop: 'closed', unit: 'requests', concurrency: 4, count: 40 }],
    [{ sessions: { stages: [{ name: 's', concurrency: 3, duration: '5s' }] } }, { kind: 'sessions', unit: 'sessions', concurrency: 3, durationMs: 5000 }],
    [{ synchronous: { requests: 7 } }, { name: 'synchronous', concurrency: 1, count: 7 }],
    [{ throughput: { duration: '2s' }, maxConcurrency: 32 }, { name: 'throughput', concurrency: 32, durationMs: 2000 }],
  ])('describes closed loops without times: %o', (spec, expected) => {
    expect(schedule({ load: load(spec), seed: 1 }).stages[0]).toMatchObject(expected)
  })

  it('warms up with the first stage\'s load and keeps the measured arrivals as they are', () => {
    const spec = { poisson: { stages: [{ name: 'a', rate: 20, rampTo: 40, requests: 50 }] } }
    const warm = schedule({ load: load({ ...spec, warmup: '10s' }), seed: 1 })
    expect(warm.stages).toEqual(schedule({ load: load(spec), seed: 1 }).stages)
    expect(warm.warmup).toMatchObject({ name: 'a', rate: 20, windowMs: 10_000 })
    expect(schedule({ load: load({ synchronous: { requests: 5 }, warmup: '1s' }), seed: 1 }).warmup).toMatchObject({ concurrency: 1, durationMs: 1000 })
    expect(schedule({ load: load({ synchronous: { requests: 5 }, warmup: '1s' }), seed: 1 }).warmup).not.toHaveProperty('count', 5)
  })

  it('replays a trace, faster or slower, exactly', () => {
    const traceMs = [0, 100, 150, 400]
    const replay = (speed: number, warmup?: string) => schedule({ load: load({ trace: { speed }, warmup }), seed: 1, traceMs })
    expect(Array.from((replay(2).stages[0] as OpenStage).timesMs)).toEqual([0, 50, 75, 200])
    const warm = replay(1, '120ms')
    expect(Array.from((warm.warmup as OpenStage).timesMs)).toEqual([0, 100])
    expect(Array.from((warm.stages[0] as OpenStage).timesMs)).toEqual([30, 280])
    expect(() => replay(1, '1s')).toThrow('nothing is left to measure')
    expect(() => schedule({ load: load({ trace: {} }), seed: 1 })).toThrow('no entries with a time')
  })

  it('refuses a stage that would not fit into memory', () => {
    expect(() => open({ constant: { stages: [{ name: 'x', rate: 1_000_000, duration: '1h' }] } })).toThrow('at most 10000000')
  })
})

describe('requestsNeeded', () => {
  it.each([
    [{ constant: { stages: [{ name: 'a', rate: 2.5, duration: '3s' }] } }, 8],
    [{ constant: { stages: [{ name: 'a', rate: 2, duration: '3s' }] }, warmup: '2s' }, 10],
    [{ burst: { size: 5, stages: [{ name: 'a', rate: 5, requests: 12 }] } }, 12],
    [{ concurrent: { stages: [{ name: 'a', concurrency: 4, requests: 40 }, { name: 'b', concurrency: 8, requests: 80 }] } }, 120],
  ])('is exact where the load is: %o', (spec, count) => {
    expect(requestsNeeded(load(spec), 1)).toMatchObject({ unit: 'requests', count, notes: [] })
  })

  it('has enough for the arrivals of the schedule, and for those that a tool draws by itself', () => {
    const spec = load({ poisson: { stages: [{ name: 'a', rate: 30, duration: '20s' }] }, warmup: '5s' })
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
      const { warmup, stages } = schedule({ load: spec, seed })
      const { count, shares } = requestsNeeded(spec, seed)
      expect(shares.map(({ id }) => id)).toEqual(['warmup', 'stage-0'])
      expect(shares[0]?.count).toBeGreaterThanOrEqual(Math.max(150 + 3 * Math.sqrt(150), (warmup as OpenStage).timesMs.length))
      expect(shares[1]?.count).toBeGreaterThanOrEqual(Math.max(600 + 3 * Math.sqrt(600), (stages[0] as OpenStage).timesMs.length))
      expect(count).toBe((shares[0]?.count ?? 0) + (shares[1]?.count ?? 0))
    }), { numRuns: 20 })
  })

  it('estimates closed loops that end by time, within a bound, and says so', () => {
    const need = requestsNeeded(load({ concurrent: { stages: [{ name: 'long', concurrency: 256, duration: '1h' }] } }), 1)
    expect(need.count).toBe(10_000)
    expect(need.notes[0]).toContain('stage long')
    expect(requestsNeeded(load({ sessions: { stages: [{ name: 's', concurrency: 4, requests: 9 }] } }), 1)).toMatchObject({ unit: 'sessions', count: 9, notes: [] })
    const two = load({ concurrent: { stages: [{ name: 'a', concurrency: 4, requests: 10 }, { name: 'b', concurrency: 2, duration: '10s' }] }, warmup: '5s' })
    expect(requestsNeeded(two, 1).shares).toEqual([
      { id: 'warmup', unit: 'requests', count: 80, guessed: true }, { id: 'stage-0', unit: 'requests', count: 10, guessed: false }, { id: 'stage-1', unit: 'requests', count: 80, guessed: true },
    ])
    expect(requestsNeeded(load({ trace: {} }), 1).count).toBe(Number.POSITIVE_INFINITY)
  })
})

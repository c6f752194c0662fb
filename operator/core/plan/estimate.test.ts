// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WORKLOAD } from '../design/testdata/bases.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { estimatePlan } from './estimate.ts'
import { loadSeconds, stageRequests } from './load-time.ts'
import { checkNames } from './names.ts'
import { experimentSpec, planned, RATE, TP } from './testdata/example.ts'

const DRAIN = 'drain: none'
const loadOf = (load: object, data: object = WORKLOAD.data) => WorkloadProfileSpec.parse({ data, load: { ...load, drain: '0s' } })
const trace = { trace: { format: 'jsonl', source: { inline: '' } } }

describe(`loadSeconds (${DRAIN})`, () => {
  it.each<[string, object, object | undefined, { low?: number; likely: number; high?: number }]>([
    ['duration', { poisson: { stages: [{ name: 'a', rate: 1, duration: '60s' }, { name: 'b', rate: 9, duration: '1m30s' }] } }, undefined, { low: 150, likely: 150, high: 150 }],
    ['requests over rate', { constant: { stages: [{ name: 'a', rate: 4, requests: 100 }] } }, undefined, { likely: 25 }],
    ['a ramp by its mean', { poisson: { stages: [{ name: 'a', rate: 2, rampTo: 6, requests: 100 }] } }, undefined, { likely: 25 }],
    ['warm-up and gaps', { poisson: { stages: [{ name: 'a', rate: 1, duration: '10s' }, { name: 'b', rate: 1, duration: '10s' }] }, warmup: '5s', stageGap: '2s' }, undefined, { likely: 27 }],
    ['a sweep', { sweep: { from: 1, to: 4, steps: 3, scale: 'geometric', requests: 8 } }, undefined, { likely: 14 }],
    ['a closed loop by typical latencies', { concurrent: { stages: [{ name: 'a', concurrency: 10, requests: 100 }] } }, undefined, { low: 6.9, likely: 28.6, high: 122.4 }],
    ['one after another', { synchronous: { requests: 10 } }, undefined, { low: 6.9, likely: 28.6, high: 122.4 }],
    ['sessions by their turns', { sessions: { stages: [{ name: 'a', concurrency: 1, requests: 1 }] } }, { synthetic: { input: { fixed: 1 }, output: { fixed: 10 }, turns: { count: 3, thinkTime: '2s' } } }, { likely: 7.5 }],
    ['throughput by time', { throughput: { duration: '90s' } }, undefined, { likely: 90 }],
    ['a trace, unread', { trace: { speed: 2 } }, trace, { low: 30, likely: 300, high: 1800 }],
  ])('%s', (_, load, data, expected) => {
    const found = loadSeconds(loadOf(load, data))
    for (const [key, seconds] of Object.entries(expected)) expect(found[key as keyof typeof found]).toBeCloseTo(seconds, 6)
    expect(found.low).toBeLessThanOrEqual(found.likely)
    expect(found.likely).toBeLessThanOrEqual(found.high)
  })

  it('counts the drain from nothing to all of it', () => {
    const workload = WorkloadProfileSpec.parse({ data: WORKLOAD.data, load: { constant: { stages: [{ name: 'a', rate: 1, duration: '10s' }] }, drain: '20s' } })
    expect(loadSeconds(workload)).toEqual({ low: 10, likely: 12, high: 30 })
  })
})

describe('stageRequests', () => {
  it.each<[object, unknown]>([
    [{ poisson: { stages: [{ name: 'a', rate: 2, duration: '30s' }, { name: 'b', rate: 1, requests: 7 }] } }, [{ name: 'a', requests: 60 }, { name: 'b', requests: 7 }]],
    [{ concurrent: { stages: [{ name: 'a', concurrency: 2, duration: '30s' }] } }, [{ name: 'a' }]],
    [{ sessions: { stages: [{ name: 'chat', concurrency: 2, requests: 30 }] } }, [{ name: 'chat' }]],
    [{ trace: {} }, [{ name: 'trace' }]],
    [{ sweep: { from: 1, to: 3, steps: 2, scale: 'linear', duration: '10s' } }, [{ name: 'sweep-1', requests: 10 }, { name: 'sweep-2', requests: 30 }]],
  ])('%j', (load, expected) => {
    const data = 'sessions' in load ? { synthetic: { ...WORKLOAD.data.synthetic, turns: { count: 2 } } } : 'trace' in load ? trace : undefined
    expect(stageRequests(loadOf(load, data).load)).toEqual(expected)
  })
})

const range = (seconds: number) => ({ low: seconds, likely: seconds, high: seconds })
const trial = (load = range(100)) => ({ load, treatment: 't', harness: 'native' })
const stack = (over: object = {}) => ({ engine: 'vllm', deployed: true, gpus: 2, setupHash: 'a', trials: [trial(), trial()], ...over })

describe('estimatePlan', () => {
  it('adds stand-up, trials, overhead and teardown, and counts GPUs all the while', () => {
    const estimate = estimatePlan({ stacks: [stack()], parallelStacks: 1 })
    expect(estimate.wallSeconds).toEqual({ low: 60 + 2 + 206, likely: 180 + 8 + 216, high: 900 + 60 + 260 })
    expect(estimate.gpuHours.likely).toBeCloseTo((2 * 404) / 3600)
    expect(estimate.trialSeconds.likely).toBe(108)
    expect(estimate.sources.at(-1)).toBe('stand-up: typical times of vllm')
  })

  it('runs stacks side by side', () => {
    const stacks = Array.from({ length: 4 }, () => stack())
    const wall = (parallelStacks: number) => estimatePlan({ stacks, parallelStacks }).wallSeconds.likely
    expect([wall(1), wall(2), wall(3), wall(4), wall(100)]).toEqual([1616, 808, 808, 404, 404])
  })

  it('uses what was measured before, and needs nothing for a server that is there', () => {
    const learned = { standUpSeconds: new Map([['a', 40]]) }
    const known = estimatePlan({ stacks: [stack(), stack({ setupHash: 'b' })], parallelStacks: 1, learned })
    expect(known.standUpSeconds.likely).toBe((40 + 180) / 2 + 8)
    expect(known.sources.at(-1)).toBe('stand-up: measured before for 1 of 2, else typical times of vllm')
    const external = estimatePlan({ stacks: [stack({ deployed: false, gpus: 0 })], parallelStacks: 1 })
    expect(external.standUpSeconds).toEqual(range(0))
    expect(external.sources.at(-1)).toBe('stand-up: none, the server is there already')
  })

  it('takes the time of the same treatment for likelier than the load as declared, and that of its harness for its overhead', () => {
    const learned = { trialSeconds: new Map([['t', 300]]), overheadSeconds: new Map([['native', 20]]) }
    const known = estimatePlan({ stacks: [stack({ trials: [trial(), { ...trial(), treatment: 'u' }] })], parallelStacks: 1, learned })
    expect(known.trialSeconds.likely).toBe((300 + 120) / 2)
    expect(known.sources.slice(1, 3)).toEqual(['trials: the same treatment measured before for 1 of 2', 'trial overhead: measured before: native 20.0 s'])
  })

  it('makes money of GPU-hours, unless a price is missing or in another currency', () => {
    const cost = (...prices: readonly (object | undefined)[]) => estimatePlan({ stacks: prices.map((price) => stack({ price })), parallelStacks: 1 }).cost
    const euro = { amount: 3, currency: 'EUR' }
    expect(cost(euro, euro)).toMatchObject({ currency: 'EUR', likely: expect.closeTo((2 * 2 * 404 * 3) / 3600, 9) as number })
    expect(cost(euro, undefined)).toBeUndefined()
    expect(cost(euro, { amount: 3, currency: 'USD' })).toBeUndefined()
    expect(estimatePlan({ stacks: [stack({ price: euro }), stack({ gpus: 0 })], parallelStacks: 1 }).cost).toBeDefined()
  })

  it('never takes longer with more places, nor less than the longest stack', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 6 }), (seconds, places) => {
      const stacks = seconds.map((s) => stack({ deployed: false, trials: [trial(range(s))] }))
      const [fewer, more] = [places, places + 1].map((parallelStacks) => estimatePlan({ stacks, parallelStacks }).wallSeconds.likely)
      expect(more).toBeLessThanOrEqual((fewer ?? 0) + 500)
      expect(more).toBeGreaterThanOrEqual(Math.max(...seconds) + 8)
    }))
  })
})

describe('warnings', () => {
  const warningsOf = (design: object, over: object = {}) => planned(experimentSpec(over, design)).warnings
  const enough = { replicates: { stacks: 2, runs: 3 } }
  const many = { name: 'rate', path: RATE.path, levels: [8, 16] }

  it.each<[string, object, object, string]>([
    ['no error term for the stack', { replicates: { stacks: 1, runs: 3 } }, {}, 'tp changes the stack and each stack is stood up once: no error term'],
    ['everything once', {}, {}, 'every treatment is measured once'],
    ['points that are no power of two', { ...enough, fullFactorial: undefined, sobol: { points: 12, factors: [{ name: 'rate', path: RATE.path, low: 20, high: 40 }] } }, {}, '12 points of a Sobol sequence: a power of two (8 or 16) is more even'],
    ['interactions unseen', { ...enough, fullFactorial: undefined, oneFactorAtATime: { factors: [TP, RATE] } }, {}, 'cannot see interactions'],
    ['no random order', { ...enough, order: { randomize: false } }, {}, 'not randomised'],
    ['warm caches', enough, { execution: { caches: 'Keep' } }, 'prompts repeat'],
    ['parallelism without accelerators', enough, {}, 'a replica is split over 2 (tensor 2 × pipeline 1 × data 1) and takes 1'],
  ])('%s', (_, design, over, message) => {
    expect(warningsOf(design, over)).toContainEqual(expect.stringContaining(message))
  })

  it('few requests, by stage', () => {
    const few = { name: 'n', path: 'workload.load.poisson.stages[high].requests', levels: [30, 500] }
    expect(warningsOf({ ...enough, fullFactorial: { factors: [few] } })).toContainEqual(expect.stringContaining('few requests in stage high 30: a p99 needs 100'))
  })

  it('nothing to say of a sound design', () => {
    const zipped = { name: 'tp', zip: [{ path: TP.path, levels: [1, 2] }, { path: 'scenario.accelerator.perReplica', levels: [1, 2] }] }
    expect(warningsOf({ ...enough, fullFactorial: { factors: [zipped, many] } })).toEqual([])
  })
})

describe('checkNames', () => {
  const names = (experiment: string, release = 'model') => checkNames({ experiment, stacks: [{ name: `${experiment}-1-0a9ceeef-s1`, releases: [release] }], trials: [{ name: `${experiment}-1-05f74cde-s1-r1` }], retries: 1 })
  it.each([
    ['a'.repeat(33), undefined],
    ['a'.repeat(34), 'the name of a Helm release would be too long: shorten metadata.name by 1 to at most 33 characters'],
    ['a'.repeat(41), 'the name of the Experiment would be too long: shorten metadata.name by 1 to at most 40 characters'],
  ])('%s', (experiment, message) => {
    expect(names(experiment)[0]?.message).toBe(message)
  })

  it('counts the attempts of a Job', () => {
    const trial = { name: 't'.repeat(60) }
    expect(checkNames({ experiment: 'e', stacks: [], trials: [trial], retries: 0 })).toEqual([])
    expect(checkNames({ experiment: 'e', stacks: [], trials: [trial], retries: 9 })).toEqual([expect.objectContaining({ reason: 'NameTooLong', expected: 'at most 63 characters' })])
  })

  it.each(['Chat', 'a.b', '-a', 'a-', '1a', 'a_b', ''])('%j is no name', (experiment) => {
    expect(names(experiment)[0]?.reason).toBe('InvalidName')
  })
})

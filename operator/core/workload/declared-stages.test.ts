// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { Load } from '../model/workload-profile.ts'
import { declaredStages, declaredWarmup } from './declared-stages.ts'
import { schedule } from './schedule.ts'
import { pointsOf, sharesOf } from './shares.ts'

const load = (spec: object) => Load.parse(spec)
const open = { loop: 'open', unit: 'requests' } as const
const closed = { loop: 'closed', unit: 'requests' } as const

describe('declaredStages', () => {
  it.each<[object, object[]]>([
    [{ constant: { stages: [{ name: 'a', rate: 2.5, duration: '3s' }] } }, [{ name: 'a', kind: 'constant', ...open, rate: 2.5, seconds: 3, requests: 8, end: 'duration' }]],
    [{ poisson: { stages: [{ name: 'a', rate: 4, requests: 10 }] } }, [{ name: 'a', kind: 'poisson', ...open, rate: 4, seconds: 2.5, requests: 10, end: 'requests' }]],
    [{ gamma: { cv: 2, stages: [{ name: 'a', rate: 2, rampTo: 6, duration: '1m' }] } }, [{ name: 'a', kind: 'gamma', ...open, rate: 2, rampTo: 6, seconds: 60, requests: 240, end: 'duration' }]],
    [{ concurrent: { stages: [{ name: 'a', concurrency: 4, requests: 9 }, { name: 'b', concurrency: 8, duration: '2s' }] } }, [
      { name: 'a', kind: 'concurrent', ...closed, concurrency: 4, requests: 9, end: 'requests' }, { name: 'b', kind: 'concurrent', ...closed, concurrency: 8, seconds: 2, end: 'duration' },
    ]],
    [{ sessions: { stages: [{ name: 'a', concurrency: 4, requests: 9 }] } }, [{ name: 'a', kind: 'sessions', loop: 'closed', unit: 'sessions', concurrency: 4, requests: 9, end: 'requests' }]],
    [{ synchronous: { requests: 3 } }, [{ name: 'synchronous', kind: 'synchronous', ...closed, concurrency: 1, requests: 3, end: 'requests' }]],
    [{ throughput: { requests: 3 } }, [{ name: 'throughput', kind: 'throughput', ...closed, concurrency: 512, requests: 3, end: 'requests' }]],
    [{ throughput: { requests: 3 }, maxConcurrency: 7 }, [{ name: 'throughput', kind: 'throughput', ...closed, concurrency: 7, requests: 3, end: 'requests' }]],
    [{ sweep: { from: 1, to: 4, steps: 2, process: 'constant', duration: '10s' } }, [
      { name: 'sweep-1', kind: 'constant', ...open, rate: 1, seconds: 10, requests: 10, end: 'duration' }, { name: 'sweep-2', kind: 'constant', ...open, rate: 4, seconds: 10, requests: 40, end: 'duration' },
    ]],
    [{ trace: {} }, [{ name: 'trace', kind: 'trace', ...open, end: 'data' }]],
    [{ toolProfile: { stages: ['a', 'b'] } }, [{ name: 'a', kind: 'toolProfile', ...open, end: 'data' }, { name: 'b', kind: 'toolProfile', ...open, end: 'data' }]],
  ])('%j', (spec, stages) => {
    expect(declaredStages(load(spec))).toEqual(stages)
  })

  it('names and rates stages as the schedule does', () => {
    for (const spec of [{ sweep: { from: 1, to: 100, steps: 7, scale: 'geometric', requests: 5 } }, { burst: { size: 3, stages: [{ name: 'x', rate: 3, requests: 9 }] } }]) {
      const declared = declaredStages(load(spec))
      const { stages } = schedule({ load: load(spec), seed: 1 })
      expect(declared.map(({ name, rate, kind }) => ({ name, rate, kind }))).toEqual(stages.map((stage) => ({ name: stage.name, rate: 'rate' in stage ? stage.rate : undefined, kind: stage.kind })))
    }
  })
})

describe('declaredWarmup', () => {
  it.each<[object, object | undefined]>([
    [{ constant: { stages: [{ name: 'a', rate: 2, rampTo: 9, duration: '3s' }] }, warmup: '5s' }, { name: 'warmup', kind: 'constant', ...open, rate: 2, seconds: 5, requests: 10, end: 'duration' }],
    [{ concurrent: { stages: [{ name: 'a', concurrency: 4, requests: 9 }] }, warmup: '5s' }, { name: 'warmup', kind: 'concurrent', ...closed, concurrency: 4, seconds: 5, end: 'duration' }],
    [{ trace: {}, warmup: '5s' }, { name: 'warmup', kind: 'trace', ...open, seconds: 5, end: 'data' }],
    [{ synchronous: { requests: 1 }, warmup: '0s' }, undefined],
    [{ synchronous: { requests: 1 } }, undefined],
    [{ toolProfile: {}, warmup: '5s' }, undefined],
  ])('%j', (spec, warmup) => {
    expect(declaredWarmup(load(spec))).toEqual(warmup)
  })
})

describe('sharesOf', () => {
  it.each<[string, object, [string, number, boolean][]]>([
    ['counts', { concurrent: { stages: [{ name: 'a', concurrency: 4, requests: 9 }] } }, [['stage-0', 9, false]]],
    ['constant time', { constant: { stages: [{ name: 'a', rate: 2, duration: '50s' }] } }, [['stage-0', 100, false]]],
    ['random time', { poisson: { stages: [{ name: 'a', rate: 2, duration: '50s' }] } }, [['stage-0', 130, false]]],
    ['bursty time', { gamma: { cv: 3, stages: [{ name: 'a', rate: 2, duration: '50s' }] } }, [['stage-0', 190, false]]],
    ['slots by time', { concurrent: { stages: [{ name: 'a', concurrency: 4, duration: '10s' }] }, warmup: '1s' }, [['warmup', 16, true], ['stage-0', 160, true]]],
    ['many slots by time', { concurrent: { stages: [{ name: 'a', concurrency: 500, duration: '1h' }, { name: 'b', concurrency: 500, duration: '3h' }] } }, [['stage-0', 2500, true], ['stage-1', 7500, true]]],
    ['a trace', { trace: {}, warmup: '1s' }, [['warmup', Number.POSITIVE_INFINITY, false], ['stage-0', Number.POSITIVE_INFINITY, false]]],
  ])('of %s', (_, spec, expected) => {
    const points = pointsOf(load(spec))
    const shares = sharesOf(load(spec))
    expect(points.map(({ id }, i) => [id, shares[i]?.count, shares[i]?.guessed])).toEqual(expected)
  })
})

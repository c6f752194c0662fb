// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Scrape } from './scrape.ts'
import { serverFindings } from './server-findings.ts'
import { exposition, ORIGIN } from './testdata/trial.ts'

type Values = Parameters<typeof exposition>[0]
const at = (pod: string, seconds: number, values: Values): Scrape =>
  ({ pod, atMs: seconds * 1000, epochMs: ORIGIN + seconds * 1000, text: exposition(values) })
const every = (pod: string, seconds: number, values: (t: number) => Values) => Array.from({ length: seconds + 1 }, (_, t) => at(pod, t, values(t)))
const window = (stage: string, from: number, to: number) => ({ stage, startMs: from * 1000, endMs: to * 1000 })
const options = { originEpochMs: ORIGIN, pods: 1 }

describe('within a stage', () => {
  const scrapes = every('a', 40, (t) => ({ running: t, waiting: t > 20 ? 4 : 0, kv: t / 40, queries: 100 * t, hits: 20 * t, preemptions: Math.max(0, t - 30) }))

  it('gauges are of its window only', () => {
    const stage = serverFindings(scrapes, [window('x', 10, 20)], options).stages.get('x')
    expect(stage?.distributions['running_requests']).toMatchObject({ n: 11, min: 10, max: 20, mean: 15, unit: 'requests' })
    expect(stage?.distributions['queue_length']).toMatchObject({ max: 0 })
    expect(stage?.distributions['kv_cache_usage']).toMatchObject({ unit: 'ratio', min: 0.25, max: 0.5 })
  })

  it('counters are what they grew by, between scrapes too', () => {
    const { stages } = serverFindings(scrapes, [window('x', 10, 20), window('y', 30.5, 35.5)], options)
    expect(stages.get('x')?.scalars).toEqual({ prefix_cache_hit_rate: { unit: 'ratio', value: 0.2 }, preemptions: { unit: 'count', value: 0 }, server_generation_tokens: { unit: 'tokens', value: 0 } })
    expect(stages.get('y')?.scalars['preemptions']?.value).toBe(5)
  })

  it('replicas: queues add up, usage is pooled, counters add up', () => {
    const both = [...scrapes, ...every('b', 40, (t) => ({ running: 1, kv: 0, queries: 100 * t, hits: 100 * t, preemptions: t }))]
    const stage = serverFindings(both, [window('x', 10, 20)], { ...options, pods: 2 }).stages.get('x')
    expect(stage?.distributions['running_requests']).toMatchObject({ n: 11, min: 11, max: 21 })
    expect(stage?.distributions['kv_cache_usage']).toMatchObject({ n: 22, min: 0, max: 0.5 })
    expect(stage?.scalars).toMatchObject({ prefix_cache_hit_rate: { value: 0.6 }, preemptions: { value: 10 } })
  })

  it('a server that exposes nothing we know gives nothing', () => {
    const silent = serverFindings([{ pod: 'a', atMs: 0, epochMs: ORIGIN, text: 'other 1' }], [window('x', 0, 1)], options)
    expect(silent).toMatchObject({ series: [], restarts: [], hitRateAtStart: null })
    expect(silent.stages.get('x')).toEqual({ distributions: {}, scalars: {} })
  })
})

describe('restarts', () => {
  it.each([
    ['a counter that falls', (t: number) => ({ queries: t < 5 ? 100 * t : 10 * t }), 'its counter of queried prefix tokens fell'],
    ['a new start time', (t: number) => ({ started: t < 5 ? 1000 : 1060 }), 'its process started again'],
    ['both at once', (t: number) => ({ started: t < 5 ? 1000 : 1060, queries: t < 5 ? 100 : 0 }), 'its process started again'],
  ])('show by %s, once', (_, values, what) => {
    expect(serverFindings(every('a', 9, values), [], options).restarts).toEqual([{ pod: 'a', atMs: 5000, what }])
  })

  it('do not show by a start time that wobbles by a tick', () => {
    expect(serverFindings(every('a', 9, (t) => ({ started: 1000 + (t % 2) / 100 })), [], options).restarts).toEqual([])
  })

  it('leave what was counted before and after', () => {
    const scrapes = every('a', 10, (t) => ({ preemptions: t < 5 ? t : t - 5 }))
    // 4 before, then from zero again: 0 … 5.
    expect(serverFindings(scrapes, [window('x', 0, 10)], options).stages.get('x')?.scalars['preemptions']?.value).toBe(9)
  })
})

describe('the hit rate at the start', () => {
  it('is that of the first tenth of tokens, not of the run', () => {
    const warmed = every('a', 100, (t) => ({ queries: 10 * t, hits: t <= 10 ? 0 : 9 * (t - 10) }))
    expect(serverFindings(warmed, [], options).hitRateAtStart).toBe(0)
    const carriedOver = every('a', 100, (t) => ({ queries: 1000 + 10 * t, hits: 5 + 8 * t }))
    expect(serverFindings(carriedOver, [], options).hitRateAtStart).toBeCloseTo(0.8, 9)
  })

  it('is unknown when nothing was queried', () => {
    expect(serverFindings(every('a', 5, () => ({})), [], options).hitRateAtStart).toBeNull()
  })
})

describe('coverage', () => {
  const whole = [window('x', 0, 60)]
  it.each([
    ['all of it', every('a', 60, () => ({})), 1, []],
    ['no scraping asked for', [], 0, []],
    ['a pod that never answered', every('a', 60, () => ({})), 2, ['1 of 2 pods gave no metrics']],
    ['a pod that went silent', every('a', 30, () => ({})), 1, ['a: the last 30 s are not covered']],
    ['a pod that came late', every('a', 60, () => ({})).slice(20), 1, ['a: the first 20 s are not covered']],
  ])('%s', (_, scrapes, pods, gaps) => expect(serverFindings(scrapes, whole, { originEpochMs: ORIGIN, pods }).gaps).toEqual(gaps))
})

describe('series', () => {
  it('are thinned to 120 points that keep the mean', () => {
    const { series } = serverFindings(every('a', 599, (t) => ({ running: t, tokens: 50 * t })), [], options)
    const running = series.find((s) => s.metric === 'running_requests')
    expect(running?.points).toHaveLength(120)
    expect(running?.points[0]).toEqual([2000, 2])
    expect(series.find((s) => s.metric === 'output_throughput')?.points.every(([, v]) => v === 50)).toBe(true)
  })

  it('list KV-cache usage by pod while there are few, and its mean above', () => {
    const pods = (n: number) => Array.from({ length: n }, (_, i) => every(`p${i}`, 5, () => ({ kv: i / 10 }))).flat()
    const usage = (n: number) => serverFindings(pods(n), [], { originEpochMs: ORIGIN, pods: n }).series.filter((s) => s.metric === 'kv_cache_usage')
    expect(usage(3).map((s) => s.pod)).toEqual(['p0', 'p1', 'p2'])
    expect(usage(6)).toMatchObject([{ points: expect.arrayContaining([[0, 0.25]]) }])
  })
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestRecord, StageWindow } from '../model/record.ts'
import { computeStages, createStageAccumulator, measureStages } from './compute-stages.ts'
import { failed, record, steady } from './testdata/trial.ts'

const window: StageWindow = { name: 'low', kind: 'poisson', startMs: 0, sendEndMs: 0, endMs: 0, rate: 10 }
const options = { countBy: 'server', gpus: 2 } as const
const stageOf = async (records: readonly RequestRecord[], more: object = {}) => {
  const [stage] = await computeStages(records, [window], { ...options, ...more })
  if (stage === undefined) throw new Error('no stage')
  return stage
}

describe('latencies', () => {
  it('follow the catalogue', async () => {
    const { distributions } = await stageOf([record({ id: 'a', sentMs: 103, scheduledMs: 100 })])
    // TTFT 20; last of ten tokens after 20 + 9 × 5.
    expect(distributions['ttft']).toMatchObject({ unit: 'ms', n: 1, mean: 20, p50: 20, p99: 20, stddev: null })
    expect(distributions['ttft_response']).toMatchObject({ mean: 23 })
    expect(distributions['schedule_lag']).toMatchObject({ mean: 3 })
    expect(distributions['e2e']).toMatchObject({ mean: 65 })
    expect(distributions['tpot']).toMatchObject({ unit: 'ms/token', mean: 5 })
    expect(distributions['ntpot']).toMatchObject({ mean: 6.5 })
    expect(distributions['itl']).toMatchObject({ n: 9, mean: 5, unit: 'ms' })
    expect(distributions['itl_per_token']).toMatchObject({ n: 9, mean: 5, unit: 'ms/token' })
    expect(distributions['tokens_per_second_per_user']).toMatchObject({ mean: 200 })
  })

  it('response latency is service latency plus the lag, exactly', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 }), async (lags) => {
      const { distributions: d } = await stageOf(lags.map((lag, i) => record({ id: `${i}`, sentMs: 100 * i + lag, scheduledMs: 100 * i })))
      expect(d['ttft_response']?.mean).toBeCloseTo((d['ttft']?.mean as number) + (d['schedule_lag']?.mean as number), 4)
    }))
  })

  it('a pause that the server asked for is neither lag nor time of the server', async () => {
    const { distributions: d } = await stageOf([record({ id: 'a', sentMs: 103, scheduledMs: 100 }), record({ id: 'b', sentMs: 703, scheduledMs: 200, heldMs: 500 })])
    expect([d['schedule_lag']?.max, d['ttft']?.max, d['ttft_response']?.max]).toEqual([3, 20, 523])
    expect(d['rate_limit_wait']).toMatchObject({ unit: 'ms', n: 1, mean: 500 })
  })

  const events = (times: number[], eventTokens?: number[]) => ({
    sentMs: 0, firstTokenMs: times[0] as number, endMs: times.at(-1) as number, eventsMs: times, ...(eventTokens ? { eventTokens } : {}),
  })

  it.each([
    ['one token has no TPOT and no gap', { outputTokens: 1, ...events([20]) }, { tpot: undefined, itl: undefined, itl_per_token: undefined }],
    ['two tokens in one event have a TPOT of 0 and no gap', { outputTokens: 2, ...events([20]) }, { tpot: 0, itl: undefined }],
    ['events of several tokens: gaps per event and per token differ', { outputTokens: 5, ...events([20, 30, 60], [1, 1, 3]) }, { itl: 20, itl_per_token: 10 }],
    ['an event without a whole token passes its time to the next', { outputTokens: 2, ...events([20, 30, 60], [1, 0, 1]) }, { itl: 20, itl_per_token: 40 }],
    ['tokens of events unknown: no guess', { outputTokens: 9, ...events([20, 30, 60]) }, { itl: 20, itl_per_token: undefined }],
    ['as many events as tokens: one each', { outputTokens: 3, ...events([20, 30, 60]) }, { itl: 20, itl_per_token: 20 }],
    ['gaps without times', { outputTokens: 3, eventsMs: undefined, gapsMs: [4, 8] }, { itl: 6, itl_per_token: 6 }],
    ['not streamed: E2E only', { outputTokens: 4, firstTokenMs: null, endMs: 80, eventsMs: undefined }, { ttft: undefined, tpot: undefined, itl: undefined, e2e: 80, ntpot: 20 }],
  ])('%s', async (_, overlay, expected) => {
    const { distributions } = await stageOf([record({ id: 'a', ...overlay })])
    for (const [metric, mean] of Object.entries(expected)) expect([metric, distributions[metric]?.mean]).toEqual([metric, mean])
  })

  it('of failed, cancelled, warm-up and drain requests stay out', async () => {
    const slow = { firstTokenMs: 5000, endMs: 9000, eventsMs: [5000, 9000] }
    const { distributions, requests, scalars } = await stageOf([
      record({ id: 'a' }), record({ id: 'b', phase: 'warmup', ...slow }), record({ id: 'c', phase: 'drain', ...slow }),
      record({ id: 'd', status: 'cancelled', endMs: null }), failed({ id: 'e', firstTokenMs: 5000 }),
    ])
    expect(distributions['ttft']).toMatchObject({ n: 1, max: 20 })
    expect(requests).toMatchObject({ total: 3, ok: 1, failed: 1, cancelled: 1, warmup: 1, drain: 1, errors: { http5xx: 1 }, firstErrors: ['engine is dead'] })
    // 1 failed of 2 that we did not cancel.
    expect(scalars['error_rate']).toEqual({ unit: 'ratio', value: 0.5, n: 2 })
  })

  it('marks percentiles that the sample is too small for', async () => {
    const stage = await stageOf(steady('low', { count: 150, gapMs: 10 }))
    expect(stage.distributions['ttft']?.weak).toEqual(['p0p1', 'p1', 'p99', 'p99p9'])
  })
})

describe('token counts', () => {
  const counts = { inputTokens: 7, outputTokens: 10, clientInputTokens: 8, clientOutputTokens: 12 }
  it.each([
    ['server', counts, 7, 10], ['tokenizer', counts, 8, 12],
    ['server', { ...counts, inputTokens: null, outputTokens: null }, 8, 12], ['tokenizer', { inputTokens: 7, outputTokens: 10 }, 7, 10],
  ] as const)('by %s of %j are %d and %d', async (countBy, overlay, input, output) => {
    const { distributions } = await stageOf([record({ id: 'a', ...overlay })], { countBy })
    expect([distributions['input_length']?.mean, distributions['output_length']?.mean]).toEqual([input, output])
  })

  it('that nobody knows give no throughput instead of 0', async () => {
    const { scalars } = await stageOf([record({ id: 'a', inputTokens: null, outputTokens: null })])
    expect(scalars['output_throughput']?.value).toBeNull()
    expect(scalars['request_throughput']?.value).toBeGreaterThan(0)
  })
})

describe('rates', () => {
  it('cover first send to last end; concurrency follows from Little', async () => {
    // Ten requests of 65 ms, one every 100 ms: 900 + 65 ms.
    const { scalars, window: seen } = await stageOf(steady('low', { count: 10, gapMs: 100, startMs: 5000 }), { originEpochMs: 1_000_000 })
    expect(seen).toEqual({ startEpochMs: 1_005_000, durationS: 0.965 })
    expect(scalars['request_throughput']?.value).toBeCloseTo(10 / 0.965, 6)
    expect(scalars['output_throughput']?.value).toBeCloseTo(100 / 0.965, 6)
    expect(scalars['input_throughput']?.value).toBeCloseTo(640 / 0.965, 5)
    expect(scalars['total_throughput']?.value).toBeCloseTo(740 / 0.965, 5)
    expect(scalars['output_throughput_per_gpu']?.value).toBeCloseTo(50 / 0.965, 6)
    expect(scalars['concurrency']?.value).toBeCloseTo(0.65 / 0.965, 6)
    expect(scalars['offered_rate']?.value).toBe(10)
    expect(scalars['achieved_rate']?.value).toBe(10)
  })

  it('on CPU has no throughput per GPU', async () => {
    expect((await stageOf([record({ id: 'a' })], { gpus: 0 })).scalars).not.toHaveProperty('output_throughput_per_gpu')
  })

  it('of bursts are not biased by the size of a burst', async () => {
    const bursts = Array.from({ length: 20 }, (_, i) => record({ id: `${i}`, scheduledMs: 1000 * Math.floor(i / 5), sentMs: 1000 * Math.floor(i / 5) + (i % 5) }))
    const { scalars } = await stageOf(bursts)
    expect(scalars['offered_rate']?.value).toBe(5)
    expect(scalars['achieved_rate']?.value).toBe(5)
  })

  it('without a schedule are what was sent', async () => {
    const { scalars } = await stageOf(steady('low', { count: 11, gapMs: 50 }).map((r) => ({ ...r, scheduledMs: null })))
    expect(scalars).not.toHaveProperty('offered_rate')
    expect(scalars['achieved_rate']?.value).toBe(20)
  })

  it('show requests that were scheduled and never sent', async () => {
    const records = steady('low', { count: 10, gapMs: 100 }).map((r, i) => (i < 5 ? r : { ...r, sentMs: null, status: 'cancelled' as const }))
    const { scalars } = await stageOf(records)
    expect(scalars['offered_rate']).toMatchObject({ value: 10, n: 10 })
    expect(scalars['achieved_rate']).toMatchObject({ value: 10, n: 5 })
  })
})

describe('goodput and attainment', () => {
  const slow = { firstTokenMs: 60, endMs: 100, eventsMs: undefined }
  it.each([
    ['counts those that meet every bound', { ttft: '50ms', tpot: '10ms' }, [record({ id: 'a' }), record({ id: 'b', sentMs: 0, ...slow })], 0.5],
    ['counts failed and cancelled as not met', { e2e: '1s' }, [record({ id: 'a' }), failed({ id: 'b' }), record({ id: 'c', status: 'cancelled' }), record({ id: 'd' })], 0.5],
    ['takes the longest gap for itl', { itl: '6ms' }, [record({ id: 'a' }), record({ id: 'b', sentMs: 0, eventsMs: [20, 25, 40], endMs: 40 })], 0.5],
    ['is met exactly on the bound', { ttft: '20ms' }, [record({ id: 'a' })], 1],
    ['does not ask a one-token answer for its TPOT', { tpot: '1ms' }, [record({ id: 'a', outputTokens: 1 })], 1],
    ['cannot be told when nothing shows a first token', { ttft: '50ms' }, [record({ id: 'a', firstTokenMs: null })], null],
    ['counts what cannot be told as not met beside what can', { ttft: '50ms' }, [record({ id: 'a' }), record({ id: 'b', firstTokenMs: null })], 0.5],
    ['is 0 when nothing succeeded', { ttft: '50ms' }, [failed({ id: 'a' })], 0],
  ])('%s', async (_, slo, records, attainment) => {
    const { scalars } = await stageOf(records, { slo })
    expect(scalars['attainment']?.value).toBe(attainment)
  })

  it('without an SLO there is neither', async () => {
    expect(Object.keys((await stageOf([record({ id: 'a' })])).scalars)).not.toEqual(expect.arrayContaining(['goodput']))
  })

  it('goodput is per second of the window', async () => {
    const { scalars } = await stageOf(steady('low', { count: 10, gapMs: 100 }), { slo: { ttft: '1s' } })
    expect(scalars['goodput']).toMatchObject({ unit: 'req/s', value: Number((10 / 0.965).toPrecision(9)) })
  })
})

describe('sessions', () => {
  it('are whole or failed', async () => {
    const turn = (session: string, n: number, overlay: Partial<RequestRecord> = {}) => record({ id: `${session}-${n}`, session, turn: n, sentMs: 1000 * n, ...overlay })
    const { scalars, distributions } = await stageOf([turn('s', 0), turn('s', 1), turn('t', 0), turn('t', 1, { status: 'error' })])
    expect([scalars['sessions']?.value, scalars['sessions_failed']?.value]).toEqual([2, 1])
    expect(distributions['session_duration']).toMatchObject({ n: 1, mean: 1.065, unit: 's' })
    expect(distributions['session_requests']?.mean).toBe(2)
    expect(distributions['session_output_length']?.mean).toBe(20)
  })
})

describe('stages', () => {
  it('keep the order of windows; one without records is there with nulls; one without a window comes last', async () => {
    const windows = [window, { ...window, name: 'empty' }]
    const stages = await computeStages([record({ id: 'x', stage: 'extra' }), record({ id: 'a' })], windows, options)
    expect(stages.map((s) => s.stage)).toEqual(['low', 'empty', 'extra'])
    expect(stages[1]).toMatchObject({ requests: { total: 0, ok: 0 }, distributions: {}, scalars: { error_rate: { value: null }, request_throughput: { value: null } } })
  })

  it('come the same from an array, an async stream and single additions', async () => {
    const records = [...steady('low', { count: 30, gapMs: 7 }), failed({ id: 'f' })]
    async function* stream() { yield* records }
    const accumulator = createStageAccumulator(options)
    for (const r of records) accumulator.add(r)
    const expected = await computeStages(records, [window], options)
    expect(await computeStages(stream(), [window], options)).toEqual(expected)
    expect(accumulator.finish([window]).map((s) => s.findings)).toEqual(expected)
    // A law of sets: the order of records does not matter.
    expect((await measureStages([...records].reverse(), [window], options)).map((s) => s.findings)).toEqual(expected)
  })
})

describe('what a tool does not write down', () => {
  const counted = { total: 40, ok: 30, failed: 8, cancelled: 2 }
  it('makes records a sample: latencies are theirs, counts the tool\'s, and rates nobody\'s', async () => {
    const [stage] = await measureStages(steady('low', { count: 5, gapMs: 100 }), [{ ...window, startMs: 1000, endMs: 5000, counted }], options)
    expect(stage?.findings.requests).toMatchObject(counted)
    expect(stage?.findings.scalars).toEqual({ error_rate: { unit: 'ratio', value: 0.210526316, n: 38 } })
    expect(stage?.findings.distributions['ttft']).toMatchObject({ n: 5, mean: 20 })
    expect(stage?.findings.window.durationS).toBe(4)
    expect(stage?.checks).toMatchObject({ sampled: 5, arrivals: { sent: 0, achievedRate: null }, toolWindowS: 4 })
  })

  it('is nothing where all requests are there', async () => {
    const [stage] = await measureStages(steady('low', { count: 5, gapMs: 100 }), [{ ...window, counted: { total: 5, ok: 5, failed: 0, cancelled: 0 } }], options)
    expect(stage?.checks.sampled).toBeUndefined()
    expect(stage?.findings.scalars['request_throughput']?.value).toBeGreaterThan(0)
  })

  it('may be the clock: durations make latencies, and the tool\'s window the rates', async () => {
    const records = Array.from({ length: 4 }, (_, i) => record({ id: `${i}`, clockless: true, scheduledMs: null, sentMs: 0 }))
    const [stage] = await measureStages(records, [{ ...window, startMs: 500, endMs: 1500 }], options)
    expect(stage?.findings.window.durationS).toBe(1)
    expect(stage?.findings.distributions['e2e']).toMatchObject({ n: 4, mean: 65 })
    expect(stage?.findings.scalars).toMatchObject({ request_throughput: { value: 4 }, output_throughput: { value: 40 }, concurrency: { value: 0.26 } })
    expect(stage?.findings.scalars).not.toHaveProperty('achieved_rate')
    expect(stage?.checks.arrivals.sent).toBe(0)
  })
})

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { createEngine } from './engine.ts'
import type { Engine, Run } from './engine.ts'
import { hashPrompt } from './prefix-cache.ts'
import { createDraws } from './random.ts'

const PLAIN = { prefill: { baseMs: 20, perTokenMs: 0.1 }, decode: { baseMs: 10, perSequenceMs: 1 }, model: { maxLength: 1024 } }

/** An engine in its own time, and a diary of what it did. */
function rig(input: object) {
  const config = SimulatorConfig.parse({ ...PLAIN, ...input })
  const engine = createEngine(config, { instanceFactor: 1, startedAt: 0 })
  const times = new Map<Run, number[]>()
  const ended = new Map<Run, number>()
  let key = 0
  const submit = (prompt: readonly number[], outputTokens: number, at = 0) => {
    engine.advance(at)
    const { blocks, hasher } = hashPrompt(prompt, config.cache.blockTokens)
    const draws = createDraws(config.random.seed, key++)
    const listener = {
      onTokens: (run: Run, count: number, now: number) => void times.set(run, [...times.get(run) ?? [], ...Array.from({ length: count }, () => now)]),
      onEnd: (run: Run, now: number) => void ended.set(run, now),
    }
    return engine.submit({ draws, hasher, promptTokens: prompt.length, promptBlocks: blocks, outputTokens, tokenAt: (i) => 1000 + i, extraFirstTokenMs: 0 }, listener, at)
  }
  return { config, engine, submit, finish: () => engine.advance(1e9), timesOf: (run: Run) => times.get(run) ?? [], endOf: (run: Run) => ended.get(run) }
}

const words = (count: number, from = 0) => Array.from({ length: count }, (_, i) => from + i)
const gaps = (times: readonly number[]) => times.slice(1).map((at, i) => Number((at - (times[i] ?? 0)).toFixed(6)))
const drain = (engine: Engine) => { while (engine.nextDue() < Infinity) engine.advance(engine.nextDue()) }

describe('one sequence', () => {
  it('follows the declared law exactly', () => {
    const { submit, finish, timesOf, endOf, engine } = rig({})
    const run = submit(words(100), 4, 500)
    finish()
    expect(timesOf(run)[0]).toBeCloseTo(500 + 20 + 10)
    expect(gaps(timesOf(run))).toEqual([11, 11, 11])
    expect(endOf(run)).toBe(timesOf(run).at(-1))
    expect(engine.load()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 })
  })

  it('yields several tokens at a time with speculation, and never more than were asked for', () => {
    const { submit, finish, timesOf } = rig({ decode: { ...PLAIN.decode, speculation: { draftTokens: 3, acceptance: 1 } } })
    const run = submit(words(10), 10)
    finish()
    expect(new Set(timesOf(run)).size).toBe(3)
    expect(timesOf(run)).toHaveLength(10)
  })

  it('slows down with drift', () => {
    const { submit, finish, timesOf } = rig({ drift: { percentPerHour: 100 } })
    const run = submit(words(10), 2, 3_600_000)
    finish()
    expect(gaps(timesOf(run))[0]).toBeCloseTo(22, 2)
  })
})

describe('several sequences', () => {
  it('slow each other down by the number that runs', () => {
    const { submit, finish, timesOf } = rig({ prefill: { baseMs: 5, perTokenMs: 0, lanes: 8 } })
    const runs = [1, 2, 3].map(() => submit(words(8), 5))
    finish()
    for (const run of runs) expect(gaps(timesOf(run))).toEqual([13, 13, 13, 13])
  })

  it('wait for a free lane: prompts are computed one after another', () => {
    const { submit, finish, timesOf } = rig({})
    const runs = [0, 1, 2].map((i) => submit(words(100, i * 1000), 1))
    finish()
    expect(runs.map((run) => timesOf(run)[0])).toEqual([30, 40, 50].map((at) => expect.closeTo(at)))
    expect(runs.map((run) => run.admittedAt - run.submittedAt)).toEqual([0, 10, 20].map((at) => expect.closeTo(at)))
  })

  it('wait for a place in the batch, first come first served', () => {
    const { submit, finish, endOf, engine } = rig({ batch: { maxSequences: 2 }, prefill: { baseMs: 10, perTokenMs: 0, lanes: 8 }, decode: { baseMs: 10, perSequenceMs: 0 } })
    const runs = [0, 1, 2, 3].map(() => submit(words(4), 3))
    expect(engine.load()).toMatchObject({ running: 2, waiting: 2 })
    finish()
    expect(runs.map(endOf)).toEqual([30, 30, 60, 60])
  })

  it('wait for room in the cache', () => {
    const { submit, finish, endOf, engine } = rig({ model: { maxLength: 64 }, cache: { blocks: 4 }, prefill: { baseMs: 10, perTokenMs: 0, lanes: 8 }, decode: { baseMs: 10, perSequenceMs: 0 } })
    const first = submit(words(40), 2)
    const second = submit(words(40, 500), 2)
    expect(engine.load()).toMatchObject({ running: 1, waiting: 1, kvUsage: 0.75 })
    finish()
    expect([endOf(first), endOf(second)]).toEqual([20, 40])
  })
})

describe('the prefix cache', () => {
  it('shortens the time to first token by what it has', () => {
    const { submit, finish, timesOf, engine } = rig({})
    submit(words(320), 1)
    const again = submit([...words(320), 9999], 1, 10_000)
    finish()
    expect(again.cachedTokens).toBe(320)
    expect((timesOf(again)[0] ?? 0) - 10_000).toBeCloseTo(20 + 0.1)
    expect(engine.load()).toMatchObject({ prefixQueries: 641, prefixHits: 320 })
  })

  it('knows answers too, so that the next turn of a conversation finds them', () => {
    const { submit } = rig({})
    submit(words(30), 40)
    const next = submit([...words(30), ...Array.from({ length: 40 }, (_, i) => 1000 + i), 5], 1, 10_000)
    expect(next.cachedTokens).toBe(64)
  })

  it('does not have the block that the last token of an answer would fill', () => {
    const { submit } = rig({})
    submit(words(30), 34)
    const next = submit([...words(30), ...Array.from({ length: 34 }, (_, i) => 1000 + i), 5], 1, 10_000)
    expect(next.cachedTokens).toBe(48)
  })

  it.each([['when it is off', { cache: { prefixCaching: false } }, false], ['after a reset', {}, true]])('has nothing %s', (_, input, reset) => {
    const { submit, engine } = rig(input)
    submit(words(320), 1)
    engine.advance(5000)
    if (reset) engine.resetPrefixCache()
    expect(submit(words(330), 1, 10_000).cachedTokens).toBe(0)
  })
})

describe('a full cache', () => {
  // two sequences of 2 blocks each grow until 4 blocks of 16 are too few
  const tight = { model: { maxLength: 64 }, cache: { blocks: 4, prefixCaching: false }, prefill: { baseMs: 10, perTokenMs: 1, lanes: 8 }, decode: { baseMs: 10, perSequenceMs: 0 } }

  it('preempts the youngest, which is computed again and loses no token', () => {
    const { submit, finish, timesOf, engine } = rig(tight)
    const old = submit(words(30), 10)
    const young = submit(words(30, 100), 10)
    finish()
    expect(old.preemptions).toBe(0)
    expect(young.preemptions).toBeGreaterThan(0)
    expect(engine.load().preemptions).toBe(young.preemptions)
    expect(timesOf(old)).toHaveLength(10)
    expect(timesOf(young)).toHaveLength(10)
    // the stall holds the wait for the other and the second prefill of at least 30 tokens
    expect(Math.max(...gaps(timesOf(young)))).toBeGreaterThan(30)
    expect(Math.max(...gaps(timesOf(old)))).toBe(10)
  })

  it('keeps the queue time of the first admission', () => {
    const { submit, finish } = rig(tight)
    submit(words(30), 10)
    const young = submit(words(30, 100), 10, 5)
    finish()
    expect(young.admittedAt).toBe(5)
  })
})

describe('aborting', () => {
  it.each([['while it waits', 1], ['while it is computed', 5], ['while it answers', 45]])('frees everything %s', (_, at) => {
    const { submit, engine, timesOf } = rig({ batch: { maxSequences: 1 }, prefill: { baseMs: 20, perTokenMs: 0.1 } })
    const first = submit(words(100), 100)
    const second = submit(words(100, 1000), 3)
    engine.advance(at)
    engine.abort(at === 1 ? second : first, at)
    const before = timesOf(first).length
    drain(engine)
    expect(timesOf(second)).toHaveLength(at === 1 ? 0 : 3)
    expect(timesOf(first)).toHaveLength(at === 1 ? 100 : before)
    expect(engine.load()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 })
  })

  it('twice, or after the end, does nothing', () => {
    const { submit, engine } = rig({})
    const run = submit(words(4), 2)
    drain(engine)
    engine.abort(run, 1e6)
    engine.abort(run, 1e6)
    expect(engine.load()).toMatchObject({ running: 0, kvUsage: 0 })
  })
})

describe('always', () => {
  const arrival = fc.record({ after: fc.nat(30), prompt: fc.integer({ min: 1, max: 60 }), same: fc.nat(2), output: fc.integer({ min: 1, max: 40 }), abortAfter: fc.option(fc.nat(300)) })
  const setting = fc.record({ sequences: fc.integer({ min: 1, max: 6 }), blocks: fc.integer({ min: 13, max: 40 }), lanes: fc.integer({ min: 1, max: 3 }), draftTokens: fc.nat(3), prefixCaching: fc.boolean(), jitter: fc.constantFrom(0, 0.5) })

  const play = (s: { sequences: number; blocks: number; lanes: number; draftTokens: number; prefixCaching: boolean; jitter: number },
    arrivals: readonly { after: number; prompt: number; same: number; output: number; abortAfter: number | null }[]) => {
    const { submit, engine, timesOf, endOf } = rig({
      model: { maxLength: 100 }, batch: { maxSequences: s.sequences }, cache: { blocks: s.blocks, blockTokens: 8, prefixCaching: s.prefixCaching },
      prefill: { baseMs: 5, perTokenMs: 0.3, lanes: s.lanes, jitter: s.jitter }, decode: { baseMs: 4, perSequenceMs: 1, jitter: s.jitter, speculation: { draftTokens: s.draftTokens, acceptance: 0.6 } },
    })
    let now = 0
    const runs = arrivals.map(({ after, prompt, same, output, abortAfter }) => {
      now += after
      return { run: submit(words(prompt, same * 1000), output, now), output, abortAt: abortAfter === null ? undefined : now + abortAfter }
    })
    for (const { run, abortAt } of runs.filter((r) => r.abortAt !== undefined && r.abortAt > now).sort((a, b) => (a.abortAt ?? 0) - (b.abortAt ?? 0))) {
      engine.advance(abortAt ?? 0)
      engine.abort(run, abortAt ?? 0)
    }
    drain(engine)
    return { engine, runs: runs.map(({ run, output, abortAt }) => ({ output, abortAt, times: timesOf(run), end: endOf(run), run })) }
  }

  it('every sequence ends with the tokens that were asked for, or was aborted; nothing stays behind', () => {
    fc.assert(fc.property(setting, fc.array(arrival, { minLength: 1, maxLength: 25 }), (s, arrivals) => {
      const { engine, runs } = play(s, arrivals)
      expect(engine.load()).toMatchObject({ running: 0, waiting: 0, kvUsage: 0 })
      for (const { output, abortAt, times, end } of runs) {
        expect(times.length).toBeLessThanOrEqual(output)
        if (abortAt === undefined) expect(times).toHaveLength(output)
        expect(end !== undefined).toBe(times.length === output)
        for (const gap of gaps(times)) expect(gap).toBeGreaterThanOrEqual(0)
      }
    }), { numRuns: 300 })
  })

  it('the same arrivals with the same seed give the same times', () => {
    fc.assert(fc.property(setting, fc.array(arrival, { minLength: 1, maxLength: 15 }), (s, arrivals) => {
      expect(play(s, arrivals).runs.map((r) => r.times)).toEqual(play(s, arrivals).runs.map((r) => r.times))
    }), { numRuns: 50 })
  })
})

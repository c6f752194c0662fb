// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { createEngine } from './engine.ts'
import { createFakeClock } from './fake-clock.ts'
import { hashPrompt } from './prefix-cache.ts'
import { createDraws } from './random.ts'
import { createScheduler } from './scheduler.ts'

function rig() {
  const config = SimulatorConfig.parse({ prefill: { baseMs: 20, perTokenMs: 0, lanes: 8 }, decode: { baseMs: 10, perSequenceMs: 0 } })
  const clock = createFakeClock()
  const startMs = clock.nowNs() / 1e6
  const scheduler = createScheduler(createEngine(config, { instanceFactor: 1, startedAt: 0 }), clock)
  const diary: string[] = []
  const submit = (name: string, outputTokens = 3) => {
    const { blocks, hasher } = hashPrompt([1], 16)
    const elapsed = () => clock.nowNs() / 1e6 - startMs
    return scheduler.submit({ draws: createDraws(1, 1), hasher, promptTokens: 1, promptBlocks: blocks, outputTokens, tokenAt: (i) => i, extraFirstTokenMs: 0 }, {
      onTokens: (_, __, at) => void diary.push(`${name} due ${at - startMs} at ${elapsed()}`),
      onEnd: () => void diary.push(`${name} ends`),
    }, clock.nowNs())
  }
  return { clock, scheduler, diary, submit }
}

describe('the scheduler', () => {
  it('does what is due when it is due', () => {
    const { clock, diary, submit } = rig()
    submit('a')
    clock.advance(100)
    expect(diary).toEqual(['a due 20 at 20', 'a due 30 at 30', 'a due 40 at 40', 'a ends'])
  })

  it('needs one timer for all streams, and none when idle', () => {
    const { clock, submit } = rig()
    for (let i = 0; i < 50; i++) {
      clock.advance(0.3)
      submit(`s${i}`, 20)
      expect(clock.pending()).toBe(1)
    }
    clock.advance(10_000)
    expect(clock.pending()).toBe(0)
  })

  it('catches up after the process was held up, from due time to due time', () => {
    const { clock, diary, submit } = rig()
    submit('a')
    clock.stall(35)
    clock.advance(5)
    expect(diary).toEqual(['a due 20 at 35', 'a due 30 at 35', 'a due 40 at 40', 'a ends'])
  })

  it('does what was due before an arrival before it', () => {
    const { clock, diary, submit } = rig()
    submit('a', 1)
    clock.stall(25)
    submit('b', 1)
    expect(diary).toEqual(['a due 20 at 25', 'a ends'])
    clock.advance(100)
    expect(diary.slice(2)).toEqual(['b due 45 at 45', 'b ends'])
  })

  it('writes what falls due within half a millisecond with it, not in a wake-up of its own', () => {
    const { clock, diary, submit } = rig()
    submit('a', 1)
    clock.advance(0.4)
    submit('b', 1)
    clock.advance(100)
    expect(diary).toEqual(['a due 20 at 20', 'a ends', 'b due 20.4 at 20', 'b ends'].map((line) => expect.stringContaining(line.slice(0, 8)) as string))
    expect(diary[2]).toMatch(/ at 20$/)
  })

  it('leaves the rest alone when one is aborted or all is stopped', () => {
    const { clock, scheduler, diary, submit } = rig()
    const a = submit('a')
    submit('b', 5)
    clock.advance(25)
    scheduler.abort(a)
    clock.advance(10)
    scheduler.stop()
    clock.advance(100)
    expect(diary.map((line) => line.split(' ')[0])).toEqual(['a', 'b', 'b'])
    expect(clock.pending()).toBe(0)
  })
})

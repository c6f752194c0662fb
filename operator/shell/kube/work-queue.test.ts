// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FakeClock, fakeClock, settle } from './testdata/fake-clock.ts'
import { createWorkQueue, type QueueMetrics, type WorkQueue } from './work-queue.ts'

function queued(options: { readonly metrics?: QueueMetrics } = {}): { queue: WorkQueue; clock: FakeClock } {
  const clock = fakeClock()
  return { queue: createWorkQueue({ clock, random: () => 0, ...options }), clock }
}

/** Takes what is there now, without waiting. */
async function takeAll(queue: WorkQueue): Promise<string[]> {
  const taken: string[] = []
  while (queue.depth() > 0) taken.push((await queue.take()) ?? '(closed)')
  return taken
}

describe('a key', () => {
  it('stands in line once, in the order of coming', async () => {
    const { queue } = queued()
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key)
    expect(await takeAll(queue)).toEqual(['a', 'b', 'c'])
  })

  it('comes again after it is done when it was added meanwhile, and only then', async () => {
    const { queue } = queued()
    queue.add('a')
    expect(await queue.take()).toBe('a')
    queue.add('a')
    queue.add('a')
    expect(queue.depth()).toBe(0)
    queue.done('a')
    expect(await takeAll(queue)).toEqual(['a'])
    queue.done('a')
    expect(queue.depth()).toBe(0)
  })

  it('goes straight to a worker that waits', async () => {
    const { queue } = queued()
    const first = queue.take()
    const second = queue.take()
    queue.add('a')
    queue.add('b')
    expect(await Promise.all([first, second])).toEqual(['a', 'b'])
  })

  it('added for later comes at the earliest of its times', async () => {
    const { queue, clock } = queued()
    queue.addAfter('a', 1000)
    queue.addAfter('a', 200)
    queue.addAfter('a', 5000)
    await clock.advance(199)
    expect(queue.depth()).toBe(0)
    await clock.advance(1)
    expect(await takeAll(queue)).toEqual(['a'])
    queue.done('a')
    await clock.advance(10_000)
    expect(queue.depth()).toBe(0)
  })

  it('that fails waits twice as long each time until it is forgotten, at most five minutes', () => {
    const { queue } = queued()
    expect([1, 2, 3, 4].map(() => queue.retry('a'))).toEqual([5, 10, 20, 40])
    expect([queue.failures('a'), queue.retry('b')]).toEqual([4, 5])
    queue.forget('a')
    expect(queue.retry('a')).toBe(5)
    for (let i = 0; i < 30; i++) queue.retry('a')
    expect(queue.retry('a')).toBe(300_000)
  })
})

describe('closing', () => {
  it('drops what is in line and wakes the workers', async () => {
    const { queue, clock } = queued()
    queue.add('a')
    queue.addAfter('b', 10)
    queue.close()
    expect(await Promise.all([queue.take(), queue.take()])).toEqual([undefined, undefined])
    await clock.advance(100)
    queue.add('c')
    expect([queue.depth(), clock.pending()]).toEqual([0, 0])
  })

  it('or drains it first', async () => {
    const { queue } = queued()
    queue.add('a')
    queue.add('b')
    queue.close('drain')
    queue.add('c')
    expect([await queue.take(), await queue.take(), await queue.take()]).toEqual(['a', 'b', undefined])
  })
})

it('reports depth, times in line and at work, additions and retries', async () => {
  const said: string[] = []
  const say = (what: string) => (value?: number) => said.push(value === undefined ? what : `${what} ${value}`)
  const { queue, clock } = queued({ metrics: { depth: () => undefined, added: say('added'), retried: say('retried'), queued: say('queued'), worked: say('worked') } })
  queue.add('a')
  await clock.advance(30)
  await queue.take()
  await clock.advance(70)
  queue.done('a')
  queue.retry('a')
  expect(said).toEqual(['added', 'queued 30', 'worked 70', 'retried'])
})

it('never gives a key to two workers, and every addition is followed by work that began after it', async () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c'), delayMs: fc.nat(30), workMs: fc.nat(30), gapMs: fc.nat(20) })
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), async (steps, workers) => {
    const { queue, clock } = queued()
    const busy = new Set<string>()
    const added = new Map<string, number>()
    const began = new Map<string, number>()
    const work = async () => {
      for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
        expect(busy.has(key)).toBe(false)
        busy.add(key)
        began.set(key, clock.now())
        const ms = steps[clock.now() % Math.max(steps.length, 1)]?.workMs ?? 1
        await new Promise<void>((resolve) => { clock.after(ms, resolve) })
        busy.delete(key)
        queue.done(key)
      }
    }
    const all = Promise.all(Array.from({ length: workers }, work))
    for (const { key, delayMs, gapMs } of steps) {
      added.set(key, clock.now())
      queue.addAfter(key, delayMs)
      await clock.advance(gapMs)
    }
    await clock.advance(5000)
    for (const [key, at] of added) expect(began.get(key)).toBeGreaterThanOrEqual(at)
    expect(busy.size).toBe(0)
    queue.close()
    await all
    await settle()
  }), { numRuns: 40 })
})

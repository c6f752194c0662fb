// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fakeClock, settle } from './testdata/fake-clock.ts'
import { createTokenBucket } from './token-bucket.ts'

it('lets the burst through at once and the rest at the rate, in order', async () => {
  const clock = fakeClock()
  const bucket = createTokenBucket({ perSecond: 10, burst: 3, clock })
  const taken: number[] = []
  for (let i = 0; i < 6; i++) void bucket.take().then(() => taken.push(i))
  await settle()
  expect(taken).toEqual([0, 1, 2])
  await clock.advance(100)
  expect(taken).toEqual([0, 1, 2, 3])
  await clock.advance(200)
  expect(taken).toEqual([0, 1, 2, 3, 4, 5])
})

it('fills up to the burst and no further', async () => {
  const clock = fakeClock()
  const bucket = createTokenBucket({ perSecond: 10, burst: 3, clock })
  await clock.advance(60_000)
  expect([1, 2, 3, 4].map(() => bucket.tryTake())).toEqual([true, true, true, false])
})

it('gives an aborted token back', async () => {
  const clock = fakeClock()
  const bucket = createTokenBucket({ perSecond: 1, burst: 1, clock })
  await bucket.take()
  const controller = new AbortController()
  const waiting = bucket.take(controller.signal)
  controller.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
  await clock.advance(1000)
  expect(bucket.tryTake()).toBe(true)
})

it('never gives more than burst plus rate times time', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.record({ waitMs: fc.nat(500), takes: fc.nat(20) }), { maxLength: 20 }), async (steps) => {
    const clock = fakeClock()
    const bucket = createTokenBucket({ perSecond: 20, burst: 5, clock })
    let taken = 0
    for (const { waitMs, takes } of steps) {
      for (let i = 0; i < takes; i++) void bucket.take().then(() => { taken += 1 })
      await clock.advance(waitMs)
      expect(taken).toBeLessThanOrEqual(5 + (clock.now() / 1000) * 20 + 1e-6)
    }
  }), { numRuns: 25 })
})

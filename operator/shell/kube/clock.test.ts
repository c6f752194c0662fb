// SPDX-License-Identifier: Apache-2.0
import { expect, it, vi } from 'vitest'
import { LONGEST_TIMER_MS, sleep, systemClock } from './clock.ts'
import { fakeClock, settle } from './testdata/fake-clock.ts'

it('sleeps for the time', async () => {
  const clock = fakeClock()
  const woke = vi.fn()
  void sleep(clock, 100).then(woke)
  await clock.advance(99)
  expect(woke).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(woke).toHaveBeenCalledOnce()
})

it('wakes early when aborted, and leaves neither timer nor listener', async () => {
  const clock = fakeClock()
  const controller = new AbortController()
  const woke = vi.fn()
  void sleep(clock, 100, controller.signal).then(woke)
  controller.abort()
  await settle()
  expect(woke).toHaveBeenCalledOnce()
  expect(clock.pending()).toBe(0)
  await sleep(clock, 100, controller.signal)
})

it('does not fire at once for delays longer than timers can take', async () => {
  const fired = vi.fn()
  const cancel = systemClock.after(LONGEST_TIMER_MS * 2, fired)
  await new Promise((resolve) => { setTimeout(resolve, 20) })
  cancel()
  expect(fired).not.toHaveBeenCalled()
})

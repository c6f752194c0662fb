// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createServerPause } from './server-pause.ts'

beforeEach(() => { vi.useFakeTimers({ now: 0 }) })
afterEach(() => { vi.useRealTimers() })
const now = () => Date.now()

describe('createServerPause', () => {
  it.each([
    [{ httpStatus: 429, retryAfterMs: 100 }, true], [{ httpStatus: 503, retryAfterMs: 100 }, true],
    [{ httpStatus: 429 }, false], [{ httpStatus: 429, retryAfterMs: 0 }, false], [{ httpStatus: 500, retryAfterMs: 100 }, false], [{ httpStatus: 200, retryAfterMs: 100 }, false],
  ])('%o asks for one: %s', (metrics, asks) => {
    const pause = createServerPause(now)
    expect(pause.take(metrics)).toBe(asks)
    expect(pause.on(() => undefined)).toBe(asks)
  })

  it('resumes once when it is over, though it was made longer', () => {
    const pause = createServerPause(now)
    const resume = vi.fn(() => { if (pause.on(resume)) resumed.push(now()) })
    const resumed: number[] = []
    pause.take({ httpStatus: 429, retryAfterMs: 100 })
    pause.on(resume)
    pause.on(resume)
    vi.advanceTimersByTime(50)
    pause.take({ httpStatus: 429, retryAfterMs: 150 })
    vi.advanceTimersByTime(1000)
    // too early at first, since the pause had grown meanwhile; then for good
    expect(resume).toHaveBeenCalledTimes(2)
    expect(resumed).toEqual([101])
    expect(pause.totalMs()).toBe(200)
    expect(pause.on(resume)).toBe(false)
  })

  it('knows how much of a wait it was', () => {
    const pause = createServerPause(now)
    vi.setSystemTime(1000)
    pause.take({ httpStatus: 429, retryAfterMs: 100 })
    vi.setSystemTime(1500)
    pause.take({ httpStatus: 429, retryAfterMs: 100 })
    vi.setSystemTime(1540)
    expect([0, 1050, 1100, 1500, 1520].map(pause.since)).toEqual([140, 90, 40, 40, 20])
    expect(pause.totalMs()).toBe(140)
  })

  it('resumes nobody who was forgotten', () => {
    const pause = createServerPause(now)
    const resume = vi.fn()
    pause.take({ httpStatus: 429, retryAfterMs: 100 })
    pause.on(resume)
    pause.forget()
    vi.advanceTimersByTime(1000)
    expect(resume).not.toHaveBeenCalled()
  })
})

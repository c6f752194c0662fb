// SPDX-License-Identifier: Apache-2.0
import { afterAll, describe, expect, it } from 'vitest'
import { startClock } from './clock.ts'
import { startPacer } from './pacer.ts'

const clock = startClock()
const pacer = await startPacer(clock)
afterAll(() => pacer.close())
const signal = () => new AbortController().signal

describe('pacer', () => {
  it('releases every time once, in order, never before it has come', async () => {
    const from = clock.now() + 5
    const times = Float64Array.from({ length: 300 }, (_, i) => from + Math.floor(i / 3) * 0.7)
    const released: number[] = []
    await pacer.run(times, (index) => {
      // the two threads' clocks are one clock, read in different ways
      expect(clock.now() - times[index]!).toBeGreaterThan(-0.01)
      released.push(index)
    }, signal())
    expect(released).toEqual(Array.from(times, (_, i) => i))
  })

  it('releases at once what is already late', async () => {
    const released: number[] = []
    await pacer.run(Float64Array.of(-5, -4, -3), (index) => released.push(index), signal())
    expect(released).toEqual([0, 1, 2])
  })

  it('ends when it is stopped, and can be used again', async () => {
    const stop = new AbortController()
    const released: number[] = []
    setTimeout(() => stop.abort(), 20)
    await pacer.run(Float64Array.of(0, clock.now() + 3_600_000), (index) => released.push(index), stop.signal)
    expect(released).toEqual([0])
    await pacer.run(Float64Array.of(clock.now() + 1), () => released.push(7), signal())
    expect(released).toEqual([0, 7])
  })

  it('has nothing to do without times, or when it was stopped before', async () => {
    await pacer.run(new Float64Array(0), () => expect.unreachable(), signal())
    await pacer.run(Float64Array.of(0), () => expect.unreachable(), AbortSignal.abort())
  })
})

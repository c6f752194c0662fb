// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { gapMs, naturalTokens, prefillTimes, slowness, stepTokens } from './latency-model.ts'
import { createDraws } from './random.ts'

const draws = createDraws(1, 1)
const laws = (input: object) => SimulatorConfig.parse(input)
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const sample = (draw: (index: number) => number) => mean(Array.from({ length: 20_000 }, (_, index) => draw(index)))

describe('the laws', () => {
  it('of the first token: a base, and a time for each uncached token', () => {
    expect(prefillTimes(laws({ prefill: { baseMs: 7, perTokenMs: 0.5 } }), 100, { draws, index: 0 })).toEqual({ baseMs: 7, computeMs: 50 })
  })

  it.each([
    [{ running: 1, prefilling: 0 }, 10.5],
    [{ running: 100, prefilling: 0 }, 60],
    [{ running: 100, prefilling: 2 }, 66],
  ])('of the gap under load %o', (load, expected) => {
    expect(gapMs(laws({ decode: { baseMs: 10, perSequenceMs: 0.5, perPrefillMs: 3 } }), load, { draws, index: 3 })).toBe(expected)
  })

  it('of jitter: the mean stays', () => {
    const jittery = laws({ decode: { baseMs: 10, perSequenceMs: 0, jitter: 0.4 } })
    expect(sample((index) => gapMs(jittery, { running: 1, prefilling: 0 }, { draws, index }))).toBeCloseTo(10, 0)
  })

  it.each([
    [0, 0.9, 1], [3, 0, 1], [3, 1, 4], [2, 0.5, 1.75],
  ])('of speculation: %d draft tokens accepted with %d give %d tokens an event', (draftTokens, acceptance, expected) => {
    const speculative = laws({ decode: { speculation: { draftTokens, acceptance } } })
    expect(Math.abs(sample((index) => stepTokens(speculative, { draws, index })) - expected)).toBeLessThan(0.02)
  })

  it('of natural lengths: the declared mean, and never nothing', () => {
    const wordy = laws({ answer: { meanTokens: 80, sigma: 0.8 } })
    const lengths = Array.from({ length: 20_000 }, (_, index) => naturalTokens(wordy, { draws, index }))
    expect(Math.abs(mean(lengths) / 80 - 1)).toBeLessThan(0.03)
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1)
  })

  it.each([
    [0, 1, 0, 1], [10, 1, 3_600_000, 1.1], [10, 1.2, 1_800_000, 1.26], [-100, 1, 7_200_000, 0.01], [10, 1, -5, 1],
  ])('of drift: %d %% per hour, instance %d, after %d ms', (percentPerHour, instance, sinceMs, expected) => {
    expect(slowness(laws({ drift: { percentPerHour } }), instance, sinceMs)).toBeCloseTo(expected, 10)
  })
})

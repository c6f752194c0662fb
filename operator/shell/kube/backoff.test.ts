// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { backoffMs } from './backoff.ts'

const base = { baseMs: 5, maxMs: 300_000, jitter: 0, random: () => 0 }

it.each([[0, 5], [1, 5], [2, 10], [3, 20], [10, 2560], [17, 300_000], [1_000_000, 300_000]])('after %i failures waits %i ms', (failures, ms) => {
  expect(backoffMs(failures, base)).toBe(ms)
})

it('stays between the unspread delay and what the jitter leaves of it', () => {
  fc.assert(fc.property(fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, jitter, chance) => {
    const whole = backoffMs(failures, base)
    const spread = backoffMs(failures, { ...base, jitter, random: () => chance })
    return spread <= whole && spread >= whole * (1 - jitter)
  }))
})

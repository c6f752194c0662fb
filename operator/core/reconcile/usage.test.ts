// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { UsageStatus } from '../model/budget.ts'
import { settleUsage, type StandingStack, usageRate, usedBy } from './usage.ts'

const T = Date.parse('2026-01-01T00:00:00Z')
const hours = (n: number) => T + n * 3_600_000
const stack = (name: string, from: number, over: Partial<StandingStack> = {}): StandingStack => ({ name, sinceMs: hours(from), gpus: 2, ...over })

describe('settleUsage', () => {
  it('charges a stack while it stands and for good when it is gone', () => {
    const up = settleUsage(undefined, [stack('a', 0)], { now: hours(1) })
    expect(up).toEqual({ gpuSeconds: 0, standing: [{ name: 'a', since: '2026-01-01T00:00:00Z', gpus: 2 }] })
    expect(usedBy(up, hours(1)).gpuHours).toBe(2)
    const gone = settleUsage(up, [], { now: hours(1.5) })
    expect(gone).toEqual({ gpuSeconds: 3 * 3600, standing: [] })
    expect(usedBy(gone, hours(9)).gpuHours).toBe(3)
  })

  it.each<[string, StandingStack[], number]>([
    ['accelerators that are only known later', [stack('a', 0, { gpus: 4 })], 8],
    ['one of the same name that was made later', [stack('a', 1)], 2 + 2],
    ['several at once', [stack('a', 0), stack('b', 1)], 4 + 2],
    ['one that takes none', [stack('a', 0), stack('c', 0, { gpus: 0 })], 4],
  ])('knows %s', (_, standing, gpuHours) => {
    const ledger = settleUsage(settleUsage(undefined, [stack('a', 0)], { now: hours(1) }), standing, { now: hours(2) })
    expect(usedBy(ledger, hours(2)).gpuHours).toBeCloseTo(gpuHours, 9)
  })

  it('makes money of it by the price at which the stack was begun', () => {
    const up = settleUsage(undefined, [stack('a', 0, { hourlyCost: 3 })], { now: hours(0), currency: 'EUR' })
    expect(usageRate(up)).toEqual({ gpuHours: 2, cost: 6 })
    expect(settleUsage(up, [], { now: hours(2), currency: 'EUR' })).toEqual({ gpuSeconds: 4 * 3600, cost: 12, currency: 'EUR', standing: [] })
  })

  it('charges the same however often it looks, and never less than before', () => {
    const spans = fc.array(fc.record({ from: fc.integer({ min: 0, max: 500 }), length: fc.integer({ min: 1, max: 300 }), gpus: fc.integer({ min: 0, max: 8 }) }), { maxLength: 8 })
    fc.assert(fc.property(spans, fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 }), (all, looks) => {
      const ends = new Set(all.flatMap((s) => [s.from, s.from + s.length]))
      let [ledger, last] = [undefined as UsageStatus | undefined, 0]
      for (const at of [...new Set([...looks, ...ends, 900])].sort((a, b) => a - b)) {
        const up = all.map((s, i) => ({ ...s, name: `s${i}` })).filter((s) => s.from <= at && at < s.from + s.length)
        ledger = settleUsage(ledger, up.map((s) => ({ name: s.name, sinceMs: T + s.from * 1000, gpus: s.gpus })), { now: T + at * 1000 })
        const used = usedBy(ledger, T + at * 1000).gpuHours
        expect(used).toBeGreaterThanOrEqual(last - 1e-9)
        last = used
      }
      expect(last * 3600).toBeCloseTo(all.reduce((sum, s) => sum + s.gpus * s.length, 0), 2)
    }))
  })
})

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { random } from '../stats/testdata/random.ts'
import { halfWidth, type Replicated, type StopRule, wantedReplicates } from './until.ts'

const RULE: StopRule = { min: 3, max: 10, confidence: 0.95, half: { relative: 0.05 } }
const values = (...rows: readonly (readonly (number | null)[])[]): Replicated[] => rows.flatMap((row, treatment) => row.map((value, i) => ({ treatment, replicate: i + 1, value })))
const ended = (n: number) => (upTo: number) => upTo <= n
const wanted = (rule: StopRule, found: readonly Replicated[], done: number) => wantedReplicates(rule, ended(done), { treatments: [0, 1], values: found })

describe('wantedReplicates', () => {
  it.each<[string, Parameters<typeof wanted>, ReturnType<typeof wanted>]>([
    ['the minimum at first', [RULE, [], 0], { replicates: 3, ended: false, wide: [0, 1] }],
    ['no more while a replicate is under way', [RULE, values([10, 10], [10]), 1], { replicates: 3, ended: false, wide: [0, 1] }],
    ['no more when all are narrow', [RULE, values([10, 10.1, 9.9], [5, 5, 5]), 3], { replicates: 3, ended: true, wide: [] }],
    ['one more complete block when one is wide', [RULE, values([10, 10.1, 9.9], [5, 6, 4]), 3], { replicates: 4, ended: false, wide: [0, 1] }],
    ['the end at the cap, with who is still wide', [{ ...RULE, max: 4 }, values([10, 10.1, 9.9, 10], [5, 6, 4, 5]), 4], { replicates: 4, ended: true, wide: [1] }],
    ['an absolute width', [{ ...RULE, half: { absolute: 3 } }, values([10, 11, 9], [100, 101, 99]), 3], { replicates: 3, ended: true, wide: [] }],
    ['more where evidence is missing', [RULE, values([10, 10, null], [5, null, null]), 3], { replicates: 4, ended: false, wide: [0, 1] }],
    ['min at most max', [{ ...RULE, min: 5, max: 4 }, [], 0], { replicates: 4, ended: false, wide: [0, 1] }],
  ])('%s', (_, given, expected) => {
    expect(wanted(...given)).toEqual(expected)
  })

  it('decides as it did: what later replicates show changes no earlier step', () => {
    const { normal } = random(7)
    const found = values(Array.from({ length: 10 }, () => 10 + normal()), Array.from({ length: 10 }, () => 10 + normal()))
    const steps = Array.from({ length: 8 }, (_, i) => wanted(RULE, found.filter((v) => v.replicate <= i + 3), i + 3))
    const again = Array.from({ length: 8 }, (_, i) => wanted(RULE, found, i + 3))
    expect(again).toEqual(steps)
    expect(steps[0]?.replicates).toBe(4)
  })
})

describe('halfWidth', () => {
  it('is Student over replicates, each of which counts once however often it was run', () => {
    const rows = [{ replicate: 1, value: 9 }, { replicate: 1, value: 11 }, { replicate: 2, value: 12 }].map((v) => ({ treatment: 0, ...v }))
    // Means 10 and 12: 12.706 × √2 ÷ √2.
    expect(halfWidth(rows, 0.95)?.half).toBeCloseTo(12.706, 3)
    expect(halfWidth(rows, 0.95)?.mean).toBe(11)
  })
  it('is not known of one replicate', () => {
    expect(halfWidth(values([1, null]), 0.95)).toBeUndefined()
  })

  it('costs coverage when it stops the replication, and how much is what the guide says', () => {
    const SIMULATIONS = 2000
    const { normal } = random(3)
    let [covered, used] = [0, 0]
    for (let s = 0; s < SIMULATIONS; s++) {
      const found: Replicated[] = Array.from({ length: 10 }, (_, i) => ({ treatment: 0, replicate: i + 1, value: 100 + 5 * normal() }))
      let n = 0
      for (;;) {
        const step = wantedReplicates(RULE, ended(n), { treatments: [0], values: found })
        if (step.ended) break
        n = step.replicates
      }
      used += n
      const { mean, half } = halfWidth(found.filter((v) => v.replicate <= n), 0.95) ?? { mean: 0, half: 0 }
      if (Math.abs(mean - 100) <= half) covered += 1
    }
    expect(covered / SIMULATIONS).toBeGreaterThan(0.88)
    expect(covered / SIMULATIONS).toBeLessThan(0.95)
    expect(used / SIMULATIONS).toBeLessThan(8)
  })
})

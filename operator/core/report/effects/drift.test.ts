// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { random } from '../../stats/testdata/random.ts'
import { driftOf, withoutDrift } from './drift.ts'
import type { EffectRow } from './effect-rows.ts'

const START = Date.parse('2026-11-23T12:00:00Z')

interface Planted { readonly replicates: number; readonly perStack: number; readonly value: (place: { readonly tp: number; readonly time: number; readonly i: number }) => number }

/** Two setups in each replicate, of which each stack serves its treatment several times; places in time from 0 to 1. */
function rows({ replicates, perStack, value }: Planted): EffectRow[] {
  const places = Array.from({ length: replicates }, (_, r) => r).flatMap((r) => [1, 2].flatMap((tp) => Array.from({ length: perStack }, () => ({ r, tp }))))
  return places.map(({ r, tp }, i) => ({
    trial: `t${i}`, value: value({ tp, time: i / (places.length - 1), i }), weak: false, suspect: false, stack: `s${tp}-${r}`, block: String(r),
    started: new Date(START + i * 60_000).toISOString(), levels: { tp: String(tp) },
  }))
}

describe('drift', () => {
  it.each([
    ['of positive values is a ratio', ({ tp, time }: { tp: number; time: number }) => 100 * tp * 1.2 ** time, 'ratio', 1.2],
    ['of others a difference', ({ tp, time }: { tp: number; time: number }) => tp - 1.5 + 0.3 * time, 'difference', 0.3],
  ] as const)('%s, and found exactly where nothing else varies, whatever the treatments do', (_, value, scale, change) => {
    const found = driftOf(rows({ replicates: 3, perStack: 3, value }))
    expect(found).toMatchObject({ scale, change: expect.closeTo(change, 6) })
    expect(found?.p).toBeLessThan(1e-6)
  })

  it('taken out leaves what was without it, about the middle of the run', () => {
    const own = rows({ replicates: 2, perStack: 3, value: ({ tp, time }) => 100 * tp * 1.2 ** time })
    for (const row of withoutDrift(own, { scale: 'ratio', change: 1.2 })) expect(row.value).toBeCloseTo(100 * Number(row.levels['tp']) * Math.sqrt(1.2), 8)
  })

  it.each([
    ['one trial', rows({ replicates: 1, perStack: 1, value: () => 1 }).slice(0, 1)],
    ['every treatment once: order and treatment are the same thing', rows({ replicates: 1, perStack: 1, value: ({ i }) => 1 + i })],
    ['too little freedom', rows({ replicates: 2, perStack: 1, value: ({ i }) => 1 + i })],
  ])('is not told of %s', (_, own) => expect(driftOf(own)).toBeNull())

  it('has an interval that holds the truth in 93 to 97 of 100 Experiments', () => {
    const r = random(77)
    const n = 2000
    let held = 0
    for (let k = 0; k < n; k++) {
      const found = driftOf(rows({ replicates: 3, perStack: 3, value: ({ tp, time }) => 100 * tp * Math.exp(0.1 * time + 0.05 * r.normal()) }))
      held += Number(found !== null && found.low <= Math.exp(0.1) && found.high >= Math.exp(0.1))
    }
    expect(held / n).toBeGreaterThan(0.93)
    expect(held / n).toBeLessThan(0.97)
  }, 60_000)
})

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type HalvingRules, rungsFor, rungsSoFar } from './halving.ts'
import type { Replicated } from './until.ts'

const RULES: HalvingRules = { eta: 2, rungs: 3, min: 1, better: 'higher', margin: 0 }
const field = (n: number) => Array.from({ length: n }, (_, i) => i)

/** Rungs when every treatment always gives its score, and rungs below `done` have ended. */
function rungs(rules: HalvingRules, scores: readonly (number | null)[], done = 99) {
  const most = rules.min * rules.eta ** (rules.rungs - 1)
  const values = scores.flatMap((value, treatment): Replicated[] => Array.from({ length: most }, (_, i) => ({ treatment, replicate: i + 1, value })))
  return rungsSoFar(rules, field(scores.length), { values, complete: (_, n) => n < rules.min * rules.eta ** done })
}

describe('rungsFor', () => {
  it.each([[3, 2, 2], [4, 2, 2], [8, 2, 3], [9, 3, 2], [27, 3, 3], [100, 3, 5]])('%d treatments by %d: %d rungs leave two or more', (n, eta, expected) => {
    expect(rungsFor(n, eta)).toBe(expected)
  })
})

describe('rungsSoFar', () => {
  it.each<[string, HalvingRules, readonly (number | null)[], readonly (readonly number[])[]]>([
    ['the best half goes on', RULES, [1, 8, 3, 6, 5, 2, 7, 4], [field(8), [1, 3, 4, 6], [1, 6]]],
    ['lower may be better', { ...RULES, better: 'lower' }, [1, 8, 3, 6], [field(4), [0, 2], [0]]],
    ['ties go on', RULES, [5, 5, 5, 1], [field(4), [0, 1, 2], [0, 1, 2]]],
    ['within the margin is a tie', { ...RULES, margin: 0.02 }, [100, 80, 79, 1], [field(4), [0, 1, 2], [0, 1, 2]]],
    ['no evidence is no reason to drop', RULES, [null, 8, 3, 6], [field(4), [0, 1, 3], [0, 1, 3]]],
    ['nothing measured drops nobody', RULES, [null, null, null, null], [field(4), field(4), field(4)]],
  ])('%s', (_, rules, scores, expected) => {
    expect(rungs(rules, scores).map((r) => r.treatments)).toEqual(expected)
  })

  it('says who went on without having earned it', () => {
    expect(rungs(RULES, [null, 8, 8, 8])[1]).toMatchObject({ treatments: [0, 1, 2, 3], spared: [3, 0] })
  })

  it.each([[0, 1, false], [1, 2, false], [2, 3, false], [3, 3, true]])('waits for a rung that is under way: %d ended', (done, count, ended) => {
    const found = rungs(RULES, [1, 2, 3, 4], done)
    expect(found).toHaveLength(count)
    expect(found.at(-1)?.ended).toBe(ended)
    expect(found.map((r) => r.replicates)).toEqual([1, 2, 4].slice(0, count))
  })

  it('keeps the best whatever the others are, never grows, and counts all replicates', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 30 }), fc.integer({ min: 2, max: 4 }), (scores, eta) => {
      const found = rungs({ ...RULES, eta, rungs: rungsFor(scores.length, eta) }, scores)
      const best = scores.indexOf(Math.max(...scores))
      for (const [i, rung] of found.entries()) {
        expect(rung.treatments).toContain(best)
        if (i > 0) expect(rung.treatments.length).toBeLessThanOrEqual(found[i - 1]?.treatments.length ?? 0)
      }
    }))
  })
})

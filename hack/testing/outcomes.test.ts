// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOutcomes, type Outcome, parseOutcomes, printOutcomes, summarise, wordCount } from './outcomes.ts'

const passed: Outcome = { suite: 'unit', name: 'a.test.ts > adds', state: 'passed' }
const failed: Outcome = { suite: 'e2e', name: 'b.test.ts > tears down', state: 'failed', note: 'expected 0 to be 1' }
const skipped: Outcome = { suite: 'integration', name: 'c.test.ts > pulls', state: 'skipped', note: 'no registry' }

const outcome: fc.Arbitrary<Outcome> = fc.record(
  { suite: fc.string(), name: fc.string(), state: fc.constantFrom('passed', 'failed', 'skipped'), note: fc.string() },
  { requiredKeys: ['suite', 'name', 'state'] },
)

describe('the sum', () => {
  it.each([
    [[], '0 passed, 0 failed'],
    [[passed, passed], '2 passed, 0 failed'],
    [[passed, failed, skipped, skipped], '1 passed, 1 failed, 2 skipped'],
  ])('words %j as %s', (outcomes, words) => {
    expect(wordCount(countOutcomes(outcomes))).toBe(words)
  })

  it('loses no outcome', () => {
    fc.assert(fc.property(fc.array(outcome), (outcomes) => {
      const count = countOutcomes(outcomes)
      expect(count.passed + count.failed + count.skipped).toBe(outcomes.length)
    }))
  })
})

describe('the summary', () => {
  it('names what was skipped and what failed, and ends with the sum alone on its line', () => {
    expect(summarise([passed, failed, skipped, { suite: 'verify', name: 'types', state: 'failed' }])).toBe(`Skipped:
  integration: c.test.ts > pulls (no registry)

Failed:
  e2e: b.test.ts > tears down (expected 0 to be 1)
  verify: types (see above)

1 passed, 2 failed, 1 skipped
`)
  })

  it('is one line when all is well', () => {
    expect(summarise([passed])).toBe('1 passed, 0 failed\n')
  })
})

it('reads back what it wrote', () => {
  fc.assert(fc.property(fc.array(outcome), (outcomes) => {
    expect(parseOutcomes(printOutcomes(outcomes))).toEqual(outcomes)
  }))
})

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMerges, learnMerges } from './bpe.ts'

const words = fc.dictionary(fc.stringMatching(/^[a-d]{1,6}$/), fc.integer({ min: 1, max: 5 }), { minKeys: 1 }).map((counts) => new Map(Object.entries(counts)))

describe('learnMerges', () => {
  it('takes the most frequent pair first, and the first in the alphabet of equals', () => {
    expect(learnMerges(new Map([['abab', 2], ['bc', 3], ['xy', 1]]), 3)).toEqual([['a', 'b'], ['b', 'c'], ['ab', 'ab']])
  })

  it('makes every word one symbol when it may go on', () => {
    fc.assert(fc.property(words, (counts) => {
      const merges = learnMerges(counts, 10_000)
      for (const word of counts.keys()) expect(applyMerges(word, merges)).toEqual([word])
    }))
  })

  it('stops at its limit and never changes what a word says', () => {
    fc.assert(fc.property(words, fc.nat(5), fc.stringMatching(/^[a-e]{0,8}$/), (counts, limit, word) => {
      const merges = learnMerges(counts, limit)
      expect(merges.length).toBeLessThanOrEqual(limit)
      expect(applyMerges(word, merges).join('')).toBe(word)
    }))
  })
})

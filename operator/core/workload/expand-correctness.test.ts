// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { Data } from '../model/workload-profile.ts'
import { dataText } from './data-text.ts'
import { expandCorrectness } from './expand-correctness.ts'
import { LARGEST_IN_WORDS, numberWords } from './number-words.ts'

describe('numberWords', () => {
  it.each<[number, string]>([
    // The ones with a comma are of LLMPerf's own files.
    [0, 'zero'], [13, 'thirteen'], [20, 'twenty'], [42, 'forty-two'], [100, 'one hundred'], [101, 'one hundred and one'], [999, 'nine hundred and ninety-nine'], [1000, 'one thousand'],
    [1005, 'one thousand and five'], [1100, 'one thousand, one hundred'], [4270, 'four thousand, two hundred and seventy'], [5535, 'five thousand, five hundred and thirty-five'],
    [8799, 'eight thousand, seven hundred and ninety-nine'], [10_000, 'ten thousand'], [1_000_001, 'one million and one'], [1_234_567, 'one million, two hundred and thirty-four thousand, five hundred and sixty-seven'],
  ])('%d', (value, words) => expect(numberWords(value)).toBe(words))

  it('tells all numbers apart', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: LARGEST_IN_WORDS }), fc.integer({ min: 0, max: LARGEST_IN_WORDS }), (a, b) => a === b || numberWords(a) !== numberWords(b)))
    expect(new Set(Array.from({ length: 10_001 }, (_, n) => numberWords(n))).size).toBe(10_001)
  })

  it.each([-1, 1.5, LARGEST_IN_WORDS + 1])('refuses %d', (value) => expect(() => numberWords(value)).toThrow('expected a whole number from 0'))
})

const tokenizer = await loadTokenizer()
const notes: string[] = []
function expand(correctness: object, { count = 30, seed = 1, text }: { count?: number; seed?: number; text?: string } = {}) {
  const data = Data.parse({ correctness })
  if (data.correctness === undefined) throw new Error('no correctness')
  return [...expandCorrectness({ data, api: 'chat', tokenizer, seed, need: { unit: 'requests', count }, note: (n) => notes.push(n), file: text === undefined ? undefined : dataText('poem.txt', text) }, data.correctness)]
}
const promptOf = (request: ReturnType<typeof expand>[number] | undefined) => request?.messages?.[0]?.content ?? ''

describe('data.correctness', () => {
  it('asks for the number that is expected, in LLMPerf\'s words', () => {
    for (const request of expand({})) {
      expect(promptOf(request)).toBe(`Convert the following sequence of words into a number: ${numberWords(Number(request.expected))}.\nPrint the number first.`)
      expect(request).toMatchObject({ outputTokens: 0, inputTokens: tokenizer.count(promptOf(request)) })
    }
    expect(expand({ output: { fixed: 9 } })[0]?.outputTokens).toBe(9)
  })

  it('keeps to the range, both ends included, and repeats no number before all were asked', () => {
    const numbers = expand({ numbers: { min: 5, max: 9 } }, { count: 12 }).map((r) => Number(r.expected))
    for (const five of [numbers.slice(0, 5), numbers.slice(5, 10)]) expect(five.toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9])
    expect(expand({}, { seed: 1 })).toEqual(expand({}, { seed: 1 }))
    expect(expand({}, { seed: 1 })).not.toEqual(expand({}, { seed: 2 }))
    expect(new Set(expand({ numbers: { min: 0, max: 900_000_000 } }).map((r) => r.expected)).size).toBe(30)
  })

  it('adds lines of a text, by their number', () => {
    const text = Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n')
    const counts = expand({ lines: { min: 2, max: 5, required: 1 } }, { text, count: 200 }).map((r) => {
      const [, lines = ''] = promptOf(r).split('Then pick 1 lines from these poem lines:\n')
      expect(lines).toMatch(/^(line \d+\n?)+$/)
      return lines.split('\n').length
    })
    expect([...new Set(counts)].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5])
    notes.length = 0
    expect(promptOf(expand({ lines: { min: 30, max: 50, required: 1 } }, { text, count: 1 })[0]).split('\n')).toHaveLength(22)
    expect(notes).toEqual(['poem.txt has 20 lines: prompts have at most as many, not 50'])
  })
})

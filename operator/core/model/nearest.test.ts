// SPDX-License-Identifier: Apache-2.0
import { assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearest } from './nearest.ts'

describe('nearest', () => {
  it.each([
    ['nativ', ['native', 'nop'], 1, ['native']],
    ['serving.paralelism.tensor', ['serving.parallelism.tensor', 'serving.replicas'], 1, ['serving.parallelism.tensor']],
    ['Llama-3.2-1B', ['meta-llama/Llama-3.2-1B-Instruct', 'Qwen/Qwen3-0.6B'], 3, ['meta-llama/Llama-3.2-1B-Instruct']],
    ['rat', ['duration', 'rate'], 1, ['rate']],
    ['tpto', ['ttft', 'tpot', 'itl'], 1, ['tpot']],
    ['completely-else', ['native', 'nop'], 3, []],
    ['a', ['A', 'b'], 2, ['A', 'b']],
    ['x', [], 1, []],
  ])('%s of %j', (written, candidates, most, expected) => {
    expect(nearest(written, candidates, most)).toEqual(expected)
  })

  it('says it in words, or says nothing', () => {
    expect(didYouMean('nativ', ['native', 'nop'])).toBe('; did you mean "native"?')
    expect(didYouMean('zzzzzzzz', ['native', 'nop'])).toBe('')
  })
})

describe('editDistance', () => {
  it.each([['', '', 0], ['', 'abc', 3], ['abc', 'acb', 1], ['kitten', 'sitting', 3], ['same', 'same', 0]])('%j to %j is %i', (a, b, expected) => {
    expect(editDistance(a, b)).toBe(expected)
  })

  it('is symmetric and zero only for equal texts', () => {
    assert(property(string({ maxLength: 12 }), string({ maxLength: 12 }), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a))
      expect(editDistance(a, b) === 0).toBe(a === b)
    }))
  })
})

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { promptMaker } from './prompts.ts'
import type { Tokenizer } from './tokenize.ts'
import { wordPool } from './words.ts'

const bundled = await loadTokenizer()

/** A tokenizer of letters: no word is one token in it. */
const letters: Tokenizer = { name: 'letters', encode: (text) => Array.from(text, (c) => c.charCodeAt(0)), decode: (ids) => String.fromCharCode(...ids), count: (text) => text.length, specials: 0, ids: () => [97, 98, 99] }
/** One token a word, but two words `the the` merge into one: lengths must be repaired. */
const merging: Tokenizer = {
  name: 'merging', encode: (text) => Array.from({ length: merging.count(text) }, (_, i) => i), decode: ([id]) => ` word${'abcdefghijklmnopqrstuvwxyz'[id ?? 0]}`,
  specials: 0, count: (text) => text.replaceAll(/(\bworda) (?=wordb\b)/g, '$1').trim().split(' ').length, ids: () => Array.from({ length: 26 }, (_, i) => i),
}

describe('promptMaker', () => {
  const segment = fc.record({ name: fc.array(fc.oneof(fc.constantFrom('prefix', 'body'), fc.nat(3)), { minLength: 1, maxLength: 3 }), tokens: fc.integer({ min: 1, max: 600 }) })
  it('makes texts of exactly as many tokens as its segments have, by the real tokenizer', () => {
    const maker = promptMaker(bundled, 1)
    fc.assert(fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
      const text = maker.make(segments)
      expect(bundled.encode(text).length).toBe(segments.reduce((sum, s) => sum + s.tokens, 0))
      expect(text).toBe(text.trim())
    }), { numRuns: 60 })
  })

  it('stays exact beyond the tokens that are counted', () => {
    const maker = promptMaker(bundled, 2, 0)
    for (let i = 0; i < 50; i++) expect(bundled.count(maker.make([{ name: ['p'], tokens: 100 }, { name: ['b', i], tokens: 37 }]))).toBe(137)
  })

  it('shares prefixes token by token and nothing else', () => {
    const maker = promptMaker(bundled, 1)
    const prompt = (group: number, body: number) => bundled.encode(maker.make([{ name: ['prefix', group], tokens: 64 }, { name: ['body', body], tokens: 64 }]))
    const [a, b, c] = [prompt(0, 1), prompt(0, 2), prompt(1, 1)]
    expect(a.slice(0, 64)).toEqual(b.slice(0, 64))
    expect(a.slice(64, 80)).not.toEqual(b.slice(64, 80))
    expect(a.slice(0, 16)).not.toEqual(c.slice(0, 16))
  })

  it('cuts a segment of the same name at any length: blocks of traces share their beginning', () => {
    const maker = promptMaker(bundled, 1)
    const block = (tokens: number) => bundled.encode(maker.make([{ name: ['block', 7], tokens }]))
    expect(block(512).slice(0, 100)).toEqual(block(100))
  })

  it('repeats itself for a seed and differs for another', () => {
    const text = (seed: number) => promptMaker(bundled, seed).make([{ name: ['body', 0], tokens: 32 }])
    expect(text(1)).toBe(text(1))
    expect(text(1)).not.toBe(text(2))
  })

  it('repairs what a tokenizer merges across words', () => {
    const maker = promptMaker(merging, 1)
    for (let i = 0; i < 200; i++) expect(merging.count(maker.make([{ name: ['body', i], tokens: 50 }]))).toBe(50)
  })

  it('refuses a tokenizer without words', () => {
    expect(() => promptMaker(letters, 1)).toThrow('tokenizer letters: found 0 words')
  })

  it('finds a large pool in the bundled tokenizer', () => {
    const pool = wordPool(bundled)
    expect(pool.next.length).toBeGreaterThan(500)
    expect(pool.first.length).toBeGreaterThan(100)
  })
})

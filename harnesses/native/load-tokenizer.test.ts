// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTokenizer, parseTokenizer } from './load-tokenizer.ts'

describe('loadTokenizer', async () => {
  const tokenizer = await loadTokenizer()

  it('returns any text that it encoded', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text)
    }))
  })

  it('knows its vocabulary without special tokens', () => {
    expect(tokenizer.ids().length).toBeGreaterThan(1900)
    expect(tokenizer.decode([tokenizer.encode(' the')[0]!])).toBe(' the')
  })

  it.each([['no JSON', 'x'], ['another JSON', '{"vocab": 1}']])('refuses %s by name', (_, json) => {
    expect(() => parseTokenizer(json, 'mine')).toThrow('tokenizer mine: expected a tokenizer.json')
  })
})

// SPDX-License-Identifier: Apache-2.0
import { Tokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENGLISH } from '../../simulator/vocabulary.ts'
import { byteAlphabet, isUnspeakable, makeVocabulary, SPECIAL, tokenizerFiles } from './tokenizer.ts'

const vocabulary = makeVocabulary()
const files = tokenizerFiles(vocabulary)
const tokenizer = new Tokenizer(files['tokenizer.json'], files['tokenizer_config.json'])
const count = (text: string) => tokenizer.encode(text).ids.length

describe('the tokenizer, as the hub\'s own library reads it', () => {
  it('has every byte once, none of them invisible', () => {
    expect(new Set(byteAlphabet()).size).toBe(256)
    expect(byteAlphabet().filter((character) => /[\s\p{Cc}]/u.test(character))).toEqual([])
    expect(byteAlphabet()[32]).toBe('Ġ')
  })

  it('reads back what it wrote, whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('<|')), (text) => {
      expect(tokenizer.decode(tokenizer.encode(text).ids, { skip_special_tokens: true })).toBe(text)
    }))
  })

  it('has one token for each word that the simulator says, at the start and after a space', () => {
    expect(ENGLISH.filter((word) => count(word) !== 1 || count(` ${word}`) !== 1)).toEqual([])
    expect(count(ENGLISH.join(' '))).toBe(ENGLISH.length)
  })

  it('takes special tokens for one each', () => {
    expect(tokenizer.encode(SPECIAL.join('')).ids).toEqual([...SPECIAL.keys()])
  })

  it('is the same today as it was', () => {
    expect([vocabulary.tokens.length, vocabulary.merges.length]).toEqual([2518, 2255])
    expect(vocabulary.merges.slice(0, 4)).toMatchInlineSnapshot(`
      [
        [
          "Ġ",
          "s",
        ],
        [
          "e",
          "a",
        ],
        [
          "e",
          "r",
        ],
        [
          "i",
          "n",
        ],
      ]
    `)
    expect(vocabulary.tokens.slice(-3)).toMatchInlineSnapshot(`
      [
        "you",
        "young",
        "your",
      ]
    `)
  })
})

it('a model never says what is no character or ends an answer', () => {
  const said = vocabulary.tokens.map((_, id) => id).filter((id) => !isUnspeakable(id))
  expect(said.map((id) => tokenizer.decode([id], { skip_special_tokens: false })).filter((text) => !/^[ -~]+$/.test(text))).toEqual([])
  expect(said.length).toBe(vocabulary.tokens.length - SPECIAL.length - (256 - 95))
})

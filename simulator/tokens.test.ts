// SPDX-License-Identifier: Apache-2.0
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { approximateTokenizer, exactTokenizer, renderChat } from './tokens.ts'

const approximate = approximateTokenizer('ascii')
const strings = (text: string) => approximate.encode(text, true).map((token) => approximate.decode([token]))

describe('approximate tokens', () => {
  it.each([
    ['Hello there, friend!', ['Hello', ' there', ',', ' friend', '!']],
    ["it's 12345", ['it', "'s", ' 123', '45']],
    ['internationalization', ['internat', 'ionaliza', 'tion']],
    ['a  b\n\nc', ['a', ' ', ' b', '\n\n', 'c']],
    ['<|im_start|>user\nhi<|im_end|>', ['<|im_start|>', 'user', '\n', 'hi', '<|im_end|>']],
    ['Größe 日本', ['Größe', ' 日本']],
    ['', []],
  ])('of %j are %j', (text, expected) => expect(strings(text)).toEqual(expected))

  it('together are the text, and are the same every time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const tokenizer = approximateTokenizer('ascii')
      const tokens = tokenizer.encode(text, true)
      expect(tokens).toEqual(tokenizer.encode(text, true))
      expect(tokenizer.decode(tokens)).toBe(text)
    }))
  })

  it('of common English are about as many as of learned vocabularies: 4 to 5 characters each', () => {
    const text = 'The quick brown fox jumps over the lazy dog while the experiment measures how long every answer of the server takes. '.repeat(10)
    const perToken = text.length / approximate.encode(text, true).length
    expect(perToken).toBeGreaterThan(4)
    expect(perToken).toBeLessThan(5.5)
  })
})

describe('the words of answers', () => {
  it.each(['ascii', 'mixed'] as const)('are one token each, so that they come back as what was generated (%s)', (script) => {
    const tokenizer = approximateTokenizer(script)
    const { bare, spaced } = tokenizer.vocabulary
    expect(bare.length).toBeGreaterThan(40)
    const index = fc.nat(bare.length - 1)
    fc.assert(fc.property(index, fc.array(index, { maxLength: 20 }), (first, rest) => {
      const words = [bare[first], ...rest.map((i) => spaced[i])]
      expect(tokenizer.encode(words.map((word) => word?.text).join(''), false)).toEqual(words.map((word) => word?.token))
    }))
  })

  it('are ready for JSON', () => {
    for (const word of approximateTokenizer('mixed').vocabulary.spaced) expect(JSON.parse(`"${word.json}"`)).toBe(word.text)
  })
})

describe('exact tokens', () => {
  // a word-level tokenizer that knows ten words, with a begin-of-text token
  const known = ['about', 'act', 'add', 'after', 'again', 'age', 'air', 'all', 'alone', 'also']
  const vocab = Object.fromEntries(['[UNK]', '<s>', ...known].map((word, i) => [word, i]))
  const hub = new HubTokenizer({
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' }, pre_tokenizer: { type: 'WhitespaceSplit' }, normalizer: null, decoder: null,
    post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }], pair: [], special_tokens: { '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] } } },
    added_tokens: [{ id: 1, content: '<s>', special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }],
  }, {})
  const tokenizer = exactTokenizer(hub, 'ascii')

  it('are those of the given tokenizer, with its special tokens where they belong', () => {
    expect(tokenizer.encode('about again', true)).toEqual([1, 2, 6])
    expect(tokenizer.encode('about again', false)).toEqual([2, 6])
    expect(tokenizer.decode([2, 6])).toContain('again')
  })

  it('are ids of words', () => expect(tokenizer.vocabulary.bare.find((word) => word.text === 'again')?.token).toBe(6))
})

it('a conversation becomes prompt text by the declared pattern', () => {
  const messages = [{ role: 'system', content: 'Be {brief}' }, { role: 'user', content: 'Hi $&' }]
  expect(renderChat(messages, { message: '<{role}>{content}\n', generation: '<assistant>' })).toBe('<system>Be {brief}\n<user>Hi $&\n<assistant>')
})

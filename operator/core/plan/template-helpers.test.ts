// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newContext, renderLeaf } from './render-tree.ts'
import { HELPER_NAMES } from './template-helpers.ts'

const SCHEMA = z.object({
  n: z.number(), zero: z.number(), word: z.string(), spaced: z.string(), list: z.array(z.unknown()), empty: z.array(z.unknown()), map: z.record(z.string(), z.unknown()), time: z.string(), no: z.boolean(), unset: z.string().optional(),
})
const VALUE = { n: 6, zero: 0, word: 'a-b_c.d:/e', spaced: "it's $HOME", list: [1, 'two', { three: 3 }], empty: [], map: { a: 1, b: { c: 2 } }, time: '1m30s', no: false }

function render(template: string): unknown {
  const context = newContext(SCHEMA, VALUE)
  const value = renderLeaf(template, [], context)
  return context.problems.length > 0 ? context.problems.map(({ message }) => message).join('\n') : value
}

const TABLE: readonly (readonly [template: string, value: unknown])[] = [
  ['{{json map}}', '{"a":1,"b":{"c":2}}'], ['{{json unset}}', /not set/], ['{{yaml map indent=2}}', 'a: 1\n  b:\n    c: 2'],
  ['{{shell word}}', 'a-b_c.d:/e'], ['{{shell spaced}}', String.raw`'it'\''s $HOME'`], ['{{shell n}}', '6'], ['{{shell map}}', '\'{"a":1,"b":{"c":2}}\''], ['{{shell unset}}', /not set/],
  ['{{default unset 3}}', 3], ['{{default zero 3}}', 0],
  ['{{when n word}}', 'a-b_c.d:/e'], ['{{when no word}}', undefined], ['{{when no word 1}}', 1], ['{{when empty 1 2}}', 2], ['{{when (eq n 6) unset}}', undefined],
  ['{{seconds time}}', 90], ['{{seconds unset}}', undefined], ['{{seconds word}}', /not a duration/],
  ['{{lookup map "a"}}', 1], ['{{count list}}', 3], ['{{count map}}', 2], ['{{count unset}}', 0], ['{{count word}}', 10],
  ['{{merge map unset b=3 d=unset}}', { a: 1, b: 3, d: undefined }], ['{{merge list}}', /not a map/], ['{{entry word n}}', { 'a-b_c.d:/e': 6 }],
  ['{{join list " "}}', '1 two {"three":3}'], ['{{join list}}', '1,two,{"three":3}'], ['{{join map}}', /not a list/],
  ['{{list n word}}', [6, 'a-b_c.d:/e']], ['{{compact n unset null no}}', [6, false]], ['{{repeat null 3}}', [null, null, null]], ['{{repeat word zero}}', []],
  ['{{eq n 6}}', true], ['{{ne n 6}}', false], ['{{ne unset 6}}', true], ['{{gt n 5}}', true], ['{{ge n 6}}', true], ['{{lt n 6}}', false], ['{{le n 6}}', true], ['{{gt word 5}}', /not a number/], ['{{gt unset 5}}', /not set/],
  ['{{and n word}}', true], ['{{and n zero}}', false], ['{{or zero empty}}', false], ['{{or unset n}}', true], ['{{not empty}}', true],
  ['{{add n 1 2}}', 9], ['{{add 0.1 0.2}}', 0.3], ['{{sub n 8}}', -2], ['{{mul n 0.1 3}}', 1.8], ['{{div n 4}}', 1.5], ['{{div n zero}}', /divided by 0/], ['{{pow n 2}}', 36], ['{{exp zero}}', 1],
  ['{{round 2.5}}', 3], ['{{floor 2.9}}', 2], ['{{ceil 2.1}}', 3], ['{{min n 4 9}}', 4], ['{{max n 4 9}}', 9],
]

describe('helpers', () => {
  it.each(TABLE)('%s', (template, expected) => {
    if (expected instanceof RegExp) expect(render(template)).toMatch(expected)
    else expect(render(template)).toEqual(expected)
  })

  it('are all in that table', () => {
    const tried = new Set(TABLE.map(([template]) => /\{\{(\w+)/.exec(template)?.[1]))
    expect(HELPER_NAMES.filter((name) => !tried.has(name))).toEqual([])
  })

  it('shell: whatever the text, a shell reads it as one word', () => {
    const texts = fc.sample(fc.string({ unit: fc.constantFrom(...'ab \'"\\$`!*?~#;&|<>(){}[]=\t\n'.split('')) }), { numRuns: 60, seed: 1 }).filter((text) => text !== '')
    const words = texts.map((text) => {
      const context = newContext(z.object({ text: z.string() }), { text })
      return String(renderLeaf('{{shell text}}', [], context))
    })
    const read = execFileSync('sh', ['-c', `printf '%s\\0' ${words.join(' ')}`], { encoding: 'utf8' })
    expect(read.split('\0').slice(0, -1)).toEqual(texts)
  })
})

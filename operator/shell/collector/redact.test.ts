// SPDX-License-Identifier: Apache-2.0
import { array, assert, constantFrom, nat, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedactor } from './redact.ts'

const SECRET = 'Pa55"w0rd/+very=secret'
const redactor = createRedactor([`${SECRET}\n`])

describe('redact text', () => {
  it.each([
    ['as it is', `key=${SECRET};`, `key=${'*'.repeat(SECRET.length)};`],
    ['in JSON', JSON.stringify({ a: SECRET }), `{"a":"${'*'.repeat(SECRET.length + 1)}"}`],
    ['in a URL', `?t=${encodeURIComponent(SECRET)}`, `?t=${'*'.repeat(encodeURIComponent(SECRET).length)}`],
    ['after Bearer, unknown', 'authorization: Bearer abcdefgh12345678.x', `authorization: Bearer ${'*'.repeat(18)}`],
    ['a hub token', 'HF_TOKEN=hf_abcdefghijABCDEFGHIJ12', `HF_TOKEN=${'*'.repeat(25)}`],
    ['nothing to hide', 'ttft 12.5 ms — schön', 'ttft 12.5 ms — schön'],
  ])('%s', (_, text, expected) => {
    expect(redactor.text(text)).toBe(expected)
  })

  it('leaves words that only contain the start of a token', () => {
    const text = 'task-management-of-several-things'
    expect(redactor.text(text)).toBe(text)
  })

  it('masks base64 of the secret', () => {
    const basic = Buffer.from(`:${SECRET}`).toString('base64')
    expect(redactor.text(`Basic ${basic}`)).not.toContain(basic.replace(/=+$/, ''))
  })

  it('masks every line of a secret of several lines', () => {
    expect(createRedactor(['first-line\nsecond-line']).text('x second-line first-line')).toBe(`x ${'*'.repeat(11)} ${'*'.repeat(10)}`)
  })

  it('leaves the text alone when there is no secret', () => {
    expect(createRedactor(['', 'abc']).text('abc')).toBe('abc')
  })

  it('masks values of data and keeps keys', () => {
    const data = { hidden: ['hidden', 1, null, { hidden: 'x hidden' }] }
    expect(createRedactor(['hidden']).value(data)).toEqual({ hidden: ['******', 1, null, { hidden: 'x ******' }] })
  })
})

describe('redact streams', () => {
  const through = (text: string, cuts: readonly number[]) => {
    const bytes = Buffer.from(text)
    const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
    const stream = redactor.stream()
    const parts = [...at, bytes.length].map((end, i) => stream.push(bytes.subarray(i === 0 ? 0 : at[i - 1], end)))
    return Buffer.concat([...parts, stream.end()])
  }

  it('gives the same as for the whole text, wherever the chunks are cut', () => {
    const piece = constantFrom(SECRET, 'Bearer abcdefghijklmnop', ' ', '\n', 'é', 'word ', 'x'.repeat(9000))
    assert(property(array(piece, { maxLength: 8 }), array(nat(40_000), { maxLength: 6 }), (pieces, cuts) => {
      const text = pieces.join('')
      const got = through(text, cuts).toString()
      // Compared as booleans: a difference of texts this long would fill the screen.
      expect(got === redactor.text(text)).toBe(true)
      expect(got.includes(SECRET)).toBe(false)
    }))
  })

  it('keeps the length of every stream', () => {
    assert(property(string({ unit: 'grapheme', maxLength: 50 }), array(nat(60), { maxLength: 4 }), (text, cuts) => {
      expect(through(text + SECRET, cuts)).toHaveLength(Buffer.byteLength(text + SECRET))
    }))
  })

  it('passes whole lines on at once', () => {
    const stream = redactor.stream()
    expect(stream.push(Buffer.from('one\ntwo')).toString()).toBe('one\n')
    expect(stream.push(Buffer.from('\n')).toString()).toBe('two\n')
  })

  it('does not hold an endless line back', () => {
    const stream = redactor.stream()
    const passed = Array.from({ length: 64 }, () => stream.push(Buffer.alloc(1024, 0)).length).reduce((a, b) => a + b)
    expect(passed).toBeGreaterThan(48 * 1024)
  })
})

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

describe('redact by name', () => {
  const unknowing = createRedactor([])
  it.each([
    ['YAML', 'server:\n  api_key: sk1\n  base_url: http://h', 'server:\n  api_key: ***\n  base_url: http://h'],
    ['quoted YAML', "api_key: 'a b'", "api_key: '***'"],
    ['YAML without a value', 'api_key: null\ntoken: null\n', 'api_key: null\ntoken: null\n'],
    ['JSON', '{"api_key": "k\\"x", "n": 1}', '{"api_key": "****", "n": 1}'],
    ['JSON of words that are none', '{"has_api_key": true, "api_key": null, "api_key":""}', '{"has_api_key": true, "api_key": null, "api_key":""}'],
    ['JSON within JSON', String.raw`{"cmd": "{\"api_key\": \"abc\"}"}`, String.raw`{"cmd": "{\"api_key\": \"***\"}"}`],
    ['a flag', 'genai-bench --api-key x --api-model-name tiny', 'genai-bench --api-key * --api-model-name tiny'],
    ['a flag with =', '--api-key=abc --n 1', '--api-key=*** --n 1'],
    ['a quoted flag', "--api-key 'a b' --n", "--api-key '***' --n"],
    ['a list of arguments', '["--api-key", "abc", "--n"]', '["--api-key", "***", "--n"]'],
    ['a pretty list of arguments', '[\n    "--api-key",\n    "abc"\n]', '[\n    "--api-key",\n    "***"\n]'],
    ['an environment', 'OPENAI_API_KEY=abc HF_TOKEN=def', 'OPENAI_API_KEY=*** HF_TOKEN=***'],
    ['key=value groups', 'kind=openai_http,api_key=abc,model=tiny', 'kind=openai_http,api_key=***,model=tiny'],
    ['Python', "{'api_key': 'abc', 'password': None}", "{'api_key': '***', 'password': None}"],
    ['headers', 'Authorization: Basic YWJj\nx-api-key: abc', 'Authorization: Basic ****\nx-api-key: ***'],
    ['a header in JSON', '{"Authorization": "Bearer abc"}', '{"Authorization": "Bearer ***"}'],
    ['counts and names of tokens', '{"prompt_tokens": 12, "time_to_first_token": 1, "tokenizer": "x"} api_keys monkey: 1', '{"prompt_tokens": 12, "time_to_first_token": 1, "tokenizer": "x"} api_keys monkey: 1'],
    ['variables and templates', 'api_key: ${KEY}\n--api-key {{key}} ', 'api_key: ${KEY}\n--api-key {{key}} '],
    ['what is masked already', 'api_key: ***', 'api_key: ***'],
  ])('in %s', (_, text, expected) => {
    expect(unknowing.text(text)).toBe(expected)
  })

  it('also in data', () => {
    const data = { server: { api_key: 'abc', 'HF-Token': 'x', password: '', tokens: 'many', key: 'k' } }
    expect(unknowing.value(data)).toEqual({ server: { api_key: '***', 'HF-Token': '*', password: '', tokens: 'many', key: 'k' } })
  })

  it('leaves JSON that can be read', () => {
    const value = { api_key: 'a"b', list: ['--hf-token', 'x'], n: 1, none: { password: null } }
    for (const indent of [undefined, 2]) expect(JSON.parse(unknowing.text(JSON.stringify(value, undefined, indent)))).toMatchObject({ n: 1, none: { password: null }, list: ['--hf-token', '*'] })
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
    const piece = constantFrom(SECRET, 'Bearer abcdefghijklmnop', ' ', '\n', 'é', 'word ', 'x'.repeat(9000), 'api_key: abcdef', '"--api-key",\n  "abcdef"', '"password": "x y"')
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

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonLines } from './json-lines.ts'

async function* chunks(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function collect(text: string, sizes = [7]): Promise<unknown[]> {
  const values = []
  for await (const value of jsonLines(chunks(new TextEncoder().encode(text), sizes))) values.push(value)
  return values
}

it('gives the same values however the bytes are cut, also within a character', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 10 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (values, sizes) => {
    const text = values.map((value) => `${JSON.stringify(value)}\n`).join('')
    expect(await collect(text, sizes)).toEqual(JSON.parse(JSON.stringify(values)))
  }))
})

it('passes empty lines over', async () => {
  expect(await collect('1\n\n\r\n2\n')).toEqual([1, 2])
})

it.each([
  ['a line that is no JSON', '{"a":1}\n<html>\n'],
  ['an end within a line', '{"a":1}\n{"a":'],
  ['an end after a value without its newline, which may be half a number', '{"a":1}\n12'],
])('throws at %s', async (_, text) => {
  await expect(collect(text)).rejects.toThrow(SyntaxError)
})

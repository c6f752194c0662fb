// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLoose, readItems, readOutline, type JsonItem } from './json-file.ts'

/** A file that comes in pieces cut anywhere. */
function inPieces(text: string, cuts: readonly number[]) {
  const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  const pieces = [...at, text.length].map((end, i) => text.slice(i === 0 ? 0 : at[i - 1], end))
  return { async *chunks() { yield* pieces } }
}
const whole = (text: string) => inPieces(text, [])
const itemsOf = async (text: string, paths: readonly string[], cuts: readonly number[] = []) => {
  const items: JsonItem[] = []
  for await (const item of readItems(inPieces(text, cuts), 'x.json', paths)) items.push(item)
  return items
}

const report = fc.record({
  'a b': fc.string(), meta: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  benchmarks: fc.array(fc.record({ name: fc.string(), requests: fc.record({ ok: fc.array(fc.jsonValue(), { maxLength: 4 }), bad: fc.array(fc.jsonValue(), { maxLength: 2 }) }) }), { maxLength: 3 }),
}, { requiredKeys: ['benchmarks'] })
const PATHS = ['benchmarks[].requests.ok[]', 'benchmarks[].requests.bad[]']
const cuts = fc.array(fc.nat(2000), { maxLength: 6 })
type Report = { benchmarks: { requests: { ok: unknown[]; bad: unknown[] } }[] }
// JSON knows no -0.
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

describe('a JSON file', () => {
  it('is its outline and its elements, wherever the pieces are cut and however it is indented', async () => {
    await fc.assert(fc.asyncProperty(report, cuts, fc.constantFrom(undefined, 2), async (drawn, at, indent) => {
      const value = plain(drawn)
      const text = JSON.stringify(value, undefined, indent)
      const { value: outline, truncated } = await readOutline(inPieces(text, at), 'x.json', PATHS)
      expect(truncated).toBe(false)
      expect(outline).toEqual({ ...value, benchmarks: value.benchmarks.map((b) => ({ ...b, requests: { ok: [], bad: [] } })) })
      const items = await itemsOf(text, PATHS, at)
      const expected = value.benchmarks.flatMap(({ requests }, i) => [requests.ok.map((v, j) => ({ path: 0, places: [i, j], value: v })), requests.bad.map((v, j) => ({ path: 1, places: [i, j], value: v }))].flat())
      expect(items.toSorted((a, b) => (a.places[0] ?? 0) - (b.places[0] ?? 0) || a.path - b.path)).toEqual(expected)
    }))
  })

  it('that was cut off anywhere gives what was whole, and says so', async () => {
    await fc.assert(fc.asyncProperty(report, fc.nat(), async (drawn, cut) => {
      const value = plain(drawn)
      const text = JSON.stringify(value)
      const left = text.slice(0, 1 + (cut % (text.length - 1)))
      const { value: outline, truncated } = await readOutline(whole(left), 'x.json')
      expect(truncated).toBe(true)
      expect(isPrefix(outline, value)).toBe(true)
      const items = await itemsOf(left, PATHS)
      for (const { path, places: [i = 0, j = 0], value: item } of items) {
        const { ok, bad } = (value as Report).benchmarks[i]?.requests ?? { ok: [], bad: [] }
        expect(item).toEqual((path === 0 ? ok : bad)[j])
      }
    }))
  })

  it('of one array gives its rows', async () => {
    expect((await itemsOf('[1, "a,]", {"b": [2]}, null]', ['[]'])).map((i) => i.value)).toEqual([1, 'a,]', { b: [2] }, null])
    expect(await itemsOf('[ ]', ['[]'])).toEqual([])
    expect((await itemsOf('[[1,2],[]]', ['[]'])).map((i) => i.value)).toEqual([[1, 2], []])
  })

  it('leaves deeper arrays within elements alone', async () => {
    expect((await itemsOf('{"a":[{"a":[1]}]}', ['a[]'])).map((i) => i.value)).toEqual([{ a: [1] }])
  })

  it.each([
    ['', 'x.json is empty: the tool ended before it wrote anything'],
    [' \n', 'x.json is empty'],
    ['Traceback (most recent', 'x.json: expected JSON, found "Traceback (most recent"'],
    ['{"a":1}\n{"a":2}', 'x.json: expected one JSON value, found more after it: {"a":2}'],
    ['{"a":1]', 'x.json: this is no JSON: ] closes what it did not open'],
    ['{"a":oops}', 'x.json: '],
  ])('refuses %j', async (text, message) => {
    await expect(readOutline(whole(text), 'x.json')).rejects.toThrow(message)
  })
})

describe('numbers that are none', () => {
  it.each([
    ['{"a":NaN,"b":[Infinity,-Infinity],"c":"NaN \\" Infinity"}', { a: null, b: [null, null], c: 'NaN " Infinity' }],
    ['{"a":1}', { a: 1 }],
  ])('%s', (text, value) => expect(parseLoose(text, 'x')).toEqual(value))
})

/** Everything in it is in the other, at the same place. */
function isPrefix(part: unknown, of: unknown): boolean {
  if (Array.isArray(part)) return Array.isArray(of) && part.length <= of.length && part.every((v, i) => isPrefix(v, of[i]))
  if (typeof part !== 'object' || part === null) return Object.is(part, of)
  return typeof of === 'object' && of !== null && Object.entries(part).every(([k, v]) => Object.hasOwn(of, k) && isPrefix(v, (of as Record<string, unknown>)[k]))
}

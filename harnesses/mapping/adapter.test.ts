// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { ResultMapping } from '../../operator/core/model/result-mapping.ts'
import { folderTexts } from '../testing/folder-files.ts'
import { readCase } from '../testing/measure-case.ts'
import { heldFiles } from '../testing/held-files.ts'
import { readCsvRows } from './csv-rows.ts'
import { leafPaths, parseFieldPath, valueAt } from './field-path.ts'
import { AIPERF, CSV, VLLM_BENCH } from './testdata/mappings.ts'

const samples = (folder: string) => folderTexts(join(import.meta.dirname, '..', folder))
/** Identifiers are each reader's own, and these mappings know no end of a failed request. */
const plain = (records: readonly RequestRecord[]) => records.map(({ id: _id, error: _error, ...record }) => rounded({ ...record, endMs: record.status === 'ok' ? record.endMs : null }))
/** To the nanosecond. */
const rounded = (value: object): unknown => JSON.parse(JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' ? Number(v.toFixed(6)) : v)))

describe('a mapping gives the same records as the adapter', () => {
  it.each([
    ['vllm-bench', 'vllm-bench/testdata/detailed', VLLM_BENCH], ['aiperf', 'aiperf/testdata/concurrency2', AIPERF], ['aiperf', 'aiperf/testdata/down', AIPERF], ['aiperf', 'aiperf/testdata/wrong-model', AIPERF],
  ])('of %s in %s', async (adapter, folder, mapping) => {
    const load = { concurrent: { stages: [{ name: 'only', concurrency: 4, requests: 1 }] } }
    const files = samples(folder)
    const [byAdapter, byMapping] = [await readCase({ adapter, files, load }), await readCase({ adapter: 'mapping', files, load, results: { mapping } })]
    expect(byMapping.records.length).toBeGreaterThan(2)
    expect(plain(byMapping.records)).toEqual(plain(byAdapter.records))
    expect(byMapping.records.map((r) => r.error?.class)).toEqual(byAdapter.records.map((r) => r.error?.class))
  })
})

describe('the schema', () => {
  const problems = (mapping: object) => ResultMapping.safeParse(mapping).error?.issues.map((i) => i.message) ?? []
  it.each<[string, object, string[]]>([
    ['takes columns', VLLM_BENCH, []], ['takes lines', AIPERF, []], ['takes CSV', CSV, []],
    ['wants rows or columns of json', { ...VLLM_BENCH, columns: undefined }, ['mapping: of json, set rows or columns: true']],
    ['takes no rows of lines', { ...AIPERF, rows: 'a' }, ['mapping: rows, columns, offered, counts, window and claims are for json only']],
    ['wants one thing of a condition', { ...AIPERF, ok: [{ path: 'a' }] }, ['condition: set exactly one of equals, is']],
  ])('%s', (_, mapping, messages) => expect(problems(mapping)).toEqual(messages))
})

describe('paths', () => {
  it.each([
    ['a.b', { a: { b: 1 } }, 1], ['a[1].b', { a: [0, { b: 2 }] }, 2], ['["a.b"].c', { 'a.b': { c: 3 } }, 3], ['a["x y"]', { a: { 'x y': 4 } }, 4], ['a.b', { a: null }, undefined], ['a[0]', { a: 'text' }, undefined],
  ])('%s of %j is %j', (path, value, expected) => expect(valueAt(value, parseFieldPath(path, 'x'))).toBe(expected))

  it.each(['a.', '.a', 'a[b]', 'a[', 'a b.[0'])('%j is none', (path) => expect(() => parseFieldPath(path, 'here')).toThrow(/^here: "/))
  it('are named by their leaves', () => expect(leafPaths({ a: { b: 1, c: [{ d: 2 }] } })).toEqual(['a.b', 'a.c']))
})

describe('CSV', () => {
  const rowsOf = async (text: string) => {
    const rows: unknown[] = []
    let cutOff = 0
    for await (const row of readCsvRows(heldFiles({ 'a.csv': text }), 'a.csv', () => { cutOff++ })) rows.push(row)
    return { rows, cutOff }
  }
  it.each<[string, object[], number]>([
    ['a,b\n1,2\n', [{ a: '1', b: '2' }], 0], ['a,b\r\n1,"x, ""y"""\r\n', [{ a: '1', b: 'x, "y"' }], 0], ['a,b\n"1\n2",\n', [{ a: '1\n2', b: '' }], 0],
    ['a,b\n1,2\n3,"4', [{ a: '1', b: '2' }], 1], ['a,b\n1,2\n3,4', [{ a: '1', b: '2' }], 1], ['\uFEFFa\n1\n\n2\n', [{ a: '1' }, { a: '2' }], 0], ['', [], 0],
  ])('%j', async (text, rows, cutOff) => expect(await rowsOf(text)).toEqual({ rows, cutOff }))
})

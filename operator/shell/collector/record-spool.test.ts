// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { record } from '../../core/measure/testdata/trial.ts'
import type { AdapterResult, RequestRecord } from '../../core/model/record.ts'
import { settle } from './raw-results.ts'
import { spoolRecords } from './record-spool.ts'
import { createRedactor } from './redact.ts'
import { writeRecords } from './write-records.ts'

const folder = mkdtempSync(join(tmpdir(), 'spool-'))
const path = join(folder, 'records.jsonl')
async function all(records: AsyncIterable<RequestRecord>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of records) ids.push(id)
  return ids
}

async function* some(count: number, error?: Error): AsyncGenerator<RequestRecord> {
  for (let i = 0; i < count; i++) yield record({ id: `r${i}` })
  if (error !== undefined) throw error
}
const result = (overlay: Partial<AdapterResult>): AdapterResult => ({ records: some(3), stages: [], claims: [], tool: { name: 't', version: '1' }, notes: ['before'], ...overlay })

describe('spooled records', () => {
  it.each([0, 1, 700])('%i of them are read back in order, as often as wanted', async (count) => {
    const { records, error } = await spoolRecords(path, some(count))
    expect(error).toBeUndefined()
    const ids = Array.from({ length: count }, (_, i) => `r${i}`)
    expect(await all(records)).toEqual(ids)
    expect(await all(records)).toEqual(ids)
  })

  it('keeps what came before an error', async () => {
    const { records, error } = await spoolRecords(path, some(300, new Error('row 300 is none')))
    expect([(await all(records)).length, (error as Error).message]).toEqual([300, 'row 300 is none'])
  })

  it('are stored masked and packed', async () => {
    const { records } = await spoolRecords(path, [record({ id: 'the-secret' })])
    await writeRecords(join(folder, 'records.jsonl.gz'), records, createRedactor(['the-secret']))
    expect(gunzipSync(readFileSync(join(folder, 'records.jsonl.gz'))).toString()).toContain('"id":"**********"')
  })
})

describe('a settled result', () => {
  it('has what only the records showed', async () => {
    let read = 0
    async function* counting() { for await (const r of some(4)) { read++; yield r } }
    const { adapter, problem } = await settle(result({ records: counting(), afterRecords: () => ({ notes: [`${read} read`] }) }), path, 'tool')
    expect([adapter.notes, problem, (await all(adapter.records)).length]).toEqual([['4 read'], undefined, 4])
  })

  it('says why it is not whole', async () => {
    const { adapter, problem } = await settle(result({ records: some(2, Object.assign(new Error('x.json: no'), { hint: 'look' })) }), path, 'tool')
    expect(problem).toBe('the results of tool cannot be read: x.json: no (look)')
    expect([adapter.notes, (await all(adapter.records)).length]).toEqual([['before', problem], 2])
  })
})

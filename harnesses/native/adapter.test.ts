// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { HarnessSpec } from '../../operator/core/model/harness.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { adaptNative } from './adapter.ts'
import { wholeResult } from '../reading/whole-result.ts'
import { heldFiles } from '../testing/held-files.ts'

const read = (name: string) => readFileSync(new URL(`./testdata/run/${name}`, import.meta.url), 'utf8')
const run = { 'native.jsonl': read('native.jsonl'), 'native.json': read('native.json') }
const job = { spec: { harness: HarnessSpec.parse({ version: '9', supports: { load: [], data: [] }, results: { adapter: 'native' } }) } } as unknown as TrialJob
const adapted = async (files: Readonly<Record<string, string>>) => wholeResult(await adaptNative(heldFiles(files), job))

describe('adaptNative', () => {
  it('reads records, windows and health', async () => {
    const result = await adapted(run)
    expect(result.records.map((r) => [r.id, r.stage, r.phase, r.status])).toEqual([['r1', 'low', 'warmup', 'ok'], ['r2', 'low', 'warmup', 'ok'], ['r3', 'low', 'warmup', 'ok'], ['r60', 'high', 'measure', 'ok'], ['r61', 'high', 'measure', 'ok']])
    expect(result.records[0]?.eventsMs).toHaveLength(16)
    expect(result.stages.map((s) => s.name)).toEqual(['low', 'high'])
    expect(result).toMatchObject({ tool: { name: 'native', version: '0.1.0' }, claims: [], notes: ['11 connections were opened'], client: { eventsPerRead: 1 } })
  })

  it('leaves out a last line that is cut off, and says so', async () => {
    const result = await adapted({ ...run, 'native.jsonl': run['native.jsonl'].slice(0, -100) })
    expect(result.records).toHaveLength(4)
    expect(result.notes[0]).toBe('truncated: the last line of native.jsonl is cut off and was left out')
  })

  it('reads what a killed harness left', async () => {
    const early = await adapted({ 'native.jsonl': run['native.jsonl'] })
    expect(early).toMatchObject({ stages: [], tool: { version: '9' }, notes: ['truncated: native.json is missing, so the harness was killed within its first stage'] })
    const late = await adapted({ ...run, 'native.json': run['native.json'].replace('"complete": true', '"complete": false') })
    expect(late.notes[0]).toContain('truncated: the harness was killed')
  })

  it.each([
    [{}, 'native.jsonl is missing'],
    [{ ...run, 'native.jsonl': `x\n${run['native.jsonl']}` }, 'native.jsonl:1: Unexpected token'],
    [{ ...run, 'native.jsonl': `{"id":"a"}\n${run['native.jsonl']}` }, 'native.jsonl:1: ✖ Invalid'],
    [{ ...run, 'native.json': '{}' }, 'native.json: ✖ Invalid'],
  ])('refuses what is no result of the harness (%#)', async (files, message) => {
    await expect(adapted(files)).rejects.toThrow(message)
  })
})

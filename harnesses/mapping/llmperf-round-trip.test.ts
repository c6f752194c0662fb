// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Results } from '../../operator/core/model/experiment.ts'
import { HarnessSpec } from '../../operator/core/model/harness.ts'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { WorkloadProfileSpec } from '../../operator/core/model/workload-profile.ts'
import { toolFilesOf } from '../../operator/core/tool-files/tool-files.ts'
import { readCase } from '../testing/measure-case.ts'

/** The mapping as the guide prints it, so that what people copy is what is tried. */
function guidesMapping(): object {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/harnesses.md'), 'utf8')
  const yaml = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '').find((text) => text.includes('name: llmperf'))
  return HarnessSpec.parse((parse(yaml ?? '') as { spec: unknown }).spec).results
}

const record = (i: number, over: Partial<RequestRecord> = {}): RequestRecord => ({
  id: `r${i}`, stage: 'main', phase: 'measure', scheduledMs: null, sentMs: 1000 * i, firstTokenMs: 1000 * i + 50.25 + i, endMs: 1000 * i + 400.5 + 3 * i, eventsMs: [1000 * i + 50.25 + i, 1000 * i + 400.5 + 3 * i],
  inputTokens: 60, outputTokens: 2, clientInputTokens: 61 + i, clientOutputTokens: 12 + i, status: 'ok', ...over,
})
const RECORDS = [...Array.from({ length: 8 }, (_, i) => record(i)), record(8, { status: 'error', httpStatus: 503, error: { class: 'http5xx', message: 'busy' } }), record(9, { status: 'error', error: { class: 'timeout', message: 'too long' } })]

describe('LLMPerf\'s files of our records, read back by the guide\'s mapping', () => {
  it('give the same latencies, lengths and failures', async () => {
    const workload = WorkloadProfileSpec.parse({ data: { lines: { input: { fixed: 64 }, output: { fixed: 12 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 2, requests: 10 }] } } })
    const job = { spec: { workload, results: Results.parse({ files: { llmperf: {} } }) }, endpoint: { model: 'tiny' } } as unknown as Parameters<typeof toolFilesOf>[0]['job']
    const written = await toolFilesOf({ job, stages: [], endEpochMs: 0, records: RECORDS })
    const files = Object.fromEntries(written.map(({ name, text }) => [name, [...text()].join('')]))
    const { records } = await readCase({ adapter: 'mapping', files, load: workload.load, results: guidesMapping() })
    const seen = (r: RequestRecord) => [r.status, r.status === 'ok' ? ms((r.firstTokenMs ?? 0) - (r.sentMs ?? 0)) : 0, r.status === 'ok' ? ms((r.endMs ?? 0) - (r.sentMs ?? 0)) : 0, r.clientInputTokens, r.status === 'ok' ? r.clientOutputTokens : 0, r.error?.message]
    expect(records.map(seen)).toEqual(RECORDS.map(seen))
  })
})

const ms = (value: number) => Number(value.toFixed(6))

// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Results } from '../model/experiment.ts'
import type { RequestRecord } from '../model/record.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { toolFilesOf } from './tool-files.ts'

const original = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8')

async function write({ records, workload, files, url = 'http://127.0.0.1:8001', seconds = 0 }: { records: readonly RequestRecord[]; workload: object; files: object; url?: string; seconds?: number }) {
  const job = { spec: { workload: WorkloadProfileSpec.parse({ api: { kind: 'chat', ignoreEos: false }, ...workload }), results: Results.parse({ files }), seeds: { arrival: 1, content: 117 } }, endpoint: { model: 'tiny', url } }
  const written = await toolFilesOf({ job: job as unknown as Parameters<typeof toolFilesOf>[0]['job'], stages: [], endEpochMs: seconds * 1000, records })
  return new Map(written.map(({ name, text }) => [name, [...text()].join('')]))
}
const record = (over: Partial<RequestRecord>): RequestRecord => ({ id: 'r', stage: 'main', phase: 'measure', clockless: true, scheduledMs: null, sentMs: 0, firstTokenMs: null, endMs: null, inputTokens: null, outputTokens: null, status: 'ok', ...over })
const near = (text: string) => JSON.parse(text, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value)) as unknown

describe('the files of LLMPerf\'s correctness test', () => {
  interface Answer { readonly metrics: { readonly ttft_s: number; readonly end_to_end_latency_s: number; readonly number_output_tokens: number }; readonly generated_text: string; readonly request_config: { readonly metadata: { readonly rnd_number: number } } }
  const answers = JSON.parse(original('tiny_correctness_individual_responses.json')) as Answer[]
  const records = answers.map(({ metrics, generated_text, request_config }) => record({
    firstTokenMs: metrics.ttft_s * 1000, endMs: metrics.end_to_end_latency_s * 1000, eventsMs: Array.from({ length: metrics.number_output_tokens - 1 }, () => 0), silentEvents: 1,
    answer: generated_text, expected: String(request_config.metadata.rnd_number),
  }))
  const workload = { data: { correctness: { output: { fixed: 8 } } }, load: { concurrent: { stages: [{ name: 'main', concurrency: 1, requests: 3 }] } } }

  it('are those that the original wrote of the same requests', async () => {
    const files = await write({ records, workload, files: { llmperf: {} }, seconds: 1795346709 })
    expect([...files.keys()]).toEqual(['llmperf/main/tiny_correctness_summary.json', 'llmperf/main/tiny_correctness_individual_responses.json'])
    const [summary = '', responses = ''] = [...files.values()]
    expect(summary).toBe(original('tiny_correctness_summary.json'))
    // Its total of all gaps ends with the last text; its end, a little later, with the stream.
    const ours = near(responses) as Answer[]
    expect(ours.map((answer) => ({ ...answer, metrics: { ...answer.metrics, inter_token_latency_s: 0, request_output_throughput_token_per_s: 0 } })))
      .toEqual((near(original('tiny_correctness_individual_responses.json')) as Answer[]).map((answer) => ({ ...answer, metrics: { ...answer.metrics, inter_token_latency_s: 0, request_output_throughput_token_per_s: 0 } })))
    expect(responses.match(/"[a-z_]+":/g)).toEqual(original('tiny_correctness_individual_responses.json').match(/"[a-z_]+":/g))
    expect(responses).toContain('"temperature": 0.0,')
  })

  it('count right answers, errors and separators', async () => {
    const more = [record({ expected: '5535', answer: 'It is 5,535.' }), record({ expected: '7', answer: '17, or 70' }), record({ expected: '1', status: 'error', httpStatus: 429, error: { class: 'http429', message: 'slow down' } })]
    const [summary = ''] = [...(await write({ records: more, workload, files: { llmperf: { metadata: { run: 'a' } } } })).values()]
    expect(JSON.parse(summary)).toMatchObject({ number_errors: 1, num_mismatched_requests: 1, num_completed_requests: 3, num_non_errored_requests: 2, mismatch_rate: 1 / 3, run: 'a' })
  })
})

describe('the files of llmval', () => {
  type Columns = Readonly<Record<string, Readonly<Record<string, string | number>>>>
  const raw = JSON.parse(original('vllm-1795346721_raw.json')) as Columns
  const cell = (column: string, i: string) => raw[column]?.[i] ?? ''
  const records = Object.keys(raw['valid'] ?? {}).map((i) => {
    const [, expected = '', , answer = ''] = /Input = (\d+)(?: output = (\d+))?\n?\. ?Output:\n ([\s\S]*)$/.exec(String(cell('cause', i))) ?? []
    return record({
      firstTokenMs: Number(cell('ttft', i)) * 1000, endMs: Number(cell('total_time', i)) * 1000, clientInputTokens: Number(cell('tokens_in', i)), clientOutputTokens: Number(cell('tokens_out', i)),
      responseIds: [String(cell('id', i))], expected, answer,
    })
  })
  const workload = {
    data: { correctness: { source: { path: 'sonnet.txt' }, numbers: { min: 100, max: 999 }, match: 'first', lines: { min: 2, max: 4, required: 1 }, output: { fixed: 12 } } },
    load: { rounds: { stages: [{ name: 'main', concurrency: 2, requests: 4 }] } },
  }

  it('are those that the original wrote of the same requests', async () => {
    const files = await write({ records, workload, files: { llmval: {} }, seconds: 1795346721 })
    expect([...files.keys()]).toEqual(['llmval/main/vllm-1795346721.json', 'llmval/main/vllm-1795346721_raw.json'])
    const [summary = '', table = ''] = [...files.values()]
    expect(near(summary)).toEqual(near(original('vllm-1795346721.json')))
    expect(Object.keys(JSON.parse(summary) as object)).toEqual(Object.keys(JSON.parse(original('vllm-1795346721.json')) as object))
    expect(table).toBe(original('vllm-1795346721_raw.json').trimEnd())
  })

  it('have no latencies where nothing was answered', async () => {
    const failed = [0, 1].map(() => record({ expected: '123', status: 'error', httpStatus: 404, error: { class: 'http4xx', message: 'no such model' } }))
    const [summary = '', table = ''] = [...(await write({ records: failed, workload: { ...workload, load: { rounds: { stages: [{ name: 'main', concurrency: 2, requests: 2 }] } } }, files: { llmval: {} }, seconds: 1795346731 })).values()]
    expect({ ...(JSON.parse(summary) as object), model: 'nope' }).toEqual(JSON.parse(original('wrong_model.json')))
    expect(JSON.parse(table)).toMatchObject({ valid: { 0: 'Exception' }, cause: { 1: 'no such model' } })
  })
})

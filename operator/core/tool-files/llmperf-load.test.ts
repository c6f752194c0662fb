// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../model/record.ts'
import { Results } from '../model/experiment.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { toolFilesOf } from './tool-files.ts'

const original = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', name), 'utf8')
interface Response { readonly ttft_s: number; readonly end_to_end_latency_s: number; readonly inter_token_latency_s: number; readonly number_output_tokens: number; readonly number_input_tokens: number }
const RESPONSES = JSON.parse(original('tiny_64_12_individual_responses.json')) as Response[]
/** The test took so long by its own clock: 64 tokens at 32.5 tokens/s. */
const SECONDS = 64 / 32.52119848336411

const WORKLOAD = WorkloadProfileSpec.parse({
  api: { kind: 'chat', sampling: {} },
  data: { lines: { input: { normal: { mean: 64, stddev: 4 } }, output: { normal: { mean: 12, stddev: 2 } } } },
  load: { concurrent: { stages: [{ name: 'main', concurrency: 2, requests: 4, duration: '60s' }] } },
})

/** What we would have seen of the requests that the original saw. */
function recordOf(response: Response, i: number): RequestRecord {
  const chunks = Math.round(response.end_to_end_latency_s / response.inter_token_latency_s)
  const [first, last] = [response.ttft_s * 1000, response.end_to_end_latency_s * 1000]
  return {
    id: `r${i}`, stage: 'main', phase: 'measure', clockless: true, scheduledMs: null, sentMs: 0, firstTokenMs: first, endMs: last, silentEvents: 1,
    eventsMs: Array.from({ length: chunks - 1 }, (_, n) => first + ((last - first) * n) / (chunks - 2)),
    inputTokens: null, outputTokens: null, clientInputTokens: response.number_input_tokens, clientOutputTokens: response.number_output_tokens, status: 'ok',
  }
}

interface Options { readonly records?: readonly RequestRecord[]; readonly workload?: WorkloadProfileSpec; readonly files?: object; readonly model?: string }

async function write({ records = RESPONSES.map(recordOf), workload = WORKLOAD, files = { llmperf: { metadata: { run: 'r1', hw: 'cpu' } } }, model = 'tiny' }: Options = {}) {
  const job = { spec: { workload, results: Results.parse({ files }) }, endpoint: { model } } as unknown as Parameters<typeof toolFilesOf>[0]['job']
  const stages = [{ name: 'main', kind: 'concurrent', startMs: 0, sendEndMs: 0, endMs: SECONDS * 1000 }]
  const written = await toolFilesOf({ job, records, stages, endEpochMs: 1795346648_900 })
  return new Map(written.map(({ name, text }) => [name, [...text()].join('')]))
}

const failed: RequestRecord = { ...recordOf(RESPONSES[0] as Response, 9), status: 'error', httpStatus: 500, error: { class: 'http5xx', message: 'no “GPU”' }, eventsMs: [], firstTokenMs: null, clientOutputTokens: null }

describe('the files of LLMPerf\'s load test', () => {
  it('are those that the original wrote of the same requests', async () => {
    const files = await write()
    expect([...files.keys()]).toEqual(['llmperf/main/tiny_64_12_summary.json', 'llmperf/main/tiny_64_12_individual_responses.json'])
    for (const [name, text] of files) {
      const theirs = original(name.slice('llmperf/main/'.length))
      // The same members in the same order, the same kinds of values, written the same way: only digits may differ.
      expect(shape(text)).toBe(shape(theirs))
      const [ours, wanted] = [numbers(text), numbers(theirs)]
      for (const [i, value] of ours.entries()) expect(Math.abs(value - (wanted[i] ?? 0)) / Math.max(1, Math.abs(value)), `${name}, number ${i}`).toBeLessThan(2e-4)
    }
  })

  it('count what failed, and keep it out of the statistics', async () => {
    const files = await write({ records: [...RESPONSES.map(recordOf), failed, { ...failed, httpStatus: undefined }, { ...failed, phase: 'warmup' }, { ...failed, status: 'cancelled' }] })
    const [summary = '', responses = ''] = [...files.values()]
    expect(JSON.parse(summary)).toMatchObject({ results_num_requests_started: 6, results_number_errors: 2, results_error_rate: 1 / 3, results_error_code_frequency: '{500.0: 1, -1.0: 1}', results_num_completed_requests: 4, results_ttft_s_min: RESPONSES[3]?.ttft_s })
    expect((JSON.parse(responses) as object[]).slice(4)).toEqual([500, -1].map((error_code) => ({
      error_code, error_msg: 'no “GPU”', inter_token_latency_s: 0, ttft_s: 0, end_to_end_latency_s: 0, request_output_throughput_token_per_s: 0, number_total_tokens: 64, number_output_tokens: 0, number_input_tokens: 64,
    })))
    expect(responses).toContain('no \\u201cGPU\\u201d')
  })

  it.each<[string, Options, readonly string[]]>([
    ['nobody asks', { files: {} }, []],
    ['nothing succeeded', { records: [failed] }, []],
    ['the model has a path', { model: 'org/Model 1.5B' }, ['llmperf/main/org-Model-1-5B_64_12_summary.json', 'llmperf/main/org-Model-1-5B_64_12_individual_responses.json']],
    ['lengths are of another kind', { workload: { ...WORKLOAD, data: { lines: { input: { uniform: { min: 9, max: 11 } }, output: { fixed: 5 } } } } }, ['llmperf/main/tiny_64_5_summary.json', 'llmperf/main/tiny_64_5_individual_responses.json']],
  ])('when %s', async (_, options, names) => {
    expect([...(await write(options)).keys()]).toEqual(names)
  })

  it('say NaN where pandas does: one value has no deviation', async () => {
    const [summary = ''] = [...(await write({ records: [recordOf(RESPONSES[0] as Response, 0)] })).values()]
    expect(summary).toContain('"results_ttft_s_stddev": NaN,')
  })
})

const shape = (text: string) => text.replaceAll(/\d+(\.\d+)?/g, (_, fraction: string | undefined) => (fraction === undefined ? 'int' : 'float'))
const numbers = (text: string) => (text.match(/(?<=[ "])\d+(\.\d+)?(?=[",\n])/g) ?? []).map(Number)

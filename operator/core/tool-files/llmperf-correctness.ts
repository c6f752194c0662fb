// SPDX-License-Identifier: Apache-2.0
/** The two files of LLMPerf's correctness test, field by field. They count as the original does: docs/guides/llmperf.md says where that is odd. */
import { isRight } from '../measure/answer-check.ts'
import type { RequestRecord } from '../model/record.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { questionOf } from '../workload/number-words.ts'
import { chunksOf, concurrencyOf, errorCodeOf, flattened, llmperfName, VERSION } from './llmperf-common.ts'
import { float, pythonJson, pythonRows, type PythonValue } from './python-json.ts'
import { isCounted, type ToolFile, type ToolFilesInput, type ToolFileWriter } from './tool-file.ts'

const API = 'openai'

/** Takes what it checks: requests of data.correctness. */
export function llmperfCorrectness(input: ToolFilesInput, metadata: Readonly<Record<string, PythonValue>>): ToolFileWriter {
  const stages = new Map<string, RequestRecord[]>()
  return {
    add(record) {
      if (!isCounted(record) || record.expected === undefined) return
      const { eventsMs, gapsMs: _gaps, ...rest } = record
      // Of the events only their number is of use.
      const kept = { ...rest, silentEvents: chunksOf(record), ...(eventsMs === undefined ? {} : { eventsMs: [] }) }
      const known = stages.get(record.stage)
      if (known === undefined) stages.set(record.stage, [kept])
      else known.push(kept)
    },
    files: () => [...stages].flatMap(([stage, records]) => filesOf(stage, records, { input, metadata })),
  }
}

function filesOf(stage: string, records: readonly RequestRecord[], { input, metadata }: { input: ToolFilesInput; metadata: Readonly<Record<string, PythonValue>> }): ToolFile[] {
  const { job } = input
  const name = llmperfName(`${job.endpoint.model}_correctness`)
  const errors = records.filter(({ status }) => status !== 'ok').length
  const wrong = records.filter(({ status, expected = '', answer = '' }) => status === 'ok' && !isRight(expected, answer, 'any')).length
  const additional = additionalOf(job.spec.workload)
  const summary = {
    version: VERSION, name: `${name}_summary`, number_errors: errors, num_mismatched_requests: wrong,
    error_rate: float(errors / records.length), mismatch_rate: float(wrong / records.length), num_completed_requests: records.length, num_non_errored_requests: records.length - errors,
    model: job.endpoint.model, num_concurrent_requests: concurrencyOf(stage, input) ?? 0, ...flattened(additional, 'additional_sampling_params_'), llm_api: API, ...metadata,
    timestamp: Math.floor(input.endEpochMs / 1000),
  }
  const sampling = { temperature: float(0), ...additional }
  return [
    { name: `llmperf/${stage}/${name}_summary.json`, text: () => [pythonJson(summary, 4)] },
    { name: `llmperf/${stage}/${name}_individual_responses.json`, text: () => pythonRows(records.map((record) => rowOf(record, job.endpoint.model, sampling)), 4) },
  ]
}

/** Temperature 0 is what it sends anyway; the most tokens of an answer are a parameter like others there. */
function additionalOf({ api, data }: WorkloadProfileSpec): Record<string, PythonValue> {
  const { temperature, ...others } = { ...api.sampling, ...api.extraBody }
  const { output } = data.correctness ?? {}
  return {
    ...(temperature === undefined || temperature === 0 ? {} : { temperature: temperature as PythonValue }), ...(others as Record<string, PythonValue>),
    ...(output?.fixed === undefined ? {} : { max_tokens: output.fixed }),
  }
}

function rowOf(record: RequestRecord, model: string, sampling: PythonValue): PythonValue {
  const { status, expected = '', answer = '' } = record
  const number = Number(expected)
  return {
    metrics: status === 'ok' ? answered(record) : failed(record),
    generated_text: status === 'ok' ? answer : '',
    request_config: { model, prompt: [questionOf(number), 0], sampling_params: sampling, llm_api: API, metadata: { rnd_number: number } },
  }
}

/** Tokens are chunks, and the time between them is all of it. */
function answered({ sentMs, firstTokenMs, endMs, silentEvents: chunks = 0 }: RequestRecord): PythonValue {
  const since = (ms: number | null) => (ms === null || sentMs === null ? 0 : (ms - sentMs) / 1000)
  const whole = since(endMs)
  return {
    error_code: null, error_msg: '', inter_token_latency_s: float(whole), ttft_s: float(since(firstTokenMs)), end_to_end_latency_s: float(whole),
    request_output_throughput_token_per_s: float(whole > 0 ? chunks / whole : 0), number_total_tokens: chunks, number_output_tokens: chunks, number_input_tokens: 0,
  }
}

function failed(record: RequestRecord): PythonValue {
  return {
    error_code: errorCodeOf(record), error_msg: record.error?.message ?? '', inter_token_latency_s: 0, ttft_s: 0, end_to_end_latency_s: 0,
    request_output_throughput_token_per_s: 0, number_total_tokens: 0, number_output_tokens: 0, number_input_tokens: 0,
  }
}

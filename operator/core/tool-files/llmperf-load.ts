// SPDX-License-Identifier: Apache-2.0
/** The two files of LLMPerf's load test, field by field, its errors included: they are named in docs/guides/llmperf.md. */
import type { RequestRecord } from '../model/record.ts'
import type { Lengths, WorkloadProfileSpec } from '../model/workload-profile.ts'
import { mean, summarizeValues } from '../stats/summary.ts'
import { chunksOf, concurrencyOf, errorCodeOf, llmperfName, samplingParameters, seriesOf, VERSION } from './llmperf-common.ts'
import { float, NAN, pythonJson, pythonRows, type PythonValue } from './python-json.ts'
import { clientTokens, emptySpan, isCounted, type RequestSpan, type ToolFile, type ToolFilesInput, type ToolFileWriter, widen, windowSeconds } from './tool-file.ts'

interface Row {
  readonly errorCode: number | null
  readonly errorMessage: string
  readonly itl: number
  readonly ttft: number | null
  readonly e2e: number
  readonly output: number
  readonly input: number
}

interface Stage { readonly rows: Row[]; readonly span: RequestSpan }

export function llmperfLoad(input: ToolFilesInput, metadata: Readonly<Record<string, PythonValue>>): ToolFileWriter {
  const stages = new Map<string, Stage>()
  return {
    add(record) {
      if (!isCounted(record)) return
      const stage = stages.get(record.stage) ?? { rows: [], span: emptySpan() }
      stages.set(record.stage, stage)
      stage.rows.push(rowOf(record))
      widen(stage.span, record)
    },
    files: () => [...stages].flatMap(([name, stage]) => filesOf(name, stage, { input, metadata })),
  }
}

/** The original divides the whole time to the last token by all chunks that came, one without a text included. */
function rowOf(record: RequestRecord): Row {
  const { status, sentMs, firstTokenMs, endMs, error } = record
  const input = clientTokens.input(record)
  if (status !== 'ok') return { errorCode: errorCodeOf(record), errorMessage: error?.message ?? '', itl: 0, ttft: 0, e2e: 0, output: 0, input }
  const since = (ms: number | null) => (ms === null || sentMs === null ? null : (ms - sentMs) / 1000)
  const e2e = since(endMs) ?? 0
  const output = clientTokens.output(record)
  const chunks = chunksOf(record)
  return { errorCode: null, errorMessage: '', itl: output === 0 || chunks === 0 ? 0 : e2e / chunks, ttft: since(firstTokenMs), e2e, output, input }
}

const throughput = ({ output, e2e }: Row) => (e2e > 0 ? output / e2e : 0)

/** A stage without a success leaves nothing: the original fails there. */
function filesOf(stage: string, { rows, span }: Stage, { input, metadata }: { input: ToolFilesInput; metadata: Readonly<Record<string, PythonValue>> }): ToolFile[] {
  const good = rows.filter((row) => row.errorCode === null)
  if (good.length === 0) return []
  const asked = askedLengths(input.job.spec.workload, good)
  const name = llmperfName(`${input.job.endpoint.model}_${asked.mean_input_tokens}_${asked.mean_output_tokens}`)
  const seconds = windowSeconds(span, input.stages.find((window) => window.name === stage))
  const summary = {
    version: VERSION, name: `${name}_summary`, model: input.job.endpoint.model, ...asked, num_concurrent_requests: concurrencyOf(stage, input) ?? inFlight(good, seconds),
    ...samplingParameters(input.job.spec.workload), ...resultsOf(rows, good, seconds), ...metadata, timestamp: Math.floor(input.endEpochMs / 1000),
  }
  return [
    { name: `llmperf/${stage}/${name}_summary.json`, text: () => [pythonJson(summary, 4)] },
    { name: `llmperf/${stage}/${name}_individual_responses.json`, text: () => pythonRows(rows.map(response), 4) },
  ]
}

function response(row: Row): PythonValue {
  return {
    error_code: row.errorCode, error_msg: row.errorMessage, inter_token_latency_s: row.errorCode === null ? float(row.itl) : 0, ttft_s: row.ttft === null ? null : row.errorCode === null ? float(row.ttft) : 0,
    end_to_end_latency_s: row.errorCode === null ? float(row.e2e) : 0, request_output_throughput_token_per_s: row.errorCode === null ? float(throughput(row)) : 0,
    number_total_tokens: row.input + row.output, number_output_tokens: row.output, number_input_tokens: row.input,
  }
}

function resultsOf(rows: readonly Row[], good: readonly Row[], seconds: number): Record<string, PythonValue> {
  const failed = rows.length - good.length
  const tokens = good.reduce((sum, row) => sum + row.output, 0)
  return {
    ...seriesOf('inter_token_latency_s', good.map((row) => row.itl)),
    ...seriesOf('ttft_s', good.flatMap((row) => row.ttft ?? [])),
    ...seriesOf('end_to_end_latency_s', good.map((row) => row.e2e)),
    ...seriesOf('request_output_throughput_token_per_s', good.map(throughput)),
    ...seriesOf('number_input_tokens', good.map((row) => row.input), 'counts'),
    ...seriesOf('number_output_tokens', good.map((row) => row.output), 'counts'),
    results_num_requests_started: rows.length, results_error_rate: float(failed / rows.length), results_number_errors: failed,
    results_error_code_frequency: errorFrequency(rows),
    results_mean_output_throughput_token_per_s: float(tokens / seconds),
    results_num_completed_requests: good.length, results_num_completed_requests_per_min: float((good.length / seconds) * 60),
  }
}

/** Python's text of a dictionary: codes are floats, because a column with gaps is one. */
function errorFrequency(rows: readonly Row[]): string {
  const counts = new Map<number, number>()
  for (const { errorCode } of rows) if (errorCode !== null) counts.set(errorCode, (counts.get(errorCode) ?? 0) + 1)
  return `{${[...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code}.0: ${count}`).join(', ')}}`
}

/** As the profile asks; of lengths that are neither fixed nor normal, as they were. */
function askedLengths({ data }: WorkloadProfileSpec, rows: readonly Row[]) {
  const of = (lengths: Lengths | undefined, values: readonly number[]) => {
    if (lengths?.normal !== undefined) return lengths.normal
    if (lengths?.fixed !== undefined) return { mean: lengths.fixed, stddev: 0 }
    return { mean: Math.round(mean(values) ?? 0), stddev: Math.round(summarizeValues(values).stddev ?? 0) }
  }
  const { input, output } = data.synthetic ?? data.lines ?? {}
  const [asked, answered] = [of(input, rows.map((row) => row.input)), of(output, rows.map((row) => row.output))]
  return { mean_input_tokens: asked.mean, stddev_input_tokens: asked.stddev, mean_output_tokens: answered.mean, stddev_output_tokens: answered.stddev }
}

/** Of an open loop, which the original does not have: the mean that were in flight. */
function inFlight(rows: readonly Row[], seconds: number): PythonValue {
  return Number.isNaN(seconds) ? NAN : Math.round(rows.reduce((sum, row) => sum + row.e2e, 0) / seconds)
}

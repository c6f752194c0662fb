// SPDX-License-Identifier: Apache-2.0
/** The two files of llmval, field by field: averages and options in one, a column for each property of the requests in the other. */
import { isRight, numbersIn } from '../measure/answer-check.ts'
import { durationMs } from '../model/common.ts'
import type { RequestRecord } from '../model/record.ts'
import { type Correctness, type DataSource, dataSource, type Load } from '../model/workload-profile.ts'
import { mean } from '../stats/summary.ts'
import { declaredStages } from '../workload/declared-stages.ts'
import { concurrencyOf } from './llmperf-common.ts'
import { pandasColumns } from './pandas-json.ts'
import { float, NAN, pythonJson, type PythonValue } from './python-json.ts'
import { clientTokens, isCounted, type ToolFile, type ToolFilesInput, type ToolFileWriter } from './tool-file.ts'

interface Row {
  readonly valid: 'OK' | 'Mismatch' | 'Exception'
  readonly ttft: number
  readonly total_time: number
  readonly tokens_in: number
  readonly tokens_out: number
  readonly cause: string
  readonly id: string
}
const COLUMNS = ['valid', 'ttft', 'total_time', 'tokens_in', 'tokens_out', 'cause', 'id'] as const

/** What llmval says of the ones that failed. */
const NOTHING = { ttft: -1, total_time: -1, tokens_in: -1, tokens_out: -1 } as const

export function llmval(input: ToolFilesInput, framework: string): ToolFileWriter {
  const stages = new Map<string, Row[]>()
  return {
    add(record) {
      if (!isCounted(record) || record.expected === undefined) return
      const rows = stages.get(record.stage) ?? []
      stages.set(record.stage, rows)
      rows.push(rowOf(record, record.expected))
    },
    files: () => [...stages].flatMap(([stage, rows]) => filesOf(stage, rows, { input, framework })),
  }
}

function rowOf(record: RequestRecord, expected: string): Row {
  const { status, sentMs, firstTokenMs, endMs, answer = '', responseIds, error } = record
  if (status !== 'ok') return { valid: 'Exception', ...NOTHING, cause: error?.message ?? '', id: '' }
  const since = (ms: number | null) => (ms === null || sentMs === null ? 0 : (ms - sentMs) / 1000)
  const right = isRight(expected, answer, 'first')
  return {
    valid: right ? 'OK' : 'Mismatch', ttft: since(firstTokenMs), total_time: since(endMs), tokens_in: clientTokens.input(record), tokens_out: clientTokens.output(record),
    cause: right ? '' : causeOf(expected, answer), id: responseIds?.[0] ?? '',
  }
}

function causeOf(expected: string, answer: string): string {
  const [found] = numbersIn(answer)
  return found === undefined ? `Output unparseable. Input = ${expected}. Output:\n ${answer}` : `Input = ${expected} output = ${Number(found)}\n.Output:\n ${answer}`
}

function filesOf(stage: string, rows: readonly Row[], { input, framework }: { input: ToolFilesInput; framework: string }): ToolFile[] {
  const name = `${framework}-${Math.floor(input.endEpochMs / 1000)}`
  const count = (valid: Row['valid']) => rows.filter((row) => row.valid === valid).length
  const share = (valid: Row['valid']) => float(count(valid) / rows.length)
  const summary = {
    framework, ...optionsOf(stage, rows, input), num_valid: count('OK'), num_exceptions: count('Exception'), num_mismatch: count('Mismatch'),
    valid_rate: share('OK'), mismatch_rate: share('Mismatch'), exception_rate: share('Exception'), ...averages(rows.filter((row) => row.valid !== 'Exception'), input.endEpochMs), raw_output: `${name}_raw.json`,
  }
  return [
    { name: `llmval/${stage}/${name}.json`, text: () => [pythonJson(summary)] },
    { name: `llmval/${stage}/${name}_raw.json`, text: () => pandasColumns(COLUMNS, rows) },
  ]
}

/** Its command line, as the profile would have it. */
function optionsOf(stage: string, rows: readonly Row[], { job, ...input }: ToolFilesInput): Record<string, PythonValue> {
  const { data, load } = job.spec.workload
  const declared = declaredStages(load).find(({ name }) => name === stage)
  return {
    model: job.endpoint.model, random_lines_file_name: fileNameOf(dataSource(data)), ...promptOptions(data.correctness), sleep: periodOf(stage, load),
    concur_requests: concurrencyOf(stage, { job, ...input }) ?? 0, total_requests: declared?.requests ?? rows.length,
    max_tokens: data.correctness?.output?.fixed ?? null, random_seed: job.spec.seeds.content, api_base: `${job.endpoint.url}/v1`,
  }
}

function promptOptions(correctness: Correctness | undefined): Record<string, PythonValue> {
  const { numbers, lines } = correctness ?? {}
  const { min = 0, max = 0, required = 0 } = lines ?? {}
  return { min_lines: min, max_lines: max, req_lines: required, num_digits: String(Math.max(numbers?.min ?? 0, numbers?.max ?? 0)).length }
}

/** In seconds; 0 for loads without rounds. */
function periodOf(stage: string, { rounds }: Load): number {
  return durationMs(rounds?.stages.find(({ name }) => name === stage)?.period ?? '0s') / 1000
}

function fileNameOf(source: DataSource | undefined): string {
  return source?.path ?? source?.volume?.path ?? source?.configMap?.key ?? (source?.inline === undefined ? 'generated' : 'inline')
}

/** Absent where nothing was answered, as there. Rates are means of the requests' own. */
function averages(rows: readonly Row[], endEpochMs: number): Record<string, PythonValue> {
  if (rows.length === 0) return {}
  const of = (value: (row: Row) => number) => mean(rows.map(value)) ?? Number.NaN
  return {
    end_timestamp: new Date(endEpochMs).toISOString().slice(0, 19), total_time: float(of((row) => row.total_time)), mean_ttft: roundHalfEven(of((row) => row.ttft) * 1000),
    mean_tokens_in: float(of((row) => row.tokens_in)), mean_tokens_out: float(of((row) => row.tokens_out)),
    total_tokens_per_s: ratio(of((row) => (row.tokens_in + row.tokens_out) / row.total_time)), out_tokens_per_s: ratio(of((row) => row.tokens_out / row.total_time)),
    inter_token_delay: ratio(of((row) => row.total_time / row.tokens_out) * 1000),
  }
}

const ratio = (value: number) => (Number.isNaN(value) ? NAN : float(value))

function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  if (value - floor !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

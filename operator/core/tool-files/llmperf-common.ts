// SPDX-License-Identifier: Apache-2.0
/** What LLMPerf's files have in common: version, names, parameters, what counts as a token, statistics. It writes none. */
import { isObject } from '../design/path.ts'
import { plannedStage } from '../measure/planned-load.ts'
import type { RequestRecord } from '../model/record.ts'
import type { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { quantile, sorted } from '../stats/quantile.ts'
import { summarizeValues } from '../stats/summary.ts'
import { float, NAN, type PythonValue } from './python-json.ts'
import { clientTokens, type ToolFilesInput } from './tool-file.ts'

/** Of the form of its results. */
export const VERSION = '2023-08-31'
const QUANTILES = { p25: 0.25, p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99 } as const

/** Everything but letters and digits of ASCII, - and _ becomes -, and no two of them stand side by side. */
export function llmperfName(text: string): string {
  return text.replaceAll(/[^\w-]+/g, '-').replaceAll(/-{2,}/g, '-')
}

/** What it calls additional: sampling, further members of the body, and ignore_eos where we ask for it. */
export function samplingParameters({ api }: Pick<WorkloadProfileSpec, 'api'>): Record<string, PythonValue> {
  const parameters = { ...(api.ignoreEos ? { ignore_eos: true } : {}), ...api.sampling, ...api.extraBody }
  return flattened(parameters, 'additional_sampling_params_')
}

/** Members of members by their names joined. */
export function flattened(value: object, prefix = ''): Record<string, PythonValue> {
  return Object.assign({}, ...Object.entries(value).map(([key, member]: [string, unknown]) =>
    isObject(member) ? flattened(member, `${prefix}${key}_`) : { [prefix + key]: member as PythonValue })) as Record<string, PythonValue>
}

/** Minimum and maximum of counts are texts: the original's numbers are of a kind that its JSON does not know. */
export function seriesOf(name: string, values: readonly number[], kind: 'times' | 'counts' = 'times'): Record<string, PythonValue> {
  const order = sorted(values)
  const { mean, min, max, stddev } = summarizeValues(order)
  const number = (value: number | null) => (value === null ? NAN : float(value))
  const extreme = (value: number | null) => (kind === 'counts' && value !== null ? String(value) : number(value))
  const prefix = `results_${name}`
  return {
    ...Object.fromEntries(Object.entries(QUANTILES).map(([label, p]) => [`${prefix}_quantiles_${label}`, number(quantile(order, p))])),
    [`${prefix}_mean`]: number(mean), [`${prefix}_min`]: extreme(min), [`${prefix}_max`]: extreme(max), [`${prefix}_stddev`]: number(stddev),
  }
}

/** Everything that came in a stream, a role or a finish reason included. */
export function chunksOf(record: RequestRecord): number {
  const { eventsMs, gapsMs, silentEvents = 0 } = record
  return (eventsMs?.length ?? (gapsMs === undefined ? clientTokens.output(record) : gapsMs.length + 1)) + silentEvents
}

/** -1 for whatever has no status of its own. */
export function errorCodeOf({ httpStatus }: RequestRecord): number {
  return httpStatus === undefined || httpStatus < 400 ? -1 : httpStatus
}

/** What the closed loop offers; undefined for an open one. */
export function concurrencyOf(stage: string, { stages, job }: ToolFilesInput): number | undefined {
  return stages.find(({ name }) => name === stage)?.concurrency ?? plannedStage(job.spec.workload.load, stage)?.concurrency
}

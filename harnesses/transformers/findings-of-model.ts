// SPDX-License-Identifier: Apache-2.0
/** What the benchmark says of a model beside its records: stages, memory, scores and failures. It reads no file. */
import type { Claim, RequestRecord, Score, StageWindow } from '../../operator/core/model/record.ts'
import { quantile } from '../../operator/core/stats/quantile.ts'
import { summarizeValues } from '../../operator/core/stats/summary.ts'
import { scalarClaim } from '../reading/claim-table.ts'
import type { Estimate, Failure, ModelFile, ModelStage } from './model-file.ts'

/** The stage of making an engine, beside those of the workload. */
export const LOAD_STAGE = 'load_model'
const GIB = 1024 ** 3
const LONGEST_MESSAGE = 300

/** One model's file with where its stages lie: their names begin with the prefix where several models stand in one result. */
export interface PlacedModel {
  readonly file: ModelFile
  readonly prefix: string
  readonly offsetMs: number
}

export function windowsOf({ file, prefix, offsetMs }: PlacedModel): StageWindow[] {
  const { load, stages } = file
  const at = (ms: number | null | undefined) => offsetMs + (ms ?? 0)
  const loaded: StageWindow[] = typeof load?.endMs === 'number'
    ? [{ name: prefix + LOAD_STAGE, kind: 'load', startMs: at(load.startMs), sendEndMs: at(load.startMs), endMs: at(load.endMs), counted: { total: 1, ok: 1, failed: 0, cancelled: 0 } }]
    : []
  return [...loaded, ...(stages ?? []).flatMap((stage) => (ran(stage, file) ? [generateWindow(stage, prefix, at)] : []))]
}

/** A stage that was never begun is none. */
function ran(stage: ModelStage, { failures }: ModelFile): boolean {
  return typeof stage.endMs === 'number' || (failures ?? []).some((f) => f.stage === stage.name)
}

function generateWindow({ name, batchSize, startMs, endMs }: ModelStage, prefix: string, at: (ms: number | null | undefined) => number): StageWindow {
  return { name: prefix + name, kind: 'generate', startMs: at(startMs), sendEndMs: at(endMs), endMs: at(endMs), ...(typeof batchSize === 'number' && { concurrency: batchSize }) }
}

export function claimsOf({ file: { load, stages }, prefix }: PlacedModel): Claim[] {
  const started = typeof load?.endMs === 'number' && typeof load.startMs === 'number' ? [load.endMs - load.startMs] : []
  return [
    ...valueClaims(prefix + LOAD_STAGE, { native: 'load', metric: 'engine_start' }, started),
    ...(load === null || load === undefined ? [] : memoryClaims(prefix + LOAD_STAGE, 'load', load)),
    ...(stages ?? []).flatMap((stage) => [
      ...valueClaims(prefix + stage.name, { native: 'batchLatenciesMs', metric: 'batch_latency' }, stage.batchLatenciesMs ?? []),
      ...memoryClaims(prefix + stage.name, 'stages', stage),
    ]),
  ]
}

interface Meant { readonly native: string; readonly metric: string }

function valueClaims(stage: string, { native, metric }: Meant, valuesMs: readonly number[]): Claim[] {
  const { mean, stddev, min, max } = summarizeValues(valuesMs)
  const statistics = valuesMs.length === 0 ? {} : { mean, min, max, ...(valuesMs.length > 1 && { stddev, p50: quantile(valuesMs.toSorted((a, b) => a - b), 0.5) }) }
  const claims = Object.entries(statistics).flatMap(([statistic, value]) => (typeof value === 'number' ? [{ stage, metric, statistic, value, unit: 'ms', nativeName: `${native}.${statistic}` }] : []))
  return claims.length === 0 ? [] : [...claims, { stage, metric, statistic: 'n', value: valuesMs.length, unit: 'count', nativeName: `${native}.n` }]
}

function memoryClaims(stage: string, native: string, peaks: Pick<ModelStage, 'peakRamBytes' | 'peakGpuAllocatedBytes' | 'peakGpuReservedBytes'>): Claim[] {
  const claim = (metric: string, key: keyof typeof peaks) => scalarClaim(stage, { native: `${native}.${key}`, metric, unit: 'GiB' }, typeof peaks[key] === 'number' ? peaks[key] / GIB : undefined)
  return [...claim('peak_ram', 'peakRamBytes'), ...claim('peak_gpu_memory_allocated', 'peakGpuAllocatedBytes'), ...claim('peak_gpu_memory_reserved', 'peakGpuReservedBytes')]
}

/** More variety is no better as such, and much repetition is worse. */
export function scoresOf({ file: { perplexity, quality, model } }: PlacedModel, several: boolean): Score[] {
  const prefix = several ? `${model?.name ?? 'unknown'}: ` : ''
  const of = perplexity?.of ?? ''
  return [
    ...score(prefix + of, 'perplexity', 'lower', perplexity?.perplexity), ...score(prefix + of, 'bits_per_byte', 'lower', perplexity?.bitsPerByte),
    ...score(`${prefix}answers`, 'distinct-1', 'none', quality?.distinct1), ...score(`${prefix}answers`, 'distinct-2', 'none', quality?.distinct2),
    ...score(`${prefix}answers`, 'repetition-4', 'lower', quality?.repetition4),
  ]
}

function score(task: string, metric: string, better: Score['better'], found: Estimate | null | undefined): Score[] {
  if (found === null || found === undefined) return []
  const { value, n, stderr } = found
  return [{ task, metric, value, better, ...(typeof stderr === 'number' && { stderr }), ...(typeof n === 'number' && { n }) }]
}

/** A run of a stage that failed is one failed request, which says why. */
export function failureRecords({ file: { failures }, prefix }: PlacedModel): RequestRecord[] {
  return (failures ?? []).filter(({ stage }) => stage !== 'perplexity').map((failure, i): RequestRecord => ({
    id: `${prefix}${failure.stage}/failure-${i}`, stage: prefix + failure.stage, phase: 'measure', scheduledMs: null, sentMs: null, firstTokenMs: null, endMs: null, inputTokens: null, outputTokens: null,
    status: 'error', error: { class: 'client', message: shortTraceback(failure) },
  }))
}

/** What was thrown, and where from the innermost place on: a reader sees the first 300 characters. */
export function shortTraceback({ message, traceback }: Failure): string {
  const frames = [...(traceback ?? '').matchAll(/^ {2}File "(?:.*\/)?([^"/]+)", line (\d+), in (.+)$/gm)].reverse()
  return frames.slice(0, 6).reduce((text, [, file, line, name]) => {
    const longer = `${text}${text === message ? ' at' : ' ←'} ${file}:${line} ${name}`
    return longer.length <= LONGEST_MESSAGE ? longer : text
  }, message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message)
}

export function notesOf({ file: { version, complete, failures, load, model } }: PlacedModel, { name, known, truncated }: { readonly name: string; readonly known: readonly string[]; readonly truncated: boolean }): string[] {
  return [
    ...(typeof version === 'string' && !known.includes(version) ? [`${name}: version ${version} of the benchmark is not known (known: ${known.join(', ')}); it is read as the newest of them`] : []),
    ...(complete === true || truncated ? [] : [`truncated: ${name}: the benchmark of ${model?.name ?? 'a model'} was ended before it was done`]),
    ...(failures ?? []).filter(({ stage }) => stage === 'perplexity').map(({ message }) => `${name}: no perplexity: ${message}`),
    ...(load?.peaksPerStage === false ? [`${name}: the kernel does not forget peaks of memory: peak_ram of a stage is the greatest since the process began`] : []),
  ]
}

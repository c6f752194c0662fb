// SPDX-License-Identifier: Apache-2.0
/** The files of one run of inference-perf: which stages it had, and how many requests each. Of its configuration only the load is read: keys are in it. */
import { parse } from 'yaml'
import { z } from 'zod'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import { readOutline } from '../reading/json-file.ts'
import { noResult } from '../reading/json-results.ts'
import { resultGroups, type StagePlace } from '../reading/result-groups.ts'
import { maybeNumber, shaped } from '../reading/shape.ts'
import { StageFile } from './stage-file.ts'

const PER_REQUEST = /per_request_lifecycle_metrics\.json$/
const STAGE = /stage_([0-9]+)_lifecycle_metrics\.json$/
const PARTIAL = /partial\.stage_([0-9]+)\.ya?ml$/
const CONFIG = /(^|\/)config\.ya?ml$/

export interface RunStage {
  /** Of the run, from 0. */
  readonly index: number
  readonly file?: StageFile | undefined
  readonly startEpochMs?: number | undefined
}

export interface Run {
  readonly place: StagePlace
  readonly perRequest?: string | undefined
  readonly stages: readonly RunStage[]
  readonly loadType?: string | undefined
  readonly model?: string | undefined
  readonly truncated: readonly string[]
}

const Partial = z.looseObject({ run: z.looseObject({ time: z.looseObject({ start: z.string().nullish() }).nullish() }).nullish() })
const Config = z.looseObject({
  load: z.looseObject({ type: z.string().nullish(), stages: z.array(z.looseObject({ rate: maybeNumber, concurrency_level: maybeNumber })).nullish() }).nullish(),
  server: z.looseObject({ model_name: z.string().nullish() }).nullish(),
})

export async function runsIn(files: ResultFiles): Promise<Run[]> {
  const names = await files.list()
  const groups = resultGroups(names.filter((n) => [PER_REQUEST, STAGE, PARTIAL, CONFIG].some((pattern) => pattern.test(n))))
  const runs: Run[] = []
  for (const { stage, names: own } of groups) if (own.some((n) => PER_REQUEST.test(n) || STAGE.test(n))) runs.push(await runOf(files, stage, own))
  if (runs.length > 0) return runs
  throw noResult({
    tool: 'inference-perf', names, expected: 'per_request_lifecycle_metrics.json or stage_<i>_lifecycle_metrics.json',
    hint: 'inference-perf writes them at its end, and none when a sweep found no rate, although it exits with 0; its log says why',
  })
}

async function runOf(files: ResultFiles, place: StagePlace, names: readonly string[]): Promise<Run> {
  const { stageFiles, truncated } = await stageFilesIn(files, names)
  const starts = await startsIn(files, names)
  const config = await configOf(files, names)
  const indices = [...new Set([...stageFiles.keys(), ...starts.keys()])].sort((a, b) => a - b)
  return {
    place, truncated, perRequest: names.find((n) => PER_REQUEST.test(n)), loadType: config?.load?.type ?? undefined, model: config?.server?.model_name ?? undefined,
    stages: (indices.length === 0 ? [0] : indices).map((index) => ({ index, file: stageFiles.get(index), startEpochMs: starts.get(index) })),
  }
}

async function stageFilesIn(files: ResultFiles, names: readonly string[]): Promise<{ readonly stageFiles: Map<number, StageFile>; readonly truncated: readonly string[] }> {
  const truncated: string[] = []
  const stageFiles = new Map<number, StageFile>()
  for (const name of names.filter((n) => STAGE.test(n))) {
    const outline = await readOutline(files, name)
    if (outline.truncated) truncated.push(name)
    stageFiles.set(indexIn(name, STAGE), shaped(StageFile, outline.value, name))
  }
  return { stageFiles, truncated }
}

async function startsIn(files: ResultFiles, names: readonly string[]): Promise<Map<number, number>> {
  const starts = new Map<number, number>()
  for (const name of names.filter((n) => PARTIAL.test(n))) {
    const start = Date.parse((await yaml(files, name, Partial))?.run?.time?.start ?? '')
    if (!Number.isNaN(start)) starts.set(indexIn(name, PARTIAL), start)
  }
  return starts
}

function indexIn(name: string, pattern: RegExp): number {
  return Number(pattern.exec(name)?.[1])
}

async function configOf(files: ResultFiles, names: readonly string[]): Promise<z.output<typeof Config> | undefined> {
  const name = names.find((n) => CONFIG.test(n))
  return name === undefined ? undefined : yaml(files, name, Config)
}

/** What a file beside the results says; one that is cut off or of another form says nothing. */
async function yaml<S extends z.ZodType>(files: ResultFiles, name: string, schema: S): Promise<z.output<S> | undefined> {
  try {
    return schema.safeParse(parse(await files.text(name))).data
  } catch {
    return undefined
  }
}

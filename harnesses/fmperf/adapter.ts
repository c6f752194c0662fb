// SPDX-License-Identifier: Apache-2.0
/** Reads what fmperf's load generator writes: a row a token, a file a number of users. It claims nothing in files; its summary is only printed. */
import { z } from 'zod'
import type { AdapterResult, AdapterSetting, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readItems, readItemTexts, readOutline } from '../reading/json-file.ts'
import { noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { resultGroups, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages, type NamedStage } from '../reading/stage-names.ts'
import { FmperfRow, isSameRequest, requestOf, type SampleLengths } from './rows.ts'

/** Which files hold the rows, best first: a sweep's own, all of them together, a single run, what workers left when it was killed. */
const ROW_FILES: readonly (readonly [RegExp, path: string])[] = [
  [/(^|\/)result_sweep_u[0-9]+\.json$/, 'results[]'], [/(^|\/)results_all\.json$/, '[]'], [/(^|\/)results\.json$/, 'results[]'], [/(^|\/)results_wid[0-9]+$/, '[]'],
]
const SAMPLES = /(^|\/)sample_requests\.json$/
const ENERGY = /_(DCGM_FI_\w+|kepler_\w+)\.csv$/

interface RowFile { readonly name: string; readonly path: string; readonly place: StagePlace }
/** The rows of one number of users in one file. */
interface Level { readonly file: RowFile; readonly users: number; readonly firstNs: number; readonly seconds: number }
interface Point extends Level { readonly stage: NamedStage; readonly offsetMs: number }

export async function adaptFmperf(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const names = await files.list()
  const { chosen, notes } = await rowFiles(files, names)
  const levels: Level[] = []
  for (const file of chosen) levels.push(...(await levelsOf(files, file)))
  const stages = nameStages(levels.map(({ file, users }) => ({ stage: file.place, kind: 'concurrent', concurrency: users })), setting.stages)
  const { offsetsMs, clock } = placePoints(levels.map(({ firstNs }) => ({ epochMs: firstNs / 1e6 })))
  const points = levels.map((level, i): Point => ({ ...level, stage: stages[i] as NamedStage, offsetMs: offsetsMs[i] ?? 0 }))
  const samples = await sampleLengths(files, names)
  return {
    records: recordsOf(files, points, samples),
    stages: [...new Map(points.filter((p) => p.stage.phase === 'measure').map((p) => [p.stage.name, windowOf(p)])).values()],
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: [],
    tool: { name: 'fmperf', version: job.spec.harness.version },
    notes: [...notes, ...energyNotes(names)],
  }
}

async function rowFiles(files: ResultFiles, names: readonly string[]): Promise<{ readonly chosen: readonly RowFile[]; readonly notes: readonly string[] }> {
  const chosen: RowFile[] = []
  const notes: string[] = []
  for (const { stage, names: own } of resultGroups(names)) {
    const [best, ...others] = ROW_FILES.flatMap(([pattern, path]) => {
      const matching = own.filter((name) => pattern.test(name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      return matching.length === 0 ? [] : [matching.map((name) => ({ name, path, place: stage }))]
    })
    if (best === undefined) continue
    chosen.push(...best)
    if (/results_wid/.test(best[0]?.name ?? '')) notes.push('truncated: fmperf was killed before it put the rows of its workers together')
    if (others.length > 0) notes.push(`${others.flat().map((f) => f.name).join(', ')} left out: ${best.map((f) => f.name).join(', ')} hold the same rows or another run`)
  }
  if (chosen.length === 0) throw noResult({ tool: 'fmperf', names, expected: 'results.json, results_all.json or result_sweep_u<users>.json', hint: 'fmperf writes them at the end, and none when the server does not answer its first request; its log says why' })
  for (const { name, path } of chosen) if ((await readOutline(files, name, [path])).truncated) notes.push(`truncated: ${name} is cut off; its whole rows are used`)
  return { chosen, notes }
}

const number = (pattern: RegExp, text: string) => Number(pattern.exec(text)?.[1] ?? Number.NaN)

async function levelsOf(files: ResultFiles, file: RowFile): Promise<Level[]> {
  const levels = new Map<number, { firstNs: number; seconds: number }>()
  for await (const text of readItemTexts(files, file.name, file.path)) {
    const users = number(/"exp_num_users":\s*([0-9]+)/, text)
    const sentNs = number(/"timestamp":\s*([0-9]+)/, text) - 1e6 * number(/"duration_ms":\s*([0-9.eE+-]+)/, text)
    if (Number.isNaN(users + sentNs)) throw new Error(`${file.name}: expected rows with exp_num_users, timestamp and duration_ms, found ${text.slice(0, 80)}`)
    const level = levels.get(users) ?? { firstNs: sentNs, seconds: number(/"exp_duration":\s*([0-9.eE+-]+)/, text) }
    level.firstNs = Math.min(level.firstNs, sentNs)
    levels.set(users, level)
  }
  return [...levels].map(([users, level]) => ({ file, users, ...level }))
}

function windowOf({ stage, users, seconds, offsetMs }: Point): StageWindow {
  const endMs = offsetMs + (Number.isNaN(seconds) ? 0 : 1000 * seconds)
  return { name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, concurrency: users }
}

const Sample = z.looseObject({ config: z.looseObject({ in_tokens: z.int().nullish(), out_tokens: z.int().nullish() }).nullish() })

async function sampleLengths(files: ResultFiles, names: readonly string[]): Promise<SampleLengths[]> {
  const name = names.find((n) => SAMPLES.test(n))
  if (name === undefined) return []
  const { value } = await readOutline(files, name, ['[].expected[]', '[].request.prompt[]']).catch(() => ({ value: [] }))
  return z.array(Sample).catch([]).parse(value).map(({ config }) => ({ inputTokens: config?.in_tokens ?? null, outputTokens: config?.out_tokens ?? null }))
}

async function* recordsOf(files: ResultFiles, points: readonly Point[], samples: readonly SampleLengths[]): AsyncGenerator<RequestRecord> {
  for (const file of new Set(points.map((p) => p.file))) {
    const own = new Map(points.filter((p) => p.file === file).map((p) => [p.users, p]))
    let rows: FmperfRow[] = []
    for await (const { places, value } of readItems(files, file.name, [file.path])) {
      const row = shaped(FmperfRow, value, `${file.name}: row ${places.at(-1)}`)
      const [first] = rows
      if (first !== undefined && !isSameRequest(rows.at(-1) as FmperfRow, row)) {
        yield* request(rows, own.get(first.exp_num_users), samples)
        rows = []
      }
      rows.push(row)
    }
    // The last request of a file that was cut off is not whole.
    const { truncated } = await readOutline(files, file.name, [file.path])
    if (!truncated) yield* request(rows, own.get(rows[0]?.exp_num_users ?? -1), samples)
  }
}

function* request(rows: readonly FmperfRow[], point: Point | undefined, samples: readonly SampleLengths[]): Generator<RequestRecord> {
  const [first, ...others] = rows
  if (first === undefined || point === undefined) return
  const { stage, offsetMs, firstNs } = point
  yield requestOf([first, ...others], { prefix: stage.prefix, stage: stage.name, phase: stage.phase, at: (ns) => offsetMs + (ns - firstNs) / 1e6, sample: (i) => samples[i] })
}

function energyNotes(names: readonly string[]): string[] {
  const energy = names.filter((name) => ENERGY.test(name))
  return energy.length === 0 ? [] : [`fmperf left ${energy.length} files of energy metrics (${energy.slice(0, 4).join(', ')}${energy.length > 4 ? ', …' : ''}); they are kept as they are and not read`]
}

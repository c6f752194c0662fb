// SPDX-License-Identifier: Apache-2.0
/** Reads what `vllm bench` writes: one JSON file a run, of serve, latency, throughput or startup. */
import type { AdapterResult, AdapterSetting, RequestRecord } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { findJsonResults, noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages } from '../reading/stage-names.ts'
import { latencyStage, LatencyRun, startupStages, StartupRun, throughputStage, ThroughputRun, type InProcessStage } from './in-process.ts'
import { capWaits, firstStart, LONG_COLUMNS, serveClaims, serveOffer, serveRecords, ServeRun, serveWindow, type PlacedRun } from './serve-file.ts'

type Kind = 'serve' | 'latency' | 'throughput' | 'startup'
interface RunFile { readonly truncated: boolean; readonly name: string; readonly stage: StagePlace; readonly kind: Kind; readonly value: object }

/** A key that only this kind of file has. */
const SIGNATURES: readonly (readonly [Kind, readonly string[]])[] = [
  ['serve', ['endpoint_type', 'max_concurrency', 'completed']], ['latency', ['avg_latency']], ['throughput', ['elapsed_time']], ['startup', ['avg_cold_startup_time', 'cold_startup_times', 'warm_startup_times']],
]

export async function adaptVllmBench(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const { found, notes } = await runFiles(files)
  const serve = found.filter((f) => f.kind === 'serve').map((f) => ({ ...f, run: shaped(ServeRun, f.value, f.name) })).sort(byTime)
  const offers = serve.map(({ stage, run }) => ({ ...serveOffer(run), stage }))
  const stages = nameStages(offers, setting.stages)
  const { offsetsMs, clock } = placePoints(serve.map(({ run }) => startOf(run)), setting.monotonicEpochMs)
  const placed = serve.map((f, i): PlacedRun => ({ name: f.name, truncated: f.truncated, run: f.run, stage: stages[i] as PlacedRun['stage'], offer: offers[i] as PlacedRun['offer'], offsetMs: offsetsMs[i] ?? 0 }))
  const measured = placed.filter((p) => p.stage.phase === 'measure')
  const inProcess = inProcessStages(found, setting)
  return {
    records: recordsOf(files, placed),
    stages: [...measured.map(serveWindow), ...inProcess.map((s) => s.window)],
    ...(clock === undefined ? {} : { client: { clock, capWaits: measured.reduce((sum, { run }) => sum + capWaits(run), 0) } }),
    claims: [...measured.flatMap(({ run, stage }) => serveClaims(run, stage.name)), ...inProcess.flatMap((s) => s.claims)],
    tool: { name: 'vllm-bench', version: job.spec.harness.version },
    served: { model: modelOf(found) },
    notes: [...notes, ...placed.flatMap(notesOf)],
  }
}

/** Files of other forms lie beside them: logs, the same numbers for PyTorch's dashboard. */
async function runFiles(files: ResultFiles): Promise<{ readonly found: readonly RunFile[]; readonly notes: readonly string[] }> {
  const names = await files.list()
  const candidates = names.filter((name) => name.endsWith('.json') && !name.endsWith('.pytorch.json'))
  const { found, notes } = await findJsonResults(files, { names: candidates, without: LONG_COLUMNS, isOne: (value) => kindOf(value) !== undefined })
  if (found.length > 0) return { notes, found: found.map(({ name, value, truncated }) => ({ name, value, truncated, stage: stageOf(name), kind: kindOf(value) as Kind })) }
  throw noResult({
    tool: 'vllm bench', names, notes, expected: 'a JSON file with endpoint_type, avg_latency, elapsed_time or cold_startup_times',
    hint: 'vllm bench serve needs --save-result, the others --output-json; its log says why it ended',
  })
}

function kindOf(value: object): Kind | undefined {
  return SIGNATURES.find(([, keys]) => keys.some((key) => Object.hasOwn(value, key)))?.[0]
}

type Timed = Pick<RunFile, 'stage' | 'name'> & { readonly run: ServeRun }

function byTime(a: Timed, b: Timed): number {
  return placeRank(a.stage) - placeRank(b.stage) || (a.run.date ?? '').localeCompare(b.run.date ?? '') || a.name.localeCompare(b.name, 'en', { numeric: true })
}

/** The date is that of the end, without a zone; the pod's is UTC. */
function startOf(run: ServeRun): { monotonicMs?: number; epochMs?: number } {
  const [, day, time] = /^([0-9]{8})-([0-9]{6})$/.exec(run.date ?? '') ?? []
  const end = day === undefined || time === undefined ? Number.NaN : Date.parse(`${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`)
  const monotonicMs = 1000 * firstStart(run)
  return {
    ...(Number.isFinite(monotonicMs) ? { monotonicMs } : {}),
    ...(Number.isNaN(end) ? {} : { epochMs: end - 1000 * (run.duration ?? 0) }),
  }
}

async function* recordsOf(files: ResultFiles, placed: readonly PlacedRun[]): AsyncGenerator<RequestRecord> {
  for (const run of placed) yield* serveRecords(files, run)
}

/** Starts of an engine are stages of their own; the others are those of the workload. */
function inProcessStages(found: readonly RunFile[], { stages }: AdapterSetting): InProcessStage[] {
  const own = found.filter(({ kind }) => kind === 'latency' || kind === 'throughput').sort((a, b) => placeRank(a.stage) - placeRank(b.stage) || a.name.localeCompare(b.name, 'en', { numeric: true }))
  const names = nameStages(own.map(({ stage, kind }) => ({ stage, kind })), stages)
  return [
    ...own.flatMap((file, i) => (names[i]?.phase === 'measure' ? [file.kind === 'latency' ? latencyStage(shaped(LatencyRun, wholeOf(file), file.name), names[i].name) : throughputStage(shaped(ThroughputRun, wholeOf(file), file.name), names[i].name)] : [])),
    ...found.filter(({ kind }) => kind === 'startup').flatMap((file) => startupStages(shaped(StartupRun, wholeOf(file), file.name))),
  ]
}

/** Half a list has other extremes and another length. */
function wholeOf({ value, truncated }: RunFile): object {
  return truncated ? Object.fromEntries(Object.entries(value).filter(([, member]) => !Array.isArray(member))) : value
}

function modelOf(found: readonly RunFile[]): string | undefined {
  return found.map(({ value }) => (value as { model_id?: unknown }).model_id).find((model) => typeof model === 'string')
}

function notesOf({ name, run }: PlacedRun): string[] {
  const detailed = run.start_times !== undefined && run.start_times !== null
  return [
    ...(detailed ? [] : [`${name}: without --save-detailed there is no time to first token and no send time of a request; only its latency is known`]),
    ...(run.backend === 'openai-chat' ? [`${name}: vllm bench takes the first chunk of a chat for its first token, also one that carries only the role, and counts it as an event`] : []),
  ]
}

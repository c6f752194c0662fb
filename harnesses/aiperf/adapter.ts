// SPDX-License-Identifier: Apache-2.0
/** Reads what aiperf writes: a folder a run, a line a request. A sweep has a folder for each value. */
import type { AdapterResult, AdapterSetting, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readOutline } from '../reading/json-file.ts'
import { readJsonLines } from '../reading/json-lines.ts'
import { noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages, type NamedStage, type Offer } from '../reading/stage-names.ts'
import { AiperfLine, aiperfRecord } from './request.ts'
import { aiperfClaims, aiperfCounts, AiperfSummary, durationMs, KNOWN_SCHEMA, SchemaVersion } from './summary.ts'

const LINES = 'profile_export.jsonl'
const SUMMARY = 'profile_export_aiperf.json'

interface RunFolder { readonly folder: string; readonly place: StagePlace; readonly firstNs: number | undefined; readonly summary: AiperfSummary | undefined; readonly notes: readonly string[] }
interface Point extends RunFolder { readonly stage: NamedStage; readonly offer: Offer; readonly offsetMs: number }

export async function adaptAiperf(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const folders = await runFolders(files)
  const offers = folders.map(offerOf)
  const stages = nameStages(offers, setting.stages)
  const { offsetsMs, clock } = placePoints(folders.map(({ firstNs }) => (firstNs === undefined ? {} : { epochMs: firstNs / 1e6 })))
  const points = folders.map((f, i): Point => ({ ...f, stage: stages[i] as NamedStage, offer: offers[i] as Offer, offsetMs: offsetsMs[i] ?? 0 }))
  const measured = points.filter((p) => p.stage.phase === 'measure')
  const notes = folders.flatMap((f) => f.notes)
  const late: string[] = []
  const version = folders.find((f) => typeof f.summary?.aiperf_version === 'string')?.summary?.aiperf_version
  return {
    records: recordsOf(files, points, late),
    stages: measured.map(windowOf),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap(({ summary, stage }) => (summary === undefined ? [] : aiperfClaims(summary, stage.name))),
    tool: { name: 'aiperf', version: version ?? job.spec.harness.version },
    served: { model: folders.flatMap((f) => f.summary?.input_config?.models?.items ?? []).find((m) => typeof m.name === 'string')?.name ?? undefined },
    notes,
    afterRecords: () => ({ notes: [...late, ...notes] }),
  }
}

async function runFolders(files: ResultFiles): Promise<RunFolder[]> {
  const names = await files.list()
  const found = names.filter((n) => n === LINES || n.endsWith(`/${LINES}`)).map((n) => n.slice(0, -LINES.length))
  if (found.length === 0) {
    throw noResult({ tool: 'aiperf', names, expected: LINES, hint: 'aiperf writes it with its first answer (export level records or raw); its log says why there was none' })
  }
  const folders: RunFolder[] = []
  for (const folder of found.sort(byNumber)) {
    const { summary, notes } = await summaryOf(files, folder, names)
    folders.push({ folder, place: stageOf(folder), firstNs: await firstStart(files, `${folder}${LINES}`), summary, notes })
  }
  return folders.sort((a, b) => placeRank(a.place) - placeRank(b.place))
}

/** A run of which nothing succeeded has no summary, and one that was killed neither. */
async function summaryOf(files: ResultFiles, folder: string, names: readonly string[]): Promise<Pick<RunFolder, 'summary' | 'notes'>> {
  const name = `${folder}${SUMMARY}`
  if (!names.includes(name)) return { summary: undefined, notes: [`${name} is missing: aiperf was killed, or no request succeeded`] }
  const { value, truncated } = await readOutline(files, name)
  const version = shaped(SchemaVersion, value, name).schema_version ?? ''
  const cutOff = truncated ? [`truncated: ${name} is cut off; what was whole of it is used`] : []
  if (!KNOWN_SCHEMA.test(version)) return { summary: undefined, notes: [...cutOff, `${name}: schema_version is ${version === '' ? 'missing' : version}, expected 1.x: what it claims is left out`] }
  const summary = shaped(AiperfSummary, value, name)
  return { summary, notes: [...cutOff, ...(summary.was_cancelled === true ? [`truncated: aiperf was cancelled, says ${name}`] : [])] }
}

async function firstStart(files: ResultFiles, name: string): Promise<number | undefined> {
  for await (const { value, line } of readJsonLines(files, name, () => undefined)) return shaped(AiperfLine, value, `${name}:${line}`).metadata.request_start_ns
  return undefined
}

/** concurrency_2 before concurrency_10. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

function phaseOf({ summary }: RunFolder) {
  const phases = summary?.input_config?.phases ?? []
  return phases.find((p) => p.kind === 'profiling') ?? phases.at(-1)
}

function offerOf(run: RunFolder): Offer {
  const { type, rate, concurrency } = phaseOf(run) ?? {}
  if (typeof rate === 'number') return { stage: run.place, kind: type ?? 'poisson', rate }
  const inName = /(?:^|\/)concurrency_([0-9]+)\/$/.exec(run.folder)?.[1]
  const slots = typeof concurrency === 'number' ? concurrency : inName === undefined ? undefined : Number(inName)
  return { stage: run.place, kind: slots === undefined ? (type ?? 'aiperf') : 'concurrent', ...(slots === undefined ? {} : { concurrency: slots }) }
}

function windowOf({ summary, stage, offer, offsetMs }: Point): StageWindow {
  const endMs = offsetMs + (summary === undefined ? 0 : durationMs(summary))
  const counted = summary === undefined ? undefined : aiperfCounts(summary)
  return { name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, rate: offer.rate, concurrency: offer.concurrency, ...(counted === undefined ? {} : { counted }) }
}

async function* recordsOf(files: ResultFiles, points: readonly Point[], notes: string[]): AsyncGenerator<RequestRecord> {
  for (const { folder, stage, offer, offsetMs, firstNs = 0, summary } of points) {
    const name = `${folder}${LINES}`
    const { endpoint, datasets } = summary?.input_config ?? {}
    const onCutOff = () => notes.push(`truncated: the last line of ${name} is cut off and was left out`)
    let lines = 0
    for await (const { value, line } of readJsonLines(files, name, onCutOff)) {
      lines++
      yield aiperfRecord(shaped(AiperfLine, value, `${name}:${line}`), {
        id: `${stage.prefix}-${line}`, stage: stage.name, warmup: stage.phase === 'warmup', at: (ns) => offsetMs + (ns - firstNs) / 1e6,
        scheduled: offer.rate !== undefined, serverCounts: endpoint?.use_server_token_count === true, multiTurn: (datasets ?? []).some((d) => d.turns !== undefined),
      })
    }
    if (lines === 0) notes.push(`truncated: ${name} has no line`)
  }
}

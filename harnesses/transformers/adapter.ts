// SPDX-License-Identifier: Apache-2.0
/** Reads what the benchmark of local models leaves: a folder a model, with `local-models.json` and one record a prompt. */
import { posix } from 'node:path'
import type { AdapterResult, AdapterSetting, RequestRecord } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readJsonLines } from '../reading/json-lines.ts'
import { findJsonResults, noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { shaped } from '../reading/shape.ts'
import { claimsOf, failureRecords, notesOf, type PlacedModel, scoresOf, windowsOf } from './findings-of-model.ts'
import { KNOWN_VERSIONS, ModelFile, PromptRecord } from './model-file.ts'

const TOOL = 'assay-transformers'
const FILE = 'local-models.json'

interface FoundModel { readonly name: string; readonly file: ModelFile; readonly truncated: boolean }
/** Several where there are several files, also such as cannot be read: names must not hang on that. */
interface FoundModels { readonly found: readonly FoundModel[]; readonly notes: readonly string[]; readonly several: boolean }
interface ModelRun extends FoundModel, PlacedModel { readonly records: string }

export async function adaptTransformers(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const { found, notes, several } = await modelFiles(files)
  const { offsetsMs, clock } = placePoints(found.map(({ file: { clock: own } }) => ({ monotonicMs: own?.monotonicMs, epochMs: own?.epochMs })), setting.monotonicEpochMs)
  const runs = found.map((f, i): ModelRun => ({ ...f, offsetMs: offsetsMs[i] ?? 0, prefix: several ? `${folderOf(f.name)}-` : '', records: posix.join(posix.dirname(f.name), 'records.jsonl') }))
  const written = new Set(await files.list())
  const cutOff: string[] = []
  const before = [...notes, ...runs.flatMap((run) => notesOf(run, { name: run.name, known: KNOWN_VERSIONS, truncated: run.truncated })), ...runs.filter(({ records }) => !written.has(records)).map(({ records }) => `truncated: ${records} is missing`)]
  return {
    records: recordsOf(files, runs.filter(({ records }) => written.has(records)), runs, (note) => cutOff.push(note)),
    stages: runs.flatMap(windowsOf),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: runs.flatMap(claimsOf),
    scores: runs.flatMap((run) => scoresOf(run, several)),
    tool: { name: 'transformers', version: runs.find(({ file }) => typeof file.version === 'string')?.file.version ?? job.spec.harness.version },
    served: servedBy(runs),
    notes: before,
    afterRecords: () => ({ notes: [...cutOff, ...before] }),
  }
}

/** What is whole of a file that was cut off: lists that end early would have other extremes. */
async function modelFiles(files: ResultFiles): Promise<FoundModels> {
  const names = await files.list()
  const own = names.filter((name) => posix.basename(name) === FILE)
  const { found, notes } = await findJsonResults(files, { names: own, without: [], isOne: (value) => (value as { tool?: unknown }).tool === TOOL })
  if (found.length === 0) throw noResult({ tool: 'the benchmark of local models', names, notes, expected: `a file ${FILE} with tool ${TOOL}`, hint: 'its log says why it ended before it wrote one' })
  return {
    notes, several: own.length > 1,
    found: found.map(({ name, value, truncated }) => {
      const { tool, version, model, clock } = value as Record<string, unknown>
      return { name, truncated, file: shaped(ModelFile, truncated ? { tool, ...wholeOnes({ version, model, clock }) } : value, name) }
    }).sort((a, b) => (a.file.clock?.epochMs ?? 0) - (b.file.clock?.epochMs ?? 0) || a.name.localeCompare(b.name, 'en', { numeric: true })),
  }
}

/** Members that are of their form, though what came after them is gone. */
function wholeOnes(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(members).filter(([key, value]) => ModelFile.safeParse({ tool: TOOL, [key]: value }).success))
}

const folderOf = (name: string) => posix.basename(posix.dirname(name)).toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 32)

function servedBy(runs: readonly ModelRun[]): NonNullable<AdapterResult['served']> {
  const models = runs.flatMap(({ file }) => file.model ?? [])
  const gpus = models.some(({ device }) => device?.startsWith('cuda') === true) ? 1 : undefined
  return { engine: 'transformers', ...(models.length > 0 && { model: models.map(({ name }) => name).join(', ') }), ...(gpus !== undefined && { gpus }) }
}

async function* recordsOf(files: ResultFiles, readable: readonly ModelRun[], runs: readonly ModelRun[], note: (text: string) => void): AsyncGenerator<RequestRecord> {
  for (const { records, prefix, offsetMs } of readable) {
    const cut = () => note(`truncated: the last line of ${records} is cut off and was left out`)
    for await (const { value, line } of readJsonLines(files, records, cut)) yield toRecord(shaped(PromptRecord, value, `${records}:${line}`), prefix, offsetMs)
  }
  for (const run of runs) yield* failureRecords(run)
}

/** The engine counts its tokens itself: what it says is what a server would. */
function toRecord(record: PromptRecord, prefix: string, offsetMs: number): RequestRecord {
  const { id, stage, phase, sentMs, firstTokenMs, endMs, eventsMs, inputTokens, outputTokens, wantedOutputTokens } = record
  return {
    id: prefix + id, stage: prefix + stage, phase, scheduledMs: null, sentMs: offsetMs + sentMs, firstTokenMs: offsetMs + firstTokenMs, endMs: offsetMs + endMs,
    eventsMs: eventsMs.map((ms) => offsetMs + ms), inputTokens, outputTokens, wantedOutputTokens: wantedOutputTokens ?? null, status: 'ok',
  }
}

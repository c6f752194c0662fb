// SPDX-License-Identifier: Apache-2.0
/** Reads the files of any tool by the mapping of its Harness: a tool is added without code. */
import { posix } from 'node:path'
import { didYouMean } from '../../operator/core/model/nearest.ts'
import type { AdapterResult, AdapterSetting, Claim, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { ResultMapping } from '../../operator/core/model/result-mapping.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readOutline } from '../reading/json-file.ts'
import { noResult } from '../reading/json-results.ts'
import { placePoints, type PointStart } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { nameStages, type NamedStage, type Offer } from '../reading/stage-names.ts'
import { leafPaths, parseFieldPath, valueAt } from './field-path.ts'
import { createRowReader, UNIT_MS, type RawTime, type RowReader } from './row-fields.ts'
import { rowRecord } from './row-record.ts'
import { longArrays, readRows } from './row-source.ts'

interface FoundFile { readonly name: string; readonly place: StagePlace; readonly document: unknown; readonly first: RawTime | undefined }
interface Point extends FoundFile { readonly stage: NamedStage; readonly offer: Offer; readonly offsetMs: number }
interface Reading { readonly mapping: ResultMapping; readonly reader: RowReader; readonly notes: Set<string> }

export async function adaptByMapping(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const { harness, harnessName } = job.spec
  const { mapping } = harness.results
  if (mapping === undefined) throw new Error('harness.results.mapping: missing, expected with adapter "mapping"')
  const reading: Reading = { mapping, reader: createRowReader(mapping.fields), notes: new Set() }
  const found = await foundFiles(files, reading, harnessName)
  const oneStage = setting.stages.length === 1
  const offers = found.map((f): Offer => ({ ...offerOf(f, mapping), stage: f.place ?? (oneStage ? 0 : undefined) }))
  const stages = nameStages(offers, setting.stages)
  const { offsetsMs, clock } = placePoints(found.map((f) => startOf(f, mapping)), setting.monotonicEpochMs)
  const points = found.map((f, i): Point => ({ ...f, stage: stages[i] as NamedStage, offer: offers[i] as Offer, offsetMs: offsetsMs[i] ?? 0 }))
  const measured = points.filter((p) => p.stage.phase === 'measure')
  return {
    records: recordsOf(files, points, { ...reading, setting }),
    stages: mapping.fields.stage === undefined ? [...new Map(measured.map((p) => [p.stage.name, windowOf(p, mapping)])).values()] : [],
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap((p) => claimsOf(p, reading)),
    tool: { name: harnessName, version: harness.version },
    notes: [],
    afterRecords: () => ({ notes: [...reading.notes] }),
  }
}

async function foundFiles(files: ResultFiles, { mapping, reader, notes }: Reading, tool: string): Promise<FoundFile[]> {
  const names = await files.list()
  const matching = names.filter((name) => posix.matchesGlob(name, mapping.files))
  if (matching.length === 0) throw noResult({ tool, names, expected: `files that match ${mapping.files} (harness.results.mapping.files)`, hint: 'its log says why it wrote none' })
  const found: FoundFile[] = []
  for (const name of matching) {
    const outline = mapping.format === 'json' ? await readOutline(files, name, longArrays(mapping)) : undefined
    if (outline?.truncated === true) notes.add(`truncated: ${name} is cut off; what was whole of it is used`)
    found.push({ name, place: stageOf(name), document: outline?.value, first: await firstSend(files, name, { mapping, reader }) })
  }
  return found.sort((a, b) => placeRank(a.place) - placeRank(b.place) || a.name.localeCompare(b.name, 'en', { numeric: true }))
}

async function firstSend(files: ResultFiles, name: string, { mapping, reader }: Pick<Reading, 'mapping' | 'reader'>): Promise<RawTime | undefined> {
  const first = mapping.fields.sent?.since === 'scheduled' ? 'scheduled' : 'sent'
  for await (const { value, place } of readRows(files, name, mapping, () => undefined)) {
    const time = reader.time(value, first, place)
    if (time !== undefined) return time
  }
  return undefined
}

function startOf({ first }: FoundFile, { clock }: ResultMapping): PointStart {
  const ms = first === undefined ? undefined : first.value * first.unitMs
  return ms === undefined ? {} : clock === 'epoch' ? { epochMs: ms } : { monotonicMs: ms }
}

/** Subtracted before it is scaled, where the units are the same. */
function since(first: RawTime | undefined, { value, unitMs }: RawTime): number {
  if (first === undefined) return 0
  return first.unitMs === unitMs ? (value - first.value) * unitMs : value * unitMs - first.value * first.unitMs
}

function offerOf({ document }: FoundFile, { offered }: ResultMapping): Offer {
  const [rate, concurrency] = [numberAt(document, offered?.rate?.path), numberAt(document, offered?.concurrency?.path)]
  if (rate !== undefined) return { kind: 'rate', rate }
  return concurrency === undefined ? { kind: 'run' } : { kind: 'concurrent', concurrency }
}

function numberAt(document: unknown, path: string | undefined): number | undefined {
  const value = path === undefined ? undefined : valueAt(document, parseFieldPath(path, 'mapping'))
  return typeof value === 'number' ? value : undefined
}

function windowOf({ stage, offer, offsetMs, document }: Point, { counts, window }: ResultMapping): StageWindow {
  const [ok, failed] = [numberAt(document, counts?.ok?.path), numberAt(document, counts?.failed?.path)]
  const counted = ok === undefined || failed === undefined ? {} : { counted: { total: ok + failed, ok, failed, cancelled: 0 } }
  const endMs = offsetMs + (window === undefined ? 0 : (numberAt(document, window.path) ?? 0) * UNIT_MS[window.unit])
  return { name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, rate: offer.rate, concurrency: offer.concurrency, ...counted }
}

function claimsOf({ name, stage, document }: Point, { mapping: { claims }, notes }: Reading): Claim[] {
  return claims.flatMap(({ metric, statistic, path, unit }, i) => {
    const value = numberAt(document, path)
    if (value === undefined) notes.add(`mapping.claims[${i}]: ${name} has no number at "${path}"${didYouMean(path, leafPaths(document), 2)}`)
    return value === undefined ? [] : [{ stage: stage.name, metric, statistic, value, unit, nativeName: path }]
  })
}

async function* recordsOf(files: ResultFiles, points: readonly Point[], { mapping, reader, notes, setting }: Reading & { readonly setting: AdapterSetting }): AsyncGenerator<RequestRecord> {
  for (const { name, stage, offsetMs, first } of points) {
    let row = 0
    const onCutOff = () => notes.add(`truncated: the last row of ${name} is cut off and was left out`)
    for await (const { value, place } of readRows(files, name, mapping, onCutOff)) {
      const own = reader.text(value, 'stage', place)
      yield rowRecord(value, mapping, reader, {
        id: `${stage.prefix}-${name}-${row++}`, stage: own === undefined ? stage.name : namedStage(own, setting, place), warmup: stage.phase === 'warmup', place, at: (time) => offsetMs + since(first, time),
      })
    }
    if (row === 0) notes.add(`truncated: ${name} has no row`)
  }
  const missing = reader.neverSeen()
  for (const { message } of missing) notes.add(message)
  const essential = missing.filter((m) => m.essential)
  if (essential.length > 0) throw new Error(essential.map((m) => m.message).join('; '))
}

/** By name or by index. */
function namedStage(written: string, { stages }: AdapterSetting, place: string): string {
  const byIndex = /^[0-9]+$/.test(written) ? stages[Number(written)]?.name : undefined
  if (byIndex !== undefined || stages.length === 0) return byIndex ?? written
  const names = stages.map((s) => s.name)
  if (names.includes(written)) return written
  throw new Error(`${place}: mapping.fields.stage: "${written}" is no stage of the workload, expected one of ${names.join(', ')}${didYouMean(written, names)}`)
}

// SPDX-License-Identifier: Apache-2.0
/** Reads what genai-bench writes: a JSON file an operating point. Of experiment_metadata.json, whose command line holds the key in clear, only the version and ratios are read. */
import { z } from 'zod'
import type { AdapterResult, AdapterSetting, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readItems, readOutline } from '../reading/json-file.ts'
import { findJsonResults, noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages, type NamedStage, type Offer } from '../reading/stage-names.ts'
import { pointClaims, pointCounts, PointFile, pointRecord, PointRequest, TimeUnit } from './point.ts'

const REQUESTS = 'individual_request_metrics[]'
const METADATA = /(^|\/)experiment_metadata\.json$/
const KNOWN_VERSION = /^0\.0\./

interface FoundPoint { readonly name: string; readonly place: StagePlace; readonly file: PointFile; readonly unit: TimeUnit; readonly modified: number | undefined }
interface Point extends FoundPoint { readonly stage: NamedStage; readonly offer: Offer; readonly offsetMs: number }
interface Facts { readonly version?: string | undefined; readonly model?: string | undefined; readonly unit?: TimeUnit | undefined; readonly warmup: number; readonly cooldown: number; readonly notes: readonly string[] }

export async function adaptGenaiBench(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const names = await files.list()
  const facts = await factsIn(files, names)
  const { found, notes } = await pointsIn(files, names, facts)
  const several = new Set(found.flatMap((f) => f.file.aggregated_metrics.scenario ?? [])).size > 1
  const offers = found.map((f) => offerOf(f, several))
  const stages = nameStages(offers, setting.stages)
  const { offsetsMs, clock } = placePoints(found.map(startOf))
  const points = found.map((f, i): Point => ({ ...f, stage: stages[i] as NamedStage, offer: offers[i] as Offer, offsetMs: offsetsMs[i] ?? 0 }))
  const measured = points.filter((p) => p.stage.phase === 'measure')
  return {
    records: recordsOf(files, points, facts),
    stages: measured.map((point) => windowOf(point, facts)),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap(({ file, stage, unit }) => pointClaims(file, stage.name, unit)),
    tool: { name: 'genai-bench', version: facts.version ?? job.spec.harness.version },
    served: { model: facts.model },
    notes: [
      ...notes, ...facts.notes,
      ...(facts.version === undefined || KNOWN_VERSION.test(facts.version) ? [] : [`genai-bench ${facts.version} is not known; its names are taken to mean what they mean in 0.0.5`]),
      'genai-bench gives durations and no times: there is no schedule and no inter-token latency, and rates are over its own window',
      'genai-bench ends a request when its stream is closed, so E2E and TPOT hold that time too',
    ],
  }
}

async function pointsIn(files: ResultFiles, names: readonly string[], facts: Facts): Promise<{ readonly found: readonly FoundPoint[]; readonly notes: readonly string[] }> {
  const candidates = names.filter((n) => n.endsWith('.json') && !METADATA.test(n))
  const { found, notes } = await findJsonResults(files, { names: candidates, without: [REQUESTS], isOne: (value) => 'aggregated_metrics' in value })
  if (found.length === 0) {
    throw noResult({ tool: 'genai-bench', names, notes, expected: 'a JSON file with aggregated_metrics', hint: 'genai-bench writes one at the end of each operating point; its log says why there was none' })
  }
  const lost: string[] = []
  const points: FoundPoint[] = []
  for (const { name, value, truncated } of found) {
    const file = shaped(PointFile, value, name)
    const unit = file._time_unit ?? facts.unit ?? (truncated ? undefined : 's')
    if (unit === undefined) lost.push(`truncated: ${name} is cut off before its unit of time, so its requests are left out`)
    else points.push({ name, place: stageOf(name), file, unit, modified: await files.modified(name) })
  }
  return { notes: [...notes, ...lost], found: points.sort((a, b) => placeRank(a.place) - placeRank(b.place) || a.name.localeCompare(b.name, 'en', { numeric: true })) }
}

const Metadata = z.looseObject({ cmd: z.string().nullish(), benchmark_version: z.string().nullish(), api_model_name: z.string().nullish(), metrics_time_unit: TimeUnit.nullish().catch(undefined) })

async function factsIn(files: ResultFiles, names: readonly string[]): Promise<Facts> {
  const name = names.find((n) => METADATA.test(n))
  const read = name === undefined ? undefined : await readOutline(files, name).catch(() => undefined)
  const { cmd, benchmark_version: version, api_model_name: model, metrics_time_unit: unit } = Metadata.safeParse(read?.value).data ?? {}
  const ratio = (option: string) => Number(new RegExp(`--${option}-ratio[ =]([0-9.]+)`).exec(cmd ?? '')?.[1] ?? 0)
  const notes = typeof cmd === 'string' ? [] : ['experiment_metadata.json, or its command line, is missing: requests of a warm-up, if there was one, are counted as measured']
  return { version: version ?? undefined, model: model ?? undefined, unit: unit ?? undefined, warmup: ratio('warmup'), cooldown: ratio('cooldown'), notes }
}

function offerOf({ place, file: { aggregated_metrics: { scenario, num_concurrency: concurrency } } }: FoundPoint, several: boolean): Offer {
  return { stage: place, kind: 'concurrent', ...(typeof concurrency === 'number' ? { concurrency } : {}), ...(several && typeof scenario === 'string' ? { label: scenario } : {}) }
}

/** A file is written when its point has ended. */
function startOf({ modified, file }: FoundPoint): { readonly epochMs?: number } {
  return modified === undefined ? {} : { epochMs: modified - 1000 * (file.aggregated_metrics.run_duration ?? 0) }
}

/** Its counts hold the warm-up too. */
function windowOf({ file, stage, offer, offsetMs }: Point, { warmup, cooldown }: Facts): StageWindow {
  const endMs = offsetMs + 1000 * (file.aggregated_metrics.run_duration ?? 0)
  const counted = warmup + cooldown > 0 ? undefined : pointCounts(file)
  return { name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, concurrency: offer.concurrency, ...(counted === undefined ? {} : { counted }) }
}

async function* recordsOf(files: ResultFiles, points: readonly Point[], facts: Facts): AsyncGenerator<RequestRecord> {
  for (const { name, file, stage, unit } of points) {
    const phase = phaseIn(pointCounts(file)?.total ?? 0, facts)
    for await (const { places: [row = 0], value } of readItems(files, name, [REQUESTS])) {
      const request = shaped(PointRequest, value, `${name}: ${REQUESTS.slice(0, -2)}[${row}]`)
      yield pointRecord(request, { id: `${stage.prefix}-${row}`, stage: stage.name, phase: stage.phase === 'warmup' ? 'warmup' : phase(row), unit })
    }
  }
}

/** Its summary leaves out the first and the last share of requests, where it is told so. */
function phaseIn(total: number, { warmup, cooldown }: Facts): (row: number) => RequestRecord['phase'] {
  const [first, last] = [Math.floor(total * warmup), total - Math.floor(total * cooldown)]
  return (row) => (row < first ? 'warmup' : row >= last ? 'drain' : 'measure')
}

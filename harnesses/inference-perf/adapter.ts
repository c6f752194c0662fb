// SPDX-License-Identifier: Apache-2.0
/** Reads what inference-perf writes. Its requests do not say which stage they were of: stages run one after another, so their counts cut the sends in order. */
import type { AdapterResult, AdapterSetting, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readItems, readItemTexts, readOutline } from '../reading/json-file.ts'
import { placePoints } from '../reading/placement.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages, type NamedStage, type Offer } from '../reading/stage-names.ts'
import { PerRequest, perRequestRecord } from './request.ts'
import { runsIn, type Run, type RunStage } from './run-files.ts'
import { countedOf, stageClaims } from './stage-file.ts'

/** A stage of one run; the first send begins it, in seconds by the machine's monotonic clock. */
interface Point { readonly run: Run; readonly native: RunStage; readonly stage: NamedStage; readonly offer: Offer; readonly firstStart: number | undefined; readonly offsetMs: number }

export async function adaptInferencePerf(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const runs = await runsIn(files)
  const notes = new Set<string>()
  const found: Omit<Point, 'stage' | 'offsetMs'>[] = []
  for (const run of runs) {
    const starts = await firstStarts(files, run, (note) => notes.add(note))
    for (const [i, native] of run.stages.entries()) found.push({ run, native, offer: offerOf(run, native), firstStart: starts[i] })
  }
  const stages = nameStages(found.map((f) => f.offer), setting.stages)
  const { offsetsMs, clock } = placePoints(found.map(startOf), setting.monotonicEpochMs)
  const points = found.map((f, i): Point => ({ ...f, stage: stages[i] as NamedStage, offsetMs: offsetsMs[i] ?? 0 }))
  const measured = points.filter((p) => p.stage.phase === 'measure')
  return {
    records: recordsOf(files, points),
    stages: measured.map(windowOf),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap(({ native, stage }) => (native.file === undefined ? [] : stageClaims(native.file, stage.name))),
    tool: { name: 'inference-perf', version: job.spec.harness.version },
    served: { model: runs.find((r) => r.model !== undefined)?.model },
    notes: [...notes],
  }
}

function startOf({ firstStart, native }: Pick<Point, 'firstStart' | 'native'>): { readonly monotonicMs?: number; readonly epochMs?: number | undefined } {
  return { ...(firstStart === undefined ? {} : { monotonicMs: 1000 * firstStart }), epochMs: native.startEpochMs }
}

/** A concurrent stage has its number of requests in the place of a rate. */
function offerOf({ place, loadType, stages }: Run, { index, file }: RunStage): Offer {
  const { concurrency, requested_rate: rate } = file?.load_summary ?? {}
  const stage = place === 'warmup' || (typeof place === 'number' && stages.length === 1) ? place : (typeof place === 'number' ? place : 0) + index
  if (typeof concurrency === 'number') return { stage, kind: 'concurrent', concurrency }
  return { stage, kind: loadType === undefined || loadType === 'sweep' ? 'constant' : loadType, ...(typeof rate === 'number' ? { rate } : {}) }
}

/** First send of each stage, found by the stages' counts; undefined for stages of which no request was written down. */
async function firstStarts(files: ResultFiles, run: Run, note: (text: string) => void): Promise<(number | undefined)[]> {
  for (const name of run.truncated) note(`truncated: ${name} is cut off; what was whole of it is used`)
  if (run.perRequest === undefined) {
    note('inference-perf wrote no request (report.request_lifecycle.per_request): all numbers are its own claims')
    return run.stages.map(() => undefined)
  }
  if ((await readOutline(files, run.perRequest, ['[]'])).truncated) note(`truncated: ${run.perRequest} is cut off; its whole entries are used`)
  const starts: number[] = []
  for await (const text of readItemTexts(files, run.perRequest, '[]')) starts.push(startIn(text))
  const sorted = Float64Array.from(starts).sort()
  let before = 0
  return run.stages.map(({ file }, i) => {
    const counted = file === undefined ? undefined : countedOf(file)?.total
    const first = sorted[before]
    before += counted ?? sorted.length
    if (counted === undefined && i < run.stages.length - 1) note(`truncated: how many requests stage ${i} of inference-perf had is not known, so the requests after it are counted with it`)
    return first
  })
}

/** It is the first member of an entry. */
function startIn(text: string): number {
  return Number(/"start_time":\s*(-?[0-9.eE+-]+)/.exec(text)?.[1] ?? Number.NaN)
}

function windowOf({ native: { file }, stage, offer, offsetMs }: Point): StageWindow {
  const counted = file === undefined ? undefined : countedOf(file)
  return {
    name: stage.name, kind: stage.kind, startMs: offsetMs, endMs: offsetMs + 1000 * (file?.benchmark_time_seconds ?? 0),
    sendEndMs: offsetMs + 1000 * (file?.load_summary?.send_duration ?? 0), rate: offer.rate, concurrency: offer.concurrency,
    ...(counted === undefined ? {} : { counted }),
  }
}

async function* recordsOf(files: ResultFiles, points: readonly Point[]): AsyncGenerator<RequestRecord> {
  for (const [index, run] of [...new Set(points.map((p) => p.run))].entries()) {
    const own = points.filter((p) => p.run === run && p.firstStart !== undefined)
    const [earliest] = own
    if (run.perRequest === undefined || earliest === undefined) continue
    for await (const { places: [row = 0], value } of readItems(files, run.perRequest, ['[]'])) {
      const entry = shaped(PerRequest, value, `${run.perRequest}[${row}]`)
      const { stage, offsetMs, firstStart = 0 } = own.findLast((p) => (p.firstStart ?? 0) <= entry.start_time) ?? earliest
      yield perRequestRecord(entry, { id: `${index}-${row}`, stage: stage.name, phase: stage.phase, at: (t) => offsetMs + 1000 * (t - firstStart) })
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Reads benchmark reports of llm-d-benchmark, a YAML or JSON file a stage. Nothing in them can be recomputed. */
import { parse } from 'yaml'
import { z } from 'zod'
import type { AdapterResult, AdapterSetting, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { type NamedStage, nameStages, type Offer } from '../reading/stage-names.ts'
import { KNOWN_VERSION, LooseReport, missingFrom, reportClaims, reportCounts } from './report.ts'

interface ReportFile { readonly name: string; readonly place: StagePlace; readonly report: LooseReport }

export async function adaptBenchmarkReport(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const { reports, notes } = await reportsIn(files)
  const offers = reports.map(offerOf)
  const stages = nameStages(offers, setting.stages)
  const { offsetsMs, clock } = placePoints(reports.map(({ report }) => startOf(report)))
  const measured = reports.map((file, i) => ({ ...file, offer: offers[i] as Offer, stage: stages[i] as NamedStage, offsetMs: offsetsMs[i] ?? 0 })).filter((r) => r.stage.phase === 'measure')
  const load = reports.map(({ report }) => report.scenario?.load?.standardized).find((l) => typeof l?.tool === 'string')
  return {
    records: [],
    stages: measured.map(windowOf),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap(({ report, stage }) => reportClaims(report, stage.name)),
    tool: { name: load?.tool ?? 'benchmark-report', version: load?.tool_version ?? job.spec.harness.version },
    served: servedBy(reports[0]?.report),
    notes: [...notes, 'benchmark reports hold aggregates only: all numbers are claims of what made them, by its own definitions'],
  }
}

interface Measured { readonly report: LooseReport; readonly stage: NamedStage; readonly offer: Offer; readonly offsetMs: number }

function windowOf({ report, stage, offer, offsetMs }: Measured): StageWindow {
  const endMs = offsetMs + durationMs(report)
  const counted = reportCounts(report)
  return { name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, rate: offer.rate, concurrency: offer.concurrency, ...(counted === undefined ? {} : { counted }) }
}

function servedBy(report: LooseReport | undefined): AdapterResult['served'] {
  const engines = (report?.scenario?.stack ?? []).flatMap((c) => (c.standardized?.kind === 'inference_engine' ? [c.standardized] : []))
  const [first] = engines
  if (first === undefined) return {}
  return { model: first.model?.name ?? undefined, engine: first.tool ?? undefined, gpus: engines.reduce((sum, e) => sum + (e.accelerator?.count ?? 0), 0) }
}

const Versioned = z.looseObject({ version: z.union([z.string(), z.number()]), run: z.unknown() })

async function reportsIn(files: ResultFiles): Promise<{ readonly reports: readonly ReportFile[]; readonly notes: readonly string[] }> {
  const names = await files.list()
  const reports: ReportFile[] = []
  const notes: string[] = []
  for (const name of names.filter((n) => /\.(ya?ml|json)$/.test(n))) {
    const { value, cutOff } = await parsed(files, name)
    if (cutOff) notes.push(`truncated: ${name} is cut off; what was whole of it is used`)
    const versioned = Versioned.safeParse(value)
    if (!versioned.success) continue
    const version = String(versioned.data.version)
    if (!KNOWN_VERSION.test(version)) throw new Error(`${name}: version is ${version}, expected a benchmark report 0.2 or 0.2.1`)
    const report = shaped(LooseReport, value, name)
    const missing = missingFrom(report)
    if (missing.length > 0) notes.push(`${name} says nothing of ${missing.join(', ')}: they are missing`)
    reports.push({ name, place: stageOf(name), report })
  }
  if (reports.length === 0) throw noResult({ tool: 'llm-d-benchmark', names, notes, expected: 'a YAML or JSON file with version 0.2 and run', hint: 'reports of version 0.1 have to be made again by a newer llm-d-benchmark' })
  return { notes, reports: reports.sort((a, b) => placeRank(a.place) - placeRank(b.place) || stageIndex(a) - stageIndex(b) || a.name.localeCompare(b.name, 'en', { numeric: true })) }
}

/** YAML that is cut off may still be YAML, with half a number at its end: a last line without its end is left out. */
async function parsed(files: ResultFiles, name: string): Promise<{ readonly value: unknown; readonly cutOff: boolean }> {
  const text = await files.text(name)
  const whole = name.endsWith('.json') || text.endsWith('\n') ? text : text.slice(0, text.lastIndexOf('\n') + 1)
  try {
    return { value: parse(whole), cutOff: whole !== text }
  } catch {
    return { value: undefined, cutOff: true }
  }
}

function stageIndex({ report }: ReportFile): number {
  return report.scenario?.load?.standardized?.stage ?? 0
}

function offerOf({ place, report }: ReportFile): Offer {
  const { rate_qps: rate, concurrency } = report.scenario?.load?.standardized ?? {}
  if (typeof rate === 'number') return { stage: place, kind: 'rate', rate }
  return typeof concurrency === 'number' && Number.isFinite(concurrency) ? { stage: place, kind: 'concurrent', concurrency } : { stage: place, kind: 'stage' }
}

function startOf({ run }: LooseReport): { readonly epochMs?: number } {
  const start = Date.parse(run?.time?.start ?? '')
  return Number.isNaN(start) ? {} : { epochMs: start }
}

function durationMs({ run }: LooseReport): number {
  const [start, end] = [Date.parse(run?.time?.start ?? ''), Date.parse(run?.time?.end ?? '')]
  if (!Number.isNaN(end - start)) return end - start
  const seconds = /^PT([0-9.]+)S$/.exec(run?.time?.duration ?? '')?.[1]
  return seconds === undefined ? 0 : 1000 * Number(seconds)
}

// SPDX-License-Identifier: Apache-2.0
/** Reads guidellm's JSON report: a benchmark of it is one operating point. CSV and HTML beside it say the same and less. */
import type { AdapterResult, AdapterSetting, RequestRecord, StageWindow } from '../../operator/core/model/record.ts'
import type { ResultFiles } from '../../operator/core/model/result-files.ts'
import type { TrialJob } from '../../operator/core/model/trial-job.ts'
import { readItems } from '../reading/json-file.ts'
import { findJsonResults, noResult } from '../reading/json-results.ts'
import { placePoints } from '../reading/placement.ts'
import { placeRank, stageOf, type StagePlace } from '../reading/result-groups.ts'
import { shaped } from '../reading/shape.ts'
import { nameStages, type Offer } from '../reading/stage-names.ts'
import { guidellmClaims } from './claims.ts'
import { benchmarkStart, GuidellmReport, GuidellmRequest, VERSIONS, type GuidellmBenchmark } from './report-file.ts'
import { guidellmRecord, LISTS, type RequestPlace } from './requests.ts'

interface ReportFile { readonly name: string; readonly stage: StagePlace; readonly report: GuidellmReport }
interface Point extends RequestPlace { readonly offer: Offer; readonly name: string; readonly index: number }

const REQUEST_LISTS = LISTS.map((list) => `benchmarks[].requests.${list}[]`)
/** Constraints that end a benchmark because something went wrong. */
const GIVEN_UP = /error|saturation/

export async function adaptGuidellm(files: ResultFiles, job: Pick<TrialJob, 'spec'>, setting: AdapterSetting): Promise<AdapterResult> {
  const { reports, notes } = await reportFiles(files)
  const points = pointsOf(reports, setting)
  const measured = points.filter((p) => p.stage.phase === 'measure')
  const { clock } = placePoints(points.map(startOf))
  const versions = [...new Set(reports.map((r) => r.report.metadata.guidellm_version ?? job.spec.harness.version))]
  return {
    records: recordsOf(files, points),
    stages: measured.map(windowOf),
    ...(clock === undefined ? {} : { client: { clock } }),
    claims: measured.flatMap((p) => guidellmClaims(p.benchmark, p.stage.name)),
    tool: { name: 'guidellm', version: versions.join(', ') },
    served: { model: points[0]?.benchmark.config.backend?.model ?? undefined },
    notes: [
      ...notes,
      ...measured.flatMap(({ stage, benchmark }) => (benchmark.warnings ?? []).flatMap(({ message }) => (message === undefined || message === null ? [] : [`${stage.name}: guidellm warns: ${message}`]))),
      'guidellm keeps no times of single tokens: there is no inter-token latency (what it calls so is our TPOT)',
    ],
  }
}

async function reportFiles(files: ResultFiles): Promise<{ readonly reports: readonly ReportFile[]; readonly notes: readonly string[] }> {
  const names = await files.list()
  const { found, notes } = await findJsonResults(files, { names: names.filter((n) => n.endsWith('.json')), without: REQUEST_LISTS, isOne: isReport })
  if (found.length === 0) {
    throw noResult({
      tool: 'guidellm', names, notes, expected: 'a JSON file with metadata.guidellm_version',
      hint: 'guidellm writes it at its end, and none when the server does not answer its first request; its log says why',
    })
  }
  const reports = found.map(({ name, value, truncated }) => ({ name, stage: stageOf(name), report: supported(shaped(GuidellmReport, complete(value, truncated), name), name) }))
  return { notes, reports: reports.sort((a, b) => placeRank(a.stage) - placeRank(b.stage)) }
}

function isReport(value: object): boolean {
  return 'metadata' in value && typeof value.metadata === 'object' && value.metadata !== null && 'guidellm_version' in value.metadata
}

/** Of a report that was cut off, a last benchmark may not even say how it was run. */
function complete(value: object, truncated: boolean): unknown {
  if (!truncated || !('benchmarks' in value) || !Array.isArray(value.benchmarks)) return value
  const whole = value.benchmarks.filter((b: { config?: { strategy?: { type_?: unknown } } }) => b.config?.strategy?.type_ !== undefined)
  return { ...value, benchmarks: whole }
}

function supported(report: GuidellmReport, name: string): GuidellmReport {
  const { version, guidellm_version: tool } = report.metadata
  if (VERSIONS.includes(version)) return report
  throw Object.assign(new Error(`${name}: metadata.version is ${version} (guidellm ${tool ?? 'of an unknown version'}), expected ${VERSIONS.join(' or ')}`), {
    hint: 'reports of guidellm 0.5 and 0.8 are known; what a newer one means by its names is not',
  })
}

function pointsOf(reports: readonly ReportFile[], { stages }: AdapterSetting): Point[] {
  const found = reports.flatMap(({ name, stage, report }) => (report.benchmarks ?? []).map((benchmark, index) => ({
    name, index, benchmark, offer: { ...offerOf(benchmark), stage }, multiTurn: (report.config?.spec?.data ?? []).some((d) => (d.turns ?? 1) > 1),
  })))
  const named = nameStages(found.map((f) => f.offer), stages)
  const { offsetsMs } = placePoints(found.map(startOf))
  return found.map((f, i) => ({ ...f, stage: named[i] as Point['stage'], offsetMs: offsetsMs[i] ?? 0 }))
}

function startOf({ benchmark }: { readonly benchmark: GuidellmBenchmark }): { readonly epochMs?: number } {
  const start = benchmarkStart(benchmark)
  return start === undefined ? {} : { epochMs: 1000 * start }
}

function offerOf({ config: { strategy } }: GuidellmBenchmark): Offer {
  const { type_: kind, rate, streams, max_concurrency: cap } = strategy
  if (typeof rate === 'number') return { kind, rate }
  const concurrency = kind === 'synchronous' ? 1 : (streams ?? cap ?? undefined)
  return { kind, ...(concurrency === undefined ? {} : { concurrency }) }
}

function windowOf({ stage, offer, benchmark, offsetMs }: Point): StageWindow {
  const { end_time: end, metrics } = benchmark
  const start = benchmarkStart(benchmark)
  const endMs = offsetMs + (start === undefined ? 0 : 1000 * ((end ?? start) - start))
  const totals = metrics?.request_totals
  const gaveUp = Object.keys(benchmark.scheduler_state?.end_queuing_constraints ?? {}).filter((name) => GIVEN_UP.test(name))
  return {
    name: stage.name, kind: stage.kind, startMs: offsetMs, sendEndMs: endMs, endMs, rate: offer.rate, concurrency: offer.concurrency,
    ...(totals === undefined || totals === null ? {} : { counted: { total: totals.total, ok: totals.successful, failed: totals.errored, cancelled: totals.incomplete } }),
    ...(gaveUp.length === 0 ? {} : { stopped: `guidellm ended it by its constraint ${gaveUp.join(', ')}` }),
  }
}

async function* recordsOf(files: ResultFiles, points: readonly Point[]): AsyncGenerator<RequestRecord> {
  for (const name of new Set(points.map((p) => p.name))) {
    for await (const { path, places, value } of readItems(files, name, REQUEST_LISTS)) {
      const point = points.find((p) => p.name === name && p.index === places[0])
      const list = LISTS[path]
      if (point === undefined || list === undefined) continue
      yield guidellmRecord(shaped(GuidellmRequest, value, `${name}: benchmarks[${places[0]}].requests.${list}[${places[1]}]`), list, point)
    }
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Everything that one attempt of a trial left behind → its findings and its benchmark reports. The collector calls this. */
import type { z } from 'zod'
import type { BenchmarkReport } from '../model/benchmark-report.ts'
import type { Findings, StageFindings } from '../model/findings.ts'
import type { AdapterSummary, Records, StageWindow } from '../model/record.ts'
import type { RequestsManifest } from '../model/request.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { answerNotes, answerScores } from './answer-scores.ts'
import { toBenchmarkReport } from './benchmark-report.ts'
import { buildFindings } from './build-findings.ts'
import { claimNotes } from './claim-notes.ts'
import { withClaimed } from './claimed-values.ts'
import { compareClaims, COUNT_METRICS, type ClaimComparison } from './claims.ts'
import { measureStages, type StageOptions } from './compute-stages.ts'
import { efficiency } from './efficiency.ts'
import { gpuFindings, type GpuFindings } from './gpu-findings.ts'
import { hostedNotes } from './hosted-endpoint.ts'
import { neighbourNotes } from './judge-hardware.ts'
import { overloadNotes, overloadOf } from './overload.ts'
import { plannedStage } from './planned-load.ts'
import { type Queried, queriedFindings } from './queried.ts'
import type { Scrape } from './scrape.ts'
import { serverFindings, type ServerFindings } from './server-findings.ts'
import type { StageResult } from './stage-findings.ts'
import { gapText, ttftGap, type TtftGap } from './ttft-gap.ts'
import { judge, type HarnessEnd } from './verdict.ts'
import { scalarOf } from './distribution.ts'

export interface MeasureTrialInput {
  readonly job: TrialJob
  /** Records may be an async iterable over a file that is larger than memory. */
  readonly adapter: AdapterSummary & { readonly records: Records }
  readonly scrapes: readonly Scrape[]
  /** What a Prometheus was asked for, by metric of the catalogue. */
  readonly queried?: readonly Queried[] | undefined
  /** What a reader should know of how metrics were got. */
  readonly sourceNotes?: readonly string[] | undefined
  readonly harness: HarnessEnd
  readonly artifacts: Findings['artifacts']
  readonly requests?: z.infer<typeof RequestsManifest> | undefined
  readonly time: { readonly startEpochMs: number; readonly endEpochMs: number }
  /** Results that no trial of ours made. */
  readonly ingested?: Findings['provenance']['ingested']
}

export interface TrialMeasurement {
  readonly findings: Findings
  /** By stage; of a harness that sends no requests one report "startup", with the stack's start-up times. */
  readonly reports: Record<string, BenchmarkReport>
}

/** The stage that reports of a harness without requests are named after. */
const STARTUP_STAGE = 'startup'
/** An adapter says that records are missing by a note that begins with this word. */
const TRUNCATED = /^truncated\b/i

export async function measureTrial(input: MeasureTrialInput): Promise<TrialMeasurement> {
  const { job, adapter, time } = input
  const originEpochMs = adapter.client?.clock.epochMs ?? time.startEpochMs
  const sendsNothing = job.spec.harness.results.adapter === 'nop' || isQualityOnly(adapter)
  const { workload, slo } = job.spec
  const windows = adapter.stages.map((window) => withOffer(window, job))
  const options = { countBy: workload.tokenizer.countBy, slo, gpus: job.stack.gpus, originEpochMs, match: workload.data.correctness?.match, ttftOverMs: overloadOf(workload.load).ttftMs }
  const recorded = await measureStages(adapter.records, windows, options)
  const claims = await comparedClaims(adapter, recorded, { windows, options })
  const measured = recorded.map((stage) => withClaimed(stage, adapter.claims, adapter.tool.name))
  const spans = measured.map(({ findings, checks }) => ({ stage: findings.stage, startMs: checks.startMs, endMs: checks.endMs }))
  const server = serverFindings(input.scrapes, spans, { originEpochMs, pods: sendsNothing ? 0 : job.stack.scrape.length })
  const gpus = gpuFindings(input.scrapes, spans, { originEpochMs, ...ownersOf(job) })
  const queried = queriedFindings(input.queried ?? [], spans, originEpochMs)
  const stages = measured.map((stage) => withEfficiency(withSeen(stage.findings, [server, gpus, queried]), job))
  const gaps = stages.flatMap((stage) => ttftGap(stage) ?? [])
  const verdict = judge({
    stages: measured, workload, caches: job.caches, client: adapter.client, server, gpus, gaps, nodes: job.stack.gpus > 0 ? job.stack.nodes : [],
    harness: input.harness, claims, sendsNothing, inProcess: job.spec.harness.inProcess, truncated: adapter.notes.filter((note) => TRUNCATED.test(note)),
  })
  const notes = notesOf(input, { claims, measured, gaps, server, gpus, sendsNothing })
  const scored = { ...adapter, scores: [...(adapter.scores ?? []), ...answerScores(measured)] }
  const findings = buildFindings({ ...input, adapter: scored, stages, verdict, series: [...server.series, ...gpus.series, ...queried.series], hitRateAtStart: server.hitRateAtStart, gpus: gpus.seen, notes })
  const names = stages.length === 0 && sendsNothing && findings.scores.length === 0 ? [STARTUP_STAGE] : stages.map((s) => s.stage)
  return { findings, reports: Object.fromEntries(names.map((name) => [name, toBenchmarkReport(findings, name, job)])) }
}

interface Noted {
  readonly claims: Parameters<typeof claimNotes>[0]
  readonly measured: Parameters<typeof sampleNotes>[0]
  readonly gaps: Parameters<typeof gapNotes>[0]
  readonly server: ReturnType<typeof serverFindings>
  readonly gpus: ReturnType<typeof gpuFindings>
  readonly sendsNothing: boolean
}

/** What a reader should know of the numbers, whoever's fault it is. */
function notesOf({ job, time, scrapes, ingested, sourceNotes = [] }: MeasureTrialInput, { claims, measured, gaps, server, gpus, sendsNothing }: Noted): string[] {
  const isLoadOfServer = ingested === undefined && !sendsNothing && !job.spec.harness.inProcess
  return [
    ...(isLoadOfServer ? hostedNotes(job, time) : []),
    ...claimNotes(claims), ...sampleNotes(measured), ...binNotes(measured), ...scrapeNotes(scrapes, server, gpus), ...targetNotes(scrapes, job), ...gapNotes(gaps), ...gpuNotes(gpus),
    ...(job.spec.harness.inProcess ? [] : overloadNotes(measured, job.spec.workload.load)), ...answerNotes(measured), ...neighbourNotes(job.stack.nodes), ...job.stack.notes, ...sourceNotes,
  ]
}

function ownersOf({ stack, trial }: TrialJob) {
  return { pods: (stack.startup?.pods ?? []).map((p) => p.pod), namespace: trial.namespace, gpus: stack.gpus }
}

/** Where a tool does not say what was offered, the workload does. */
function withOffer(window: StageWindow, { spec }: TrialJob): StageWindow {
  const planned = plannedStage(spec.workload.load, window.name)
  return { ...window, rate: window.rate ?? planned?.rate, concurrency: window.concurrency ?? planned?.concurrency }
}

/** What servers, GPUs and queries say of a stage, beside what its records say. */
function withSeen(stage: StageFindings, sources: readonly Pick<ServerFindings, 'stages'>[]): StageFindings {
  const seen = sources.flatMap((source) => source.stages.get(stage.stage) ?? [])
  const all: StageFindings = { ...stage, distributions: Object.assign({}, stage.distributions, ...seen.map((s) => s.distributions)), scalars: Object.assign({}, stage.scalars, ...seen.map((s) => s.scalars)) }
  const gap = ttftGap(all)
  return gap === undefined ? all : { ...all, scalars: { ...all.scalars, ttft_beyond_server: scalarOf('ttft_beyond_server', gap.gapMs) } }
}

function withEfficiency(stage: StageFindings, job: TrialJob): StageFindings {
  return { ...stage, scalars: { ...stage.scalars, ...efficiency(stage, job) } }
}

/** A tool that scores answers shows no requests. */
function isQualityOnly({ scores = [], stages }: AdapterSummary): boolean {
  return scores.length > 0 && stages.length === 0
}

interface Measuring { readonly windows: readonly StageWindow[]; readonly options: StageOptions }

/** Where token counts may be the cause of a difference, records are counted the other way too: that settles it. */
async function comparedClaims({ claims, tool, records }: MeasureTrialInput['adapter'], stages: readonly StageResult[], { windows, options }: Measuring): Promise<ClaimComparison[]> {
  const compared = compareClaims(claims, stages, { tool: tool.name })
  const open = compared.some((c) => !c.exact && COUNT_METRICS.has(c.claim.metric))
  if (!open || !canBeReadAgain(records)) return compared
  const countBy = options.countBy === 'server' ? 'tokenizer' : 'server'
  return compareClaims(claims, stages, { tool: tool.name, otherCount: await measureStages(records, windows, { ...options, countBy }) })
}

/** A generator gives its records once. */
function canBeReadAgain(records: Records): boolean {
  return Array.isArray(records) || (Symbol.asyncIterator in records && !('next' in records))
}

/** Which numbers are the tool's own. */
function sampleNotes(stages: readonly StageResult[]): string[] {
  return stages.flatMap(({ findings: { stage, requests, claimed = [] }, checks: { sampled } }) => [
    ...(sampled === undefined ? [] : [`${stage}: the tool counted ${requests.total} requests and wrote down ${sampled === 0 ? 'none' : `${sampled}: latencies are of these, and no rate is computed from them`}`]),
    ...(claimed.length === 0 ? [] : [`${stage}: the tool's own claims, which no records check: ${claimed.join(', ')}`]),
  ])
}

function binNotes(stages: readonly StageResult[]): string[] {
  return stages.flatMap(({ findings, checks }) =>
    checks.binned.map((metric) => `${findings.stage}: quantiles of ${metric} are within 0.005 % (more than four million values)`))
}

function scrapeNotes(scrapes: readonly Scrape[], server: ServerFindings, gpus: GpuFindings): string[] {
  const silent = scrapes.some((s) => (s.kind ?? 'engine') === 'engine') && server.series.length === 0 && gpus.series.length === 0
  return silent ? ['the server\'s metrics have none of the names that Assay knows: no KV-cache usage, queue or prefix-cache figures'] : []
}

/** Exporters and routers that were known and never answered. */
function targetNotes(scrapes: readonly Scrape[], { stack }: TrialJob): string[] {
  const answered = new Set(scrapes.map((s) => s.pod))
  const silent = stack.targets.filter(({ url }) => !answered.has(new URL(url).host))
  return silent.length === 0 ? [] : [`no metrics came from ${silent.map(({ kind, url }) => `${url} (${kind})`).slice(0, 3).join(', ')}${silent.length > 3 ? ` and ${silent.length - 3} more` : ''}`]
}

function gapNotes(gaps: readonly TtftGap[]): string[] {
  return gaps.filter((gap) => gap.doubt === undefined).map((gap) => `${gap.stage}: ${gapText(gap)}`)
}

function gpuNotes({ notes, troubles }: GpuFindings): string[] {
  return [...notes, ...troubles.filter((t) => t.kind === 'power').map((t) => t.message)]
}

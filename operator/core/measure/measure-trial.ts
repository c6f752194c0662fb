// SPDX-License-Identifier: Apache-2.0
/** Everything that one attempt of a trial left behind → its findings and its benchmark reports. The collector calls this. */
import type { z } from 'zod'
import type { BenchmarkReport } from '../model/benchmark-report.ts'
import type { Findings, StageFindings } from '../model/findings.ts'
import type { AdapterResult, StageWindow } from '../model/record.ts'
import type { RequestsManifest } from '../model/request.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { toBenchmarkReport } from './benchmark-report.ts'
import { buildFindings } from './build-findings.ts'
import { compareClaims, type ClaimComparison } from './claims.ts'
import { measureStages, type Records } from './compute-stages.ts'
import { plannedStage } from './planned-load.ts'
import type { Scrape } from './scrape.ts'
import { serverFindings, type ServerFindings } from './server-findings.ts'
import type { StageResult } from './stage-findings.ts'
import { judge, type HarnessEnd } from './verdict.ts'

export interface MeasureTrialInput {
  readonly job: TrialJob
  /** Records may be an async iterable over a file that is larger than memory. */
  readonly adapter: Omit<AdapterResult, 'records'> & { readonly records: Records }
  readonly scrapes: readonly Scrape[]
  readonly harness: HarnessEnd
  readonly artifacts: Findings['artifacts']
  readonly requests?: z.infer<typeof RequestsManifest> | undefined
  readonly time: { readonly startEpochMs: number; readonly endEpochMs: number }
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
  const sendsNothing = job.spec.harness.results.adapter === 'nop'
  const { workload, slo } = job.spec
  const windows = adapter.stages.map((window) => withOffer(window, job))
  const options = { countBy: workload.tokenizer.countBy, slo, gpus: job.stack.gpus, originEpochMs }
  const measured = await measureStages(adapter.records, windows, options)
  const server = serverFindings(
    input.scrapes,
    measured.map(({ findings, checks }) => ({ stage: findings.stage, startMs: checks.startMs, endMs: checks.endMs })),
    { originEpochMs, pods: sendsNothing ? 0 : job.stack.scrape.length },
  )
  const stages = measured.map((stage) => withServer(stage.findings, server))
  const claims = compareClaims(adapter.claims, stages, adapter.tool.name)
  const verdict = judge({
    stages: measured, workload, caches: job.caches, client: adapter.client, server, harness: input.harness, claims, sendsNothing,
    truncated: adapter.notes.filter((note) => TRUNCATED.test(note)),
  })
  const notes = [...claimNotes(claims), ...binNotes(measured), ...scrapeNotes(input.scrapes, server)]
  const findings = buildFindings({ ...input, stages, verdict, server, notes })
  const names = stages.length === 0 && sendsNothing ? [STARTUP_STAGE] : stages.map((s) => s.stage)
  return { findings, reports: Object.fromEntries(names.map((name) => [name, toBenchmarkReport(findings, name, job)])) }
}

/** Where a tool does not say what was offered, the workload does. */
function withOffer(window: StageWindow, { spec }: TrialJob): StageWindow {
  const planned = plannedStage(spec.workload.load, window.name)
  return { ...window, rate: window.rate ?? planned?.rate, concurrency: window.concurrency ?? planned?.concurrency }
}

function withServer(stage: StageFindings, server: ServerFindings): StageFindings {
  const seen = server.stages.get(stage.stage)
  return { ...stage, distributions: { ...stage.distributions, ...seen?.distributions }, scalars: { ...stage.scalars, ...seen?.scalars } }
}

function claimNotes(claims: readonly ClaimComparison[]): string[] {
  const explained = claims.filter((c) => !c.agrees && c.cause !== undefined)
  return [...new Set(explained.map(({ claim, cause }) => `${claim.nativeName} differs from ${claim.metric}: ${cause}`))]
}

function binNotes(stages: readonly StageResult[]): string[] {
  return stages.flatMap(({ findings, checks }) =>
    checks.binned.map((metric) => `${findings.stage}: quantiles of ${metric} are within 0.005 % (more than four million values)`))
}

function scrapeNotes(scrapes: readonly Scrape[], server: ServerFindings): string[] {
  const silent = scrapes.length > 0 && server.series.length === 0
  return silent ? ['the server\'s metrics have none of the names that Assay knows: no KV-cache usage, queue or prefix-cache figures'] : []
}

// SPDX-License-Identifier: Apache-2.0
/** What one trial found: our own result schema, beside the benchmark report. It is data; measure/ computes it. */
import { z } from 'zod'
import { Claim, ClientHealth } from './record.ts'

const stat = z.number().nullable()
export const Distribution = z.object({
  unit: z.string(),
  n: z.int().min(0).meta({ description: 'Number of values.' }),
  mean: stat, stddev: stat, min: stat, max: stat,
  p0p1: stat, p1: stat, p5: stat, p10: stat, p25: stat, p50: stat, p75: stat, p90: stat, p95: stat, p99: stat, p99p9: stat,
  /** Percentiles that n is too small for; they are kept and never decide. */
  weak: z.array(z.string()).default([]),
}).meta({ description: 'A distribution within one stage; quantiles are linear (type 7).' })
export type Distribution = z.infer<typeof Distribution>

export const Scalar = z.object({ unit: z.string(), value: z.number().nullable(), n: z.int().min(0).optional() })
export type Scalar = z.infer<typeof Scalar>

export const StageFindings = z.object({
  stage: z.string(),
  kind: z.string().meta({ description: 'Load kind.' }),
  offered: z.object({ rate: z.number().optional(), concurrency: z.number().optional() }),
  window: z.object({ startEpochMs: z.number(), durationS: z.number().min(0) }),
  requests: z.object({
    total: z.int(), ok: z.int(), failed: z.int(), cancelled: z.int(), warmup: z.int(), drain: z.int(),
    errors: z.record(z.string(), z.int()).meta({ description: 'Failed requests by error class.' }),
    firstErrors: z.array(z.string()).max(5).meta({ description: 'The first distinct error messages.' }),
  }),
  distributions: z.record(z.string(), Distribution).meta({ description: 'By metric name of the catalogue.' }),
  scalars: z.record(z.string(), Scalar).meta({ description: 'By metric name of the catalogue.' }),
})
export type StageFindings = z.infer<typeof StageFindings>

export const VERDICT_REASONS = [
  'NoSuccessfulRequest', 'ErrorRateHigh', 'ClientSaturated', 'OfferedRateNotReached', 'ArrivalsOff', 'OutputLengthsOff', 'ServerRestarted', 'StackDrifted',
  'CachesCarriedOver', 'CacheResetFailed', 'Throttled', 'ScrapeIncomplete', 'RecordsTruncated', 'HarnessFailed', 'HarnessTimedOut', 'StoppedEarly', 'ClaimsDisagree', 'FewRequests',
] as const
export type VerdictReason = (typeof VERDICT_REASONS)[number]
export const Verdict = z.object({
  result: z.enum(['valid', 'suspect', 'invalid']),
  reasons: z.array(z.object({ reason: z.enum(VERDICT_REASONS), stage: z.string().optional(), message: z.string() })),
})
export type Verdict = z.infer<typeof Verdict>

export const Startup = z.object({
  pods: z.array(z.object({
    pod: z.string(), node: z.string().optional(),
    phases: z.array(z.object({ name: z.string(), seconds: z.number() })),
    imagePulled: z.boolean().optional(),
  })),
  totalSeconds: z.number().optional(),
}).meta({ description: 'Start-up phases of the stack.' })
export type Startup = z.infer<typeof Startup>

export const ServerSeries = z.object({
  metric: z.string(), unit: z.string(), pod: z.string().optional(),
  points: z.array(z.tuple([z.number(), z.number()])).meta({ description: '[milliseconds since the start of the trial, value], at most 120 points.' }),
})

export const Artifact = z.object({
  name: z.string().meta({ description: 'Path within the trial\'s folder on the results server.' }),
  bytes: z.int().min(0),
  sha256: z.string(),
})
export type Artifact = z.infer<typeof Artifact>

/** The whole of what a trial found; its JSON goes, with the reports, into a ConfigMap owned by the Trial. */
export const Findings = z.object({
  schema: z.literal('assay.dev/findings/v1'),
  trial: z.object({ name: z.string(), uid: z.string(), namespace: z.string(), attempt: z.int() }),
  experiment: z.string().optional(),
  treatment: z.record(z.string(), z.unknown()).meta({ description: 'Level by factor name.' }),
  replicate: z.object({ stack: z.int(), run: z.int() }),
  stack: z.string(),
  gpus: z.number().min(0).meta({ description: 'Accelerators that the stack takes.' }),
  tool: z.object({ name: z.string(), version: z.string() }),
  time: z.object({ start: z.string(), end: z.string() }),
  verdict: Verdict,
  stages: z.array(StageFindings),
  client: ClientHealth.optional(),
  startup: Startup.optional(),
  claims: z.array(Claim).default([]),
  server: z.array(ServerSeries).default([]),
  caches: z.object({ policy: z.string(), how: z.string(), hitRateAtStart: z.number().optional() }).optional(),
  provenance: z.object({
    specDigest: z.string(), requestsSha256: z.string().optional(), requestsCount: z.int().optional(),
    seeds: z.object({ arrival: z.int(), content: z.int() }),
    tokenizer: z.string().optional(), operatorVersion: z.string(),
    images: z.array(z.object({ name: z.string(), image: z.string(), digest: z.string().optional() })).default([]),
  }),
  artifacts: z.array(Artifact).default([]),
  notes: z.array(z.string()).default([]),
})
export type Findings = z.infer<typeof Findings>

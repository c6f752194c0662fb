// SPDX-License-Identifier: Apache-2.0
/** What one trial found: our own result schema, beside the benchmark report. It is data; measure/ computes it. */
import { z } from 'zod'
import { ChartSeen, ImageSeen } from './deployed.ts'
import { GpuSeen, NodeFact } from './node-fact.ts'
import { Claim, ClientHealth, Score } from './record.ts'
import { Startup } from './startup.ts'

const text = (description: string) => z.string().meta({ description })
const whole = (description: string) => z.int().meta({ description })
const number = (description: string) => z.number().meta({ description })
const stat = (description: string) => z.number().nullable().meta({ description })
const quantile = (percent: string) => stat(`${percent} % of the values are at most this; null without values.`)

export const Distribution = z.object({
  unit: text('Unit of the values.'),
  n: z.int().min(0).meta({ description: 'Number of values.' }),
  mean: stat('Mean; null without values.'), stddev: stat('Standard deviation of the sample; null below two values.'), min: stat('Least value.'), max: stat('Greatest value.'),
  p0p1: quantile('0.1'), p1: quantile('1'), p5: quantile('5'), p10: quantile('10'), p25: quantile('25'), p50: quantile('50'),
  p75: quantile('75'), p90: quantile('90'), p95: quantile('95'), p99: quantile('99'), p99p9: quantile('99.9'),
  weak: z.array(z.string()).default([]).meta({ description: 'Percentiles that n is too small for, or that are known to within a wide bucket only; they are kept and never decide.' }),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number().nullable()])).optional().meta({ description: 'Of a server\'s histogram: between what each percentile certainly lies, [lower, upper], null for no upper end: its bucket, narrowed by the sum of all values. The percentile is interpolated linearly within its bucket. Mean and n are exact, standard deviation and extremes unknown.' }),
}).meta({ description: 'A distribution within one stage; quantiles are linear (type 7).' })
export type Distribution = z.infer<typeof Distribution>

export const Scalar = z.object({ unit: text('Unit of the value.'), value: stat('The value; null when it is not defined.'), n: z.int().min(0).optional().meta({ description: 'Number of values behind it.' }), source: text('Where it comes from, when it can come from several places.').optional() })
export type Scalar = z.infer<typeof Scalar>

export const StageFindings = z.object({
  stage: text('Name of the stage.'),
  kind: z.string().meta({ description: 'Load kind.' }),
  offered: z.object({ rate: number('Requests per second.').optional(), concurrency: number('Requests in flight.').optional() }).meta({ description: 'What the load offered.' }),
  window: z.object({ startEpochMs: number('Start, in milliseconds since 1970.'), durationS: z.number().min(0).meta({ description: 'Length in seconds.' }) })
    .meta({ description: 'The measured window: first send after warm-up to last end.' }),
  requests: z.object({
    total: whole('Sent in the window.'), ok: whole('Answered.'), failed: whole('Failed.'), cancelled: whole('Cancelled by us.'), warmup: whole('Sent during warm-up, never counted.'), drain: whole('Sent after the window.'),
    errors: z.record(z.string(), z.int()).meta({ description: 'Failed requests by error class.' }),
    firstErrors: z.array(z.string()).max(5).meta({ description: 'The first distinct error messages.' }),
  }).meta({ description: 'Requests by how they ended.' }),
  distributions: z.record(z.string(), Distribution).meta({ description: 'By metric name of the catalogue.' }),
  scalars: z.record(z.string(), Scalar).meta({ description: 'By metric name of the catalogue.' }),
  overTime: z.array(z.object({
    metric: text('Metric of the catalogue, in its unit.'),
    points: z.array(z.tuple([z.number(), z.number()])).meta({ description: '[milliseconds since the start of the trial, median of requests sent in a stretch of time about it, to within a per cent], at most 60 points.' }),
  })).optional().meta({ description: 'Latencies over the stage, for the eye; without a clock there are none.' }),
  claimed: z.array(text('Metric.')).optional().meta({ description: 'Metrics whose values are the tool\'s own claims, because it left nothing to compute them from.' }),
})
export type StageFindings = z.infer<typeof StageFindings>

export const VERDICT_REASONS = [
  'NoSuccessfulRequest', 'ErrorRateHigh', 'ClientSaturated', 'OfferedRateNotReached', 'ArrivalsOff', 'OutputLengthsOff', 'ServerRestarted', 'StackDrifted',
  'CachesCarriedOver', 'CacheResetFailed', 'Throttled', 'GpuErrors', 'SharedGpu', 'TtftDisagrees', 'ScrapeIncomplete', 'RecordsTruncated', 'HarnessFailed', 'HarnessTimedOut', 'StoppedEarly', 'ClaimsDisagree', 'FewRequests', 'AnswersCrossed', 'Overloaded',
] as const
export type VerdictReason = (typeof VERDICT_REASONS)[number]
export const Verdict = z.object({
  result: z.enum(['valid', 'suspect', 'invalid']).meta({ description: 'Whether the numbers can be trusted.' }),
  reasons: z.array(z.object({
    reason: z.enum(VERDICT_REASONS).meta({ description: 'One word of the vocabulary.' }), stage: text('Stage that it speaks of; the whole trial when not set.').optional(), message: text('The same for people, with the numbers.'),
  })).meta({ description: 'Why it is suspect or invalid.' }),
}).meta({ description: 'Whether the numbers can be trusted, and why not.' })
export type Verdict = z.infer<typeof Verdict>

export const ServerSeries = z.object({
  metric: text('Metric of the catalogue.'), unit: text('Its unit.'), pod: text('Pod that it was scraped from; all of them when not set.').optional(),
  points: z.array(z.tuple([z.number(), z.number()])).meta({ description: '[milliseconds since the start of the trial, value], at most 120 points.' }),
})

export const Artifact = z.object({
  name: z.string().meta({ description: 'Path within the trial\'s folder on the results server.' }),
  bytes: z.int().min(0).meta({ description: 'Size.' }),
  sha256: text('Checksum.'),
})
export type Artifact = z.infer<typeof Artifact>

const Provenance = z.object({
  specDigest: text('SHA-256 of the Trial\'s specification.'),
  requestsSha256: text('SHA-256 of requests.jsonl: the same file means the same requests.').optional(), requestsCount: whole('Requests in it.').optional(),
  seeds: z.object({ arrival: whole('Seed of the arrival process.'), content: whole('Seed of the prompts.') }).optional().meta({ description: 'Seeds; not known of results that somebody brought.' }),
  ingested: z.object({ from: text('Folder or file, as it was named.'), command: text('Command that reads it again.') }).optional().meta({ description: 'Where results were read from that no trial of ours made: neither their workload nor their server is known.' }),
  tokenizer: text('Tokenizer that made and counted the prompts.').optional(), operatorVersion: text('Version of Assay.'),
  images: z.array(ImageSeen).default([]).meta({ description: 'Images that ran.' }),
  charts: z.array(ChartSeen).default([]).meta({ description: 'Charts that made the stack.' }),
  nodes: z.array(NodeFact).default([]).meta({ description: 'Nodes that served.' }),
  gpus: z.array(GpuSeen).default([]).meta({ description: 'GPUs as their exporter described them.' }),
}).meta({ description: 'What is needed to measure the same again.' })

/** As much of the scenario as tells models, and what they ran on, apart. */
export const Served = z.object({
  model: z.object({
    name: text('Model as the hub names it.'), revision: text('Commit, tag or branch.').optional(), quantization: text('Quantisation method, or none.').optional(),
    dtype: text('Number format of the weights.').optional(), parameters: z.number().positive().optional().meta({ description: 'Number of parameters, as the scenario declares it.' }),
  }).meta({ description: 'The model; what nobody declared is not set. Arguments of the engine win over the scenario\'s model.' }),
  engine: text('Serving engine.'), accelerator: text('Product of the accelerator.').optional(), replicas: whole('Replicas of the engine.').optional(),
  parallelism: text('How one replica is split, where it is: tensor=2.').optional(),
}).meta({ description: 'What was served and on what; of results that somebody brought only what their files say.' })
export type Served = z.infer<typeof Served>

/** The whole of what a trial found; its JSON goes, with the reports, into a ConfigMap owned by the Trial. */
export const Findings = z.object({
  schema: z.literal('assay.dev/findings/v1').meta({ description: 'Which schema this is.' }),
  trial: z.object({ name: text('Name.'), uid: text('UID.'), namespace: text('Namespace.'), attempt: whole('Attempt that was delivered, from 1.') }).meta({ description: 'The Trial.' }),
  experiment: text('The Experiment that it belongs to.').optional(),
  treatment: z.record(z.string(), z.unknown()).meta({ description: 'Level by factor name.' }),
  replicate: z.object({ stack: whole('Stack replicate.'), run: whole('Run replicate.') }).meta({ description: 'Which replicate this is.' }),
  stack: text('The Stack that was loaded.'),
  gpus: z.number().min(0).meta({ description: 'Accelerators that the stack takes.' }),
  served: Served.optional(),
  tool: z.object({ name: text('Name.'), version: text('Version.') }).meta({ description: 'The harness.' }),
  time: z.object({ start: text('Start, as ISO 8601.'), end: text('End, as ISO 8601.') }).meta({ description: 'When it was measured.' }),
  verdict: Verdict,
  stages: z.array(StageFindings).meta({ description: 'What was found, stage by stage.' }),
  client: ClientHealth.optional(),
  startup: Startup.optional(),
  claims: z.array(Claim).default([]).meta({ description: 'What the tool says of itself; it stands beside our numbers and never in their place.' }),
  scores: z.array(Score).default([]).meta({ description: 'How well the served model answers, where the tool measures that.' }),
  server: z.array(ServerSeries).default([]).meta({ description: 'Metrics of the server over time.' }),
  caches: z.object({ policy: text('What was asked for.'), how: text('What was done.'), hitRateAtStart: number('Prefix-cache hit rate at the start of the trial.').optional() }).optional().meta({ description: 'Caches before the trial.' }),
  provenance: Provenance,
  artifacts: z.array(Artifact).default([]).meta({ description: 'Files on the results server.' }),
  notes: z.array(z.string()).default([]).meta({ description: 'What a reader should know: truncated files, unknown versions.' }),
})
export type Findings = z.infer<typeof Findings>

// SPDX-License-Identifier: Apache-2.0
/** One run of one replicate of one treatment on one stack: the unit of retry, of resume and of record. */
import { z } from 'zod'
import { conditions, count, duration, ObjectName, openMap, text, timestamp } from './common.ts'
import { CACHE_POLICIES, Results, Slo } from './experiment.ts'
import { HarnessSpec } from './harness.ts'
import { WorkloadProfileSpec } from './workload-profile.ts'

const seed = (description: string) => z.int().min(0).max(2_147_483_647).meta({ description })

export const TrialSpec = z.object({
  stackRef: z.object({ name: ObjectName.meta({ description: 'Stack in the same namespace.' }) }).meta({ description: 'The stack that is loaded.' }),
  workload: WorkloadProfileSpec,
  harness: HarnessSpec,
  harnessName: text('Name of the harness.', 253).default('native'),
  treatment: openMap('Level by factor name.').default({}),
  replicate: z.object({
    stack: z.int().min(1).max(100).default(1).meta({ description: 'Stack replicate.' }),
    run: z.int().min(1).max(1000).default(1).meta({ description: 'Run replicate on that stack.' }),
  }).prefault({}).meta({ description: 'Which replicate this is.' }),
  position: count('Place in the planned order, from 0.').default(0),
  block: count('Block of the analysis: 0, or the extension that added it.').default(0),
  seeds: z.object({
    arrival: seed('Seed of the arrival process; shared by all treatments of a replicate.').default(1),
    content: seed('Seed of the prompts; differs by trial unless caches are kept.').default(1),
  }).prefault({}).meta({ description: 'Seeds.' }),
  caches: z.enum(CACHE_POLICIES).default('Distinct').meta({ description: 'What happens to caches before the trial.' }),
  slo: Slo.optional(),
  retries: z.int().min(0).max(10).default(1).meta({ description: 'Repeats after a transient failure.' }),
  timeout: duration('Longest time of one attempt.').default('30m'),
  results: Results.prefault({}),
}).meta({ description: 'The whole resolved specification; it means the same when it is applied elsewhere.', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a Trial does not change: delete it and create another', reason: 'FieldValueForbidden' }] })
export type TrialSpec = z.infer<typeof TrialSpec>

export const TRIAL_PHASES = ['Pending', 'Waiting', 'Preparing', 'Running', 'Collecting', 'Succeeded', 'Failed'] as const
export const ATTEMPT_OUTCOMES = ['Delivered', 'Evicted', 'NodeLost', 'HarnessFailed', 'OutOfMemory', 'TimedOut', 'StackLost', 'NotDelivered', 'ImagePull', 'Invalid'] as const
export const Attempt = z.object({
  number: z.int().min(1).max(11).meta({ description: 'From 1.' }),
  job: text('Name of the Job.', 63),
  jobUid: text('UID of the Job.', 64).optional(),
  createdTime: timestamp('When its Job was created.').optional(),
  startTime: timestamp('When the harness started.').optional(),
  endTime: timestamp('When the harness ended.').optional(),
  deliveredTime: timestamp('When the results server had everything.').optional(),
  outcome: z.enum(ATTEMPT_OUTCOMES).optional().meta({ description: 'How it ended.' }),
  message: text('More, with the end of the harness\'s log.', 4096).optional(),
})
export type Attempt = z.infer<typeof Attempt>

export const TrialStatus = z.object({
  observedGeneration: count('Generation of the spec that the status speaks of.').optional(),
  phase: z.enum(TRIAL_PHASES).optional().meta({ description: 'One word for tables.' }),
  startTime: timestamp('When the stack was claimed for it.').optional(),
  completionTime: timestamp('When results were stored, or it failed.').optional(),
  attempts: z.array(Attempt).max(11).optional().meta({ description: 'Attempts, first to last.' }),
  live: z.object({
    sent: count('Requests sent.').optional(), done: count('Requests ended.').optional(), failed: count('Requests failed.').optional(), stage: text('Current stage.', 64).optional(), at: timestamp('When this was seen.').optional(),
  }).optional().meta({ description: 'Live numbers of the running attempt.' }),
  verdict: z.enum(['valid', 'suspect', 'invalid']).optional().meta({ description: 'Whether the numbers can be trusted.' }),
  reasons: z.array(text('Reason and message.', 512)).max(32).optional().meta({ description: 'Why it is suspect or invalid.' }),
  results: z.object({
    configMap: text('ConfigMap with findings and reports.', 253), address: text('Path on the results server.', 512), digest: text('SHA-256 of the manifest of files.', 80), bytes: count('Size of all files.'),
  }).optional().meta({ description: 'Where the results lie.' }),
  summary: z.object({
    ttftP99: text('TTFT p99 of the worst stage, with unit.', 32).optional(), tokensPerSecond: text('Output tokens per second of the best stage.', 32).optional(), errorRate: text('Error rate of the worst stage.', 32).optional(),
  }).optional().meta({ description: 'Key figures for tables.' }),
  conditions: conditions.optional(),
}).meta({ description: 'How the trial is doing.' })
export type TrialStatus = z.infer<typeof TrialStatus>

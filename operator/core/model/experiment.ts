// SPDX-License-Identifier: Apache-2.0
/** A designed experiment: what is varied, how often, in which order, and when it ends. */
import { z } from 'zod'
import { Budget, BudgetEnd, Prices, UsageStatus } from './budget.ts'
import { conditions, count, dnsLabel, duration, exactlyOne, namedOnce, nameRef, ObjectName, refined, text, timestamp } from './common.ts'
import { Design } from './design.ts'
import { HarnessSpec } from './harness.ts'
import { Preflight } from './preflight.ts'
import { ScenarioSpec } from './scenario.ts'
import { WorkloadProfileSpec } from './workload-profile.ts'

export const CACHE_POLICIES = ['Distinct', 'Reset', 'Restart', 'Keep'] as const
export const Execution = z.object({
  parallelStacks: z.int().min(1).max(1000).default(1).meta({ description: 'Stacks that may be up at once.' }),
  caches: z.enum(CACHE_POLICIES).default('Distinct').meta({ description: 'Caches between trials on one stack: Distinct sends other prompts, Reset calls the engine\'s reset endpoints, Restart restarts its pods, Keep leaves them warm (same prompts).' }),
  retries: z.int().min(0).max(10).default(1).meta({ description: 'How often a trial is repeated after a transient failure.' }),
  maxFailedTrials: count('Failed or invalid trials that are tolerated; one more and the Experiment fails.').default(3),
  trialTimeout: duration('Longest time of one trial, from the start of its pod.').default('30m'),
  idleTimeout: duration('How long a stack may stay up with nothing to run (suspended, or waiting).').default('10m'),
  deadline: duration('Longest time of the whole Experiment; suspension does not count.').optional(),
}).meta({ description: 'How the plan is carried out.' })

export const Slo = z.object({
  ttft: duration('Bound on the time to first token of one request.').optional(),
  tpot: duration('Bound on the time per output token of one request.').optional(),
  itl: duration('Bound on the longest gap between events of one request.').optional(),
  e2e: duration('Bound on the end-to-end latency of one request.').optional(),
}).meta({ description: 'Bounds that one request meets or not; goodput and attainment count those that meet all.' })
export type Slo = z.infer<typeof Slo>

export const Gate = z.object({
  onInsufficient: z.enum(['Fail', 'Pass', 'Unknown']).default('Fail').meta({ description: 'What insufficient data counts as.' }),
  rules: z.array(z.object({
    name: dnsLabel('Name of the rule.', 40),
    expr: text('statistic(metric[, stage=NAME]) OPERATOR VALUE UNIT, such as p99(ttft, stage=high) <= 500ms; or regression(metric, baseline=NAME[, stage=NAME]) <= 5%, such as regression(p99(ttft), baseline=nightly) <= 5%, where the baseline is another Experiment of the namespace or a ConfigMap that assay export baseline wrote. Without a stage the worst one counts; every treatment must pass.', 512),
  })).min(1).max(64).refine(...namedOnce('rules')).meta({ description: 'Rules, all of which must pass.', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
}).meta({ description: 'Rules over responses that pass, fail, or have insufficient data.' })
export type Gate = z.infer<typeof Gate>

export const Results = z.object({
  keepRaw: z.boolean().default(true).meta({ description: 'Whether native files of the tool are kept beside records and reports.' }),
  retention: duration('How long the results server keeps the files after the Trial is gone.').default('30d'),
}).meta({ description: 'What is kept.' })

const REFERENCES = [['scenario', 'scenarioRef'], ['workload', 'workloadRef'], ['harness', 'harnessRef']] as const

export const ExperimentSpec = z.object({
  suspend: z.boolean().default(false).meta({ description: 'Stop after the running trials; stacks come down after idleTimeout.' }),
  serviceAccountName: ObjectName.default('assay-runner').meta({ description: 'ServiceAccount that Helm acts as in this namespace.' }),
  scenarioRef: nameRef('The Scenario to use.').optional(),
  scenario: ScenarioSpec.optional(),
  workloadRef: nameRef('The WorkloadProfile to use.').optional(),
  workload: WorkloadProfileSpec.optional(),
  harnessRef: nameRef('The Harness to use.').optional(),
  harness: HarnessSpec.optional(),
  design: Design,
  execution: Execution.prefault({}),
  budget: Budget.optional(),
  prices: Prices.optional(),
  preflight: Preflight.prefault({}),
  slo: Slo.optional(),
  gate: Gate.optional(),
  teardown: z.object({
    policy: z.enum(['Always', 'OnSuccess', 'Never']).default('Always').meta({ description: 'When stacks are removed; OnSuccess keeps a stack whose trials failed.' }),
    holdFor: duration('How long a kept stack stays.').default('1h'),
  }).prefault({}).meta({ description: 'What happens to stacks at the end.' }),
  results: Results.prefault({}),
}).refine(...refined(REFERENCES[0], 'spec')).refine(...refined(REFERENCES[1], 'spec')).refine(...refined(REFERENCES[2], 'spec'))
  .meta({ description: 'What is served, how it is loaded, with which tool, and what is varied.', 'x-kubernetes-validations': REFERENCES.map((pair) => exactlyOne(pair, 'spec')) })
export type ExperimentSpec = z.infer<typeof ExperimentSpec>

export const PHASES = ['Pending', 'Running', 'Suspended', 'Succeeded', 'Failed', 'GateFailed'] as const
export const ExperimentStatus = z.object({
  observedGeneration: count('Generation of the spec that the status speaks of.').optional(),
  phase: z.enum(PHASES).optional().meta({ description: 'One word for tables; conditions say more.' }),
  run: count('Number of this run; a new value of the annotation assay.dev/rerun starts the next.').optional(),
  handledRerun: text('Last value of assay.dev/rerun that was acted on.', 253).optional(),
  startTime: timestamp('When the plan was made.').optional(),
  completionTime: timestamp('When the last trial ended and everything was torn down.').optional(),
  suspendedSeconds: count('Time suspended so far, which deadlines do not count.').optional(),
  suspendedSince: timestamp('Since when it is suspended.').optional(),
  snapshot: z.object({ name: text('ConfigMap.', 253), digest: text('SHA-256 of its content.', 80) }).optional().meta({ description: 'The resolved library and seeds that this run is planned from.' }),
  specDigest: text('SHA-256 of the part of the spec that must not change after start.', 80).optional(),
  blocks: z.array(z.object({ from: count('Treatments before this block.'), generation: count('Generation that added it.') })).max(100).optional().meta({ description: 'Extensions of the matrix, each a block in the analysis.' }),
  treatments: count('Distinct treatments.').optional(),
  trials: z.object({
    total: count('Planned.'), pending: count('Not started.'), running: count('Running.'), succeeded: count('Succeeded (valid or suspect).'),
    failed: count('Failed.'), invalid: count('Ended with an invalid verdict.'),
  }).optional().meta({ description: 'Trials by state.' }),
  stacks: z.object({ total: count('Planned stand-ups.'), up: count('Up or coming up.'), failed: count('Failed.'), removed: count('Removed and verified gone.') }).optional().meta({ description: 'Stand-ups by state.' }),
  progress: text('n/m for tables; of a design that grows from what is measured, how far it is and how far it may go.', 64).optional(),
  adaptive: z.object({
    kind: z.enum(['search', 'until', 'successiveHalving']).meta({ description: 'What decides how much is measured.' }),
    ended: z.boolean().meta({ description: 'Whether nothing more will be wanted.' }),
    progress: text('Such as 3 of at most 12 probes.', 64),
    results: z.array(z.object({ name: text('Configuration and stand-up, treatment or rung.', 96), result: text('Capacity with its interval, or what became of it.', 160) })).max(16).meta({ description: 'The first results; the report has all of them.' }),
    more: count('Results that are left out here.').optional(),
  }).optional().meta({ description: 'How far a design is that grows from what is measured.' }),
  usage: UsageStatus.optional(),
  budgetEnd: BudgetEnd.optional(),
  eta: timestamp('When it is expected to end, from finished trials.').optional(),
  failures: z.array(z.object({ name: text('Trial or Stack.', 253), reason: text('Reason.', 128), message: text('Message.', 512) })).max(5).optional().meta({ description: 'The first failures.' }),
  gate: z.object({ result: z.enum(['passed', 'failed', 'insufficient']).meta({ description: 'Worst rule.' }), rules: z.array(z.object({ name: text('Rule.', 64), result: text('passed, failed or insufficient.', 16), message: text('What was compared.', 512) })).max(64).meta({ description: 'Every rule with its result.' }) }).optional().meta({ description: 'The gate\'s verdict.' }),
  conditions: conditions.optional(),
}).meta({ description: 'How the Experiment is doing; its size does not depend on the number of trials.' })
export type ExperimentStatus = z.infer<typeof ExperimentStatus>

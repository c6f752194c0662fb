// SPDX-License-Identifier: Apache-2.0
/** What the templates of a harness see: the trial, its endpoint, the workload and the stages in plain numbers. It renders nothing. */
import { z } from 'zod'
import { durationMs } from '../model/common.ts'
import { TrialSpec } from '../model/trial.ts'
import { TrialJob } from '../model/trial-job.ts'
import { loadKind, WorkloadProfileSpec } from '../model/workload-profile.ts'
import { type Point, pointsOf, sharesOf } from '../workload/shares.ts'

const StageContext = z.object({
  id: z.string().meta({ description: 'warmup, stage-0, stage-1, …: what its folder and files are called by.' }),
  name: z.string().meta({ description: 'Name in the workload.' }),
  index: z.int().optional().meta({ description: 'Place among the measured stages, from 0; the warm-up has none.' }),
  kind: z.string().meta({ description: 'constant, poisson, gamma, burst, concurrent, sessions, synchronous, throughput, trace or toolProfile; a step of a sweep is what the sweep\'s process is.' }),
  loop: z.string().meta({ description: 'open or closed.' }),
  end: z.string().meta({ description: 'What the workload ends it by: duration, requests or data.' }),
  rate: z.number().optional().meta({ description: 'Offered requests per second at its start.' }),
  rampTo: z.number().optional().meta({ description: 'Offered requests per second at its end, where that differs.' }),
  concurrency: z.int().optional().meta({ description: 'Requests or sessions in flight.' }),
  seconds: z.number().optional().meta({ description: 'How long it lasts: declared, or for an open loop what follows from the rate.' }),
  requests: z.int().optional().meta({ description: 'How many requests it sends: declared, or for an open loop what is to be expected.' }),
  sessions: z.int().optional().meta({ description: 'How many sessions, where sessions are counted.' }),
  prepared: z.int().optional().meta({ description: 'How many requests (of sessions: sessions) are surely prepared for it; not known of a trace.' }),
  out: z.string().meta({ description: 'Folder for its results.' }),
})
export type StageContext = z.infer<typeof StageContext>

const { endpoint, stack, trial } = TrialJob.shape
const { seeds, treatment, replicate, timeout, slo } = TrialSpec.shape
const Paths = TrialJob.shape.paths.extend({
  home: z.string().meta({ description: 'Folder that may be written and is not kept.' }),
})

/** Names that templates of a harness may use. */
export const HarnessContext = z.object({
  endpoint,
  model: stack.shape.model.extend({ served: z.string().meta({ description: 'Model name for requests.' }) }),
  workload: WorkloadProfileSpec,
  load: z.object({
    kind: z.string(), stages: z.int(), warmupSeconds: z.number(), stageGapSeconds: z.number(), drainSeconds: z.number(), timeoutSeconds: z.number(),
  }).meta({ description: 'The load in plain numbers.' }),
  stages: z.array(StageContext).meta({ description: 'The measured stages.' }),
  warmup: StageContext.optional().meta({ description: 'The warm-up, where there is one.' }),
  runs: z.array(StageContext).meta({ description: 'The warm-up and the measured stages, in the order in which they run.' }),
  trial: trial.extend({ seeds, treatment, replicate, timeout, slo }),
  paths: Paths,
  tokenizer: z.object({
    name: z.string(), revision: z.string().optional(), countBy: z.string(),
    path: z.string().optional().meta({ description: 'tokenizer.json of the profile, where it is mounted.' }),
    folder: z.string().meta({ description: 'Folder with the tokenizer that made the prompts, as Hugging Face libraries read it.' }),
  }),
  overrides: z.object({
    args: z.array(z.unknown()),
    config: z.record(z.string(), z.unknown()),
  }).meta({ description: 'What the workload says for this harness alone.' }),
  stack,
})
export type HarnessContext = z.infer<typeof HarnessContext>

/** Names within files and inputs that there are for every stage. */
export const StageFileContext = HarnessContext.extend({ stage: StageContext })

export function harnessContextOf(job: TrialJob): HarnessContext {
  const { spec, paths } = job
  const { tokenizer, load, api } = spec.workload
  const runs = runsOf(job)
  const stages = runs.filter(({ index }) => index !== undefined)
  return {
    endpoint: job.endpoint, model: { ...job.stack.model, served: job.endpoint.model }, workload: spec.workload, stages, warmup: runs.find(({ index }) => index === undefined), runs,
    load: {
      kind: loadKind(load), stages: stages.length, warmupSeconds: seconds(load.warmup ?? '0s'), stageGapSeconds: seconds(load.stageGap), drainSeconds: seconds(load.drain),
      timeoutSeconds: seconds(api.timeout),
    },
    trial: { ...job.trial, seeds: spec.seeds, treatment: spec.treatment, replicate: spec.replicate, timeout: spec.timeout, slo: spec.slo },
    paths: { ...paths, home: `${parentOf(paths.out)}/home` },
    tokenizer: { name: tokenizer.name, revision: tokenizer.revision, countBy: tokenizer.countBy, path: paths.tokenizer, folder: tokenizerFolder(job) },
    overrides: overridesOf(job), stack: job.stack,
  }
}

/** Where `prepare` puts the tokenizer for tools that want a folder. */
export const tokenizerFolder = ({ paths }: TrialJob) => `${paths.in}/tokenizer`

/** What the profile has for the harness of this trial; the plan has seen that it is of this form. */
function overridesOf({ spec }: TrialJob): HarnessContext['overrides'] {
  const { args = [], config = {} } = (spec.workload.overrides[spec.harnessName] ?? {}) as Partial<HarnessContext['overrides']>
  return { args, config }
}

function runsOf({ spec: { workload }, paths }: TrialJob): StageContext[] {
  const { load, data } = workload
  const points = pointsOf(load)
  const shares = sharesOf(load, points)
  const turns = data.synthetic?.turns?.count
  return points.map((point, i) => stageContextOf({ point, prepared: shares[i]?.count ?? 0, out: `${paths.out}/${point.id}`, turns: turns ?? (data.conversation === undefined ? 1 : undefined) }))
}

interface StageInput { readonly point: Point; readonly prepared: number; readonly out: string; readonly turns: number | undefined }

function stageContextOf({ point: { id, index, stage }, prepared, out, turns }: StageInput): StageContext {
  const { unit, requests: counted, ...rest } = stage
  const sessions = unit === 'sessions' ? counted : undefined
  const requests = unit === 'sessions' ? (sessions === undefined || turns === undefined ? undefined : sessions * turns) : counted
  return {
    id, ...rest, out,
    ...(index !== undefined && { index }), ...(sessions !== undefined && { sessions }), ...(requests !== undefined && { requests }), ...(Number.isFinite(prepared) && { prepared }),
  }
}

const seconds = (text: string) => durationMs(text) / 1000
const parentOf = (path: string) => path.replace(/\/[^/]*$/, '')

// SPDX-License-Identifier: Apache-2.0
/** The six kinds: names, schemas, printer columns. The generator and the client both read this list. */
import type { z } from 'zod'
import type { CelRule } from './common.ts'
import { ExperimentSpec, ExperimentStatus } from './experiment.ts'
import { EXPERIMENT_RULES } from './experiment-rules.ts'
import { HarnessSpec } from './harness.ts'
import { ScenarioSpec } from './scenario.ts'
import { StackSpec, StackStatus } from './stack.ts'
import { TrialSpec, TrialStatus } from './trial.ts'
import { WorkloadProfileSpec } from './workload-profile.ts'

export const GROUP = 'assay.dev'
export const VERSION = 'v1alpha1'
export const API_VERSION = `${GROUP}/${VERSION}`

export interface PrinterColumn {
  readonly name: string
  readonly type: 'string' | 'integer' | 'number' | 'date' | 'boolean'
  readonly jsonPath: string
  readonly description: string
  readonly priority?: number
}

export interface KindInfo {
  readonly kind: string
  readonly plural: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly description: string
  readonly spec: z.ZodType
  readonly status?: z.ZodType
  readonly columns: readonly PrinterColumn[]
  readonly rules?: readonly CelRule[]
  /** Where names of other objects and values of labels are built from its own: a Job is `<trial>-a<attempt>`, of at most 63 characters. */
  readonly maxNameLength?: number
}

const column = (name: string, type: PrinterColumn['type'], jsonPath: string, description: string): PrinterColumn => ({ name, type, jsonPath, description })
const wide = (c: PrinterColumn): PrinterColumn => ({ ...c, priority: 1 })
const ready = column('Ready', 'string', '.status.conditions[?(@.type=="Ready")].status', 'Whether it is well.')
const age = column('Age', 'date', '.metadata.creationTimestamp', 'Time since it was created.')
const reason = wide(column('Reason', 'string', '.status.conditions[?(@.type=="Ready")].reason', 'Why it is not ready.'))

export const KINDS = {
  Scenario: {
    kind: 'Scenario', plural: 'scenarios', singular: 'scenario', shortNames: ['ascn'], spec: ScenarioSpec,
    description: 'What is served and on what: model, accelerator, serving stack, Helm releases, endpoint. It holds settings and has no controller.',
    columns: [
      column('Model', 'string', '.spec.model.name', 'Model.'), column('Engine', 'string', '.spec.serving.engine', 'Serving engine.'),
      column('Accelerator', 'string', '.spec.accelerator.product', 'GPU product.'), age,
    ],
  },
  Harness: {
    kind: 'Harness', plural: 'harnesses', singular: 'harness', shortNames: ['aharn'], spec: HarnessSpec,
    description: 'A load generator: image, command, files, what it can express and how its results are read. It holds settings and has no controller.',
    columns: [column('Version', 'string', '.spec.version', 'Version of the tool.'), column('Image', 'string', '.spec.image', 'Image.'), age],
  },
  WorkloadProfile: {
    kind: 'WorkloadProfile', plural: 'workloadprofiles', singular: 'workloadprofile', shortNames: ['awl'], spec: WorkloadProfileSpec,
    description: 'The load, written once and independent of the harness. It holds settings and has no controller.',
    columns: [column('API', 'string', '.spec.api.kind', 'Endpoint that is loaded.'), wide(column('Description', 'string', '.spec.description', 'What it stands for.')), age],
  },
  Experiment: {
    kind: 'Experiment', plural: 'experiments', singular: 'experiment', shortNames: ['aexp'], spec: ExperimentSpec, status: ExperimentStatus, rules: EXPERIMENT_RULES, maxNameLength: 40,
    description: 'A designed experiment: it expands into treatments, stands stacks up, runs trials and tears everything down.',
    columns: [
      column('Phase', 'string', '.status.phase', 'Pending, Running, Suspended, Succeeded, Failed or GateFailed.'), column('Progress', 'string', '.status.progress', 'Trials ended of all.'),
      column('Failed', 'integer', '.status.trials.failed', 'Failed trials.'), column('Stacks', 'integer', '.status.stacks.up', 'Stacks that are up.'),
      column('ETA', 'string', '.status.eta', 'When it is expected to end.'), age,
      wide(column('Scenario', 'string', '.spec.scenarioRef.name', 'Scenario.')), wide(column('Harness', 'string', '.spec.harnessRef.name', 'Harness.')), reason,
    ],
  },
  Stack: {
    kind: 'Stack', plural: 'stacks', singular: 'stack', shortNames: ['astk'], spec: StackSpec, status: StackStatus, maxNameLength: 63,
    description: 'One scenario stood up in the cluster. Applied alone it is a standup; deleting it is the teardown.',
    columns: [
      column('Phase', 'string', '.status.phase', 'Where it stands.'), ready, column('Holder', 'string', '.status.claim.name', 'Experiment or Trial that holds it.'),
      column('Startup', 'number', '.status.startupSeconds', 'Seconds from the first release to ready.'), age, wide(column('URL', 'string', '.status.endpoint.url', 'Address in the cluster.')), wide(column('Upgraded-From', 'string', '.status.upgradedFrom', 'Stack whose releases were upgraded.')), reason,
    ],
  },
  Trial: {
    kind: 'Trial', plural: 'trials', singular: 'trial', shortNames: ['atrl'], spec: TrialSpec, status: TrialStatus, maxNameLength: 60,
    description: 'One run of one replicate of one treatment on one stack; the unit of retry, of resume and of record.',
    columns: [
      column('Phase', 'string', '.status.phase', 'Where it stands.'), column('Verdict', 'string', '.status.verdict', 'Whether the numbers can be trusted.'),
      column('TTFT-P99', 'string', '.status.summary.ttftP99', 'TTFT p99 of the worst stage.'), column('Tok/s', 'string', '.status.summary.tokensPerSecond', 'Output tokens per second of the best stage.'),
      column('Stack', 'string', '.spec.stackRef.name', 'Stack that is loaded.'), age, reason,
    ],
  },
} as const satisfies Readonly<Record<string, KindInfo>>
export type KindName = keyof typeof KINDS

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  finalizers?: string[]
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
}
export interface OwnerReference { apiVersion: string; kind: string; name: string; uid: string; controller?: boolean; blockOwnerDeletion?: boolean }

/** Any of our objects as the API server gives it. */
export interface Resource<Spec, Status = undefined> {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: Spec
  status?: Status
}
export type Scenario = Resource<ScenarioSpec>
export type Harness = Resource<HarnessSpec>
export type WorkloadProfile = Resource<z.infer<typeof WorkloadProfileSpec>>
export type Experiment = Resource<ExperimentSpec, ExperimentStatus>
export type Stack = Resource<StackSpec, StackStatus>
export type Trial = Resource<TrialSpec, TrialStatus>

/** Labels on everything that Assay makes. */
export const LABELS = {
  experiment: `${GROUP}/experiment`, run: `${GROUP}/run`, stack: `${GROUP}/stack`, trial: `${GROUP}/trial`, attempt: `${GROUP}/attempt`, role: `${GROUP}/role`,
} as const
export const ANNOTATIONS = { rerun: `${GROUP}/rerun`, forceDelete: `${GROUP}/force-delete` } as const
export const FINALIZER = `${GROUP}/helm`
export const RESULTS_AUDIENCE = 'results.assay.dev'

// SPDX-License-Identifier: Apache-2.0
/** What the controllers share: the cluster's mirrors, the API, the results server, the clock. Composed in main; it decides nothing. */
import type { Experiment, Harness, Scenario, Stack, Trial, WorkloadProfile } from '../../core/model/kinds.ts'
import type { Receipt } from '../../core/model/trial-job.ts'
import type { Findings } from '../../core/model/findings.ts'
import type { ChartFact, WantedChart } from '../../core/preflight/cluster-facts.ts'
import type { DeliveryView } from '../../core/reconcile/trial-observed.ts'
import type { Job, Node, Pod } from '../kube/builtin-resources.ts'
import type { KubeObject } from '../kube/api-resource.ts'
import type { Reflector } from '../kube/reflector.ts'
import type { ResourceApi } from '../kube/resource-api.ts'

/** Names an attempt of a trial on the results server. */
export interface AttemptRef { readonly namespace: string; readonly trial: string; readonly uid: string; readonly attempt: number }
export interface Delivered { readonly receipt: Receipt; readonly findings: Findings; readonly reports: Readonly<Record<string, unknown>> }

/** What the controllers ask of the results server. */
export interface Deliveries {
  /** What is known without asking. */
  readonly known: (ref: AttemptRef) => DeliveryView
  /** The attempt has only just been put on record: nothing can have been delivered. */
  readonly fresh: (ref: AttemptRef) => void
  /** Asks; the answer is known from then on. */
  readonly ask: (ref: AttemptRef) => Promise<DeliveryView>
  readonly fetch: (ref: AttemptRef) => Promise<Delivered>
  readonly putLog: (ref: AttemptRef, name: string, text: string) => Promise<void>
}

/** Tells the story in `kubectl describe`; never throws. */
export interface Storyteller {
  readonly normal: (about: KubeObject, reason: string, note: string) => void
  readonly warning: (about: KubeObject, reason: string, note: string) => void
}

export interface World {
  readonly api: ResourceApi
  readonly experiments: Reflector<Experiment>
  readonly stacks: Reflector<Stack>
  readonly trials: Reflector<Trial>
  readonly jobs: Reflector<Job>
  /** Pods of trials. */
  readonly pods: Reflector<Pod>
  readonly nodes: Reflector<Node>
  readonly library: { readonly scenarios: Reflector<Scenario>; readonly workloads: Reflector<WorkloadProfile>; readonly harnesses: Reflector<Harness> }
  readonly deliveries: Deliveries
  readonly story: Storyteller
  /** Fetches a chart for the stacks to come, and says what came of it. */
  readonly chartFact: (namespace: string, chart: WantedChart) => Promise<ChartFact>
  readonly now: () => number
  readonly config: { readonly image: string; readonly resultsUrl: string; readonly version: string }
}

/** Field manager of everything that we apply. */
export const FIELD_MANAGER = 'assay'
/** Names of the stores' indexes. */
export const BY_EXPERIMENT = 'experiment'
export const BY_STACK = 'stack'
export const BY_TRIAL = 'trial'

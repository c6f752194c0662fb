// SPDX-License-Identifier: Apache-2.0
/** The mirrors of the cluster that the controllers read, slimmed to what they read. */
import { type KubeObject } from '../kube/api-resource.ts'
import { EXPERIMENTS, HARNESSES, SCENARIOS, STACKS, TRIALS, WORKLOAD_PROFILES } from '../kube/assay-resources.ts'
import { DAEMON_SETS, DEPLOYMENTS, type Job, JOBS, type Namespace, NAMESPACES, type Node, NODES, type Pod, PODS, STATEFUL_SETS } from '../kube/builtin-resources.ts'
import type { ApiResource } from '../kube/api-resource.ts'
import { createReflector, type Reflector, type ReflectorProblem } from '../kube/reflector.ts'
import type { ResourceApi } from '../kube/resource-api.ts'
import { byLabel, type IndexBy } from '../kube/store.ts'
import { LABELS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { BY_NAMESPACE, BY_RELEASE, RELEASE_ANNOTATION, type Workload } from './stack-world.ts'
import { BY_EXPERIMENT, BY_STACK, BY_TRIAL, type World } from './world.ts'

export interface MirrorOptions {
  readonly api: ResourceApi
  /** The whole cluster when undefined. */
  readonly namespaces: readonly string[] | undefined
  readonly onProblem: (problem: ReflectorProblem) => void
}

export type Mirrors = Pick<World, 'experiments' | 'stacks' | 'trials' | 'jobs' | 'pods' | 'nodes' | 'library'> & {
  readonly workloads: readonly Reflector<Workload>[]
  readonly namespaceObjects: Reflector<Namespace>
  readonly all: readonly Reflector<KubeObject>[]
}

export function createMirrors({ api, namespaces, onProblem }: MirrorOptions): Mirrors {
  const of = <T extends KubeObject>(resource: ApiResource<T>, more: { readonly transform?: (object: T) => T; readonly indexes?: Readonly<Record<string, IndexBy<T>>>; readonly labelSelector?: string } = {}) =>
    createReflector<T>({ api, resource, onProblem, ...(resource.namespaced && namespaces !== undefined && { namespaces }), ...more })
  const installed = { indexes: { [BY_RELEASE]: byRelease }, labelSelector: 'app.kubernetes.io/managed-by=Helm', transform: slimWorkload }
  const mirrors = {
    experiments: of(EXPERIMENTS),
    stacks: of<Stack>(STACKS, { indexes: { [BY_EXPERIMENT]: byLabel(LABELS.experiment) } }),
    trials: of<Trial>(TRIALS, { indexes: { [BY_EXPERIMENT]: byLabel(LABELS.experiment), [BY_STACK]: byStack }, transform: slimTrial }),
    jobs: of<Job>(JOBS, { labelSelector: LABELS.trial, transform: slimJob }),
    pods: of<Pod>(PODS, { indexes: { [BY_NAMESPACE]: byNamespace, [BY_TRIAL]: byLabel(LABELS.trial), [BY_STACK]: byLoadedStack }, transform: slimPod }),
    nodes: of<Node>(NODES, { transform: slimNode }),
    namespaceObjects: of<Namespace>(NAMESPACES),
    library: { scenarios: of(SCENARIOS), workloads: of(WORKLOAD_PROFILES), harnesses: of(HARNESSES) },
    workloads: [
      of<Workload>(DEPLOYMENTS, installed), of<Workload>(STATEFUL_SETS, installed),
      of<Workload>(DAEMON_SETS, installed), of<Workload>(JOBS, installed),
    ],
  }
  const { library, workloads, ...plain } = mirrors
  return { ...mirrors, all: [...Object.values(plain), ...Object.values(library), ...workloads] as unknown as readonly Reflector<KubeObject>[] }
}

const byNamespace: IndexBy<KubeObject> = ({ metadata }) => [metadata.namespace ?? '']
const byStack: IndexBy<Trial> = ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.stackRef.name}`]
/** Pods of trials only: a probe's pod bears the stack's name too. */
const byLoadedStack: IndexBy<Pod> = (pod) => (pod.metadata.labels?.[LABELS.trial] === undefined ? [] : byLabel(LABELS.stack)(pod))
const byRelease: IndexBy<KubeObject> = ({ metadata }) => {
  const release = metadata.annotations?.[RELEASE_ANNOTATION]
  return release === undefined ? [] : [`${metadata.namespace ?? ''}/${release}`]
}

/** Thousands of ended trials are kept: what they were told is read again when it is needed, which is never. Their times teach how long the next ones take. */
function slimTrial(trial: Trial): Trial {
  const over = trial.status?.conditions?.some((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True') === true
  if (!over) return trial
  const { stackRef, position, block, replicate, treatment, harnessName } = trial.spec
  const { phase, startTime, completionTime, verdict, conditions, attempts = [] } = trial.status ?? {}
  const times = attempts.filter((a) => a.outcome !== undefined).map(({ number, job, startTime: begun, endTime, outcome }) => ({ number, job, outcome, startTime: begun, endTime }))
  return { ...trial, spec: { stackRef, position, block, replicate, treatment, harnessName } as Trial['spec'], status: { phase, startTime, completionTime, verdict, conditions, attempts: times } }
}

function slimPod(pod: Pod): Pod {
  const { labels, name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences } = pod.metadata
  const containers = (pod.spec?.containers ?? []).map(({ name: container, image, command, args, ports, resources }) => ({ name: container, image, command, args, ports, resources }))
  return { ...pod, metadata: { labels, name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences }, spec: { nodeName: pod.spec?.nodeName, containers } }
}

function slimJob(job: Job): Job {
  const { labels, name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences } = job.metadata
  return { ...job, metadata: { labels, name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, ownerReferences }, spec: undefined }
}

function slimWorkload(workload: Workload): Workload {
  const { labels, name, namespace, uid, resourceVersion, generation, deletionTimestamp, annotations } = workload.metadata
  const release = annotations?.[RELEASE_ANNOTATION]
  const { replicas, selector } = workload.spec ?? {}
  return { ...workload, metadata: { labels, name, namespace, uid, resourceVersion, generation, deletionTimestamp, annotations: release === undefined ? {} : { [RELEASE_ANNOTATION]: release } }, spec: { replicas, selector } }
}

function slimNode(node: Node): Node {
  const { name, uid, resourceVersion, labels } = node.metadata
  return { ...node, metadata: { name, uid, resourceVersion, labels }, spec: node.spec?.unschedulable === true ? { unschedulable: true } : undefined, status: { allocatable: node.status?.allocatable, ...(node.status?.nodeInfo && { nodeInfo: node.status.nodeInfo }) } }
}

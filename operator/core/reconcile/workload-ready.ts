// SPDX-License-Identifier: Apache-2.0
/** Whether a workload is ready, under way or failed, read from its own status as its controller left it. It looks at one object, never at its pods. */

export type Readiness =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progressing'; readonly reason: string; readonly message: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string }

export interface WorkloadInput {
  readonly kind?: string
  readonly metadata: { readonly name: string; readonly generation?: number; readonly deletionTimestamp?: string }
  readonly spec?: object
  readonly status?: object
}

/** Readiness of any object: of the kinds we know by their counts, of others by the conditions that are customary. */
export function workloadReadiness(object: WorkloadInput): Readiness {
  if (object.metadata.deletionTimestamp !== undefined) return progressing('Terminating', `${named(object)} is being deleted`)
  const observed = statusOf(object).observedGeneration
  if (observed !== undefined && observed < (object.metadata.generation ?? 0)) return progressing('NotObserved', `${named(object)} has changed and its controller has not looked yet`)
  return (BY_KIND[object.kind ?? ''] ?? byConditions)(object)
}

interface ConditionInput { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }
/** What the statuses of all kinds may hold; each has some of it. */
interface Status {
  readonly observedGeneration?: number
  readonly conditions?: readonly ConditionInput[]
  readonly phase?: string
  readonly reason?: string
  readonly message?: string
  readonly replicas?: number
  readonly readyReplicas?: number
  readonly availableReplicas?: number
  readonly updatedReplicas?: number
  readonly currentRevision?: string
  readonly updateRevision?: string
  readonly desiredNumberScheduled?: number
  readonly updatedNumberScheduled?: number
  readonly numberAvailable?: number
}
interface Spec { readonly replicas?: number; readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } } }

const READY: Readiness = { kind: 'ready' }

const BY_KIND: Readonly<Record<string, (object: WorkloadInput) => Readiness>> = {
  Deployment: deployment, ReplicaSet: replicaSet, StatefulSet: statefulSet, DaemonSet: daemonSet, LeaderWorkerSet: leaderWorkerSet,
  Job: job, Pod: pod, PersistentVolumeClaim: claim,
}

function deployment(object: WorkloadInput): Readiness {
  const status = countsOf(object)
  if (status === undefined) return notObserved(object)
  const wanted = wantedReplicas(object)
  return refusedPods(object) ?? lacking(object, [
    { what: 'updated', have: status.updatedReplicas, wanted },
    { what: 'available', have: status.availableReplicas, wanted },
  ]) ?? leftover(object, (status.replicas ?? 0) - (status.updatedReplicas ?? 0))
}

function replicaSet(object: WorkloadInput): Readiness {
  const status = countsOf(object)
  if (status === undefined) return notObserved(object)
  return refusedPods(object) ?? lacking(object, [{ what: 'available', have: status.availableReplicas, wanted: wantedReplicas(object) }]) ?? READY
}

function statefulSet(object: WorkloadInput): Readiness {
  const status = countsOf(object)
  if (status === undefined) return notObserved(object)
  const wanted = wantedReplicas(object)
  const { type, rollingUpdate } = specOf(object).updateStrategy ?? {}
  const updates = type === 'OnDelete' ? 0 : Math.max(0, wanted - (rollingUpdate?.partition ?? 0))
  const updated = status.currentRevision !== undefined && status.currentRevision === status.updateRevision ? wanted : status.updatedReplicas
  return lacking(object, [{ what: 'ready', have: status.readyReplicas, wanted }, { what: 'updated', have: updated, wanted: updates }]) ?? READY
}

function daemonSet(object: WorkloadInput): Readiness {
  const status = countsOf(object)
  if (status === undefined) return notObserved(object)
  const wanted = status.desiredNumberScheduled ?? 0
  return lacking(object, [{ what: 'updated', have: status.updatedNumberScheduled, wanted }, { what: 'available', have: status.numberAvailable, wanted }]) ?? READY
}

function leaderWorkerSet(object: WorkloadInput): Readiness {
  const status = statusOf(object)
  const wanted = wantedReplicas(object)
  const short = lacking(object, [{ what: 'ready', have: status.readyReplicas, wanted }, { what: 'updated', have: status.updatedReplicas, wanted }])
  return short ?? (wanted === 0 ? READY : fromCondition(object, 'Available', READY))
}

function job(object: WorkloadInput): Readiness {
  const failed = condition(object, 'Failed')
  if (failed?.status === 'True') return { kind: 'failed', reason: failed.reason ?? 'Failed', message: `${named(object)} failed: ${failed.message ?? 'no reason given'}` }
  if (condition(object, 'Complete')?.status === 'True') return READY
  return condition(object, 'Suspended')?.status === 'True' ? progressing('Suspended', `${named(object)} is suspended`) : progressing('Running', `${named(object)} has not completed`)
}

function pod(object: WorkloadInput): Readiness {
  const { phase, reason, message } = statusOf(object)
  if (phase === 'Succeeded') return READY
  if (phase === 'Failed') return { kind: 'failed', reason: reason ?? 'PodFailed', message: `${named(object)} failed${message === undefined ? '' : `: ${message}`}` }
  return fromCondition(object, 'Ready', progressing('Pending', `${named(object)} is not ready`))
}

function claim(object: WorkloadInput): Readiness {
  const { phase } = statusOf(object)
  if (phase === 'Bound') return READY
  if (phase === 'Lost') return { kind: 'failed', reason: 'VolumeLost', message: `${named(object)} has lost its volume` }
  return progressing('NotBound', `${named(object)} is not bound to a volume yet`)
}

/** Kinds that we do not know: kstatus' rules, and the words that Gateways and operators use. */
function byConditions(object: WorkloadInput): Readiness {
  const stalled = condition(object, 'Stalled')
  if (stalled?.status === 'True') return { kind: 'failed', reason: stalled.reason ?? 'Stalled', message: `${named(object)}: ${stalled.message ?? 'stalled'}` }
  const reconciling = condition(object, 'Reconciling')
  if (reconciling?.status === 'True') return progressing(reconciling.reason ?? 'Reconciling', `${named(object)}: ${reconciling.message ?? 'being reconciled'}`)
  const told = ['Ready', 'Available', 'Programmed'].find((type) => condition(object, type) !== undefined)
  return told === undefined ? READY : fromCondition(object, told, READY)
}

/** Pods that cannot even be created: a policy will not change its mind, a quota may. */
function refusedPods(object: WorkloadInput): Readiness | undefined {
  const failure = condition(object, 'ReplicaFailure')
  if (failure?.status !== 'True') return undefined
  const { reason = 'FailedCreate', message = 'its pods cannot be created' } = failure
  const kind = /violates PodSecurity|admission webhook .* denied|is invalid|unknown field/i.test(message) ? 'failed' : 'progressing'
  return { kind, reason, message: `${named(object)}: ${message}` }
}

function lacking(object: WorkloadInput, needs: readonly { readonly what: string; readonly have: number | undefined; readonly wanted: number }[]): Readiness | undefined {
  const short = needs.find(({ have = 0, wanted }) => have < wanted)
  return short === undefined ? undefined : progressing('PodsNotReady', `${named(object)}: ${short.have ?? 0} of ${short.wanted} pods ${short.what}`)
}

/** Old pods that still serve would be measured too. */
function leftover(object: WorkloadInput, old: number): Readiness {
  return old <= 0 ? READY : progressing('OldPodsLeft', `${named(object)}: ${old} old ${old === 1 ? 'pod is' : 'pods are'} still there`)
}

function fromCondition(object: WorkloadInput, type: string, missing: Readiness): Readiness {
  const found = condition(object, type)
  if (found === undefined) return missing
  return found.status === 'True' ? READY : progressing(found.reason ?? `Not${type}`, `${named(object)}: ${found.message ?? `condition ${type} is ${found.status}`}`)
}

/** The status of a built-in workload, once its controller has written one. */
function countsOf(object: WorkloadInput): Status | undefined {
  const status = statusOf(object)
  return status.observedGeneration === undefined ? undefined : status
}

const statusOf = ({ status }: WorkloadInput): Status => status ?? {}
const specOf = ({ spec }: WorkloadInput): Spec => spec ?? {}
const notObserved = (object: WorkloadInput): Readiness => progressing('NotObserved', `${named(object)} is new and its controller has not looked yet`)
const wantedReplicas = (object: WorkloadInput): number => specOf(object).replicas ?? 1
const condition = (object: WorkloadInput, type: string): ConditionInput | undefined => statusOf(object).conditions?.find((each) => each.type === type)
const named = ({ kind = 'object', metadata: { name } }: WorkloadInput): string => `${kind} ${name}`
const progressing = (reason: string, message: string): Readiness => ({ kind: 'progressing', reason, message })

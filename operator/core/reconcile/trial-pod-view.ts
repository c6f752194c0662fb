// SPDX-License-Identifier: Apache-2.0
/** Reads the Job and the pod of an attempt into the view that decideTrial takes; it knows the pod's three containers by name. */
import { Receipt } from '../model/trial-job.ts'
import { maskNamedSecrets } from './mask-log.ts'
import type { AttemptView, PodTrouble } from './trial-observed.ts'

/** As much of a container's status as is read here. */
export interface ContainerStatusLike {
  readonly name: string
  /** As `registry/name@sha256:…`. */
  readonly imageID?: string
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: { readonly startedAt?: string }
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string; readonly startedAt?: string; readonly finishedAt?: string }
  }
}
export interface PodLike {
  readonly metadata: { readonly creationTimestamp?: string; readonly deletionTimestamp?: string }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[]
    readonly initContainerStatuses?: readonly ContainerStatusLike[]
    readonly containerStatuses?: readonly ContainerStatusLike[]
  }
}
export interface JobLike {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[] }
}

/** How long a pod may stay in trouble that may pass by itself. */
const GRACE_MS = { image: 120_000, config: 15_000, schedule: 600_000 } as const
const PATIENCE_MS: Readonly<Record<string, number>> = {
  ErrImagePull: GRACE_MS.image, ImagePullBackOff: GRACE_MS.image, InvalidImageName: 0, ErrImageNeverPull: 0,
  CreateContainerConfigError: GRACE_MS.config, CreateContainerError: GRACE_MS.config,
}

export function viewAttempt(seen: { readonly job: JobLike | undefined; readonly pod: PodLike | undefined; readonly now: number }): AttemptView {
  const { job, pod, now } = seen
  if (pod === undefined) return withoutPod(job)
  if (hasEnded(pod)) return ended(pod)
  const harness = stateOf(pod, 'harness')
  if (harness.terminated !== undefined) return { kind: 'collecting', message: `the harness ended with exit code ${harness.terminated.exitCode}` }
  if (harness.running !== undefined) return { kind: 'running', harnessStarted: harness.running.startedAt }
  return stuck(pod, now)
}

function withoutPod(job: JobLike | undefined): AttemptView {
  if (job === undefined) return { kind: 'none' }
  const failed = job.status?.conditions?.find((c) => c.type === 'Failed' && c.status === 'True')
  if (failed === undefined) return { kind: 'starting', message: 'the pod is being created' }
  return { kind: 'ended', trouble: { outcome: 'NotDelivered', class: 'transient', message: `the pod is gone: ${failed.message ?? failed.reason ?? ''}` } }
}

/** The pod is over, or will never go further because `prepare` refused its input. */
function hasEnded(pod: PodLike): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || failure(stateOf(pod, 'prepare')) !== undefined
}

/** How long a pod may outlive its own deletion before its node counts as lost. */
const DELETION_MARGIN_MS = 30_000

/** Whether the harness of a pod may still send requests, however its trial ended; the next trial on the stack would measure that load too. */
export function mayStillLoad(pod: PodLike, now: number): boolean {
  if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || stateOf(pod, 'harness').terminated !== undefined) return false
  const { deletionTimestamp } = pod.metadata
  return deletionTimestamp === undefined || now < Date.parse(deletionTimestamp) + DELETION_MARGIN_MS
}

function containers(pod: PodLike): readonly ContainerStatusLike[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  return [...initContainerStatuses, ...containerStatuses]
}

function stateOf(pod: PodLike, name: string): NonNullable<ContainerStatusLike['state']> {
  return containers(pod).find((c) => c.name === name)?.state ?? {}
}

type State = NonNullable<ContainerStatusLike['state']>
function failure({ terminated }: State): State['terminated'] {
  return terminated?.exitCode === 0 ? undefined : terminated
}

function ended(pod: PodLike): AttemptView {
  const receipt = parseReceipt(stateOf(pod, 'collector').terminated?.message)
  const trouble = disruption(pod) ?? prepareTrouble(failure(stateOf(pod, 'prepare'))) ?? harnessTrouble(failure(stateOf(pod, 'harness')))
  return { kind: 'ended', ...(receipt && { receipt }), ...(trouble && { trouble }) }
}

function parseReceipt(text: string | undefined): Receipt | undefined {
  if (text === undefined) return undefined
  try {
    return Receipt.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function disruption({ status = {} }: PodLike): PodTrouble | undefined {
  const { reason = '', message = '' } = status
  const target = status.conditions?.find((c) => c.type === 'DisruptionTarget' && c.status === 'True')
  if (reason === 'Evicted' || target !== undefined) return { outcome: 'Evicted', class: 'transient', message: message || (target?.message ?? 'the pod was evicted') }
  if (/^Node|Shutdown|Terminated/.test(reason)) return { outcome: 'NodeLost', class: 'transient', message: message || reason }
  return undefined
}

function prepareTrouble(end: State['terminated']): PodTrouble | undefined {
  if (end === undefined) return undefined
  return { outcome: 'HarnessFailed', class: 'deterministic', message: `prepare: ${end.message ?? end.reason ?? `exit code ${end.exitCode}`}`.slice(0, 2048) }
}

function harnessTrouble(end: State['terminated']): PodTrouble | undefined {
  if (end === undefined) return undefined
  if (end.reason === 'OOMKilled') return { outcome: 'OutOfMemory', class: 'deterministic', message: 'the harness was killed: out of memory (raise harness.pod.resources.limits.memory)' }
  // what containerd and the kubelet say of containers that were gone when they came back: nothing about the harness
  if (end.reason === 'Unknown' || end.reason === 'ContainerStatusUnknown') return { outcome: 'NodeLost', class: 'transient', message: 'the harness was lost: its node or the container runtime restarted' }
  const said = end.message ? `: ${maskNamedSecrets(end.message)}` : ' and said nothing'
  return { outcome: 'HarnessFailed', class: 'deterministic', message: `the harness ended with exit code ${end.exitCode}${said}`.slice(0, 2048) }
}

/** A pod that has not begun to run: starting, or stuck for longer than it may be. */
function stuck(pod: PodLike, now: number): AttemptView {
  const ageMs = now - Date.parse(pod.metadata.creationTimestamp ?? '')
  const unscheduled = pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False' && c.reason === 'Unschedulable')
  if (unscheduled !== undefined) return waitOrEnd(ageMs < GRACE_MS.schedule, { outcome: 'NotDelivered', class: 'deterministic', message: `unschedulable: ${unscheduled.message ?? ''}` })
  for (const { name, state } of containers(pod)) {
    const { reason = '', message = '' } = state?.waiting ?? {}
    const patienceMs = PATIENCE_MS[reason]
    if (patienceMs !== undefined) return waitOrEnd(ageMs < patienceMs, { outcome: reason.startsWith('CreateContainer') ? 'HarnessFailed' : 'ImagePull', class: 'deterministic', message: `${name}: ${reason}: ${message}` })
  }
  return { kind: 'starting', message: 'the pod is starting' }
}

function waitOrEnd(mayPass: boolean, trouble: PodTrouble): AttemptView {
  return mayPass ? { kind: 'starting', message: trouble.message, stuck: true } : { kind: 'ended', trouble }
}

// SPDX-License-Identifier: Apache-2.0
/** What ails a pod and whether waiting can help, read from its status alone. It decides no remedy. */

/** transient: the same pod elsewhere or later would work. deterministic: it fails again, however often. pending: nobody can tell yet, so grant a grace. */
export type TroubleClass = 'transient' | 'deterministic' | 'pending'

export interface PodTrouble {
  readonly reason: string
  readonly message: string
  readonly class: TroubleClass
  readonly pod: string
  readonly container?: string
}

interface TerminatedState { readonly exitCode: number; readonly reason?: string; readonly message?: string; readonly signal?: number }
interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string }
  readonly running?: object
  readonly terminated?: TerminatedState
}
export interface ContainerStatusInput {
  readonly name: string
  readonly restartCount: number
  readonly state?: ContainerState
  readonly lastState?: ContainerState
}
export interface PodInput {
  readonly metadata: { readonly name: string }
  readonly status?: {
    readonly phase?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[]
    readonly initContainerStatuses?: readonly ContainerStatusInput[]
    readonly containerStatuses?: readonly ContainerStatusInput[]
  }
}

export interface PodHealthOptions {
  /** Restarts after which a container that crashes is held to crash for ever. */
  readonly crashLimit?: number
}

/** All that ails the pod, the worst first; empty when it is well or merely starting. */
export function podTroubles(pod: PodInput, { crashLimit = 3 }: PodHealthOptions = {}): PodTrouble[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  const found: (Ailment | undefined)[] = [disruption(pod), admission(pod), scheduling(pod)]
  for (const container of [...initContainerStatuses, ...containerStatuses]) found.push(containerAilment(container, crashLimit))
  return found.filter((ailment) => ailment !== undefined)
    .map((ailment) => ({ ...ailment, message: shortened(ailment.message), pod: pod.metadata.name }))
    .sort((a, b) => WORST.indexOf(a.class) - WORST.indexOf(b.class))
}

/** The worst of several pods' troubles; of equals the first. */
export function worstTrouble(pods: readonly PodInput[], options?: PodHealthOptions): PodTrouble | undefined {
  return pods.flatMap((pod) => podTroubles(pod, options)).sort((a, b) => WORST.indexOf(a.class) - WORST.indexOf(b.class))[0]
}

type Ailment = Omit<PodTrouble, 'pod'>

/** A pod that was pushed out did nothing wrong, whatever its containers then say: this outranks them. */
const WORST: readonly TroubleClass[] = ['transient', 'deterministic', 'pending']
const MESSAGE_LENGTH = 500

/** Pushed out: evicted, preempted, its node drained, lost or shut down. */
function disruption({ status = {} }: PodInput): Ailment | undefined {
  const target = status.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True')
  if (target !== undefined) return { reason: target.reason ?? 'DisruptionTarget', message: target.message ?? 'the pod was pushed out', class: 'transient' }
  if (DISRUPTED.test(status.reason ?? '')) return { reason: status.reason ?? '', message: status.message ?? 'the pod was pushed out', class: 'transient' }
  if (status.phase === 'Unknown') return { reason: 'NodeLost', message: status.message ?? 'its node does not report any more', class: 'transient' }
  return undefined
}
const DISRUPTED = /^(Evicted|Preempted|Preempting|NodeLost|NodeShutdown|Shutdown|Terminated|NodeAffinity)$/

/** Refused by the kubelet of the node that it was sent to: another try may land better. */
function admission({ status = {} }: PodInput): Ailment | undefined {
  const { reason = '', message = 'the node refused the pod' } = status
  return /^(OutOf[a-z].*|UnexpectedAdmissionError|NodePorts|TopologyAffinityError)$/i.test(reason) ? { reason, message, class: 'transient' } : undefined
}

function scheduling({ status = {} }: PodInput): Ailment | undefined {
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status !== 'False') return undefined
  return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'no node takes the pod', class: 'pending' }
}

function containerAilment(container: ContainerStatusInput, crashLimit: number): Ailment | undefined {
  const ailment = killedForMemory(container) ?? waiting(container, crashLimit) ?? ended(container) ?? restarted(container, crashLimit)
  return ailment === undefined ? undefined : { ...ailment, container: container.name }
}

/** Once over its limit, it will be there again under the same load. */
function killedForMemory({ name, state, lastState }: ContainerStatusInput): Ailment | undefined {
  const killed = [state?.terminated, lastState?.terminated].find((end) => end?.reason === 'OOMKilled')
  return killed === undefined ? undefined : { reason: 'OOMKilled', message: `container ${name} went over its memory limit (exit code ${killed.exitCode})`, class: 'deterministic' }
}

/** The kubelet of a busy node has not yet seen the Secret or ConfigMap, whether or not it is there: it looks again within seconds. */
const isLookedAtAgain = (message = ''): boolean => /failed to sync (?:secret|configmap) cache: timed out/i.test(message)

/** A Secret, a ConfigMap or a key of one is not there, and the container waits for it for ever. */
export function isMisconfigured(waiting: { readonly reason?: string | undefined; readonly message?: string | undefined } | undefined): boolean {
  return waiting?.reason === 'CreateContainerConfigError' && !isLookedAtAgain(waiting.message)
}

function waiting(container: ContainerStatusInput, crashLimit: number): Ailment | undefined {
  const { reason = '', message = '' } = container.state?.waiting ?? {}
  if (reason === 'CrashLoopBackOff') return { reason, message: crashMessage(container), class: crashClass(container, crashLimit) }
  if (PULLING.has(reason)) return { reason, message, class: pullClass(message) }
  return HOPELESS.has(reason) && !isLookedAtAgain(message) ? { reason, message, class: 'deterministic' } : undefined
}
const PULLING: ReadonlySet<string> = new Set(['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable'])
const HOPELESS: ReadonlySet<string> = new Set([
  'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError', 'SignatureValidationFailed',
  'CreateContainerConfigError', 'CreateContainerError', 'RunContainerError', 'StartError', 'PreCreateHookError', 'PostStartHookError',
])

/** A container that has ended in failure and is not started again. */
function ended({ name, state }: ContainerStatusInput): Ailment | undefined {
  const end = state?.terminated
  if (end === undefined || end.exitCode === 0) return undefined
  return { reason: end.reason ?? 'Error', message: `container ${name} ${ending(end)}`, class: 'deterministic' }
}

/** It runs again, for now. */
function restarted(container: ContainerStatusInput, crashLimit: number): Ailment | undefined {
  const last = container.lastState?.terminated
  if (last === undefined || last.exitCode === 0 || container.restartCount === 0) return undefined
  return { reason: 'ContainerRestarted', message: crashMessage(container), class: crashClass(container, crashLimit) }
}

/** One crash may be a race at start-up; several are a habit. */
function crashClass({ restartCount }: ContainerStatusInput, crashLimit: number): TroubleClass {
  return restartCount >= crashLimit ? 'deterministic' : 'pending'
}

function crashMessage({ name, restartCount, lastState }: ContainerStatusInput): string {
  const end = lastState?.terminated
  return `container ${name} was restarted ${restartCount === 1 ? 'once' : `${restartCount} times`}${end === undefined ? '' : ` and last ${ending(end)}`}`
}

function ending({ exitCode, signal, message = '' }: TerminatedState): string {
  const how = signal === undefined || signal === 0 ? `exited with code ${exitCode}` : `was killed by signal ${signal}`
  return message.trim() === '' ? how : `${how}: ${message.trim()}`
}

/** What registries say when the image is not there or not for us, and what they say when they are unwell. */
const PULL_REFUSED = /not found|manifest unknown|repository does not exist|name unknown|denied|unauthorized|authentication required|forbidden|no match for platform|invalid reference/i
const PULL_UNWELL = /\b(429|5\d\d)\b|too ?many ?requests|time(d )?out|connection (refused|reset)|unexpected eof|temporary failure|service unavailable|tls handshake|network is unreachable/i

function pullClass(message: string): TroubleClass {
  if (PULL_UNWELL.test(message)) return 'transient'
  return PULL_REFUSED.test(message) ? 'deterministic' : 'pending'
}

function shortened(message: string): string {
  return message.length <= MESSAGE_LENGTH ? message : `${message.slice(0, MESSAGE_LENGTH - 1)}…`
}

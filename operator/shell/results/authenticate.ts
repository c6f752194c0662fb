// SPDX-License-Identifier: Apache-2.0
/** Who may do what here: a collector its own attempt, the controller everything, a reader what RBAC lets it get. */
import { LABELS, RESULTS_AUDIENCE } from '../../core/model/kinds.ts'
import type { Clock } from '../kube/clock.ts'
import { createAnswerCache } from './answer-cache.ts'
import type { AttemptRef } from './api.ts'
import type { Identity, PodSeen, ResultsKube, TrialSeen } from './kube.ts'
import { Refusal } from './refusal.ts'
import type { AttemptId } from './store.ts'
import { claimsAudience, fingerprint, tokenOf } from './token.ts'

export interface Guard {
  /** The attempt that the token's pod belongs to, and its Trial; refuses every other. */
  readonly collector: (headers: TokenHeaders, ref: AttemptRef) => Promise<Admitted>
  readonly controller: (headers: TokenHeaders) => Promise<void>
  readonly reader: (headers: TokenHeaders, what: Readable) => Promise<void>
}

export interface TokenHeaders {
  readonly authorization?: string
  readonly ours?: string
}
interface Readable {
  readonly resource: 'trials' | 'experiments'
  readonly namespace: string
  readonly name: string
}
interface Admitted {
  readonly attempt: AttemptId
  readonly trial: TrialSeen
}

export interface GuardOptions {
  readonly kube: ResultsKube
  readonly clock: Clock
  /** User name of the controller's service account: system:serviceaccount:<namespace>:<name>. */
  readonly controllerUser: string
}

const GRANTED_MS = 60_000
const REFUSED_MS = 5_000
/** Rights of readers are taken away without notice: they are asked for more often. */
const READER_MS = 15_000
const POD_NAME = 'authentication.kubernetes.io/pod-name'
const POD_UID = 'authentication.kubernetes.io/pod-uid'

export function createGuard({ kube, clock, controllerUser }: GuardOptions): Guard {
  const identities = createAnswerCache<Identity | undefined>({ clock, holdsMs: (who) => (who === undefined ? REFUSED_MS : GRANTED_MS) })
  const collectors = createAnswerCache<Admitted>({ clock, holdsMs: () => GRANTED_MS })
  const readers = createAnswerCache<boolean>({ clock, holdsMs: (granted) => (granted ? READER_MS : REFUSED_MS) })

  const identify = async (headers: TokenHeaders): Promise<{ who: Identity; print: string }> => {
    const token = tokenOf(headers)
    if (token === undefined) throw unauthorized('a token is needed')
    if (!claimsAudience(token, RESULTS_AUDIENCE, clock.epochMs()))
      throw unauthorized(`the token has expired or is not for the audience ${RESULTS_AUDIENCE}`)
    const print = fingerprint(token)
    const who = await identities.get(print, () => kube.reviewToken(token))
    if (who === undefined) throw unauthorized('the API server does not know the token')
    return { who, print }
  }
  return {
    collector: async (headers, ref) => {
      const { who, print } = await identify(headers)
      return collectors.get(`${print} ${ref.namespace} ${ref.trial} ${ref.attempt}`, () => admitCollector(kube, who, ref))
    },
    controller: async (headers) => {
      const { who } = await identify(headers)
      if (who.username !== controllerUser) throw forbidden(`${who.username} is not the controller`)
    },
    reader: async (headers, what) => {
      const { who, print } = await identify(headers)
      const granted = await readers.get(`${print} ${what.resource} ${what.namespace} ${what.name}`, () => kube.mayGet(who, what))
      if (!granted) throw forbidden(`${who.username} may not get ${what.resource} "${what.name}" in namespace "${what.namespace}"`)
    },
  }
}

async function admitCollector(kube: ResultsKube, who: Identity, ref: AttemptRef): Promise<Admitted> {
  const podName = who.extra[POD_NAME]?.[0]
  const podUid = who.extra[POD_UID]?.[0]
  if (!who.username.startsWith(`system:serviceaccount:${ref.namespace}:`) || podName === undefined || podUid === undefined) {
    throw forbidden(`the token is not that of a pod in namespace "${ref.namespace}"`)
  }
  const [pod, trial, namespaceUid] = await Promise.all([
    kube.pod(ref.namespace, podName),
    kube.trial(ref.namespace, ref.trial),
    kube.namespaceUid(ref.namespace),
  ])
  if (trial?.metadata.uid === undefined || namespaceUid === undefined)
    throw forbidden(`there is no Trial "${ref.trial}" in namespace "${ref.namespace}"`)
  checkPod({ pod, podName, podUid, ref, job: recordedJob(trial, ref) })
  return { trial, attempt: { namespaceUid, trial: ref.trial, trialUid: trial.metadata.uid, attempt: ref.attempt } }
}

/** The Job that the Trial's status names for the attempt; the controller writes it before it makes the Job. */
function recordedJob(trial: TrialSeen, { attempt }: AttemptRef): { readonly name: string; readonly uid?: string } {
  const recorded = trial.status?.attempts?.find(({ number }) => number === attempt)
  // Our view may be behind that of the controller: worth another try.
  if (recorded === undefined)
    throw new Refusal({ status: 503, code: 'NotOnRecord', message: `the Trial's status has no attempt ${attempt}`, retryAfterSeconds: 1 })
  return { name: recorded.job, uid: recorded.jobUid }
}

interface PodCheck {
  readonly pod: PodSeen | undefined
  readonly podName: string
  readonly podUid: string
  readonly ref: AttemptRef
  readonly job: { readonly name: string; readonly uid?: string }
}

function checkPod({ pod, podName, podUid, ref, job }: PodCheck): void {
  if (pod?.metadata.uid !== podUid) throw forbidden(`pod "${podName}" is gone`)
  const { labels = {}, ownerReferences = [] } = pod.metadata
  if (labels[LABELS.trial] !== ref.trial || labels[LABELS.attempt] !== String(ref.attempt)) {
    throw forbidden(`pod "${podName}" is not labelled for attempt ${ref.attempt} of Trial "${ref.trial}"`)
  }
  const owner = ownerReferences.find(({ kind, controller }) => kind === 'Job' && controller === true)
  if (owner?.name !== job.name || (job.uid !== undefined && owner.uid !== job.uid))
    throw forbidden(`pod "${podName}" does not belong to Job "${job.name}"`)
}

const unauthorized = (message: string) => new Refusal({ status: 401, code: 'Unauthorized', message })
const forbidden = (message: string) => new Refusal({ status: 403, code: 'Forbidden', message })

// SPDX-License-Identifier: Apache-2.0
/** The few answers of Kubernetes that the results server needs, from memory. */
import { LABELS, RESULTS_AUDIENCE } from '../../../core/model/kinds.ts'
import type { Identity, PodSeen, ResultsKube, TrialSeen } from '../kube.ts'

export interface FakeKube extends ResultsKube {
  readonly trials: Map<string, TrialSeen>
  readonly pods: Map<string, PodSeen>
  readonly namespaces: Map<string, string>
  readonly readers: Set<string>
  readonly asked: string[]
  /** A token that only this kube knows. */
  readonly token: (who: Identity, claims?: { aud?: string | string[]; exp?: number }) => string
  /** A Trial with one attempt under way, its pod, and the token of the pod. */
  readonly addAttempt: (at: { namespace: string; trial: string; attempt: number; uid?: string }) => string
}

export const CONTROLLER: Identity = { username: 'system:serviceaccount:assay-system:assay-controller', groups: [], extra: {} }

export function createFakeKube(): FakeKube {
  const tokens = new Map<string, Identity>()
  const kube: FakeKube = {
    trials: new Map(), pods: new Map(), namespaces: new Map([['bench', 'ns-uid-1'], ['other', 'ns-uid-2']]), readers: new Set(), asked: [],
    token: (who, { aud = RESULTS_AUDIENCE, exp = 4_000_000_000 } = {}) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const token = `${part({ alg: 'none' })}.${part({ aud, exp, n: tokens.size })}.sig`
      tokens.set(token, who)
      return token
    },
    addAttempt: ({ namespace, trial, attempt, uid = `uid-${trial}` }) => {
      const job = `${trial}-a${attempt}`
      const pod = `${job}-x`
      const attempts = [...(kube.trials.get(`${namespace}/${trial}`)?.status?.attempts ?? []), { number: attempt, job }]
      kube.trials.set(`${namespace}/${trial}`, {
        metadata: { name: trial, uid, creationTimestamp: '2026-01-01T00:00:00Z', ownerReferences: [{ apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', name: 'exp', uid: 'exp-uid' }] },
        spec: { results: { keepRaw: true, retention: '2h' } }, status: { attempts },
      })
      kube.pods.set(`${namespace}/${pod}`, {
        metadata: { name: pod, uid: `${pod}-uid`, labels: { [LABELS.trial]: trial, [LABELS.attempt]: String(attempt) }, ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: job, uid: `${job}-uid`, controller: true }] },
      })
      return kube.token(podIdentity(namespace, pod))
    },
    reviewToken: async (token) => {
      kube.asked.push('review')
      return tokens.get(token)
    },
    mayGet: async (who, { resource, namespace, name }) => {
      kube.asked.push('access')
      return kube.readers.has(`${who.username} ${resource} ${namespace}/${name}`)
    },
    trial: async (namespace, name) => kube.trials.get(`${namespace}/${name}`),
    pod: async (namespace, name) => kube.pods.get(`${namespace}/${name}`),
    namespaceUid: async (namespace) => kube.namespaces.get(namespace),
  }
  return kube
}

function podIdentity(namespace: string, pod: string): Identity {
  return {
    username: `system:serviceaccount:${namespace}:default`, groups: [],
    extra: { 'authentication.kubernetes.io/pod-name': [pod], 'authentication.kubernetes.io/pod-uid': [`${pod}-uid`] },
  }
}

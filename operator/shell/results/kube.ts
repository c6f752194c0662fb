// SPDX-License-Identifier: Apache-2.0
/** What the results server asks of Kubernetes, and nothing more; tests hand in another one. */
import { GROUP, RESULTS_AUDIENCE } from '../../core/model/kinds.ts'
import type { TrialSpec, TrialStatus } from '../../core/model/trial.ts'
import type { ObjectMeta } from '../../core/model/kinds.ts'
import { TRIALS } from '../kube/assay-resources.ts'
import { NAMESPACES, PODS } from '../kube/builtin-resources.ts'
import type { ResourceApi } from '../kube/resource-api.ts'
import { type Identity, mayAccess, reviewToken } from '../kube/reviews.ts'

export type { Identity }

/** As much of a Trial as is read here. */
export interface TrialSeen {
  readonly metadata: Pick<ObjectMeta, 'name' | 'uid' | 'labels' | 'creationTimestamp' | 'ownerReferences'>
  readonly spec: { readonly results: TrialSpec['results'] }
  readonly status?: Pick<TrialStatus, 'attempts'>
}
export interface PodSeen {
  readonly metadata: Pick<ObjectMeta, 'name' | 'uid' | 'labels' | 'ownerReferences'>
}

export interface ResultsKube {
  /** Whose token it is; undefined when it is not valid for our audience. */
  readonly reviewToken: (token: string) => Promise<Identity | undefined>
  readonly mayGet: (
    who: Identity,
    what: { readonly resource: 'trials' | 'experiments'; readonly namespace: string; readonly name: string },
  ) => Promise<boolean>
  readonly trial: (namespace: string, name: string) => Promise<TrialSeen | undefined>
  readonly pod: (namespace: string, name: string) => Promise<PodSeen | undefined>
  readonly namespaceUid: (namespace: string) => Promise<string | undefined>
}

export function createResultsKube(api: ResourceApi): ResultsKube {
  return {
    reviewToken: (token) => reviewToken(api, token, [RESULTS_AUDIENCE]),
    mayGet: (who, { resource, namespace, name }) => mayAccess(api, who, { verb: 'get', group: GROUP, resource, namespace, name }),
    trial: (namespace, name) => api.find(TRIALS, { namespace, name }),
    pod: (namespace, name) => api.find(PODS, { namespace, name }),
    namespaceUid: async (namespace) => (await api.find(NAMESPACES, { name: namespace }))?.metadata.uid,
  }
}

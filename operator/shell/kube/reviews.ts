// SPDX-License-Identifier: Apache-2.0
/** Asks the API server who somebody is and what they may do, and for tokens; it keeps no answer. */
import type { ObjectRef } from './api-resource.ts'
import { SELF_SUBJECT_ACCESS_REVIEWS, SUBJECT_ACCESS_REVIEWS, TOKEN_REQUESTS, TOKEN_REVIEWS } from './builtin-resources.ts'
import type { ResourceApi } from './resource-api.ts'

export interface Identity {
  readonly username: string
  readonly uid?: string
  readonly groups: readonly string[]
  /** Of a pod's token: the pod's name and uid, under `authentication.kubernetes.io/…`. */
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** One thing that one may or may not do. */
export interface AccessQuestion {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
}

/** Whose token it is, or undefined when it is not valid for any of the audiences. */
export async function reviewToken(api: ResourceApi, token: string, audiences: readonly string[]): Promise<Identity | undefined> {
  const { status } = await api.create(TOKEN_REVIEWS, { spec: { token, audiences: [...audiences] } })
  // A server that knows no audiences answers without any: then the token was made for the API server itself.
  const forUs = status?.audiences?.some((audience) => audiences.includes(audience)) === true
  if (status?.authenticated !== true || !forUs) return undefined
  const { username = '', uid, groups = [], extra = {} } = status.user ?? {}
  return { username, uid, groups, extra }
}

/** Whether that identity may do it. */
export async function mayAccess(api: ResourceApi, identity: Identity, question: AccessQuestion): Promise<boolean> {
  const { username: user, uid, groups, extra } = identity
  const { status } = await api.create(SUBJECT_ACCESS_REVIEWS, {
    spec: { user, uid, groups: [...groups], extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])), resourceAttributes: question },
  })
  return status?.allowed === true
}

/** Whether we may do it ourselves. */
export async function mayI(api: ResourceApi, question: AccessQuestion): Promise<boolean> {
  const { status } = await api.create(SELF_SUBJECT_ACCESS_REVIEWS, { spec: { resourceAttributes: question } })
  return status?.allowed === true
}

export interface ServiceAccountToken {
  readonly token: string
  readonly expiresAt: string
}

/** A short-lived token of a service account, for the audiences only. */
export async function requestToken(
  api: ResourceApi,
  of: ObjectRef & { readonly namespace: string },
  { audiences, expirationSeconds }: { readonly audiences: readonly string[]; readonly expirationSeconds: number },
): Promise<ServiceAccountToken> {
  const body = { apiVersion: 'authentication.k8s.io/v1', spec: { audiences: [...audiences], expirationSeconds } }
  const { status } = await api.create(TOKEN_REQUESTS, body, { of, subresource: 'token' })
  if (status?.token === undefined || status.expirationTimestamp === undefined) throw new Error(`the API server gave no token for service account ${of.namespace}/${of.name}`)
  return { token: status.token, expiresAt: status.expirationTimestamp }
}

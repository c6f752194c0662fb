// SPDX-License-Identifier: Apache-2.0
/** What identifies a resource of the API and its objects: descriptors, types as they are on the wire, paths. It sends nothing. */
import type { ObjectMeta } from '../../core/model/kinds.ts'

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
}

/** Carries the objects' type with the descriptor; there is no such value. */
declare const objects: unique symbol

/** A resource of the API; `T` is what its objects look like. */
export interface ApiResource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly [objects]?: T
}

/** A type of client-node as the API server sends it: times are texts, and metadata is always there. */
export type Served<T> = Omit<Wire<T>, 'metadata'> & KubeObject
/** The same of any part of such a type. */
export type Wire<T> = T extends Date ? string : T extends (infer U)[] ? Wire<U>[] : T extends object ? { [K in keyof T]: Wire<T[K]> } : T

/** An object as it is handed in for creation: the API server fills in the rest. */
export type Draft<T extends KubeObject> = Omit<T, 'metadata'> & { metadata?: Partial<ObjectMeta> & { generateName?: string } }

/** Which object: the namespace is left out for resources that have none. */
export interface ObjectRef {
  readonly namespace?: string
  readonly name: string
}

export const apiVersionOf = ({ group, version }: Pick<ApiResource, 'group' | 'version'>): string => (group === '' ? version : `${group}/${version}`)

/** `namespace/name`, or the name alone: the key under which stores and queues know an object. */
export function keyOf({ metadata }: { readonly metadata: { readonly name: string; readonly namespace?: string } }): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
}

/** The object that a key names. */
export function refOf(key: string): ObjectRef & { readonly namespace: string } {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) }
}

/** The path of a collection, of all namespaces when none is given; of an object; or of its subresource. */
export function pathOf(resource: ApiResource, at: { readonly namespace?: string; readonly name?: string; readonly subresource?: string } = {}): string {
  const { group, version, plural } = resource
  const parts = [group === '' ? 'api' : 'apis', group, version, ...scopeOf(resource, at), plural, at.name ?? '', at.subresource ?? '']
  return parts.filter((part) => part !== '').map((part) => `/${encodeURIComponent(part)}`).join('')
}

function scopeOf({ plural, namespaced }: ApiResource, { namespace = '', name }: { readonly namespace?: string; readonly name?: string }): string[] {
  if (!namespaced) return []
  if (namespace !== '') return ['namespaces', namespace]
  if (name === undefined) return []
  throw new TypeError(`${plural} "${name}" cannot be addressed without a namespace`)
}

// SPDX-License-Identifier: Apache-2.0
/** Keeps a store in step with what lists and watches say, whatever the order, and tells subscribers; it asks the API nothing. */
import { type KubeObject, keyOf } from './api-resource.ts'
import type { Store, WritableStore } from './store.ts'

/** What a subscriber is told. Level-triggered: derive a key and look in the store, do not count events. */
export interface Handlers<T> {
  readonly add?: (object: T) => void
  readonly update?: (object: T, before: T) => void
  /** `finalStateUnknown`: the deletion was missed, so this is the last state seen, not the last there was. */
  readonly delete?: (object: T, how: { readonly finalStateUnknown: boolean }) => void
}

export interface Mirror<T extends KubeObject> {
  readonly store: Store<T>
  /** Tells the handlers of all objects there are, then of every change; returns the way out. */
  readonly subscribe: (handlers: Handlers<T>) => () => void
  /** A watch says that the object has become so; what is older than what we know is passed over. */
  readonly changed: (object: T) => void
  /** A list says that the object is so, which counts whatever we knew: versions go back when an API server is restored. */
  readonly listed: (object: T) => void
  /** The object was deleted and this was its last state. */
  readonly gone: (object: T) => void
  /** Of the keys that are in scope only these existed, at that resource version. */
  readonly only: (exists: ReadonlySet<string>, at: { readonly resourceVersion: string; readonly inScope: (key: string) => boolean }) => void
}

export interface MirrorOptions<T extends KubeObject> {
  readonly store: WritableStore<T>
  readonly transform: (object: T) => T
  /** A handler threw; nobody else is affected. */
  readonly onHandlerError: (error: unknown) => void
}

/** Deleted objects that are remembered with their last version, so that a late event does not bring one back. */
const TOMBSTONES = 2048

export function createMirror<T extends KubeObject>({ store, transform, onHandlerError }: MirrorOptions<T>): Mirror<T> {
  const subscribers = new Set<Handlers<T>>()
  const buried = createTombstones()
  const guarded = (tell: () => void) => {
    try {
      tell()
    } catch (error) {
      onHandlerError(error)
    }
  }
  const tell = (each: (handlers: Handlers<T>) => void) => { for (const handlers of subscribers) guarded(() => each(handlers)) }
  const remove = (key: string, last: T, finalStateUnknown: boolean) => {
    store.delete(key)
    tell((handlers) => handlers.delete?.(last, { finalStateUnknown }))
  }
  const put = (object: T, before: T | undefined) => {
    // Same name, another object: its predecessor's deletion was missed.
    const replaced = before !== undefined && before.metadata.uid !== object.metadata.uid
    if (replaced) remove(keyOf(before), before, true)
    const kept = transform(object)
    store.set(kept)
    tell((handlers) => (before === undefined || replaced ? handlers.add?.(kept) : handlers.update?.(kept, before)))
  }
  return {
    store,
    subscribe: (handlers) => {
      for (const object of store.list()) guarded(() => handlers.add?.(object))
      subscribers.add(handlers)
      return () => void subscribers.delete(handlers)
    },
    changed: (object) => {
      const before = store.get(keyOf(object))
      const late = before !== undefined && isOlder(versionOf(object), versionOf(before))
      if (!late && !buried.covers(object) && !isSame(object, before)) put(object, before)
    },
    listed: (object) => {
      const before = store.get(keyOf(object))
      if (!isSame(object, before)) put(object, before)
    },
    gone: (object) => {
      buried.add(object, object.metadata.resourceVersion)
      const before = store.get(keyOf(object))
      if (before !== undefined && before.metadata.uid === object.metadata.uid) remove(keyOf(object), transform(object), false)
    },
    only: (exists, { resourceVersion, inScope }) => {
      for (const key of store.keys()) {
        const last = store.get(key)
        if (last === undefined || exists.has(key) || !inScope(key)) continue
        buried.add(last, resourceVersion)
        remove(key, last, true)
      }
    },
  }
}

/** Drops what no controller reads and what is often the larger half of an object. */
export function withoutBookkeeping<T extends KubeObject>(object: T): T {
  const { managedFields: _managed, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown }
  if (metadata.annotations?.[LAST_APPLIED] === undefined) return { ...object, metadata }
  const { [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations
  return { ...object, metadata: { ...metadata, annotations } }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

const versionOf = ({ metadata }: KubeObject): string => metadata.resourceVersion ?? ''

function isSame(object: KubeObject, before: KubeObject | undefined): boolean {
  return before !== undefined && versionOf(object) === versionOf(before) && object.metadata.uid === before.metadata.uid
}

/** Whether one resource version is older than the other; false where they cannot be compared. */
export function isOlder(version: string, than: string): boolean {
  return isDecimal(version) && isDecimal(than) && compareDecimals(version, than) < 0
}

function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : Number(a > b)
}

const isDecimal = (text: string): boolean => /^[1-9][0-9]*$/.test(text)

/** An object that left a selector and came back has a newer version than its grave. */
function createTombstones() {
  const graves = new Map<string, string>()
  return {
    covers: ({ metadata: { uid = '', resourceVersion = '' } }: KubeObject) => {
      const at = graves.get(uid)
      return at !== undefined && (resourceVersion === at || isOlder(resourceVersion, at))
    },
    add: ({ metadata: { uid = '' } }: KubeObject, resourceVersion = '') => {
      graves.delete(uid)
      graves.set(uid, resourceVersion)
      const [oldest] = graves.keys()
      if (graves.size > TOMBSTONES && oldest !== undefined) graves.delete(oldest)
    },
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Keeps a store in step with what lists and watches say, whatever the order, and tells subscribers; it asks the API nothing. */
import { type KubeObject, keyOf } from './api-resource.ts'
import { createTombstones, isOlder, versionOf } from './resource-version.ts'
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
  /** A list, a watch or the answer to a write says that the object is so; what is older than what we know is passed over. */
  readonly changed: (object: T) => void
  /** The object was deleted and this was its last state. */
  readonly gone: (object: T) => void
  /** Of the keys that are in scope only these existed, at that resource version. */
  readonly only: (exists: ReadonlySet<string>, at: { readonly resourceVersion: string; readonly inScope: InScope }) => void
  /** The versions of the API server went back (it was restored from a backup): what we know is no longer newer than what we hear. */
  readonly rewound: (inScope: InScope) => void
}

export type InScope = (key: string) => boolean

export interface MirrorOptions<T extends KubeObject> {
  readonly store: WritableStore<T>
  readonly transform: (object: T) => T
  /** A handler or the transform threw; nobody else is affected. */
  readonly onError: (error: unknown) => void
}

export function createMirror<T extends KubeObject>({ store, transform, onError }: MirrorOptions<T>): Mirror<T> {
  const subscribers = createSubscribers<T>(onError)
  const graves = createTombstones()
  /** Keys whose known version is of a history that is no more. */
  const rewound = new Set<string>()
  const isNewer = (known: T, than: string) => !rewound.has(keyOf(known)) && isOlder(than, versionOf(known))
  const kept = (object: T) => guarded(() => transform(object), onError) ?? object
  const remove = (last: T, finalStateUnknown: boolean) => {
    rewound.delete(keyOf(last))
    store.delete(keyOf(last))
    subscribers.tell((handlers) => handlers.delete?.(last, { finalStateUnknown }))
  }
  const put = (object: T, known: T | undefined) => {
    // Same name, another object: its predecessor's deletion was missed.
    const replaces = known !== undefined && known.metadata.uid !== object.metadata.uid
    if (replaces) remove(known, true)
    const now = kept(object)
    rewound.delete(keyOf(now))
    store.set(now)
    subscribers.tell((handlers) => (known === undefined || replaces ? handlers.add?.(now) : handlers.update?.(now, known)))
  }
  return {
    store,
    subscribe: (handlers) => subscribers.add(handlers, store.list()),
    changed: (object) => {
      const known = store.get(keyOf(object))
      const late = known !== undefined && isNewer(known, versionOf(object))
      if (!late && !graves.covers(object) && !isSame(object, known)) put(object, known)
    },
    gone: (object) => {
      graves.add(object)
      const known = store.get(keyOf(object))
      if (known !== undefined && known.metadata.uid === object.metadata.uid) remove(kept(object), false)
    },
    only: (exists, { resourceVersion, inScope }) => {
      // What we made ourselves while the list was under way is newer than the list.
      const missing = store.list().filter((known) => inScope(keyOf(known)) && !exists.has(keyOf(known)) && !isNewer(known, resourceVersion))
      for (const object of missing) {
        graves.add(object, resourceVersion)
        remove(object, true)
      }
    },
    rewound: (inScope) => {
      graves.clear()
      for (const key of store.keys()) if (inScope(key)) rewound.add(key)
    },
  }
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Drops what no controller reads and what is often the larger half of an object. */
export function withoutBookkeeping<T extends KubeObject>(object: T): T {
  const { managedFields: _managed, ...metadata } = object.metadata as T['metadata'] & { managedFields?: unknown }
  if (metadata.annotations?.[LAST_APPLIED] === undefined) return { ...object, metadata }
  const { [LAST_APPLIED]: _applied, ...annotations } = metadata.annotations
  return { ...object, metadata: { ...metadata, annotations } }
}

function isSame(object: KubeObject, known: KubeObject | undefined): boolean {
  return known !== undefined && versionOf(object) === versionOf(known) && object.metadata.uid === known.metadata.uid
}

function createSubscribers<T>(onError: (error: unknown) => void) {
  const all = new Set<Handlers<T>>()
  return {
    tell: (each: (handlers: Handlers<T>) => void) => {
      for (const handlers of all) guarded(() => each(handlers), onError)
    },
    add: (handlers: Handlers<T>, existing: readonly T[]) => {
      for (const object of existing) guarded(() => handlers.add?.(object), onError)
      all.add(handlers)
      return () => void all.delete(handlers)
    },
  }
}

/** What it returned; undefined when it threw, which is reported and ends there. */
function guarded<R>(run: () => R, onError: (error: unknown) => void): R | undefined {
  try {
    return run()
  } catch (error) {
    onError(error)
    return undefined
  }
}

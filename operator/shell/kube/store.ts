// SPDX-License-Identifier: Apache-2.0
/** Objects by key and by indexes over them; it knows neither the API nor when they change. */
import { type KubeObject, keyOf } from './api-resource.ts'

/** The values under which an object is found in one index, such as its owner's uid or the value of a label. */
export type IndexBy<T> = (object: T) => readonly string[]

/** What readers see. Objects are shared: nobody may change them. */
export interface Store<T extends KubeObject> {
  readonly get: (key: string) => T | undefined
  readonly list: () => T[]
  readonly byIndex: (index: string, value: string) => T[]
  readonly keys: () => IterableIterator<string>
  readonly size: () => number
}

export interface WritableStore<T extends KubeObject> extends Store<T> {
  /** Returns what was there before. */
  readonly set: (object: T) => T | undefined
  readonly delete: (key: string) => T | undefined
}

export function createStore<T extends KubeObject>(indexes: Readonly<Record<string, IndexBy<T>>> = {}): WritableStore<T> {
  const objects = new Map<string, T>()
  const indexed = new Map(Object.entries(indexes).map(([name, by]) => [name, createIndex(by)]))
  return {
    get: (key) => objects.get(key),
    list: () => [...objects.values()],
    keys: () => objects.keys(),
    size: () => objects.size,
    byIndex: (name, value) => {
      const index = indexed.get(name)
      if (index === undefined) throw new TypeError(`the store has no index "${name}", only: ${[...indexed.keys()].join(', ') || 'none'}`)
      return index.keys(value).flatMap((key) => objects.get(key) ?? [])
    },
    set: (object) => {
      const key = keyOf(object)
      const before = objects.get(key)
      objects.set(key, object)
      for (const index of indexed.values()) index.move(key, before, object)
      return before
    },
    delete: (key) => {
      const before = objects.get(key)
      objects.delete(key)
      for (const index of indexed.values()) index.move(key, before, undefined)
      return before
    },
  }
}

/** Indexes by the values of labels. */
export const byLabel = (label: string): IndexBy<KubeObject> => ({ metadata }) => {
  const value = metadata.labels?.[label]
  return value === undefined ? [] : [`${metadata.namespace ?? ''}/${value}`]
}

/** Indexes by the uids of all owners. */
export const byOwner: IndexBy<KubeObject> = ({ metadata }) => metadata.ownerReferences?.map((owner) => owner.uid) ?? []

function createIndex<T extends KubeObject>(by: IndexBy<T>) {
  const keysByValue = new Map<string, Set<string>>()
  const take = (value: string, key: string) => {
    const keys = keysByValue.get(value)
    keys?.delete(key)
    if (keys?.size === 0) keysByValue.delete(value)
  }
  const put = (value: string, key: string) => {
    const keys = keysByValue.get(value)
    if (keys === undefined) keysByValue.set(value, new Set([key]))
    else keys.add(key)
  }
  return {
    keys: (value: string) => [...(keysByValue.get(value) ?? [])],
    move: (key: string, before: T | undefined, after: T | undefined) => {
      const old = before === undefined ? [] : by(before)
      const now = after === undefined ? [] : by(after)
      for (const value of old) if (!now.includes(value)) take(value, key)
      for (const value of now) put(value, key)
    },
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Orders resource versions and remembers the deleted, so that what comes late is known to be late. */
import type { KubeObject } from './api-resource.ts'

export interface Tombstones {
  /** Whether the object is a state from before its own deletion. */
  readonly covers: (object: KubeObject) => boolean
  /** The object was gone at that version; without one, at its own. */
  readonly add: (object: KubeObject, resourceVersion?: string) => void
  readonly clear: () => void
}

export const versionOf = ({ metadata }: KubeObject): string => metadata.resourceVersion ?? ''

/** Whether one version is older than the other; false where they cannot be compared, as they are not promised to be numbers everywhere. */
export function isOlder(version: string, than: string): boolean {
  return isDecimal(version) && isDecimal(than) && compareDecimals(version, than) < 0
}

/** An object that only left a selector and comes back has a newer version than its grave. */
export function createTombstones(capacity = 2048): Tombstones {
  const graves = new Map<string, string>()
  return {
    covers: (object) => {
      const at = graves.get(object.metadata.uid ?? '')
      return at !== undefined && (versionOf(object) === at || isOlder(versionOf(object), at))
    },
    add: (object, resourceVersion = versionOf(object)) => {
      const { uid = '' } = object.metadata
      graves.delete(uid)
      graves.set(uid, resourceVersion)
      const [oldest] = graves.keys()
      if (graves.size > capacity && oldest !== undefined) graves.delete(oldest)
    },
    clear: () => graves.clear(),
  }
}

const isDecimal = (text: string): boolean => /^[1-9][0-9]*$/.test(text)

/** Without leading zeros the longer number is the larger one; they outgrow doubles. */
function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : Number(a > b)
}

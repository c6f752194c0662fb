// SPDX-License-Identifier: Apache-2.0
/** Lets objects that say the same share what they say: thousands of Trials carry the same harness and workload. It knows no kind. */
import type { KubeObject } from './api-resource.ts'

/** Parts below this many characters of JSON cost less than looking them up. */
const SMALL = 64
/** Parts that are remembered; those used last stay. */
const CAPACITY = 1000

/** Returns an equal object whose spec, its members and theirs, and whose owners are one with those of objects that came before. */
export function createPartSharing(capacity = CAPACITY): <T extends KubeObject>(object: T) => T {
  const parts = new Map<string, unknown>()
  /** The part known as equal, or the part itself, with its own members shared down to the depth. */
  const share = (part: unknown, depth: number): unknown => {
    if (typeof part !== 'object' || part === null) return part
    const key = JSON.stringify(part)
    if (key.length < SMALL) return part
    const kept = parts.get(key) ?? (depth === 0 || Array.isArray(part) ? part : members(part, depth - 1))
    parts.delete(key)
    parts.set(key, kept)
    const [oldest] = parts.keys()
    if (parts.size > capacity && oldest !== undefined) parts.delete(oldest)
    return kept
  }
  const members = (part: object, depth: number): object =>
    Object.fromEntries(Object.entries(part).map(([name, member]) => [name, share(member, depth)]))
  return <T extends KubeObject>(object: T): T => {
    const { spec, metadata } = object as T & { readonly spec?: unknown }
    const owners = metadata.ownerReferences
    return {
      ...object,
      ...(typeof spec === 'object' && spec !== null && !Array.isArray(spec) && { spec: members(spec, 1) }),
      ...(owners !== undefined && { metadata: { ...metadata, ownerReferences: share(owners, 0) } }),
    }
  }
}

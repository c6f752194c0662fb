// SPDX-License-Identifier: Apache-2.0
/** How one specification differs from another, as values by path: what a factor has to set. */
import { canonicalJson } from '../design/canonical.ts'
import { formatPath, getAt, isObject, type Segment } from '../design/path.ts'

/** Members of which exactly one is set: where another one is set, the whole is. */
const EXCLUSIVE: ReadonlySet<string> = new Set(['workload.load', 'workload.data', 'workload.data.synthetic.input', 'workload.data.synthetic.output', 'scenario.endpoint', 'scenario.serving'])

/** Values of `after` at every place where it differs; null where it has nothing. Places are as deep as a factor can address them. */
export function specDifference(part: 'scenario' | 'workload', before: unknown, after: unknown): Map<string, unknown> {
  const found = new Map<string, unknown>()
  compare([{ kind: 'key', key: part }], { before, after, found })
  return found
}

interface Pair { readonly before: unknown; readonly after: unknown; readonly found: Map<string, unknown> }

function compare(at: readonly Segment[], { before, after, found }: Pair): void {
  if (canonicalJson(before) === canonicalJson(after)) return
  const path = formatPath(at)
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    const same = keys.every((key) => (before[key] === undefined) === (after[key] === undefined))
    if (same || !EXCLUSIVE.has(path)) {
      for (const key of keys) compare([...at, { kind: 'key', key }], { before: before[key], after: after[key], found })
      return
    }
  }
  if (Array.isArray(before) && Array.isArray(after) && sameNames(before, after)) {
    for (const [i, item] of after.entries()) compare([...at, { kind: 'item', name: nameOf(item) ?? '' }], { before: before[i], after: item, found })
    return
  }
  found.set(path, after ?? null)
}

const nameOf = (item: unknown) => (isObject(item) && typeof item['name'] === 'string' ? item['name'] : undefined)

function sameNames(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => nameOf(item) !== undefined && nameOf(item) === nameOf(b[i]))
}

/** The value of a specification at a place within the part; null where there is nothing. */
export function valueOf(spec: unknown, segments: readonly Segment[]): unknown {
  return getAt(spec, segments) ?? null
}

// SPDX-License-Identifier: Apache-2.0
/** Finds the path that was probably meant: mends the first wrong step, else searches all paths that the base has. */
import type { z } from 'zod'
import { editDistance, nearest } from '../model/nearest.ts'
import { formatPath, getAt, isObject, itemIndex, memberKey, type Segment } from './path.ts'
import { shapeOf } from './schema-walk.ts'

interface Search {
  readonly part: string
  readonly base: { readonly schema: z.ZodType; readonly value: unknown }
  /** Steps below the part. */
  readonly segments: readonly Segment[]
  /** Index of the step that leads nowhere. */
  readonly failedAt: number
}

/** The nearest valid path, or undefined when nothing is near enough to be helpful. */
export function nearestPath(search: Search): string | undefined {
  const mended = mend(search.base.schema, search.base.value, search.segments)
  const root: Segment = { kind: 'key', key: search.part }
  if (mended !== undefined) return formatPath([root, ...mended])
  const written = formatPath([root, ...search.segments])
  let best: { path: string; distance: number } | undefined
  for (const path of allPaths(search)) {
    const distance = pathDistance(written, path)
    if (best === undefined || distance < best.distance) best = { path, distance }
  }
  return best !== undefined && best.distance <= written.length / 2 ? best.path : undefined
}

/** Follows the path and replaces each step that is not there by the nearest one that is. */
function mend(schema: z.core.$ZodType, value: unknown, segments: readonly Segment[]): Segment[] | undefined {
  const [segment, ...rest] = segments
  if (segment === undefined) return []
  const next = nearestStep(schema, value, segment)
  if (next === undefined) return undefined
  const below = mend(next.schema, getAt(value, [next.segment]), rest)
  return below === undefined ? undefined : [next.segment, ...below]
}

function nearestStep(schema: z.core.$ZodType, value: unknown, segment: Segment): { schema: z.core.$ZodType; segment: Segment } | undefined {
  const shape = shapeOf(schema)
  const key = memberKey(segment)
  switch (shape.kind) {
    case 'object': {
      const name = Object.hasOwn(shape.members, key) ? key : nearest(key, Object.keys(shape.members))[0]
      const member = name === undefined ? undefined : shape.members[name]
      return member === undefined || name === undefined ? undefined : { schema: member, segment: { kind: 'key', key: name } }
    }
    case 'map':
      return { schema: shape.value, segment: { kind: 'key', key } }
    case 'any':
      return { schema, segment }
    case 'list':
      return Array.isArray(value) ? nearestItem(shape.element, value, segment) : undefined
    case 'leaf':
      return undefined
  }
}

function nearestItem(element: z.core.$ZodType, list: readonly unknown[], segment: Segment): { schema: z.core.$ZodType; segment: Segment } | undefined {
  const names = list.flatMap((item) => (isObject(item) && typeof item['name'] === 'string' ? [item['name']] : []))
  if (names.length === 0) return itemIndex(list, segment) < 0 ? undefined : { schema: element, segment }
  const only = names.length === 1 ? names[0] : undefined
  const name = nearest(memberKey(segment), names)[0] ?? only
  return name === undefined ? undefined : { schema: element, segment: { kind: 'item', name } }
}

/** Every path to a member, with the items that the base has; open maps contribute the keys that are set. */
function* allPaths({ part, base }: Search): Generator<string> {
  const root: Segment = { kind: 'key', key: part }
  for (const segments of pathsBelow(base.schema, base.value)) yield formatPath([root, ...segments])
}

function* pathsBelow(schema: z.core.$ZodType, value: unknown): Generator<Segment[]> {
  for (const [segment, below] of children(schema, value)) {
    yield [segment]
    for (const path of pathsBelow(below, getAt(value, [segment]))) yield [segment, ...path]
  }
}

function children(schema: z.core.$ZodType, value: unknown): (readonly [Segment, z.core.$ZodType])[] {
  const shape = shapeOf(schema)
  if (shape.kind === 'object') return Object.entries(shape.members).map(([key, member]) => [{ kind: 'key', key }, member])
  if (shape.kind === 'map' && isObject(value)) return Object.keys(value).map((key) => [{ kind: 'key', key }, shape.value])
  if (shape.kind !== 'list' || !Array.isArray(value)) return []
  return value.map((item: unknown, index) => [isObject(item) && typeof item['name'] === 'string' ? { kind: 'item', name: item['name'] } : { kind: 'index', index }, shape.element])
}

/** The last step weighs most: people remember the name of the knob and forget where it is. */
function pathDistance(written: string, path: string): number {
  const sameEnd = lastStep(written) === lastStep(path)
  return editDistance(written, path) * (sameEnd ? 0.6 : 1)
}

const lastStep = (path: string) => /[^.[\]"]+[\]"]*$/.exec(path)?.[0] ?? ''

// SPDX-License-Identifier: Apache-2.0
/** One text for one meaning: canonical JSON (RFC 8785 for our values), and specifications without the members that only repeat a default. */
import type { z } from 'zod'
import { isObject } from './path.ts'
import { defaultOf, shapeOf } from './schema-walk.ts'

/** JSON with sorted keys and no white space; members that are undefined do not count. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value ?? null)
  let members = ''
  for (const key of Object.keys(value).sort()) {
    if (value[key] !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value[key])}`
  }
  return `{${members}}`
}

/**
 * A parsed value without the members that have their default. A new member with a default, which an upgrade of the
 * operator brings, thereby leaves every old identity as it was.
 */
export function withoutDefaults(schema: z.core.$ZodType, value: unknown): unknown {
  const shape = shapeOf(schema)
  if (shape.kind === 'list' && Array.isArray(value)) return value.map((item) => withoutDefaults(shape.element, item))
  if (shape.kind !== 'object' || !isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const key of Object.keys(value)) {
    const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined
    if (member === undefined || value[key] === undefined) continue
    const pruned = withoutDefaults(member, value[key])
    if (!isDefault(member, pruned)) kept[key] = pruned
  }
  return kept
}

function isDefault(member: z.core.$ZodType, pruned: unknown): boolean {
  const known = defaultFor(member)
  if (typeof pruned !== 'object' || pruned === null) return pruned === known.value
  return known.text !== undefined && canonicalJson(pruned) === known.text
}

interface Default {
  /** The default without its own defaults; undefined when the member has none. */
  readonly value: unknown
  /** Its canonical text. */
  readonly text: string | undefined
}
const defaults = new WeakMap<z.core.$ZodType, Default>()

function defaultFor(member: z.core.$ZodType): Default {
  const known = defaults.get(member)
  if (known !== undefined) return known
  const value = withoutDefaults(member, defaultOf(member))
  const found = { value, text: value === undefined ? undefined : canonicalJson(value) }
  defaults.set(member, found)
  return found
}

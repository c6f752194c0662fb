// SPDX-License-Identifier: Apache-2.0
/** Every default of a schema by dotted path, for the record that tests hold it to. */
import type { z } from 'zod'
import { defaultOf, shapeOf } from '../schema-walk.ts'

export function defaultsOf(schema: z.core.$ZodType, at = ''): Record<string, unknown> {
  const shape = shapeOf(schema)
  if (shape.kind === 'list') return defaultsOf(shape.element, `${at}[]`)
  if (shape.kind === 'map') return defaultsOf(shape.value, `${at}.*`)
  if (shape.kind !== 'object') return {}
  const found: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(shape.members)) {
    const path = at === '' ? key : `${at}.${key}`
    const inner = shapeOf(member).kind === 'object'
    // An object's own default is that of its members; a new member would change it.
    const value = inner ? undefined : defaultOf(member)
    if (value !== undefined) found[path] = value
    Object.assign(found, defaultsOf(member, path))
  }
  return found
}

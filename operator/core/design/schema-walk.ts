// SPDX-License-Identifier: Apache-2.0
/** Reads zod schemas as a tree: which members an object has, what sits in a list, what a value should look like. It checks no value. */
import { z } from 'zod'

/** The kinds of schema that our model is made of; anything else is opaque. */
export type SchemaShape =
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, z.core.$ZodType>> }
  | { readonly kind: 'map'; readonly value: z.core.$ZodType }
  | { readonly kind: 'list'; readonly element: z.core.$ZodType }
  | { readonly kind: 'any' }
  | { readonly kind: 'leaf' }

type Defs = z.core.$ZodTypes['_zod']['def']
const defOf = (schema: z.core.$ZodType): Defs => (schema as z.core.$ZodTypes)._zod.def

/** The schema below optional, default, prefault and nullable. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const def = defOf(schema)
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return unwrap(def.innerType)
    default:
      return schema
  }
}

/** Whether the member may be left out. */
export function isOptional(schema: z.core.$ZodType): boolean {
  const def = defOf(schema)
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
      return true
    case 'nullable':
      return isOptional(def.innerType)
    default:
      return false
  }
}

/** The value that a member has when it is left out; undefined when there is none. */
export function defaultOf(schema: z.core.$ZodType): unknown {
  return isOptional(schema) ? (schema as z.ZodType).parse(undefined) : undefined
}

const shapes = new WeakMap<z.core.$ZodType, SchemaShape>()

export function shapeOf(schema: z.core.$ZodType): SchemaShape {
  const bare = unwrap(schema)
  const known = shapes.get(bare)
  if (known !== undefined) return known
  const shape = readShape(defOf(bare))
  shapes.set(bare, shape)
  return shape
}

function readShape(def: Defs): SchemaShape {
  switch (def.type) {
    case 'object':
      return { kind: 'object', members: def.shape }
    case 'record':
      return { kind: 'map', value: def.valueType }
    case 'array':
      return { kind: 'list', element: def.element }
    case 'unknown':
    case 'any':
      return { kind: 'any' }
    default:
      return { kind: 'leaf' }
  }
}

/** Whether only whole numbers may stand here. */
export function takesWholeNumbers(schema: z.core.$ZodType): boolean {
  return shapeOf(schema).kind === 'leaf' && leafOf(schema).type === 'integer'
}

const leafOf = (schema: z.core.$ZodType) => z.toJSONSchema(unwrap(schema), { io: 'input', unrepresentable: 'any' }) as unknown as JsonSchemaLeaf

interface JsonSchemaLeaf {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

const TYPE_WORDS: Readonly<Record<string, string>> = { integer: 'a whole number', number: 'a number', string: 'text', boolean: 'true or false', array: 'a list', object: 'an object' }
const SAFE = Number.MAX_SAFE_INTEGER

/** What a value at this place should look like, in words: "a whole number from 1 to 1024". */
export function describeExpected(schema: z.core.$ZodType): string {
  const shape = shapeOf(schema)
  if (shape.kind === 'object') return `an object with ${Object.keys(shape.members).join(', ')}`
  if (shape.kind === 'any') return 'any value'
  const leaf = leafOf(schema)
  if (leaf.enum !== undefined) return `one of ${leaf.enum.join(', ')}`
  const words = TYPE_WORDS[leaf.type ?? ''] ?? 'another value'
  return `${words}${rangeWords(leaf)}`
}

function rangeWords(leaf: JsonSchemaLeaf): string {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = leaf
  const words = [
    minimum !== undefined && minimum > -SAFE ? `from ${minimum}` : '',
    above !== undefined ? `above ${above}` : '',
    maximum !== undefined && maximum < SAFE ? `to ${maximum}` : '',
    below !== undefined ? `below ${below}` : '',
  ].filter(Boolean)
  return words.length > 0 ? ` ${words.join(' ')}` : ''
}

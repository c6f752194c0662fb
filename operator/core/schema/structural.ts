// SPDX-License-Identifier: Apache-2.0
/** JSON Schema → the structural subset that a CustomResourceDefinition may hold; what does not fit is refused, never dropped silently. */
import type { CelRule } from '../model/common.ts'
import { isSchema, type JsonSchema, splitNullable } from './json-schema.ts'

/** A schema that the API server accepts: bounds in OpenAPI's words, no unions. */
export interface StructuralSchema {
  readonly description?: string
  readonly type?: string
  readonly nullable?: true
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, StructuralSchema>>
  readonly required?: readonly string[]
  readonly items?: StructuralSchema
  readonly additionalProperties?: StructuralSchema
  readonly 'x-kubernetes-preserve-unknown-fields'?: true
  readonly 'x-kubernetes-validations'?: readonly CelRule[]
  readonly [key: string]: unknown
}

/** Keywords that mean the same on both sides, in the order in which they are written. */
const SAME = [
  'description', 'type', 'format', 'enum', 'pattern', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minimum', 'maximum', 'multipleOf', 'default',
  'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type',
] as const
const CONVERTED = ['oneOf', 'exclusiveMinimum', 'exclusiveMaximum', 'properties', 'required', 'items', 'additionalProperties', 'propertyNames', 'x-kubernetes-validations'] as const
const KNOWN: ReadonlySet<string> = new Set([...SAME, ...CONVERTED])

/** Throws a TypeError that names the path where the schema is not structural. */
export function structural(input: JsonSchema, path: string): StructuralSchema {
  const { schema, nullable } = splitNullable(input)
  const unknown = Object.keys(schema).filter((keyword) => !KNOWN.has(keyword))
  if (unknown.length > 0) throw new TypeError(`${path}: a structural schema cannot hold ${unknown.join(', ')}; use optional members of which exactly one is set`)
  if (Array.isArray(schema.type)) throw new TypeError(`${path}: a structural schema has one type, not ${schema.type.join(' or ')}`)
  if (schema.type === undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true) throw new TypeError(`${path}: a structural schema needs a type`)
  return {
    ...copied(schema),
    ...(nullable ? { nullable } : {}),
    ...bounds(schema),
    ...members(schema, path),
    ...choice(schema, path),
    ...validations(schema['x-kubernetes-validations'] as readonly CelRule[] | undefined),
  }
}

/** Unions may only say which members are required: types inside a union are not structural. */
function choice(schema: JsonSchema, path: string): StructuralSchema {
  if (schema.oneOf === undefined) return {}
  const typed = schema.oneOf.filter((branch) => Object.keys(branch).some((keyword) => keyword !== 'required'))
  if (typed.length > 0) throw new TypeError(`${path}: branches of oneOf may only hold required`)
  return { oneOf: schema.oneOf }
}

/** CEL rules as the API server takes them; what editors show instead stays out. */
export function validations(rules: readonly CelRule[] = []): StructuralSchema {
  if (rules.length === 0) return {}
  return { 'x-kubernetes-validations': rules.map(({ editor: _editor, ...rule }) => rule) }
}

function copied(schema: JsonSchema): StructuralSchema {
  return Object.fromEntries(SAME.filter((keyword) => schema[keyword] !== undefined).map((keyword) => [keyword, schema[keyword]]))
}

/** OpenAPI 3.0 has exclusive bounds as a flag beside the bound. */
function bounds(schema: JsonSchema): StructuralSchema {
  return {
    ...(schema.exclusiveMinimum === undefined ? {} : { minimum: schema.exclusiveMinimum, exclusiveMinimum: true }),
    ...(schema.exclusiveMaximum === undefined ? {} : { maximum: schema.exclusiveMaximum, exclusiveMaximum: true }),
  }
}

function members(schema: JsonSchema, path: string): StructuralSchema {
  const required = schema.required ?? []
  return {
    ...(required.length === 0 ? {} : { required }),
    ...(schema.properties === undefined ? {} : { properties: mapValues(schema.properties, (member, name) => structural(member, `${path}.${name}`)) }),
    ...(schema.items === undefined ? {} : { items: structural(itemsOf(schema, path), `${path}[]`) }),
    ...mapOf(schema, path),
  }
}

function itemsOf(schema: JsonSchema, path: string): JsonSchema {
  if (isSchema(schema.items)) return schema.items
  throw new TypeError(`${path}: a structural schema has no tuples`)
}

/** An open map prunes nothing; a typed one names the type of its values. */
function mapOf(schema: JsonSchema, path: string): StructuralSchema {
  if (schema.additionalProperties === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return {}
  if (schema.properties !== undefined) throw new TypeError(`${path}: a structural schema cannot have properties and additionalProperties`)
  if (!isSchema(schema.additionalProperties) || Object.keys(schema.additionalProperties).length === 0) {
    throw new TypeError(`${path}: a map of anything needs x-kubernetes-preserve-unknown-fields (openMap)`)
  }
  return { additionalProperties: structural(schema.additionalProperties, `${path}{}`) }
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, change: (value: In, key: string) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]))
}

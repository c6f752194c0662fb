// SPDX-License-Identifier: Apache-2.0
/** JSON Schema as zod prints it, and a walk over its fields; it knows neither Kubernetes nor any kind. */
import { z } from 'zod'

export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly propertyNames?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly [key: string]: unknown
}

/** One named member of a schema, with the way to it as `kubectl explain` writes it. */
export interface SchemaField {
  readonly path: string
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
}

/** What people write, so that members with a default are optional; ranges that only say "fits a double" are left out. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...printed } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
    },
  })
  return printed as JsonSchema
}

/** The schema without `null` among its types, and whether `null` was there. */
export function splitNullable(schema: JsonSchema): { readonly schema: JsonSchema; readonly nullable: boolean } {
  if (Array.isArray(schema.type)) return splitTypes(schema, schema.type as readonly string[])
  if (schema.anyOf === undefined) return { schema, nullable: false }
  const { anyOf, ...rest } = schema
  const others = anyOf.filter((member) => member.type !== 'null')
  if (others.length !== 1 || others.length === anyOf.length) return { schema, nullable: false }
  return { schema: { ...others[0], ...rest }, nullable: true }
}

function splitTypes(schema: JsonSchema, types: readonly string[]): ReturnType<typeof splitNullable> {
  const others = types.filter((type) => type !== 'null')
  return { schema: { ...schema, type: others.length === 1 ? others[0] : others }, nullable: others.length < types.length }
}

/** All fields below a schema, depth first, in the order in which the model declares them. */
export function* fieldsOf(schema: JsonSchema, path = ''): Generator<SchemaField> {
  const inner = splitNullable(schema).schema
  for (const [name, member] of Object.entries(inner.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`
    yield { path: at, name, schema: member, required: inner.required?.includes(name) ?? false }
    yield* fieldsOf(member, at)
  }
  if (isSchema(inner.items)) yield* fieldsOf(inner.items, `${path}[]`)
  if (isSchema(inner.additionalProperties)) yield* fieldsOf(inner.additionalProperties, `${path}{}`)
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

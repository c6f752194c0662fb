// SPDX-License-Identifier: Apache-2.0
/** One of our kinds → the JSON Schema that editors check files with: draft-07, which they know best, strict about unknown fields. */
import type { z } from 'zod'
import type { CelRule } from '../model/common.ts'
import { API_VERSION, type KindInfo } from '../model/kinds.ts'
import { API_VERSION_TEXT, KIND_TEXT } from './crd.ts'
import { isSchema, type JsonSchema, jsonSchemaOf } from './json-schema.ts'

const DRAFT = 'http://json-schema.org/draft-07/schema#'
const LABELS: JsonSchema = { type: 'object', additionalProperties: { type: 'string' } }

/** A whole file of the kind. */
export function editorSchemaOf(info: KindInfo): JsonSchema {
  return {
    $schema: DRAFT,
    title: info.kind,
    description: info.description,
    type: 'object',
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
    properties: {
      apiVersion: { const: API_VERSION, description: API_VERSION_TEXT },
      kind: { const: info.kind, description: KIND_TEXT },
      metadata: metadata(info.maxNameLength),
      spec: editorSchema(jsonSchemaOf(info.spec)),
      ...(info.status === undefined ? {} : { status: editorSchema(jsonSchemaOf(info.status)) }),
    },
  }
}

/** A document that is not a Kubernetes object, such as findings.json. */
export function documentSchemaOf(title: string, schema: z.ZodType): JsonSchema {
  const { description, ...rest } = editorSchema(jsonSchemaOf(schema))
  return { $schema: DRAFT, title, ...(description === undefined ? {} : { description }), ...rest }
}

function metadata(maxNameLength = 253): JsonSchema {
  return {
    description: 'Name, namespace, labels and annotations of the object.',
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', description: 'Name of the object, unique in its namespace.', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength: maxNameLength },
      namespace: { type: 'string', description: 'Namespace of the object; that of the command line or context when it is not set.', maxLength: 63 },
      labels: { ...LABELS, description: 'Labels of the object.' },
      annotations: { ...LABELS, description: 'Annotations of the object.' },
    },
  }
}

/** Kubernetes' own keywords out, unknown members refused, and rules in the form that an editor can show. */
function editorSchema(schema: JsonSchema): JsonSchema {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  const kept = Object.entries(schema).filter(([keyword]) => !keyword.startsWith('x-kubernetes-') && keyword !== 'propertyNames' && !(open && keyword === 'additionalProperties'))
  const rules = ((schema['x-kubernetes-validations'] ?? []) as readonly CelRule[]).flatMap(({ editor }) => (editor === undefined ? [] : [editor]))
  return {
    ...Object.fromEntries(kept.map(([keyword, value]) => [keyword, inner(keyword, value)])),
    ...(schema.properties === undefined || schema.additionalProperties !== undefined ? {} : { additionalProperties: false }),
    ...(rules.length === 0 ? {} : { allOf: rules }),
  }
}

/** Schemas within schemas; branches of oneOf and of rules only say what is required, so they stay as they are. */
function inner(keyword: string, value: unknown): unknown {
  if (keyword === 'properties') return Object.fromEntries(Object.entries(value as Record<string, JsonSchema>).map(([name, member]) => [name, editorSchema(member)]))
  if (keyword === 'anyOf') return (value as readonly JsonSchema[]).map(editorSchema)
  if (keyword === 'items' && Array.isArray(value)) return (value as readonly JsonSchema[]).map(editorSchema)
  if ((keyword === 'items' || keyword === 'additionalProperties') && isSchema(value)) return editorSchema(value)
  return value
}

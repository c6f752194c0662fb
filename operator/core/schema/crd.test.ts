// SPDX-License-Identifier: Apache-2.0
/** Properties that every CRD of ours has, whatever its fields are. */
import { describe, expect, it } from 'vitest'
import { KINDS, type KindInfo } from '../model/kinds.ts'
import { crdOf } from './crd.ts'
import { fieldsOf, type JsonSchema } from './json-schema.ts'

const kinds: readonly KindInfo[] = Object.values(KINDS)

describe.each(kinds)('$kind', (info) => {
  const crd = crdOf(info)
  const [version] = crd.spec.versions
  const schema = version?.schema.openAPIV3Schema as JsonSchema
  const fields = [...fieldsOf(schema)].filter(({ path }) => path !== 'metadata')

  it('has one version, stored and served', () => {
    expect(crd.spec.versions).toHaveLength(1)
    expect(version).toMatchObject({ name: 'v1alpha1', served: true, storage: true })
    expect(crd.metadata.name).toBe(`${info.plural}.assay.dev`)
    expect(crd.spec.names).toMatchObject({ categories: ['assay'], kind: info.kind })
  })

  it('has a status subresource exactly when it has a status', () => {
    expect(version?.subresources !== undefined).toBe(info.status !== undefined)
  })

  it('describes every field', () => {
    expect(fields.length).toBeGreaterThan(10)
    expect(fields.filter(({ schema: field }) => (field.description ?? '').length < 3).map(({ path }) => path)).toEqual([])
  })

  it('bounds every list and every text, so that the cost of rules can be estimated', () => {
    const unbounded = fields.flatMap(({ path, schema: field }) => {
      if (field.type === 'array') return field.maxItems === undefined ? [path] : []
      return field.type === 'string' && field.maxLength === undefined && field.enum === undefined && !['apiVersion', 'kind'].includes(path) ? [path] : []
    })
    expect(unbounded).toEqual([])
  })

  it('names a key for every list of objects that people write', () => {
    const lists = fields.filter(({ path, schema: field }) => path.startsWith('spec') && field.type === 'array' && (field.items as JsonSchema).properties?.['name'] !== undefined)
    const unkeyed = lists.filter(({ schema: field }) => field['x-kubernetes-list-type'] === undefined).map(({ path }) => path)
    expect(unkeyed.filter((path) => !path.endsWith('.env'))).toEqual([])
  })

  it('shows columns of fields that exist', () => {
    const paths = new Set(fields.map(({ path }) => `.${path}`))
    const known = (jsonPath: string) => jsonPath.startsWith('.metadata.') || jsonPath.startsWith('.status.conditions[') || paths.has(jsonPath)
    expect(info.columns.filter(({ jsonPath }) => !known(jsonPath)).map(({ name }) => name)).toEqual([])
  })
})

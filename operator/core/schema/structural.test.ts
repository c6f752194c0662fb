// SPDX-License-Identifier: Apache-2.0
/** What becomes of JSON Schema in a CRD, and what is refused because the API server could not hold it. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyValue, exactlyOne, openMap } from '../model/common.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { structural } from './structural.ts'

const of = (schema: z.ZodType) => structural(jsonSchemaOf(schema), 'X.spec')

describe('converts', () => {
  it.each<readonly [string, z.ZodType, object]>([
    ['an integer without the bounds of a double', z.int(), { type: 'integer' }],
    ['bounds', z.int().min(1).max(9), { type: 'integer', minimum: 1, maximum: 9 }],
    ['exclusive bounds into flags', z.number().gt(0).lt(1), { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }],
    ['a default', z.string().max(3).default('abc'), { type: 'string', maxLength: 3, default: 'abc' }],
    ['an object that fills itself in', z.object({ a: z.int().default(1) }).prefault({}), { type: 'object', default: {}, properties: { a: { type: 'integer', default: 1 } } }],
    ['null for a union with null', z.object({ a: z.string() }).nullable(), { type: 'object', nullable: true, properties: { a: { type: 'string' } }, required: ['a'] }],
    ['null among the types', z.number().nullable(), { type: 'number', nullable: true }],
    ['a map of strings', z.record(z.string(), z.string()), { type: 'object', additionalProperties: { type: 'string' } }],
    ['an open map', openMap('Open.'), { description: 'Open.', type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
    ['any value', anyValue('Any.'), { description: 'Any.', 'x-kubernetes-preserve-unknown-fields': true }],
    ['a list', z.array(z.enum(['a', 'b'])).min(1).max(2), { type: 'array', minItems: 1, maxItems: 2, items: { type: 'string', enum: ['a', 'b'] } }],
    ['a choice of required members', z.object({ a: z.int().optional() }).meta({ oneOf: [{ required: ['a'] }] }), { type: 'object', oneOf: [{ required: ['a'] }], properties: { a: { type: 'integer' } } }],
  ])('%s', (_what, schema, wanted) => {
    expect(of(schema)).toEqual(wanted)
  })

  it('keeps a rule and leaves out what is for editors', () => {
    const rule = exactlyOne(['a', 'b'], 'x')
    const kept = of(z.object({ a: z.int().optional() }).meta({ 'x-kubernetes-validations': [rule] }))['x-kubernetes-validations']
    expect(kept).toEqual([{ rule: rule.rule, message: 'x: set exactly one of a, b' }])
  })
})

describe('refuses, with the path', () => {
  it.each<readonly [string, z.ZodType, RegExp]>([
    ['a union of objects', z.object({ a: z.union([z.object({ b: z.int() }), z.string()]) }), /X\.spec\.a: a structural schema cannot hold anyOf/],
    ['a union of types', z.object({ a: z.union([z.string(), z.int()]) }), /X\.spec\.a: a structural schema has one type, not string or integer/],
    ['a constant', z.object({ a: z.literal('b') }), /X\.spec\.a: a structural schema cannot hold const/],
    ['a tuple', z.object({ a: z.tuple([z.int(), z.int()]) }), /X\.spec\.a: a structural schema cannot hold additionalItems/],
    ['any value that is not marked', z.object({ a: z.array(z.unknown()) }), /X\.spec\.a\[\]: a structural schema needs a type/],
    ['a map of anything that is not marked', z.object({ a: z.record(z.string(), z.unknown()) }), /X\.spec\.a: a map of anything needs x-kubernetes-preserve-unknown-fields/],
    ['properties beside a map', z.looseObject({ a: z.int() }).catchall(z.string()), /X\.spec: a structural schema cannot have properties and additionalProperties/],
    ['types within a choice', z.object({ a: z.int() }).meta({ oneOf: [{ type: 'string' }] }), /X\.spec: branches of oneOf may only hold required/],
    ['a keyword that we do not know', z.object({ a: z.int() }).meta({ if: {} }), /X\.spec: a structural schema cannot hold if/],
  ])('%s', (_what, schema, wanted) => {
    expect(() => of(schema)).toThrow(wanted)
  })
})

// SPDX-License-Identifier: Apache-2.0
/** Editors' schemas agree with the API server's rules, refuse what it refuses and describe every field. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import formats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Findings } from '../model/findings.ts'
import { KINDS, type KindName } from '../model/kinds.ts'
import { documentSchemaOf, editorSchemaOf } from './editor.ts'
import { fieldsOf } from './json-schema.ts'
import { type Changes, ON_CREATE } from './testdata/rule-cases.ts'
import { objectOf } from './testdata/valid-objects.ts'

const ROOT = join(import.meta.dirname, '../../..')
const names = Object.keys(KINDS) as KindName[]
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false })
formats.default(ajv)
const validators = Object.fromEntries(names.map((kind) => [kind, ajv.compile(editorSchemaOf(KINDS[kind]))]))
const accepts = (kind: KindName, object: unknown) => validators[kind]?.(object) === true

/** JSON Schema cannot compare items of a list by one member. */
const BEYOND = new Set(['two prices of one product', 'two releases of one name', 'two stages of one name', 'two factors of one name'])

describe('the rules', () => {
  it.each(ON_CREATE.filter(([what]) => !BEYOND.has(what)))('%s of a %s', (_what, kind, changes, refusal) => {
    expect(accepts(kind, objectOf(kind, changes))).toBe(refusal === '')
  })
})

it.each<readonly [string, KindName, Changes, string]>([
  ['an unknown field', 'Experiment', { colour: 'red' }, 'test'],
  ['an unknown field deep within', 'WorkloadProfile', { 'api.stream': true }, 'test'],
  ['a name that is too long', 'Experiment', {}, 'x'.repeat(41)],
  ['a name in capitals', 'Scenario', {}, 'Test'],
])('refuses %s', (_what, kind, changes, name) => {
  expect(accepts(kind, objectOf(kind))).toBe(true)
  expect(accepts(kind, objectOf(kind, changes, name))).toBe(false)
})

it('refuses another kind and another version', () => {
  expect(accepts('Scenario', { ...objectOf('Scenario'), kind: 'Scenery' })).toBe(false)
  expect(accepts('Scenario', { ...objectOf('Scenario'), apiVersion: 'assay.dev/v1' })).toBe(false)
})

it('accepts the quickstart, and an object with its status', () => {
  expect(accepts('Experiment', parse(readFileSync(join(ROOT, 'experiments/quickstart.yaml'), 'utf8')))).toBe(true)
  expect(accepts('Experiment', { ...objectOf('Experiment'), status: { phase: 'Running', trials: { total: 1, pending: 1, running: 0, succeeded: 0, failed: 0, invalid: 0 } } })).toBe(true)
})

const documents = { ...Object.fromEntries(names.map((kind) => [kind, editorSchemaOf(KINDS[kind])])), Findings: documentSchemaOf('Findings', Findings) }
it.each(Object.entries(documents))('every field of a %s is described', (_name, schema) => {
  const fields = [...fieldsOf(schema)]
  expect(fields.length).toBeGreaterThan(20)
  expect(fields.filter(({ schema }) => schema.description === undefined).map(({ path }) => path)).toEqual([])
})

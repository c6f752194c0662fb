// SPDX-License-Identifier: Apache-2.0
/** The reference pages say what the schemas say, in tables that Markdown can hold. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anyValue, duration, exactlyOne, openMap, quantity, text } from '../model/common.ts'
import { type KindInfo, KINDS } from '../model/kinds.ts'
import { METRIC_NAMES } from '../model/metric.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { exitCodesPage, kindPage, metricsPage } from './reference.ts'
import { conditionsPage } from './reference-conditions.ts'
import { typeText } from './reference-table.ts'

const kinds: readonly KindInfo[] = Object.values(KINDS)

it.each<readonly [z.ZodType, string]>([
  [z.boolean(), 'boolean'],
  [z.int(), 'integer'],
  [z.int().min(0), 'integer'],
  [z.int().min(1).max(64), 'integer, 1–64'],
  [z.int().min(1).max(10_000), 'integer, 1–10\u202F000'],
  [z.number().positive(), 'number, > 0'],
  [z.number().gt(0).max(1), 'number, 0–1'],
  [text('T.', 8), 'string, ≤ 8'],
  [duration('D.'), 'duration'],
  [quantity('Q.'), 'quantity'],
  [z.enum(['a', 'b']), '`a` | `b`'],
  [z.array(z.enum(['a', 'b'])).max(2), 'list of `a` | `b`, ≤ 2'],
  [z.object({ a: z.int() }).nullable(), 'object, or null'],
  [openMap('O.'), 'open map'],
  [anyValue('A.'), 'any value'],
])('a type in words (%#)', (schema, wanted) => {
  expect(typeText(jsonSchemaOf(schema))).toBe(wanted)
})

const tiny: KindInfo = {
  kind: 'Tiny', plural: 'tinies', singular: 'tiny', shortNames: ['at'], description: 'A tiny kind.', columns: [{ name: 'A', type: 'string', jsonPath: '.spec.a', description: 'It.', priority: 1 }], maxNameLength: 9,
  spec: z.object({
    a: z.enum(['x', 'y']).default('x').meta({ description: 'One | the other.' }),
    list: z.array(z.object({ b: z.int().meta({ description: 'Within.' }) })).meta({ description: 'Several.' }),
    scenario: KINDS.Scenario.spec.optional(),
  }).meta({ 'x-kubernetes-validations': [exactlyOne(['a', 'b'], 'tiny')] }),
}

describe('a page of a kind', () => {
  const page = kindPage(tiny, [tiny, ...kinds])
  it.each([
    '| `spec.a` | `x` \\| `y` | `"x"` | One \\| the other. |',
    '| `spec.list` | list of object **required** |  | Several. |',
    '| `spec.list[].b` | integer **required** |  | Within. |',
    '- tiny: set exactly one of a, b',
    '| A | `.spec.a` | It. Only with `-o wide`. |',
    '| name | at most 9 characters |',
  ])('%s', (line) => {
    expect(page.split('\n')).toContain(line)
  })

  it('sends to the page of a kind that is embedded, and does not repeat it', () => {
    expect(page).toContain('| `spec.scenario` | [Scenario](scenario.md) spec |')
    expect(page).not.toContain('spec.scenario.model')
  })
})

it.each(kinds)('every table of $kind has as many cells in each row', (info) => {
  const rows = kindPage(info, kinds).split('\n').filter((line) => line.startsWith('|'))
  const cells = rows.map((row) => row.replaceAll('\\|', '').split('|').length)
  expect(rows.length).toBeGreaterThan(15)
  expect(cells.filter((n) => ![4, 5, 6].includes(n))).toEqual([])
})

it('all metrics, conditions and exit codes are there', () => {
  for (const name of METRIC_NAMES) expect(metricsPage()).toContain(`| \`${name}\` |`)
  const conditions = conditionsPage({ helm: { HelmFailed: 'Helm.' }, probe: { EndpointDown: 'Down.' } })
  for (const word of ['Ready', 'GatePassed', 'OutOfMemory', 'ClientSaturated', 'UnknownPath', 'HelmFailed', 'EndpointDown']) expect(conditions).toContain(`| \`${word}\` |`)
  expect(exitCodesPage({ 0: 'ok', 5: 'the gate failed' })).toContain('| 5 | the gate failed |')
})

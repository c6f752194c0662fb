// SPDX-License-Identifier: Apache-2.0
/** The table of abilities: a mark where a harness declares what the row says, and none elsewhere. */
import { expect, it } from 'vitest'
import { FEATURES } from '../model/harness-features.ts'
import { HarnessSpec } from '../model/harness.ts'
import { abilitiesPage } from './reference-abilities.ts'

const harness = (fields: object) => HarnessSpec.parse({ image: 'example/tool:1', version: '1', results: { adapter: 'tool' }, ...fields })
const page = abilitiesPage(new Map([
  ['fed', harness({ supports: { load: ['poisson'], data: ['synthetic', 'conversation'], features: ['ramp'] }, inputs: [{ name: 'a.jsonl', format: 'jsonl', each: { text: '{{request.text}}' } }] })],
  ['maker', harness({ supports: { load: ['sessions'], data: ['synthetic', 'conversation'], lengths: ['fixed'], features: ['prefix'] } })],
  ['idle', harness({ supports: { load: [], data: [] } })],
]))
const rowsOf = (first: string) => page.split('\n').filter((line) => line.startsWith(`| ${first}`))

it.each([
  ['`poisson`', '| ✓ |  |'],
  ['`sessions`', '|  | ✓ |'],
  ['sends the trial\'s own', '| ✓ |  |'],
  // Who sends turns one by one could not send a conversation.
  ['`conversation`', '|  | ✓ |'],
  // It reads requests, whatever they were made of; who makes its prompts itself must have declared it.
  ['`lines`', '| ✓ |  |'],
  ['`correctness`', '|  |  |'],
  // Lengths are those of the requests that it reads.
  ['`zipf`', '| ✓ |  |'],
  ['`fixed`', '| ✓ | ✓ |'],
  ['`ramp`', '| ✓ |  |'],
  ['`prefix`', '| ✓ | ✓ |'],
  ['`prefixGroups`', '| ✓ |  |'],
  ['`drain`', '|  |  |'],
])('marks %s', (first, marks) => {
  expect(rowsOf(first).map((row) => row.endsWith(marks))).toEqual([true])
})

it('has a row for each feature and no column for what sends nothing', () => {
  expect(FEATURES.filter((feature) => rowsOf(`\`${feature}\`:`).length !== 1)).toEqual([])
  expect(page).not.toContain('idle')
})

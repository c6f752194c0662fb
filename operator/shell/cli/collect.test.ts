// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Findings } from '../../core/model/findings.ts'
import { inOrder } from './collect.ts'
import { at, trial } from './testdata/objects.ts'

const measured = (name: string, second: number) => ({ trial: { name }, time: { start: at(second), end: at(second + 9) } }) as unknown as Findings
const placed = (name: string, position: number) => {
  const made = trial(name, {})
  return { ...made, spec: { ...made.spec, position } }
}

describe('trials of a report', () => {
  it.each<[string, Findings[], string[]]>([
    ['are in the order of the plan when all went well', [measured('c', 60), measured('a', 0), measured('b', 30)], ['a', 'b', 'c']],
    ['keep the place at which they were measured when they were repeated later', [measured('a', 90), measured('b', 30), measured('c', 60)], ['b', 'c', 'a']],
    ['have the planned order where they ran side by side', [measured('b', 0), measured('a', 0), measured('c', 0)], ['a', 'b', 'c']],
  ])('%s', (_, findings, names) => {
    expect(inOrder(findings, [placed('a', 0), placed('b', 1), placed('c', 2)]).map((f) => f.trial.name)).toEqual(names)
  })
})

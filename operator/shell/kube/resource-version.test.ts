// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { createTombstones, isOlder } from './resource-version.ts'
import { thing } from './testdata/kube-object.ts'

it.each([
  ['9', '10', true],
  ['10', '9', false],
  ['10', '10', false],
  ['9007199254740993', '9007199254740995', true],
  ['', '10', false],
  ['10', '', false],
  ['abc', 'abd', false],
  ['0', '5', false],
])('%s is older than %s: %s', (version, than, older) => {
  expect(isOlder(version, than)).toBe(older)
})

it('covers what is from before the grave, not what comes back later, and forgets the oldest', () => {
  const graves = createTombstones(2)
  graves.add(thing('x', { resourceVersion: '10' }))
  graves.add(thing('y', { resourceVersion: '5' }), '20')
  const covered = (name: string, resourceVersion: string) => graves.covers(thing(name, { resourceVersion }))
  expect([covered('x', '9'), covered('x', '10'), covered('x', '11'), covered('y', '19'), covered('y', '21'), covered('z', '1')]).toEqual([true, true, false, true, false, false])
  graves.add(thing('z', { resourceVersion: '30' }))
  expect([covered('x', '9'), covered('y', '19'), covered('z', '29')]).toEqual([false, true, true])
  graves.clear()
  expect(covered('z', '29')).toBe(false)
})

// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bash } from '../testing/bash.ts'

const libraries = ['lib/semver.sh']

/** Asks for many pairs in one bash: starting one for each would take seconds. */
async function atLeast(pairs: readonly (readonly [string, string])[]): Promise<boolean[]> {
  const { out } = await bash(pairs.map(([have, wanted]) => `version_at_least '${have}' '${wanted}' && echo yes || echo no`).join('\n'), { libraries })
  return out.split('\n').map((answer) => answer === 'yes')
}

describe('version_at_least', () => {
  it.each([
    ['1.26.6', '1.26.0', true],
    ['1.26', '1.26.0', true],
    ['1.9.0', '1.10.0', false],
    ['4.3.1', '4.3.1', true],
    ['5.0', '4.99.99', true],
    ['0.30.0', '0.31.0', false],
    ['1.34.4-dispatcher', '1.34.4', false],
    ['1.35.0-rc.1', '1.34.4', true],
    ['08.09.10', '8.9.9', true],
  ])('%s ≥ %s: %s', async (have, wanted, expected) => {
    expect(await atLeast([[have, wanted]])).toEqual([expected])
  })

  it('orders as numbers do', async () => {
    const part = fc.nat({ max: 120 })
    const versions = fc.sample(fc.tuple(part, part, part), 60)
    const pairs = versions.slice(1).map((version, i) => [version, versions[i] ?? version] as const)
    const value = ([major, minor, patch]: readonly [number, number, number]) => (major * 1000 + minor) * 1000 + patch
    expect(await atLeast(pairs.map(([a, b]) => [a.join('.'), b.join('.')] as const))).toEqual(pairs.map(([a, b]) => value(a) >= value(b)))
  })
})

it.each([
  ['kind v0.30.0 go1.24.6 linux/amd64', '0.30.0'],
  ['go version go1.26.8 linux/amd64', '1.26.8'],
  ['Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0', '1.32.4-dispatcher'],
  ['v20.19.0', '20.19.0'],
  ['command not found', ''],
])('first_version of %j is %j', async (text, version) => {
  const { out } = await bash('first_version "$TEXT" || true', { libraries, env: { TEXT: text } })
  expect(out).toBe(version)
})

it.each([
  ['4.3.1', '0'],
  ['4.9.0', '0'],
  ['4.3.0', '1'],
  ['5.0.0', '1'],
])('version_within [4.3.1, 5.0.0) of %s exits with %s', async (version, status) => {
  const { out } = await bash(`version_within ${version} 4.3.1 5.0.0 && echo 0 || echo 1`, { libraries })
  expect(out).toBe(status)
})

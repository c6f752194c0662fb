// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOGUE, listed, message, say, textOf } from './messages.ts'

it('fills in parameters, and leaves nothing open', () => {
  expect(say('loads.between', { from: '4 req/s', to: '8 req/s' })).toBe('from 4 req/s to 8 req/s')
  expect(textOf(message('compare.medians'))).not.toMatch(/[{}]/)
})

it.each([[[], ''], [['a'], 'a'], [['a', 'b'], 'a and b'], [['a', 'b', 'c'], 'a, b and c'], [['a', 'b', 'c', 'd'], 'a, b, c and 1 more']])('%j is listed as %s', (items, text) => {
  expect(listed(items, 3)).toBe(text)
})

describe('the catalogue', () => {
  const sources = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sources(path) : path.endsWith('.ts') && !path.endsWith('.test.ts') && entry.name !== 'messages.ts' ? [readFileSync(path, 'utf8')] : []
  })
  const code = [sources(import.meta.dirname), sources(join(import.meta.dirname, '../../shell/cli'))].flat().join('\n')

  it('holds nothing that nobody says', () => {
    // The catalogue's own, and keys that are put together: load.rate, objective.cost, gain.cost, check.no outlier.
    const composed = /^(?:list|load|objective|gain|check)\./
    expect(Object.keys(CATALOGUE).filter((key) => !composed.test(key) && !code.includes(`'${key}'`))).toEqual([])
  })
})

// SPDX-License-Identifier: Apache-2.0
/** What is stale is named, what is written is what is checked, and what is committed is current. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { generated, staleFiles, write } from './generate.ts'

let folder = ''
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'assay-generate-')) })
afterEach(() => rm(folder, { recursive: true }))

it('the files in the repository are current', async () => {
  expect(await staleFiles(join(import.meta.dirname, '..'), generated())).toEqual([])
})

it('is the same twice', () => {
  expect([...generated()]).toEqual([...generated()])
})

it('writes what is missing or changed, removes what is not generated any more, and then has nothing to do', async () => {
  const wanted = new Map([['crds/a.yaml', 'a'], ['crds/b.yaml', 'b'], ['docs/c.md', 'c']])
  expect(await write(folder, wanted)).toEqual(['crds/a.yaml', 'crds/b.yaml', 'docs/c.md'])
  expect(await write(folder, wanted)).toEqual([])
  await writeFile(join(folder, 'crds/a.yaml'), 'edited')
  await writeFile(join(folder, 'crds/old.yaml'), 'old')
  await writeFile(join(folder, 'docs/hand-written.md'), 'mine')
  expect(await staleFiles(folder, wanted)).toEqual(['crds/a.yaml', 'crds/old.yaml'])
  expect(await readFile(join(folder, 'crds/a.yaml'), 'utf8')).toBe('edited')
  expect(await write(folder, wanted)).toEqual(['crds/a.yaml', 'crds/old.yaml'])
  expect(await staleFiles(folder, wanted)).toEqual([])
  expect(await readFile(join(folder, 'docs/hand-written.md'), 'utf8')).toBe('mine')
})

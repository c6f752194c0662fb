// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { cutLock } from './image-packages.ts'

const lock = { packages: {
  '': {}, 'node_modules/a': { dependencies: { b: '1', c: '1' } }, 'node_modules/b': { dependencies: { a: '1' } }, 'node_modules/c': {}, 'node_modules/other': {},
} }

it('keeps packages and what they need, once, in circles too', () => {
  expect(Object.keys(cutLock(lock, ['a']))).toEqual(['node_modules/a', 'node_modules/b', 'node_modules/c'])
})

it('refuses a package that is not there', () => expect(() => cutLock(lock, ['zz'])).toThrow(/zz is not at the top/))

it('the image has every package that the simulator imports, and no other', () => {
  const here = new URL('.', import.meta.url)
  const sources = readdirSync(here).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  const imported = new Set(sources.flatMap((file) =>
    [...readFileSync(new URL(file, here), 'utf8').matchAll(/(?:from|import\() ?'([^.'][^']*)'/g)].map(([, name]) => name ?? '').filter((name) => !name.startsWith('node:'))))
  const installed = /image-packages\.ts \/all \. (.+?) &&/.exec(readFileSync(new URL('Dockerfile', here), 'utf8'))?.[1]?.split(' ')
  expect(new Set(installed)).toEqual(imported)
})

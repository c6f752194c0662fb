// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')
const SKIPPED = new Set(['node_modules', '.build', 'work', '.git', 'coverage'])

async function markdownFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(entries.filter((e) => !SKIPPED.has(e.name)).map(async (e) => {
    const path = join(folder, e.name)
    if (e.isDirectory()) return markdownFiles(path)
    return e.isFile() && e.name.endsWith('.md') ? [path] : []
  }))
  return found.flat()
}

const withoutCode = (text: string) => text.replaceAll(/^\s*(```|~~~)[\s\S]*?^\s*\1[ \t]*$/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** Targets of [text](target), ![text](target) and [name]: target. */
function targets(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*<?([^\s>]+)/gm)].map((m) => m[1] ?? m[2] ?? '')
}

const anchorsOf = (text: string) => withoutFences(text).split('\n').flatMap((line) => {
  const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
  return heading === undefined ? [] : [slug(heading)]
})
const withoutFences = (text: string) => text.replaceAll(/^\s*(```|~~~)[\s\S]*?^\s*\1[ \t]*$/gm, '')
const slug = (heading: string) => heading.toLowerCase().replaceAll(/\]\([^)]*\)/g, '').replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-')

/** What is wrong with one link of `file`; undefined when it leads somewhere, or out of the repository's own pages. */
async function wrongWith(file: string, target: string, text: string): Promise<string | undefined> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined
  const [path = '', anchor] = decodeURI(target).split('#')
  const to = path === '' ? file : resolve(dirname(file), path)
  const said = `${relative(ROOT, file)}: ${target}`
  if (relative(ROOT, to).startsWith('..')) return `${said} leads out of the repository`
  if (!existsSync(to)) return `${said} does not exist`
  if (anchor === undefined || anchor === '' || !to.endsWith('.md')) return undefined
  const anchors = anchorsOf(to === file ? text : await readFile(to, 'utf8'))
  return anchors.includes(anchor) ? undefined : `${said} has no such heading`
}

describe('relative links', () => {
  it('of every page lead somewhere', async () => {
    const files = await markdownFiles(ROOT)
    expect(files.length).toBeGreaterThan(20)
    const wrong = await Promise.all(files.map(async (file) => {
      const text = await readFile(file, 'utf8')
      return Promise.all(targets(text).map((target) => wrongWith(file, target, text)))
    }))
    expect(wrong.flat().filter((w) => w !== undefined)).toEqual([])
  })

  it.each<[string, string, string | undefined]>([
    ['a page that exists', '[a](CONTRIBUTING.md)', undefined],
    ['a folder', '[a](docs/reference)', undefined],
    ['a heading', '[a](CONTRIBUTING.md#commits)', undefined],
    ['another site', '[a](https://example.org/nowhere)', undefined],
    ['a missing page', '[a](docs/nowhere.md)', 'README.md: docs/nowhere.md does not exist'],
    ['a missing page with a title', '[a](nowhere.md "title")', 'README.md: nowhere.md does not exist'],
    ['a missing page by reference', '[a]: nowhere.md', 'README.md: nowhere.md does not exist'],
    ['a missing heading', '[a](CONTRIBUTING.md#nothing)', 'README.md: CONTRIBUTING.md#nothing has no such heading'],
    ['a page outside', '[a](../other/page.md)', 'README.md: ../other/page.md leads out of the repository'],
  ])('%s', async (_, text, expected) => {
    const [target = ''] = targets(text)
    expect(await wrongWith(join(ROOT, 'README.md'), target, text)).toBe(expected)
  })

  it('in code are none', () => expect(targets('`[a](b.md)`\n```md\n[c](d.md)\n```\n')).toEqual([]))
})

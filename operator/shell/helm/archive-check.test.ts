// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import { expect, it } from 'vitest'
import { checkArchive } from './archive-check.ts'

function archive(...entries: readonly (Partial<Header> & { readonly text?: string })[]): Readable {
  const tar = pack()
  for (const { text = '', ...header } of entries) tar.entry({ name: 'c/x', ...header }, text)
  tar.finalize()
  return tar.pipe(createGzip())
}

it('lets an ordinary chart pass', async () => {
  await expect(checkArchive(archive({ name: 'c/Chart.yaml', text: 'name: c\ndependencies: [{ repository: "https://x" }]' }, { name: 'c/templates', type: 'directory' }))).resolves.toBeUndefined()
})

it.each([
  ['a path that leaves', archive({ name: '../evil' }), /leaves the folder/],
  ['an absolute path', archive({ name: '/etc/passwd' }), /leaves the folder/],
  ['a symbolic link', archive({ name: 'c/link', type: 'symlink', linkname: '/etc/passwd' }), /symlink/],
  ['a file:// dependency', archive({ name: 'c/Chart.yaml', text: 'dependencies:\n  - { name: d, repository: "file:///etc" }' }), /file:\/\/ dependency/],
  ['too many files', archive(...Array.from({ length: 5001 }, (_, i) => ({ name: `c/${i}` }))), /more than 5000 files/],
  ['no archive at all', Readable.from([Buffer.from('hello')]), /refused/],
])('refuses %s', async (_, stream, why) => {
  await expect(checkArchive(stream)).rejects.toMatchObject({ code: 'ChartInvalid', message: expect.stringMatching(why) })
})

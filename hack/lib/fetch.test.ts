// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bash } from '../testing/bash.ts'

const libraries = ['lib/fetch.sh']
const RELEASE = 'a release'
const SUM = createHash('sha256').update(RELEASE).digest('hex')
const FILES: Readonly<Record<string, string>> = {
  '/tool': RELEASE,
  '/tool.sha256': SUM,
  '/tool.wrong': `${'0'.repeat(64)}  tool\n`,
  '/SHASUMS': `${'0'.repeat(64)}  other\n${SUM} *tool\n`,
  '/SHASUMS.without': `${'0'.repeat(64)}  other\n${'1'.repeat(64)}  another\n`,
}

let server: Server
let url = ''
beforeAll(async () => {
  server = createServer((request, response) => {
    const file = FILES[request.url ?? '']
    response.writeHead(file === undefined ? 404 : 200).end(file)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const fetched = (name: string, sums: string) =>
  bash(`cd "$build"; if fetch_verified '${url}/${name}' '${url}/${sums}' got; then cat got; else echo "no: $(ls got* 2>/dev/null)"; fi`, { libraries, env: { no_proxy: '127.0.0.1' } })

it.each(['tool.sha256', 'SHASUMS'])('takes what its publisher vouches for: %s', async (sums) => {
  expect((await fetched('tool', sums)).out).toBe(RELEASE)
})

it.each(['tool.wrong', 'SHASUMS.without'])('refuses aloud what is not what was published: %s', async (sums) => {
  const { out, err, status } = await fetched('tool', sums)
  expect([out, status]).toEqual(['', 1])
  expect(err).toContain(`/tool has the SHA-256 ${SUM}`)
})

it.each([['tool', 'absent'], ['absent', 'tool.sha256']])('leaves nothing where %s or %s cannot be had', async (name, sums) => {
  expect((await fetched(name, sums)).out).toBe('no: ')
})

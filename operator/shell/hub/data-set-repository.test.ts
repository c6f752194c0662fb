// SPDX-License-Identifier: Apache-2.0
/** Pushing to a hub, against a stand-in of our own: no real one is asked. */
import { afterEach, describe, expect, it } from 'vitest'
import type { DataFile } from '../../core/leaderboard/data-set.ts'
import { commitFiles, createRepository } from './data-set-repository.ts'
import { type Behaviour, type StandInHub, standInHub } from './testdata/stand-in-hub.ts'

const TOKEN = 'hf_secretSecret'
const FILES: readonly DataFile[] = [{ path: 'README.md', content: '# ⬆️ card\n' }, { path: 'data/a.csv', content: 'a\r\n1\r\n' }, { path: 'data/a.parquet', content: Uint8Array.from([80, 65, 82, 49, 0, 1, 2, 255]) }]

let server: StandInHub | undefined
afterEach(async () => { await server?.close() })

async function hubWith(behaviour: Partial<Behaviour> = {}) {
  server = await standInHub({ token: TOKEN, ...behaviour })
  return { stand: server, hub: { endpoint: server.endpoint, token: TOKEN } }
}
const failure = async (doing: Promise<unknown>) => doing.then(() => ({ message: 'nothing failed', hint: undefined }), (error: Error & { readonly hint?: string }) => error)

describe('a repository', () => {
  it('is made, and holds byte for byte what was pushed: texts in the commit, what is no text in the store', async () => {
    const { stand, hub } = await hubWith()
    expect(await createRepository(hub, 'org/board', true)).toBe(true)
    expect(await commitFiles(hub, 'org/board', { files: FILES, summary: 'x' })).toEqual({ url: 'https://hub/datasets/org/board/commit/abc' })
    const repository = stand.repositories.get('org/board')
    expect(repository?.private).toBe(true)
    expect([...(repository?.files ?? [])].map(([path, bytes]) => [path, bytes.toString('hex')])).toEqual(FILES.map(({ path, content }) => [path, Buffer.from(content).toString('hex')]))
    expect([...stand.objects.values()].map((b) => b.byteLength)).toEqual([8])
  })

  it('gets the token, and the store does not', async () => {
    const { stand, hub } = await hubWith()
    await createRepository(hub, 'org/board', false)
    await commitFiles(hub, 'org/board', { files: FILES, summary: 'x' })
    expect(stand.seen.map((s) => [s.at, s.what.replace(/[0-9a-f]{64}/, 'OID'), s.authorization])).toEqual([
      ['hub', 'POST /api/repos/create', `Bearer ${TOKEN}`], ['hub', 'POST /api/datasets/org/board/preupload/main', `Bearer ${TOKEN}`],
      ['hub', 'POST /datasets/org/board.git/info/lfs/objects/batch', `Bearer ${TOKEN}`], ['store', 'PUT /OID', undefined], ['hub', 'POST /verify', `Bearer ${TOKEN}`],
      ['hub', 'POST /api/datasets/org/board/commit/main', `Bearer ${TOKEN}`],
    ])
  })

  it('that is there already is no failure, and what the store has already is not sent again', async () => {
    const { stand, hub } = await hubWith()
    await createRepository(hub, 'org/board', false)
    await commitFiles(hub, 'org/board', { files: FILES, summary: 'x' })
    expect(await createRepository(hub, 'org/board', false)).toBe(false)
    await commitFiles(hub, 'org/board', { files: FILES, summary: 'again' })
    expect(stand.seen.filter((s) => s.at === 'store')).toHaveLength(1)
  })
})

describe('what goes wrong is said, and never with the token', () => {
  it('a token of another hub', async () => {
    const { hub } = await hubWith()
    const error = await failure(createRepository({ ...hub, token: 'hf_wrong' }, 'org/board', false))
    expect(error).toMatchObject({ message: 'making org/board failed: the hub answered 401: Invalid credentials: Bearer …', hint: 'HF_TOKEN is not a token of this hub' })
  })

  it('an owner that is somebody else\'s', async () => {
    const { hub } = await hubWith()
    expect(await failure(createRepository(hub, 'nobody/board', false))).toMatchObject({ message: 'making nobody/board failed: the hub answered 403: you may not write there', hint: 'the token in HF_TOKEN may not write there' })
  })

  it('a commit that is refused, with a reason that repeats the token', async () => {
    const { hub } = await hubWith({ commitFailure: { status: 422, error: `bad ${TOKEN}  in\n${'x'.repeat(999)}` } })
    await createRepository(hub, 'org/board', false)
    const { message } = await failure(commitFiles(hub, 'org/board', { files: FILES, summary: 'x' }))
    expect(message).toMatch(/^the commit to org\/board failed: the hub answered 422: bad … in x+$/)
    expect(message.length).toBeLessThan(400)
  })

  it('a store that wants parts', async () => {
    const { hub } = await hubWith({ parts: true })
    await createRepository(hub, 'org/board', false)
    expect((await failure(commitFiles(hub, 'org/board', { files: FILES, summary: 'x' }))).message).toContain('the hub wants data/a.parquet (8 bytes) in parts, which Assay does not do')
  })

  it('a hub that is not there', async () => {
    const { hub } = await hubWith()
    await server?.close()
    expect((await failure(createRepository(hub, 'org/board', false))).message).toMatch(/^making org\/board failed: http:\/\/127\.0\.0\.1:\d+ cannot be reached/)
    server = undefined
  })
})

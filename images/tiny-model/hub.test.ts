// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerHub } from './hub.ts'

const models = mkdtempSync(join(tmpdir(), 'assay-hub-'))
mkdirSync(join(models, 'tiny'))
writeFileSync(join(models, 'tiny', 'config.json'), '{}')
writeFileSync(join(models, 'secret'), 'not a model')
const ask = (path: string, authorization?: string, token?: string) => answerHub({ models, token }, path, authorization)

describe('the hub', () => {
  it('lists the files of a model, under any owner and revision, with a commit', () => {
    for (const path of ['/api/models/assay/tiny', '/api/models/other/tiny/revision/main']) {
      const { status, body } = ask(path)
      expect(status).toBe(200)
      expect(JSON.parse(body.toString())).toMatchObject({ sha: expect.stringMatching(/^[0-9a-f]{40}$/), siblings: [{ rfilename: 'config.json' }] })
    }
  })

  it('lists them with their sizes, too', () => {
    expect(JSON.parse(ask('/api/models/assay/tiny/tree/main').body.toString())).toEqual([{ type: 'file', path: 'config.json', size: 2, oid: expect.stringMatching(/^[0-9a-f]{40}$/) }])
  })

  it('hands a file out with its hash and the same commit', () => {
    const { sha } = JSON.parse(ask('/api/models/assay/tiny').body.toString()) as { sha: string }
    const { status, headers, body } = ask('/assay/tiny/resolve/main/config.json')
    expect([status, body.toString(), headers['x-repo-commit']]).toEqual([200, '{}', sha])
    expect(headers['etag']).toMatch(/^"[0-9a-f]{64}"$/)
  })

  it.each([
    ['another model', '/api/models/assay/large', 404, 'RepoNotFound'],
    ['another file', '/assay/tiny/resolve/main/nothing.json', 404, 'EntryNotFound'],
    ['what is no folder', '/api/models/assay/secret', 404, 'RepoNotFound'],
    ['what lies above', '/api/models/assay/..', 404, 'RepoNotFound'],
    ['a path within', '/assay/tiny/resolve/main/../../secret', 404, 'RepoNotFound'],
    ['anything else', '/', 404, 'RepoNotFound'],
  ])('knows nothing of %s', (_, path, status, code) => {
    const answer = ask(path)
    expect([answer.status, answer.headers['x-error-code']]).toEqual([status, code])
  })

  it.each([[undefined, 401], ['Bearer wrong', 401], ['Bearer right', 200]])('lets %s in with %d, where it has a token', (authorization, status) => {
    expect(ask('/api/models/assay/tiny', authorization, 'right').status).toBe(status)
    expect(ask('/assay/tiny/resolve/main/config.json', authorization, 'right').status).toBe(status)
  })
})

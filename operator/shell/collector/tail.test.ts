// SPDX-License-Identifier: Apache-2.0
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { array, assert, asyncProperty, constantFrom, oneof, record, constant } from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createResultsClient, type ResultsClient, ResultsError } from '../results/client.ts'
import { type RunningServer, runServer } from '../results/testdata/running-server.ts'
import { createLiveCount } from './live-count.ts'
import { createRedactor } from './redact.ts'
import { storedName } from './stored-name.ts'
import { createTail } from './tail.ts'
import { zipOf } from './testdata/zip.ts'
import { walkFiles } from './walk-files.ts'

const SECRET = 'hunter2-hunter2'
const HIDDEN = '*'.repeat(SECRET.length)
let server: RunningServer
let client: ResultsClient
let folder: string
let trials = 0
let ref: { namespace: string; trial: string; attempt: number }
beforeAll(async () => { server = await runServer() })
afterAll(() => server.server.stop(100))
beforeEach(() => newTrial())

function newTrial() {
  ref = { namespace: 'bench', trial: `t${++trials}`, attempt: 1 }
  const token = server.kube.addAttempt(ref)
  client = createResultsClient({ base: server.url, token: async () => token, attempts: 1 })
  folder = mkdtempSync(join(tmpdir(), 'assay-tail-'))
}
const tailOf = (through = client) => createTail({ folder, client: through, ref, redactor: createRedactor([SECRET]), hasSecrets: true })
const stored = (name: string) => readFileSync(join(server.data, `ns-uid-1/${ref.trial}/uid-${ref.trial}/1/raw/${name}`))
const file = (name: string) => join(folder, name)

describe('a file that grows', () => {
  it('is there while it grows, and whole at the end, without the secret', async () => {
    const tail = tailOf()
    appendFileSync(file('log'), `one ${SECRET}\ntw`)
    await tail.poll({})
    expect(stored('log').toString()).toBe(`one ${HIDDEN}\n`)
    appendFileSync(file('log'), `o ${SECRET.slice(0, 8)}`)
    await tail.poll({})
    appendFileSync(file('log'), `${SECRET.slice(8)}\n`)
    const { artifacts } = await tail.finish({})
    expect(stored('log').toString()).toBe(`one ${HIDDEN}\ntwo ${HIDDEN}\n`)
    expect(artifacts).toMatchObject([{ name: 'raw/log', bytes: stored('log').length }])
  })

  it('is whole at the end whatever happened: writes, restarts of ours, answers lost, replacements', { timeout: 60_000 }, async () => {
    const step = oneof(
      record({ kind: constant('write' as const), text: constantFrom('a line\n', `key ${SECRET} `, 'x'.repeat(9000), '\n', 'é') }),
      record({ kind: constantFrom('poll' as const, 'restart' as const, 'lost' as const, 'replace' as const, 'truncate' as const) }),
    )
    await assert(asyncProperty(array(step, { maxLength: 12 }), async (steps) => {
      newTrial()
      let lose = false
      const flaky: ResultsClient = { ...client, append: async (...args) => {
        const written = await client.append(...args)
        if (!lose) return written
        lose = false
        throw new ResultsError({ status: 0, code: 'NoAnswer', message: 'lost' })
      } }
      let tail = tailOf(flaky)
      writeFileSync(file('log'), '')
      for (const action of steps) {
        if (action.kind === 'write') appendFileSync(file('log'), action.text)
        if (action.kind === 'replace') { writeFileSync(file('new'), 'replaced\n'); renameSync(file('new'), file('log')) }
        if (action.kind === 'truncate') truncateSync(file('log'))
        if (action.kind === 'restart') tail = tailOf(flaky)
        if (action.kind === 'lost') lose = true
        if (action.kind === 'poll') await tail.poll({}).catch(() => undefined)
      }
      lose = false
      const { artifacts, notes } = await tail.finish({})
      expect(notes).toEqual([])
      expect(stored('log').toString() === createRedactor([SECRET]).text(readFileSync(file('log'), 'utf8'))).toBe(true)
      expect(artifacts).toMatchObject([{ name: 'raw/log', bytes: stored('log').length }])
    }), { numRuns: 40 })
  })

  it('is continued, not begun again, by a restarted collector and after a lost answer', async () => {
    appendFileSync(file('log'), 'one\n')
    await tailOf().poll({})
    appendFileSync(file('log'), 'two\n')
    const second = tailOf()
    await second.poll({})
    expect(stored('log').toString()).toBe('one\ntwo\n')
    // Longer than one request's worth, so that what is passed over comes in several pieces.
    appendFileSync(file('log'), Buffer.alloc(10 << 20, 'a line of the log\n'))
    await second.poll({})
    appendFileSync(file('log'), 'three\n')
    await tailOf().poll({})
    expect(stored('log').equals(readFileSync(file('log')))).toBe(true)
  })

  it('is sent anew as a whole when the tool wrote over its beginning', async () => {
    const tail = tailOf()
    writeFileSync(file('json'), '{"done": false}\n')
    await tail.poll({})
    writeFileSync(file('json'), '{"done": true }\n')
    await tail.finish({})
    expect(stored('json').toString()).toBe('{"done": true }\n')
  })
})

describe('other files', () => {
  it('are stored too: empty ones, folders full, names that the server does not take', async () => {
    mkdirSync(file('deep/er'), { recursive: true })
    for (const name of ['empty', 'deep/er/file', '.hidden', 'odd|name?']) writeFileSync(file(name), name === 'empty' ? '' : 'x')
    const { artifacts, notes } = await tailOf().finish({})
    expect(artifacts.map((a) => a.name).toSorted((a, b) => a.localeCompare(b))).toEqual([storedName('.hidden'), 'raw/deep/er/file', 'raw/empty', storedName('odd|name?')].toSorted((a, b) => a.localeCompare(b)))
    expect(notes).toEqual([])
  })

  it('that are packed are looked into; damaged ones are left out and named', async () => {
    writeFileSync(file('a.zst'), zstdCompressSync(`the key ${SECRET}`))
    writeFileSync(file('cut.gz'), gzipSync('x'.repeat(10_000)).subarray(0, 30))
    const tail = tailOf()
    await tail.poll({})
    const { artifacts, notes } = await tail.finish({})
    expect(artifacts.map((a) => a.name)).toEqual(['raw/a.zst'])
    expect(zstdDecompressSync(stored('a.zst')).toString()).toBe(`the key ${HIDDEN}`)
    expect(notes).toEqual(['not stored: cut.gz: unexpected end of file (Z_BUF_ERROR)'])
  })

  it('that lead elsewhere are passed over: links, sockets', async () => {
    writeFileSync(join(tmpdir(), 'assay-elsewhere'), 'secret token')
    symlinkSync(join(tmpdir(), 'assay-elsewhere'), file('link'))
    symlinkSync(tmpdir(), file('folder'))
    const socket = createServer().listen(file('pipe'))
    await new Promise((resolve) => { socket.once('listening', resolve) })
    const tail = tailOf()
    await tail.poll({})
    expect(await tail.finish({})).toEqual({ artifacts: [], notes: ['not stored: folder: a link', 'not stored: link: a link', 'not stored: pipe: not a file'] })
    socket.close()
  })

  it('that the tool removed are not spoken of', async () => {
    const tail = tailOf()
    writeFileSync(file('temporary'), 'x\n')
    await tail.poll({})
    rmSync(file('temporary'))
    await tail.poll({})
    expect(await tail.finish({})).toEqual({ artifacts: [], notes: [] })
  })
})

describe('walkFiles', () => {
  it('does not go deeper than it should', () => {
    mkdirSync(join(folder, Array.from({ length: 14 }, () => 'd').join('/')), { recursive: true })
    expect(walkFiles(folder)).toMatchObject({ files: [], skipped: [expect.stringContaining('too deep') as string] })
    expect(walkFiles(join(folder, 'nothing'))).toEqual({ files: [], skipped: [] })
  })
})

describe('storedName', () => {
  it.each([['native.jsonl', 'raw/native.jsonl'], ['a b/c.json', 'raw/a b/c.json']])('keeps %s', (name, expected) => {
    expect(storedName(name)).toBe(expected)
  })

  it('tells apart what looks alike, in names that the server takes', () => {
    const names = ['a|b', 'a?b', '..', '.', 'é', 'x'.repeat(400), 'end.', 'a\nb', `${'d/'.repeat(20)}f`].map(storedName)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^raw\/[\w@+=,-][\w.@+=,-]*-[0-9a-f]{8}$/)
  })
})

describe('an archive', () => {
  it('is stored as it is, or not at all when a secret is in it', async () => {
    const good = zipOf({ 'a.xml': 'nothing' })
    writeFileSync(file('good.xlsx'), good)
    writeFileSync(file('bad.xlsx'), zipOf({ 'a.xml': `--api-key ${SECRET}` }))
    const tail = createTail({ folder, client, ref, redactor: createRedactor([]), hasSecrets: false })
    await tail.poll({})
    const { artifacts, notes } = await tail.finish({})
    expect(artifacts.map((a) => a.name)).toEqual(['raw/good.xlsx'])
    expect(stored('good.xlsx').equals(good)).toBe(true)
    expect(notes).toEqual(['not stored: bad.xlsx: a secret is packed in its member a.xml'])
  })
})

describe('live count', () => {
  it('counts lines, failures and the stage, however the bytes are cut', () => {
    const text = [{ id: 'a', stage: 'low', status: 'ok' }, { id: 'b', stage: 'low', status: 'error' }, { id: 'c', stage: 'high', status: 'ok' }].map((r) => `${JSON.stringify(r)}\n`).join('')
    for (let cut = 0; cut <= text.length; cut++) {
      const count = createLiveCount()
      count.add(Buffer.from(text.slice(0, cut)))
      count.add(Buffer.from(text.slice(cut)))
      expect(count.live()).toEqual({ done: 3, failed: 1, stage: 'high' })
    }
    expect(createLiveCount().live()).toBeUndefined()
  })
})

// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { array, asyncProperty, assert, boolean, constant, nat, oneof, record, uint8Array } from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { createVolumeStore } from './store-volume.ts'
import type { Store } from './store.ts'

let data: string
let store: Store
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'assay-store-'))
  store = createVolumeStore(data)
})
const ATTEMPT = { namespaceUid: 'ns', trial: 't', trialUid: 'uid', attempt: 1 }
const FILE = { ...ATTEMPT, name: 'raw/f' }
const of = (text: string) => Readable.from([Buffer.from(text)])
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

describe('a file', () => {
  it('has the checksum of its bytes, whatever mixture of writes, restarts and failures made it', async () => {
    const write = record({ bytes: uint8Array({ maxLength: 40 }), kind: oneof(constant('put'), constant('append')), offBy: oneof(constant(0), nat(3)), fails: boolean(), restart: boolean() })
    await assert(asyncProperty(array(write, { maxLength: 8 }), async (writes) => {
      const folder = mkdtempSync(join(tmpdir(), 'assay-store-'))
      let current = createVolumeStore(folder)
      let content = Buffer.alloc(0)
      for (const { bytes, kind, offBy, fails, restart } of writes) {
        const body = Readable.from((async function* body() {
          if (bytes.length > 0) yield Buffer.from(bytes)
          if (fails) throw new Error('cut')
        })())
        const offset = content.length + offBy
        const ok = await (kind === 'put' ? current.put(FILE, body) : current.append(FILE, offset, body)).then(() => true, () => false)
        expect(ok).toBe(!fails && (kind === 'put' || offBy === 0))
        if (kind === 'put' && !fails) content = Buffer.from(bytes)
        if (kind === 'append' && offBy === 0) content = Buffer.concat([content, bytes])
        if (restart) current = createVolumeStore(folder)
        const digest = await current.digest(FILE)
        if (digest !== undefined) expect(digest).toEqual({ bytes: content.length, sha256: sha256(content) })
      }
    }), { numRuns: 60 })
  })

  it('stays as it was when a replacement fails, and leaves no part behind', async () => {
    await store.put(FILE, of('old'))
    await expect(store.put(FILE, Readable.from((async function* body() { yield Buffer.from('new'); throw new Error('cut') })()))).rejects.toThrow('cut')
    expect(await store.digest(FILE)).toEqual({ bytes: 3, sha256: sha256('old') })
    expect(readdirSync(join(data, 'ns/t/uid/1/.parts'))).toEqual([])
  })

  it('goes to the newer of two writers: the older may be dead without knowing it', async () => {
    const stuck = new PassThrough()
    const older = store.append(FILE, 0, stuck)
    stuck.write('abc')
    await expect.poll(async () => (await store.digest(FILE))?.bytes).toBe(3)
    const newer = store.append(FILE, 3, of('def'))
    await expect(older).rejects.toMatchObject({ code: 'Superseded' })
    expect(await newer).toEqual({ bytes: 6, sha256: sha256('abcdef') })
  })

  it('cannot lie outside of its attempt', async () => {
    for (const name of ['../../x', '..', 'a/../..']) await expect(store.put({ ...ATTEMPT, name }, of('x'))).rejects.toThrow(/not within/)
    await expect(store.put({ ...FILE, trialUid: '..' }, of('x'))).rejects.toThrow(/not a uid/)
  })
})

describe('an attempt', () => {
  it('lists what it has, hides what is ours, and is gone after its removal', async () => {
    await store.remember(ATTEMPT, { namespace: 'n', trial: 't', trialUid: 'uid', createdTime: '', retention: '1d' })
    for (const name of ['b', 'raw/a', 'raw/deep/c']) await store.put({ ...ATTEMPT, name }, of(name))
    writeFileSync(join(data, 'ns/t/uid/1/.parts/half'), 'x')
    expect(await store.list(ATTEMPT)).toEqual([{ name: 'b', bytes: 1 }, { name: 'raw/a', bytes: 5 }, { name: 'raw/deep/c', bytes: 10 }])
    expect(await store.attempts(ATTEMPT)).toEqual([1])
    await store.sync(ATTEMPT)
    expect(existsSync(join(data, 'ns/t/uid/1/.parts'))).toBe(false)
    await store.remove({ ...ATTEMPT, name: 'b' })
    expect((await store.list(ATTEMPT)).map((f) => f.name)).toEqual(['raw/a', 'raw/deep/c'])
    await store.removeTrial(ATTEMPT)
    expect([await store.list(ATTEMPT), await store.attempts(ATTEMPT), await store.memo(ATTEMPT)]).toEqual([[], [], undefined])
  })

  it('counts what lay there before against the quota', async () => {
    await store.put(FILE, of('x'.repeat(80)))
    const later = createVolumeStore(data, { bytesPerTrial: 100, filesPerTrial: 10 })
    await expect(later.put({ ...ATTEMPT, name: 'g' }, of('x'.repeat(30)))).rejects.toMatchObject({ code: 'QuotaExceeded' })
    await later.remove(FILE)
    await later.put({ ...ATTEMPT, name: 'g' }, of('x'.repeat(30)))
  })
})

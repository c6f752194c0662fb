// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorBody, Summary, TrialListing, Written } from './api.ts'
import { CONTROLLER } from './testdata/fake-kube.ts'
import { type RunningServer, runServer } from './testdata/running-server.ts'

let at: RunningServer
beforeEach(async () => { at = await runServer() })
afterEach(() => at.server.stop(100))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const FINDINGS = { schema: 'assay.dev/findings/v1', verdict: { result: 'valid', reasons: [] }, stages: [] }

interface Answer<T> { readonly status: number; readonly body: T; readonly headers: Headers }
async function send<T = ErrorBody>(method: string, path: string, options: { token?: string; body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer<T>> {
  const { token, body, headers = {} } = options
  const response = await fetch(`${at.url}${path}`, {
    method, headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: (response.headers.get('content-type')?.startsWith('application/json') === true ? JSON.parse(text) : text) as T }
}
const attempt = (trial = 'exp-1-abc-s1-r1', number = 1) => ({ namespace: 'bench', trial, attempt: number })
const files = (name: string, trial = 'exp-1-abc-s1-r1', number = 1) => `/v1/trials/bench/${trial}/${number}/files/${name}`

async function deliver(token: string, content: Record<string, string>, claimed: object = {}) {
  for (const [name, body] of Object.entries(content)) await send('PUT', files(name), { token, body })
  const list = Object.entries(content).map(([name, body]) => ({ name, bytes: body.length, sha256: sha256(body) }))
  return send<Record<string, unknown>>('POST', '/v1/trials/bench/exp-1-abc-s1-r1/1/complete', { token, body: { findings: FINDINGS, reports: { high: { version: '0.2.1' } }, files: list, ...claimed } })
}

describe('files', () => {
  it('are stored with their checksum, replaced as a whole, and found under the uids', async () => {
    const token = at.kube.addAttempt(attempt())
    expect((await send<Written>('PUT', files('raw/native.json'), { token, body: '{}' })).body).toEqual({ bytes: 2, sha256: sha256('{}') })
    expect((await send<Written>('PUT', files('raw/native.json'), { token, body: '{"a":1}' })).body.bytes).toBe(7)
    expect(readFileSync(join(at.data, 'ns-uid-1/exp-1-abc-s1-r1/uid-exp-1-abc-s1-r1/1/raw/native.json'), 'utf8')).toBe('{"a":1}')
  })

  it('grow by offset; a wrong offset is told the size', async () => {
    const token = at.kube.addAttempt(attempt())
    expect((await send<Written>('PUT', `${files('raw/a.jsonl')}?append=0`, { token, body: 'one\n' })).body).toEqual({ bytes: 4, sha256: sha256('one\n') })
    expect((await send<Written>('PUT', `${files('raw/a.jsonl')}?append=4`, { token, body: 'two\n' })).body).toEqual({ bytes: 8, sha256: sha256('one\ntwo\n') })
    const again = await send('PUT', `${files('raw/a.jsonl')}?append=4`, { token, body: 'two\n' })
    expect([again.status, again.body.error, again.body.bytes]).toEqual([409, 'OffsetMismatch', 8])
  })

  it('that a server of before left are continued with the right checksum', async () => {
    const token = at.kube.addAttempt(attempt())
    await send('PUT', `${files('raw/a.jsonl')}?append=0`, { token, body: 'one\n' })
    const { data, kube } = at
    await at.server.stop(100)
    at = await runServer({ data, kube })
    expect((await send<Written>('PUT', `${files('raw/a.jsonl')}?append=4`, { token, body: 'two\n' })).body.sha256).toBe(sha256('one\ntwo\n'))
  })

  it('keep what arrived before the sender was cut off', async () => {
    const token = at.kube.addAttempt(attempt())
    await new Promise<void>((resolve) => {
      const request = httpRequest(`${at.url}${files('raw/a.jsonl')}?append=0`, { method: 'PUT', headers: { authorization: `Bearer ${token}` } })
      request.on('error', () => resolve())
      request.write('kept\n', () => setTimeout(() => request.destroy(new Error('cut')), 100))
    })
    await expect.poll(async () => (await send('PUT', `${files('raw/a.jsonl')}?append=999`, { token, body: 'x' })).body.bytes).toBe(5)
    expect((await send<Written>('PUT', `${files('raw/a.jsonl')}?append=5`, { token, body: 'more' })).body.sha256).toBe(sha256('kept\nmore'))
  })

  it.each([
    ['..%2F..%2Fetc', 400, 'BadName'], ['raw/..%2Fx', 400, 'BadName'], ['.hidden', 400, 'BadName'], ['raw//x', 400, 'BadName'], ['raw/a%5Cb', 400, 'BadName'], ['raw/a%00b', 400, 'BadName'],
    ['manifest.json', 400, 'ReservedName'], ['report.x.yaml', 400, 'ReservedName'], [`raw/${'x'.repeat(300)}`, 400, 'BadName'],
  ])('named %s are refused', async (name, status, error) => {
    const token = at.kube.addAttempt(attempt())
    const answer = await send('PUT', files(name), { token, body: 'x' })
    expect([answer.status, answer.body.error]).toEqual([status, error])
    expect(existsSync(join(at.data, 'ns-uid-1/exp-1-abc-s1-r1/uid-exp-1-abc-s1-r1/1'))).toBe(false)
  })

  it('whose name is taken by a folder are refused', async () => {
    const token = at.kube.addAttempt(attempt())
    await send('PUT', files('raw/a'), { token, body: 'x' })
    expect((await send('PUT', files('raw/a/b'), { token, body: 'x' })).body.error).toBe('NameTaken')
    expect((await send('PUT', files('raw'), { token, body: 'x' })).body.error).toBe('NameTaken')
  })

  it('stop at the quota of the trial, over all attempts', async () => {
    await at.server.stop(100)
    at = await runServer({ limits: { bytesPerTrial: 1000, filesPerTrial: 2 } })
    const [first, second] = [at.kube.addAttempt(attempt()), at.kube.addAttempt(attempt(undefined, 2))]
    expect((await send('PUT', files('a'), { token: first, body: 'x'.repeat(600) })).status).toBe(200)
    expect((await send('PUT', files('b', undefined, 2), { token: second, body: 'x'.repeat(600) })).body.error).toBe('QuotaExceeded')
    expect((await send('PUT', files('b', undefined, 2), { token: second, body: 'x'.repeat(300) })).status).toBe(200)
    expect((await send('PUT', files('c', undefined, 2), { token: second, body: 'x' })).body.error).toBe('QuotaExceeded')
    // What is replaced does not count twice.
    expect((await send('PUT', files('b', undefined, 2), { token: second, body: 'x'.repeat(100) })).status).toBe(200)
    expect((await send('PUT', files('a'), { token: first, body: 'x'.repeat(200) })).status).toBe(200)
  })
})

describe('delivery', () => {
  it('gives a receipt, a manifest with its digest, reports, and an event', async () => {
    const token = at.kube.addAttempt(attempt())
    await send('PUT', files('raw/leftover'), { token, body: 'x' })
    const { status, body } = await deliver(token, { 'records.jsonl.gz': 'r', 'raw/native.jsonl': 'n\n' })
    expect([status, body['kind'], body['verdict']]).toEqual([200, 'delivered', 'valid'])
    const folder = join(at.data, 'ns-uid-1/exp-1-abc-s1-r1/uid-exp-1-abc-s1-r1/1')
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8')
    expect(sha256(manifest)).toBe(body['digest'])
    expect((JSON.parse(manifest) as { files: { name: string }[] }).files.map((f) => f.name)).toEqual(['findings.json', 'raw/native.jsonl', 'records.jsonl.gz', 'report.high.yaml'])
    expect(readdirSync(join(folder, 'raw'))).toEqual(['native.jsonl'])
    const summary = await send<Summary>('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary', { token: at.controllerToken })
    expect(summary.body).toEqual({ receipt: body, findings: FINDINGS, reports: { high: { version: '0.2.1' } } })
  })

  it('stands: a second one and later files change nothing', async () => {
    const token = at.kube.addAttempt(attempt())
    const first = await deliver(token, { a: 'x' })
    expect((await deliver(token, {}, { findings: { ...FINDINGS, verdict: { result: 'invalid', reasons: [] } } })).body).toEqual(first.body)
    expect((await send('PUT', files('a'), { token, body: 'y' })).body.error).toBe('Delivered')
  })

  it('names files that are missing or different', async () => {
    const token = at.kube.addAttempt(attempt())
    const answer = await deliver(token, { a: 'x', b: 'y' }, { files: [{ name: 'a', bytes: 1, sha256: sha256('other') }, { name: 'b', bytes: 1, sha256: sha256('y') }, { name: 'c', bytes: 1, sha256: '' }] })
    expect([answer.status, answer.body['error'], answer.body['files']]).toEqual([409, 'ChecksumMismatch', ['a', 'c']])
    expect((await send('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary', { token: at.controllerToken })).status).toBe(404)
  })

  it('refuses what is no completion', async () => {
    const token = at.kube.addAttempt(attempt())
    const answer = await send('POST', '/v1/trials/bench/exp-1-abc-s1-r1/1/complete', { token, body: { findings: {} } })
    expect([answer.status, answer.body.error]).toEqual([400, 'BadBody'])
  })
})

describe('who may', () => {
  it('send: only the pod of the attempt', async () => {
    const token = at.kube.addAttempt(attempt())
    at.kube.addAttempt({ namespace: 'other', trial: 'foreign', attempt: 1 })
    const status = async (path: string, used?: string) => (await send('PUT', path, { token: used, body: 'x' })).status
    expect(await status(files('a'))).toBe(401)
    expect(await status(files('a'), 'a.b.c')).toBe(401)
    expect(await status(files('a'), at.kube.token(CONTROLLER, { aud: 'https://kubernetes.default.svc' }))).toBe(401)
    expect(await status(files('a'), at.kube.token(CONTROLLER, { exp: 1 }))).toBe(401)
    expect(at.kube.asked).toEqual([])
    expect(await status('/v1/trials/other/foreign/1/files/a', token)).toBe(403)
    expect(await status(files('a', undefined, 2), token)).toBe(503)
    expect(await status(files('a', 'unknown'), token)).toBe(403)
    expect(await status(files('a'), token)).toBe(200)
    expect(await status(files('logs/harness.log'), token)).toBe(403)
  })

  it.each<[string, (pod: { metadata: { uid?: string; labels?: Record<string, string>; ownerReferences?: { name: string }[] } }) => void]>([
    ['another pod of that name', (pod) => { pod.metadata.uid = 'new' }],
    ['a pod with labels of another trial', (pod) => { pod.metadata.labels = { 'assay.dev/trial': 'x', 'assay.dev/attempt': '1' } }],
    ['a pod of another Job', (pod) => { pod.metadata.ownerReferences = [{ ...pod.metadata.ownerReferences?.[0], name: 'x' }] }],
    ['a pod of nobody', (pod) => { pod.metadata.ownerReferences = [] }],
  ])('not send: %s', async (_, change) => {
    const token = at.kube.addAttempt(attempt())
    change(at.kube.pods.get('bench/exp-1-abc-s1-r1-a1-x') as never)
    expect((await send('PUT', files('a'), { token, body: 'x' })).status).toBe(403)
  })

  it('not send: the pod of a Job that was made anew under its name', async () => {
    const token = at.kube.addAttempt(attempt())
    const trial = at.kube.trials.get('bench/exp-1-abc-s1-r1')
    Object.assign(trial?.status?.attempts?.[0] ?? {}, { jobUid: 'another' })
    expect((await send('PUT', files('a'), { token, body: 'x' })).status).toBe(403)
  })

  it('read: who may get the Trial, by either header; asked once in a while', async () => {
    await deliver(at.kube.addAttempt(attempt()), { 'raw/a.txt': 'hello' })
    const token = at.kube.token({ username: 'ann', groups: [], extra: {} })
    const path = '/v1/trials/bench/exp-1-abc-s1-r1'
    expect((await send('GET', path, { token })).status).toBe(403)
    const second = at.kube.token({ username: 'bob', groups: [], extra: {} })
    at.kube.readers.add('bob trials bench/exp-1-abc-s1-r1')
    at.kube.asked.length = 0
    const listing = await send<TrialListing>('GET', path, { headers: { 'x-assay-token': second } })
    expect(listing.body).toMatchObject({ experiment: 'exp', attempts: [{ attempt: 1, receipt: { kind: 'delivered' } }] })
    expect(listing.body.attempts[0]?.files.find((f) => f.name === 'raw/a.txt')).toEqual({ name: 'raw/a.txt', bytes: 5, sha256: sha256('hello') })
    expect((await send<string>('GET', `${path}/files/1/raw/a.txt`, { token: second })).body).toBe('hello')
    expect((await send<string>('GET', `${path}/files/1/raw/a.txt`, { token: second, headers: { range: 'bytes=3-' } })).body).toBe('lo')
    expect((await send('GET', `${path}/files/1/raw/a.txt`, { token: second, headers: { range: 'bytes=5-' } })).status).toBe(416)
    expect((await send('GET', `${path}/files/1/.trial.json`, { token: second })).status).toBe(400)
    expect((await send('GET', `${path}/files/1/nothing`, { token: second })).status).toBe(404)
    expect(at.kube.asked).toEqual(['review', 'access'])
    expect((await send('GET', '/v1/experiments/bench/exp', { token: second })).status).toBe(403)
  })

  it('read an Experiment: all its trials', async () => {
    await deliver(at.kube.addAttempt(attempt()), { a: 'x' })
    await send('PUT', files('a', 'exp-1-def-s1-r1'), { token: at.kube.addAttempt(attempt('exp-1-def-s1-r1')), body: 'x' })
    at.kube.readers.add('ann experiments bench/exp')
    const token = at.kube.token({ username: 'ann', groups: [], extra: {} })
    const { body } = await send<{ trials: { trial: string; receipt?: object }[] }>('GET', '/v1/experiments/bench/exp', { token })
    expect(body.trials.map((t) => [t.trial, t.receipt !== undefined])).toEqual([['exp-1-abc-s1-r1', true], ['exp-1-def-s1-r1', false]])
  })

  it('hear events, ask summaries, put logs, remove: only the controller', async () => {
    const token = at.kube.addAttempt(attempt())
    await deliver(token, { a: 'x' })
    for (const [method, path] of [['GET', '/v1/events'], ['GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary'], ['PUT', files('logs/harness.log')], ['DELETE', '/v1/trials/bench/exp-1-abc-s1-r1']] as const) {
      expect((await send(method, path, { token, body: method === 'PUT' ? 'x' : undefined })).status).toBe(403)
    }
    expect((await send('PUT', files('logs/harness.log'), { token: at.controllerToken, body: 'log' })).status).toBe(200)
    expect((await send('PUT', files('logs/x/y.log'), { token: at.controllerToken, body: 'log' })).status).toBe(400)
    expect((await send('DELETE', '/v1/trials/bench/exp-1-abc-s1-r1?uid=another', { token: at.controllerToken })).status).toBe(204)
    expect((await send('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary', { token: at.controllerToken })).status).toBe(200)
    expect((await send('DELETE', '/v1/trials/bench/exp-1-abc-s1-r1', { token: at.controllerToken })).status).toBe(204)
    expect((await send('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary', { token: at.controllerToken })).status).toBe(404)
  })

  it('put a log before any collector spoke', async () => {
    at.kube.addAttempt(attempt())
    expect((await send('PUT', files('logs/harness.log'), { token: at.controllerToken, body: 'log' })).status).toBe(200)
  })
})

describe('same name, another trial', () => {
  it('does not see what its predecessor delivered', async () => {
    await deliver(at.kube.addAttempt(attempt()), { a: 'x' })
    at.kube.trials.clear()
    const token = at.kube.addAttempt({ ...attempt(), uid: 'uid-second' })
    expect((await send('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary', { token: at.controllerToken })).status).toBe(404)
    expect((await send('PUT', files('a'), { token, body: 'y' })).status).toBe(200)
    expect((await send('GET', '/v1/trials/bench/exp-1-abc-s1-r1/1/summary?uid=uid-exp-1-abc-s1-r1', { token: at.controllerToken })).status).toBe(200)
  })
})

describe('health', () => {
  it('says that it lives, that it can write, and counts', async () => {
    await send('PUT', files('a'), { token: at.kube.addAttempt(attempt()), body: 'x' })
    const get = async (path: string) => (await fetch(`${at.health}${path}`)).text()
    expect(await get('/healthz')).toBe('ok')
    expect(await get('/readyz')).toBe('ok')
    const metrics = await get('/metrics')
    expect(metrics).toContain('assay_results_received_bytes_total 1')
    expect(metrics).toMatch(/assay_results_request_duration_seconds_count\{method="PUT",route="\/v1\/trials\/:namespace\/:trial\/:attempt\{\[0-9\]\+\}\/files\/:path\{\.\+\}",status="200"\} 1/)
    expect((await send('GET', '/nothing')).body.error).toBe('NoSuchRoute')
  })
})

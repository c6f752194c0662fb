// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiProxy, type Fault, inTurn, startApiProxy } from '../../../test/faults/api-proxy.ts'
import { type FakeApiServer, startFakeApiServer } from '../../../test/faults/fake-api-server.ts'
import type { ClientOptions, KubeClient, RequestRecord } from './client.ts'
import { createClient } from './client.ts'
import { createResourceApi, type ResourceApi } from './resource-api.ts'
import { THINGS, thing, type TestObject } from './testdata/kube-object.ts'

const COLLECTION = '/api/v1/namespaces/a/configmaps'
let server: FakeApiServer
let proxy: ApiProxy
let client: KubeClient
let api: ResourceApi
let records: RequestRecord[] = []
let tokens = 0

function connect(more: Partial<ClientOptions> = {}): void {
  client = createClient({
    access: { server: proxy.url, namespace: 'a', credentials: async () => ({ headers: { authorization: `Bearer ${++tokens}` }, tls: {} }) },
    // Waits are not what is tested here.
    clock: { now: () => performance.now(), epochMs: Date.now, after: (ms, run) => { const timer = setTimeout(run, Math.min(ms, 20)); return () => clearTimeout(timer) } },
    onRequest: (record) => records.push(record), ...more,
  })
  api = createResourceApi(client)
}

beforeEach(async () => {
  server = await startFakeApiServer()
  proxy = await startApiProxy({ url: server.url })
  records = []
  tokens = 0
  connect()
})
afterEach(async () => {
  await client.close()
  await proxy.close()
  await server.close()
})

const x = { namespace: 'a', name: 'x' }
const answer = (code: number, headers: Record<string, string> = {}): Fault => ({ kind: 'answer', code, headers })
const codes = () => records.map(({ code }) => code)

describe('the verbs', () => {
  it('create, read, change and delete', async () => {
    expect(await api.find(THINGS, x)).toBeUndefined()
    const made = await api.create(THINGS, { metadata: { name: 'x', namespace: 'a' }, data: { a: '1' } })
    expect(made.metadata.uid).toBeDefined()
    expect((await api.patchMerge(THINGS, x, { data: { a: '2' } })).data).toEqual({ a: '2' })
    expect((await api.get(THINGS, x)).data).toEqual({ a: '2' })
    expect(await api.delete(THINGS, x)).toBe(true)
    expect(await api.delete(THINGS, x)).toBe(false)
    await expect(api.get(THINGS, x)).rejects.toMatchObject({ code: 404, reason: 'NotFound' })
    expect(records.map(({ verb, resource, code }) => `${verb} ${resource} ${code}`)).toEqual([
      'get configmaps 404', 'create configmaps 201', 'patch configmaps 200', 'get configmaps 200', 'delete configmaps 200', 'delete configmaps 404', 'get configmaps 404',
    ])
  })

  it('send what the API server needs to know', async () => {
    server.put(COLLECTION, thing('x'))
    await api.apply(THINGS, thing('x', { resourceVersion: undefined }), { fieldManager: 'assay', force: true })
    await api.patchMerge(THINGS, x, {}, { subresource: 'status', dryRun: true }).catch(() => undefined)
    expect(server.requests.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
      { method: 'PATCH', path: `${COLLECTION}/x`, query: { fieldManager: 'assay', force: 'true', fieldValidation: 'Strict' } },
      { method: 'PATCH', path: `${COLLECTION}/x/status`, query: { fieldValidation: 'Strict', dryRun: 'All' } },
    ])
  })

  it('list all pages, each object with its kind', async () => {
    for (let i = 0; i < 12; i++) server.put(COLLECTION, thing(`x${i}`))
    const sizes = []
    for await (const page of api.pages(THINGS, { namespace: 'a' }, { limit: 5 })) sizes.push(page.items.length)
    expect(sizes).toEqual([5, 5, 2])
    const all = await api.list(THINGS, { namespace: 'a' })
    expect([all.length, all[0]?.kind, all[0]?.apiVersion]).toEqual([12, 'ConfigMap', 'v1'])
  })
})

describe('what may be repeated', () => {
  it.each<[string, Fault[], number[]]>([
    ['a read that was turned away', [answer(429, { 'retry-after': '1' }), answer(429)], [429, 429, 200]],
    ['a read after server errors', [answer(500), answer(503), answer(504)], [500, 503, 504, 200]],
    ['a read without an answer', [{ kind: 'refuse' }], [0, 200]],
    ['a read whose answer breaks off', [{ kind: 'cut', afterLines: 0 }], [200, 200]],
    ['a read whose answer is half there', [{ kind: 'truncate', afterLines: 0 }], [200, 200]],
  ])('is %s', async (_, faults, expected) => {
    server.put(COLLECTION, thing('x'))
    proxy.plan(inTurn(faults))
    expect((await api.get(THINGS, x)).metadata.name).toBe('x')
    expect(codes()).toEqual(expected)
  })

  it('is a write that was turned away', async () => {
    proxy.plan(inTurn([answer(429), answer(503, { 'retry-after': '1' })]))
    await api.create(THINGS, thing('x'))
    expect(codes()).toEqual([429, 503, 201])
  })

  it.each<[string, Fault, object]>([
    ['with a server error', answer(500), { code: 500, retryable: true }],
    ['without an answer', { kind: 'refuse' }, { code: 0, reason: 'ConnectionFailed', retryable: true }],
    ['whose answer breaks off, though it was done', { kind: 'cut', afterLines: 0 }, { code: 0 }],
  ])('is not a write %s', async (_, fault, error) => {
    proxy.plan(inTurn([fault]))
    await expect(api.create(THINGS, thing('x'))).rejects.toMatchObject(error)
    expect(proxy.requests.length).toBe(1)
  })

  it('is nothing for ever', async () => {
    proxy.plan(() => answer(500))
    await expect(api.get(THINGS, x)).rejects.toMatchObject({ code: 500 })
    expect(codes()).toEqual([500, 500, 500, 500, 500, 500])
  })
})

it('reads a token anew when it was not accepted, once', async () => {
  server.put(COLLECTION, thing('x'))
  proxy.plan(inTurn([answer(401)]))
  await api.get(THINGS, x)
  expect([codes(), tokens]).toEqual([[401, 200], 2])
  proxy.plan(() => answer(401))
  await expect(api.get(THINGS, x)).rejects.toMatchObject({ code: 401 })
  expect(codes()).toEqual([401, 200, 401, 401])
})

it('gives up on a connection that says nothing', async () => {
  proxy.plan(inTurn([{ kind: 'delay', ms: 60_000 }]))
  await expect(api.create(THINGS, thing('x'), { timeoutMs: 500 })).rejects.toMatchObject({ code: 0, reason: 'Timeout' })
})

it('ends at once when aborted: on the way, in line and while waiting to repeat', async () => {
  proxy.plan(() => ({ kind: 'delay', ms: 60_000 }))
  const aborted = async (run: (signal: AbortSignal) => Promise<unknown>) => {
    const controller = new AbortController()
    const outcome = run(controller.signal)
    setTimeout(() => controller.abort(new Error('enough')), 10)
    await expect(outcome).rejects.toThrow('enough')
  }
  await aborted((signal) => api.get(THINGS, x, { signal }))
  connect({ perSecond: 0.001, burst: 1 })
  await client.json({ verb: 'get', resource: 'x', path: '/x', signal: AbortSignal.timeout(20) }).catch(() => undefined)
  await aborted((signal) => api.get(THINGS, x, { signal }))
})

it('shares its connections: many calls, few handshakes', async () => {
  server.put(COLLECTION, thing('x'))
  await client.close()
  connect({ connections: 4, perSecond: 10_000, burst: 10_000, access: { server: server.url, namespace: 'a', credentials: async () => ({ headers: {}, tls: {} }) } })
  for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 40 }, () => api.get(THINGS, x)))
  expect(server.requests.length).toBe(200)
  expect(server.connections()).toBeLessThanOrEqual(4)
})

it('lets no number of watches stand in the way of calls', async () => {
  server.put(COLLECTION, thing('x'))
  await client.close()
  connect({ connections: 2, access: { server: server.url, namespace: 'a', credentials: async () => ({ headers: {}, tls: {} }) } })
  const stop = new AbortController()
  const watching = Array.from({ length: 10 }, async () => {
    for await (const _ of api.watch(THINGS, { namespace: 'a', resourceVersion: '101', timeoutSeconds: 60, idleMs: 60_000, signal: stop.signal }));
  })
  await vi.waitFor(() => expect(server.openWatches()).toBe(10))
  expect((await api.get(THINGS, x)).metadata.name).toBe('x')
  stop.abort()
  await Promise.all(watching)
})

it('lets no number of calls that hang stand in the way of what is urgent', async () => {
  server.put(COLLECTION, thing('x'))
  await client.close()
  connect({ connections: 2 })
  proxy.plan(({ number }) => (number <= 2 ? { kind: 'delay', ms: 60_000 } : undefined))
  const stop = new AbortController()
  const hanging = Array.from({ length: 5 }, () => api.get(THINGS, x, { signal: stop.signal }).catch(() => undefined))
  await vi.waitFor(() => expect(proxy.requests.length).toBe(2))
  expect((await api.get(THINGS, x, { urgent: true })).metadata.name).toBe('x')
  stop.abort()
  await Promise.all(hanging)
})

it('keeps to its rate, but lets what is urgent pass', async () => {
  server.put(COLLECTION, thing('x'))
  connect({ perSecond: 0.001, burst: 2, clock: undefined })
  await Promise.all([api.get(THINGS, x), api.get(THINGS, x)])
  const stop = new AbortController()
  const third = api.get(THINGS, x, { signal: stop.signal })
  expect((await api.get<TestObject>(THINGS, x, { urgent: true })).metadata.name).toBe('x')
  expect(records.length).toBe(3)
  stop.abort(new Error('enough'))
  await expect(third).rejects.toThrow('enough')
})

it('hands a log over as it comes', async () => {
  proxy.plan(inTurn([{ kind: 'answer', code: 200, body: 'line 1\nline 2\n' }]))
  expect(await text(await api.logs({ namespace: 'a', name: 'p' }, { container: 'c', tailLines: 2 }))).toBe('line 1\nline 2\n')
  expect(proxy.requests[0]).toMatchObject({ path: '/api/v1/namespaces/a/pods/p/log', query: { container: 'c', tailLines: '2' } })
})

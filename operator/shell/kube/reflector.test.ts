// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiProxy, type Fault, type FaultPlan, inTurn, type ProxiedRequest, startApiProxy } from '../../../test/faults/api-proxy.ts'
import { type FakeApiServer, startFakeApiServer } from '../../../test/faults/fake-api-server.ts'
import { createClient, type KubeClient } from './client.ts'
import { createReflector, type Reflector, type ReflectorOptions, type ReflectorProblem } from './reflector.ts'
import { createResourceApi } from './resource-api.ts'
import { byLabel } from './store.ts'
import { type TestObject, THINGS, thing } from './testdata/kube-object.ts'

const COLLECTION = '/api/v1/namespaces/a/configmaps'
const TIMINGS = { relistMs: 600_000, idleMs: 60_000, watchSeconds: [300, 600], backoffMs: [5, 20] } as const
let server: FakeApiServer
let proxy: ApiProxy
let client: KubeClient
let reflectors: Reflector<TestObject>[] = []
let problems: ReflectorProblem[] = []

beforeEach(async () => {
  server = await startFakeApiServer()
  proxy = await startApiProxy({ url: server.url })
  client = createClient({ access: { server: proxy.url, namespace: 'a', credentials: async () => ({ headers: {}, tls: {} }) }, perSecond: 10_000, burst: 10_000 })
  reflectors = []
  problems = []
})
afterEach(async () => {
  await Promise.all(reflectors.map((reflector) => reflector.stop()))
  await client.close()
  await proxy.close()
  await server.close()
})

function reflect(options: Partial<ReflectorOptions<TestObject>> = {}): Reflector<TestObject> {
  const reflector = createReflector<TestObject>({ api: createResourceApi(client), resource: THINGS, onProblem: (problem) => problems.push(problem), ...options, timings: { ...TIMINGS, ...options.timings } })
  reflectors.push(reflector)
  reflector.start()
  return reflector
}

const put = (name: string, value = '') => server.put(COLLECTION, thing(name, { uid: undefined }, { value }))
const isWatch = (request: ProxiedRequest) => request.watch
const isList = (request: ProxiedRequest) => !request.watch
const watches = () => server.requests.filter(({ query }) => query['watch'] === 'true')
const lists = () => server.requests.filter(({ query }) => query['watch'] === undefined)
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8000, interval: 5 })
/** The mirror shows what there is. */
const agrees = (reflector: Reflector<TestObject>) => eventually(() => {
  const names = ['x', 'y', 'z', ...Array.from({ length: 30 }, (_, i) => `n${i}`)]
  const truth = names.flatMap((name) => server.get(COLLECTION, name) ?? []).map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`)
  expect(reflector.store.list().map(({ metadata }) => `${metadata.uid}@${metadata.resourceVersion}`).sort()).toEqual(truth.sort())
})

describe('in good weather', () => {
  it('mirrors what is there, then every change, on one list and one watch', async () => {
    for (const name of ['x', 'y']) put(name)
    const reflector = reflect({ indexes: { stack: byLabel('stack') }, transform: ({ data: _data, ...rest }) => rest })
    const told: string[] = []
    reflector.subscribe({ add: ({ metadata }) => told.push(`add ${metadata.name}`), update: ({ metadata }) => told.push(`update ${metadata.name}`), delete: ({ metadata }) => told.push(`delete ${metadata.name}`) })
    await reflector.hasSynced()
    expect([reflector.isSynced(), told]).toEqual([true, ['add x', 'add y']])
    expect(reflector.store.get('a/x')).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'a', uid: 'uid-1', resourceVersion: '101' } })
    await eventually(() => expect(server.openWatches()).toBe(1))
    put('x', 'changed')
    put('z')
    server.remove(COLLECTION, 'y')
    await eventually(() => expect(told.slice(2)).toEqual(['update x', 'add z', 'delete y']))
    expect([lists().length, watches().length, problems]).toEqual([1, 1, []])
  })

  it('lists in pages and asks the watch for bookmarks and an end of its own', async () => {
    const timings = { watchSeconds: [300, 600] as const }
    for (let i = 0; i < 30; i++) put(`n${i}`)
    const reflector = reflect({ timings })
    await reflector.hasSynced()
    await eventually(() => expect(watches().length).toBe(1))
    expect(lists()[0]?.query).toMatchObject({ limit: '500' })
    const { allowWatchBookmarks, resourceVersion, timeoutSeconds } = watches()[0]?.query ?? {}
    expect([allowWatchBookmarks, resourceVersion]).toEqual(['true', '130'])
    expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(300)
    expect(Number(timeoutSeconds)).toBeLessThanOrEqual(600)
  })

  it('keeps to named namespaces', async () => {
    put('x')
    server.put('/api/v1/namespaces/b/configmaps', thing('y', { uid: undefined, namespace: 'b' }))
    server.put('/api/v1/namespaces/c/configmaps', thing('z', { uid: undefined, namespace: 'c' }))
    const reflector = reflect({ namespaces: ['a', 'c'] })
    await reflector.hasSynced()
    expect([...reflector.store.keys()].sort()).toEqual(['a/x', 'c/z'])
    server.remove(COLLECTION, 'x')
    await eventually(() => expect([...reflector.store.keys()]).toEqual(['c/z']))
  })

  it('ends at once when stopped, and leaves no watch behind', async () => {
    const reflector = reflect()
    await reflector.hasSynced()
    await eventually(() => expect(server.openWatches()).toBe(1))
    await reflector.stop()
    await eventually(() => expect(server.openWatches()).toBe(0))
    expect(problems).toEqual([])
  })

  it('lists anew after its time, and finds what no watch said', async () => {
    put('x')
    proxy.plan((request) => (request.watch ? { kind: 'rewrite', lines: () => [] } : undefined))
    const reflector = reflect({ timings: { relistMs: 300 } })
    await reflector.hasSynced()
    put('y')
    server.remove(COLLECTION, 'x')
    await agrees(reflector)
    expect(lists().length).toBeGreaterThan(1)
  })
})

describe('one fault on the watch', () => {
  it.each<[string, Fault]>([
    ['cut within a line', { kind: 'cut', afterLines: 1 }],
    ['ended within a line', { kind: 'truncate', afterLines: 1 }],
    ['refused', { kind: 'refuse' }],
    ['429', { kind: 'answer', code: 429 }],
    ['500', { kind: 'answer', code: 500 }],
    ['403 for a while', { kind: 'answer', code: 403 }],
    ['an HTML page for an answer', { kind: 'answer', code: 200, body: '<html>login</html>\n' }],
    ['an answer that ends at once', { kind: 'answer', code: 200, body: '' }],
    ['an event of an unknown type', { kind: 'answer', code: 200, body: '{"type":"SURPRISE","object":{}}\n' }],
    ['an error event that is no 410', { kind: 'answer', code: 200, body: '{"type":"ERROR","object":{"kind":"Status","code":500,"message":"etcd"}}\n' }],
    ['late', { kind: 'delay', ms: 50 }],
  ])('%s: nothing is missed, and no list is needed', async (_, fault) => {
    put('x')
    proxy.plan(inTurn([fault], isWatch))
    const reflector = reflect()
    await reflector.hasSynced()
    put('x', 'changed')
    put('y')
    put('z')
    server.remove(COLLECTION, 'y')
    await agrees(reflector)
    expect(lists().length).toBe(1)
  })

  it('silence on an open connection ends in a new watch', async () => {
    proxy.plan(inTurn([{ kind: 'stall', afterLines: 0 }], isWatch))
    const reflector = reflect({ timings: { idleMs: 150 } })
    await reflector.hasSynced()
    put('x')
    await agrees(reflector)
    expect(problems[0]).toMatchObject({ during: 'watch', error: { reason: 'Timeout' } })
  })

  it('events twice and out of order end in the right state', async () => {
    const held: string[] = []
    proxy.plan((request) => (request.watch ? { kind: 'rewrite', lines: (line, index) => (index % 3 === 0 ? (held.push(line), []) : [line, line, ...held.splice(0)]) } : undefined))
    const reflector = reflect()
    await reflector.hasSynced()
    await eventually(() => expect(server.openWatches()).toBe(1))
    for (const value of ['1', '2', '3']) {
      put('x', value)
      put('y', value)
    }
    server.remove(COLLECTION, 'x')
    put('z')
    put('x', 'again')
    await agrees(reflector)
    expect(lists().length).toBe(1)
  })
})

it('watches on from the newest it has seen, not from what came last', async () => {
  const held: string[] = []
  proxy.plan((request) => (isWatch(request) && watches().length === 0 ? { kind: 'rewrite', lines: (line, index) => (index === 0 ? (held.push(line), []) : [line, ...held]) } : undefined))
  const reflector = reflect()
  await reflector.hasSynced()
  await eventually(() => expect(server.openWatches()).toBe(1))
  put('x')
  put('y')
  await agrees(reflector)
  proxy.cutAll()
  await eventually(() => expect(watches()[1]?.query['resourceVersion']).toBe('102'))
})

it('counts a watch that ends without a word as failed, or it would spin', async () => {
  proxy.plan(inTurn(Array.from({ length: 3 }, () => ({ kind: 'answer', code: 200, body: '' })), isWatch))
  const reflector = reflect()
  await reflector.hasSynced()
  await eventually(() => expect(server.openWatches()).toBe(1))
  expect(problems.map(({ failures }) => failures)).toEqual([1, 2, 3])
})

it('lists anew when it cannot get past a place', async () => {
  put('x')
  proxy.plan((request) => (request.query['resourceVersion'] === '101' ? { kind: 'answer', code: 200, body: '{"type":"SURPRISE"}\n' } : undefined))
  const reflector = reflect()
  await reflector.hasSynced()
  await eventually(() => expect(problems.length).toBeGreaterThan(1))
  put('y')
  await agrees(reflector)
  expect([lists().length, problems.length]).toEqual([2, 5])
})

describe('history that has expired', () => {
  it('in the watch: lists at once, and tells of what was deleted meanwhile', async () => {
    for (const name of ['x', 'y']) put(name)
    const reflector = reflect()
    const deleted: string[] = []
    reflector.subscribe({ delete: ({ metadata }, { finalStateUnknown }) => deleted.push(`${metadata.name} ${finalStateUnknown}`) })
    await reflector.hasSynced()
    await eventually(() => expect(server.openWatches()).toBe(1))
    let refused = 0
    proxy.plan((request) => (isWatch(request) && refused++ === 0 ? { kind: 'refuse' } : undefined))
    proxy.cutAll()
    server.remove(COLLECTION, 'x')
    put('z')
    server.compact()
    await agrees(reflector)
    expect(deleted).toEqual(['x true'])
    expect(lists().length).toBe(2)
  })

  it('as an answer 410 to the watch: the same', async () => {
    put('x')
    proxy.plan(inTurn([{ kind: 'answer', code: 410 }], isWatch))
    const reflector = reflect()
    await reflector.hasSynced()
    await eventually(() => expect(server.openWatches()).toBe(1))
    await agrees(reflector)
    expect(lists().length).toBe(2)
  })

  it('not when bookmarks have moved us on', async () => {
    const reflector = reflect()
    await reflector.hasSynced()
    await eventually(() => expect(server.openWatches()).toBe(1))
    server.put('/api/v1/namespaces/a/secrets', thing('unseen', { uid: undefined }))
    server.bookmark()
    server.compact()
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    proxy.cutAll()
    await eventually(() => expect(watches().length).toBe(2))
    put('x')
    await agrees(reflector)
    expect([lists().length, watches()[1]?.query['resourceVersion']]).toEqual([1, '101'])
  })

  it('within a list of pages: takes all at once', async () => {
    for (let i = 0; i < 30; i++) put(`n${i}`)
    let compacted = false
    proxy.plan(({ query }) => {
      if (query['continue'] !== undefined && !compacted) {
        compacted = true
        server.compact()
      }
      return undefined
    })
    const api = createResourceApi(client)
    const reflector = reflect({ api: { ...api, pages: (resource, selection, options) => api.pages(resource, selection, { ...options, limit: options?.limit ?? 10 }) } })
    await reflector.hasSynced()
    await agrees(reflector)
    expect(lists().map(({ query }) => query['limit'])).toEqual(['10', '10', '0'])
  })
})

it('believes a restored API server, whose versions went back', async () => {
  for (let i = 0; i < 5; i++) put('x', String(i))
  put('y')
  const reflector = reflect()
  await reflector.hasSynced()
  await eventually(() => expect(server.openWatches()).toBe(1))
  proxy.plan(inTurn([{ kind: 'answer', code: 410 }], isWatch))
  server.rewind(10)
  server.put(COLLECTION, thing('x', {}, { value: 'restored' }))
  server.remove(COLLECTION, 'y')
  proxy.cutAll()
  await eventually(() => expect(reflector.store.get('a/x')?.data).toEqual({ value: 'restored' }))
  await agrees(reflector)
})

it('keeps trying as long as the list fails, and says so', async () => {
  put('x')
  proxy.plan(inTurn(Array.from({ length: 20 }, () => ({ kind: 'answer', code: 403 })), isList))
  const reflector = reflect()
  expect(reflector.isSynced()).toBe(false)
  await reflector.hasSynced()
  expect(problems.map(({ failures }) => failures)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  expect(problems[0]).toMatchObject({ during: 'list', resource: 'configmaps', namespace: undefined, error: { code: 403 } })
})

it.each<[string, Fault, number[]]>([
  ['as long as the API server asks, not only its own back-off', { kind: 'answer', code: 429, headers: { 'retry-after': '7' } }, [7000]],
  ['not at all when history has expired', { kind: 'answer', code: 410, headers: { 'retry-after': '7' } }, []],
])('waits %s', async (_, fault, expected) => {
  const waits: number[] = []
  const clock = { now: () => performance.now(), epochMs: Date.now, after: (ms: number, run: () => void) => {
    if (ms !== TIMINGS.idleMs) waits.push(ms)
    const timer = setTimeout(run, Math.min(ms, 10_000, ms > 1000 && ms !== TIMINGS.idleMs ? 1 : ms))
    return () => clearTimeout(timer)
  } }
  proxy.plan(inTurn([fault], isWatch))
  const reflector = reflect({ clock })
  await reflector.hasSynced()
  await eventually(() => expect(server.openWatches()).toBe(1))
  expect(waits).toEqual(expected)
})

it('goes on when a handler throws, and says so', async () => {
  const reflector = reflect()
  reflector.subscribe({ add: () => { throw new Error('a bug') } })
  await reflector.hasSynced()
  put('x')
  put('y')
  await agrees(reflector)
  expect(problems).toMatchObject([{ during: 'handler' }, { during: 'handler' }])
})

it('learns what a write of ours returned at once, and hears of it once', async () => {
  const reflector = reflect()
  const told: string[] = []
  reflector.subscribe({ add: ({ metadata }) => told.push(`add ${metadata.name}`), update: ({ metadata }) => told.push(`update ${metadata.name}`) })
  await reflector.hasSynced()
  const api = createResourceApi(client)
  reflector.learn(await api.create(THINGS, { metadata: { name: 'x', namespace: 'a' } }))
  expect(reflector.store.get('a/x')).toBeDefined()
  put('y')
  await agrees(reflector)
  expect(told).toEqual(['add x', 'add y'])
})

it('ends in agreement whatever happens on the way', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    let dice = seed * 7919
    const roll = (sides: number) => {
      dice = (dice * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor(dice / 65_536) % sides
    }
    const held: string[] = []
    const faults: readonly (Fault | undefined)[] = [
      undefined, { kind: 'answer', code: 500 }, { kind: 'answer', code: 429 }, { kind: 'answer', code: 410 }, { kind: 'refuse' }, { kind: 'delay', ms: 5 },
      { kind: 'cut', afterLines: roll(3) }, { kind: 'truncate', afterLines: roll(3) }, { kind: 'stall', afterLines: roll(3) },
      { kind: 'rewrite', lines: (line) => (roll(3) === 0 ? (held.push(line), []) : [line, ...held.splice(0), line]) },
    ]
    const storm: FaultPlan = () => faults[roll(faults.length)]
    proxy.plan(storm)
    const reflector = reflect({ timings: { idleMs: 80 } })
    for (let step = 0; step < 40; step++) {
      const name = `n${roll(8)}`
      if (roll(3) === 0) server.remove(COLLECTION, name)
      else put(name, String(step))
      if (roll(15) === 0) server.compact()
      if (roll(10) === 0) proxy.cutAll()
      if (roll(2) === 0) await new Promise((resolve) => { setTimeout(resolve, roll(12)) })
    }
    proxy.plan(() => undefined)
    proxy.cutAll()
    await agrees(reflector)
    await reflector.stop()
  }
}, 60_000)

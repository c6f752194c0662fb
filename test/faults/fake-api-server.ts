// SPDX-License-Identifier: Apache-2.0
/** An API server in miniature, in this process and over loopback, for the tests of our client machinery: lists in pages, watches with history, and conflicts. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'

export interface FakeObject {
  apiVersion?: string
  kind?: string
  metadata: { name: string; namespace?: string; uid?: string; resourceVersion?: string; labels?: Record<string, string>; managedFields?: unknown }
}

export interface FakeRequest { readonly method: string; readonly path: string; readonly query: Readonly<Record<string, string>> }

export interface FakeApiServer {
  readonly url: string
  /** Creates or changes an object of the collection, such as `/api/v1/namespaces/a/configmaps`. */
  readonly put: (collection: string, object: FakeObject) => FakeObject
  readonly remove: (collection: string, name: string) => void
  readonly get: (collection: string, name: string) => FakeObject | undefined
  /** Forgets history: watches from before get 410. */
  readonly compact: () => void
  /** Sends a bookmark on all watches. */
  readonly bookmark: () => void
  /** As after a restore from backup: versions go on from here. */
  readonly rewind: (resourceVersion: number) => void
  readonly requests: FakeRequest[]
  readonly openWatches: () => number
  /** Connections accepted since the start. */
  readonly connections: () => number
  readonly close: () => Promise<void>
}

interface Event { readonly version: number; readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly path: string; readonly object: FakeObject }
interface Watch { readonly collection: string; readonly response: ServerResponse }
interface World {
  readonly objects: Map<string, FakeObject>
  readonly watches: Set<Watch>
  readonly snapshots: Map<string, FakeObject[]>
  history: Event[]
  version: number
  compacted: number
  uids: number
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const world: World = { objects: new Map(), watches: new Set(), snapshots: new Map(), history: [], version: 100, compacted: 0, uids: 0 }
  const requests: FakeRequest[] = []
  let connections = 0
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    answer(world, requests, { request, response }).catch((error: unknown) => status(response, 500, 'InternalError', String(error)))
  })
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (collection, object) => put(world, collection, object),
    remove: (collection, name) => void remove(world, `${collection}/${name}`),
    get: (collection, name) => world.objects.get(`${collection}/${name}`),
    compact: () => {
      world.compacted = world.version
      world.history = []
      world.snapshots.clear()
    },
    bookmark: () => {
      for (const { response } of world.watches) line(response, { type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { resourceVersion: String(world.version) } } })
    },
    rewind: (version) => {
      world.version = version
      world.compacted = version
      world.history = []
    },
    requests,
    openWatches: () => world.watches.size,
    connections: () => connections,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}

function put(world: World, collection: string, object: FakeObject): FakeObject {
  const path = `${collection}/${object.metadata.name}`
  const before = world.objects.get(path)
  const namespace = /\/namespaces\/([^/]+)\//.exec(collection)?.[1]
  const uid = object.metadata.uid ?? before?.metadata.uid ?? `uid-${++world.uids}`
  const metadata = { ...object.metadata, namespace, uid, resourceVersion: String(++world.version), managedFields: [{ manager: 'somebody' }] }
  return happened(world, { type: before === undefined ? 'ADDED' : 'MODIFIED', path, object: { ...object, metadata } })
}

function remove(world: World, path: string): FakeObject | undefined {
  const object = world.objects.get(path)
  if (object === undefined) return undefined
  return happened(world, { type: 'DELETED', path, object: { ...object, metadata: { ...object.metadata, resourceVersion: String(++world.version) } } })
}

function happened(world: World, event: Omit<Event, 'version'>): FakeObject {
  if (event.type === 'DELETED') world.objects.delete(event.path)
  else world.objects.set(event.path, event.object)
  world.history.push({ ...event, version: world.version })
  for (const watch of world.watches) if (within(watch.collection, event.path)) line(watch.response, { type: event.type, object: event.object })
  return event.object
}

interface Exchange { readonly request: IncomingMessage; readonly response: ServerResponse }

async function answer(world: World, requests: FakeRequest[], { request, response }: Exchange): Promise<void> {
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://fake')
  const query = Object.fromEntries(searchParams)
  const method = request.method ?? 'GET'
  requests.push({ method, path, query })
  const found = world.objects.get(path)
  if (method === 'GET' && query['watch'] === 'true') watch(world, path, query, response)
  else if (method === 'GET' && found !== undefined) json(response, 200, found)
  else if (method === 'GET' && path.endsWith('s')) list(world, path, query, response)
  else if (method === 'POST') create(world, path, JSON.parse(await text(request)) as FakeObject, response)
  else if (found === undefined) status(response, 404, 'NotFound', `${path} not found`)
  else if (method === 'DELETE') json(response, 200, remove(world, path))
  else patch(world, { path, found, change: JSON.parse(await text(request)) as Partial<FakeObject> }, response)
}

function list(world: World, path: string, query: Readonly<Record<string, string>>, response: ServerResponse): void {
  const token = query['continue']
  const [version = String(world.version), start = '0'] = token === undefined ? [] : token.split('.')
  const all = token === undefined ? [...world.objects].filter(([at]) => within(path, at)).map(([, object]) => object) : world.snapshots.get(version)
  if (all === undefined) {
    status(response, 410, 'Expired', 'the provided continue parameter is too old')
    return
  }
  world.snapshots.set(version, all)
  const end = Number(query['limit'] ?? 0) === 0 ? all.length : Number(start) + Number(query['limit'])
  const more = end < all.length ? `${version}.${end}` : undefined
  json(response, 200, { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: version, continue: more }, items: all.slice(Number(start), end) })
}

function watch(world: World, collection: string, query: Readonly<Record<string, string>>, response: ServerResponse): void {
  const from = Number(query['resourceVersion'])
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  if (from < world.compacted) {
    line(response, { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: `too old resource version: ${from} (${world.compacted})` } })
    response.end()
    return
  }
  for (const event of world.history) if (event.version > from && within(collection, event.path)) line(response, { type: event.type, object: event.object })
  const entry = { collection, response }
  world.watches.add(entry)
  const timer = setTimeout(() => response.end(), Number(query['timeoutSeconds'] ?? 600) * 1000)
  response.on('close', () => {
    clearTimeout(timer)
    world.watches.delete(entry)
  })
}

function create(world: World, collection: string, object: FakeObject, response: ServerResponse): void {
  if (world.objects.has(`${collection}/${object.metadata.name}`)) status(response, 409, 'AlreadyExists', `${object.metadata.name} already exists`)
  else json(response, 201, put(world, collection, object))
}

function patch(world: World, { path, found, change }: { readonly path: string; readonly found: FakeObject; readonly change: Partial<FakeObject> }, response: ServerResponse): void {
  const wanted = change.metadata?.resourceVersion
  if (wanted !== undefined && wanted !== found.metadata.resourceVersion) status(response, 409, 'Conflict', 'the object has been modified')
  else json(response, 200, put(world, path.slice(0, path.lastIndexOf('/')), { ...found, ...change, metadata: { ...found.metadata, ...change.metadata } }))
}

/** Whether an object lies in a collection: `/api/v1/configmaps` holds those of all namespaces. */
function within(collection: string, path: string): boolean {
  const wide = path.replace(/\/namespaces\/[^/]+\//, '/')
  return [path, wide].some((at) => at.startsWith(`${collection}/`) && !at.slice(collection.length + 1).includes('/'))
}

function line(response: ServerResponse, value: unknown): void {
  response.write(`${JSON.stringify(value)}\n`)
}

function json(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function status(response: ServerResponse, code: number, reason: string, message: string): void {
  json(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message })
}

// SPDX-License-Identifier: Apache-2.0
/** A hub of our own for tests: repositories are made, files are asked for as texts or LFS objects, objects go to a store of another address, commits must name only what is there. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface StandInHub {
  readonly endpoint: string
  readonly repositories: Map<string, { readonly private: boolean; readonly files: Map<string, Buffer> }>
  readonly objects: Map<string, Buffer>
  /** Method, path and authorization of every request, store and hub alike. */
  readonly seen: { readonly at: 'hub' | 'store'; readonly what: string; readonly authorization: string | undefined }[]
  readonly close: () => Promise<void>
}

export interface Behaviour {
  readonly token: string
  /** Answers every commit so. */
  readonly commitFailure?: { readonly status: number; readonly error: string }
  /** Asks for large files in parts. */
  readonly parts?: true
}

type Json = Readonly<Record<string, unknown>>
interface Answer { readonly status: number; readonly body: Json }

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
const address = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const listen = async (server: Server) => new Promise<void>((done) => { server.listen(0, '127.0.0.1', done) })

export async function standInHub(behaviour: Behaviour): Promise<StandInHub> {
  const hub: Omit<StandInHub, 'endpoint' | 'close'> = { repositories: new Map(), objects: new Map(), seen: [] }
  const store = createServer((request, response) => {
    void (async () => {
      hub.seen.push({ at: 'store', what: `${request.method} ${request.url}`, authorization: request.headers.authorization })
      const bytes = await bodyOf(request)
      const oid = createHash('sha256').update(bytes).digest('hex')
      const wanted = request.url?.slice(1)
      if (oid === wanted) hub.objects.set(oid, bytes)
      response.writeHead(oid === wanted && request.headers['x-store'] === 'signed' ? 200 : 400).end()
    })()
  })
  await listen(store)
  const server = createServer((request, response) => {
    void (async () => {
      hub.seen.push({ at: 'hub', what: `${request.method} ${request.url}`, authorization: request.headers.authorization })
      const body = await bodyOf(request)
      const { status, body: answer } = request.headers.authorization === `Bearer ${behaviour.token}` ? answerTo(request, body.toString(), { hub, behaviour, storeAt: address(store), hubAt: address(server) }) : { status: 401, body: { error: `Invalid credentials: ${request.headers.authorization}` } }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })()
  })
  await listen(server)
  const closed = async (one: Server) => new Promise<void>((done) => { one.close(() => { done() }) })
  return { ...hub, endpoint: address(server), close: async () => { await Promise.all([closed(server), closed(store)]) } }
}

interface Context { readonly hub: Omit<StandInHub, 'endpoint' | 'close'>; readonly behaviour: Behaviour; readonly storeAt: string; readonly hubAt: string }

function answerTo({ url = '' }: IncomingMessage, body: string, context: Context): Answer {
  if (url === '/api/repos/create') return create(JSON.parse(body) as Json, context)
  const [, repository = '', action = ''] = /^\/api\/datasets\/([\w.-]+\/[\w.-]+)\/(preupload|commit)\/main$/.exec(url) ?? []
  if (action !== '' && !context.hub.repositories.has(repository)) return { status: 404, body: { error: 'Repository not found' } }
  if (action === 'preupload') return preupload(JSON.parse(body) as Json)
  if (action === 'commit') return commit(repository, body, context)
  if (/^\/datasets\/[\w.-]+\/[\w.-]+\.git\/info\/lfs\/objects\/batch$/.test(url)) return batch(JSON.parse(body) as Json, context)
  if (url === '/verify') return context.hub.objects.has(String((JSON.parse(body) as Json)['oid'])) ? { status: 200, body: {} } : { status: 404, body: { error: 'no such object' } }
  return { status: 404, body: { error: `nothing at ${url}` } }
}

function create({ type, name, organization, private: isPrivate }: Json, { hub }: Context): Answer {
  const repository = `${String(organization)}/${String(name)}`
  if (type !== 'dataset') return { status: 400, body: { error: 'only data sets here' } }
  if (organization === 'nobody') return { status: 403, body: { error: 'you may not write there' } }
  if (hub.repositories.has(repository)) return { status: 409, body: { error: 'You already created this dataset repo' } }
  hub.repositories.set(repository, { private: isPrivate === true, files: new Map() })
  return { status: 200, body: { url: `https://hub/${repository}` } }
}

/** Whatever has a zero byte is no text. */
function preupload({ files }: Json): Answer {
  const mode = (sample: unknown) => (Buffer.from(String(sample), 'base64').includes(0) ? 'lfs' : 'regular')
  return { status: 200, body: { files: (files as readonly Json[]).map(({ path, sample }) => ({ path, uploadMode: mode(sample), shouldIgnore: false })) } }
}

function batch({ objects, operation, transfers }: Json, { hub, behaviour, storeAt, hubAt }: Context): Answer {
  if (operation !== 'upload' || !(transfers as readonly string[]).includes('basic')) return { status: 400, body: { error: 'basic uploads only' } }
  const actions = (oid: unknown) => ({
    upload: { href: `${storeAt}/${String(oid)}`, header: { 'x-store': 'signed', ...(behaviour.parts === true ? { chunk_size: '1000' } : {}) } }, verify: { href: `${hubAt}/verify` },
  })
  return { status: 200, body: { objects: (objects as readonly Json[]).map(({ oid, size }) => ({ oid, size, ...(hub.objects.has(String(oid)) ? {} : { actions: actions(oid) }) })) } }
}

function commit(repository: string, body: string, { hub, behaviour: { commitFailure } }: Context): Answer {
  if (commitFailure !== undefined) return { status: commitFailure.status, body: { error: commitFailure.error } }
  const [head, ...lines] = body.trim().split('\n').map((line) => JSON.parse(line) as { readonly key: string; readonly value: Json })
  if (head?.key !== 'header' || typeof head.value['summary'] !== 'string') return { status: 400, body: { error: 'a commit begins with its header' } }
  for (const { key, value: { path, content, oid, size } } of lines) {
    const bytes = key === 'lfsFile' ? hub.objects.get(String(oid)) : Buffer.from(String(content), 'base64')
    if (bytes === undefined || (key === 'lfsFile' && bytes.byteLength !== size)) return { status: 400, body: { error: `LFS pointer of ${String(path)} points to nothing` } }
    hub.repositories.get(repository)?.files.set(String(path), bytes)
  }
  return { status: 200, body: { success: true, commitOid: 'abc', commitUrl: `https://hub/datasets/${repository}/commit/abc` } }
}

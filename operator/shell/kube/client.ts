// SPDX-License-Identifier: Apache-2.0
/** Sends requests to the API server: rate-limited, counted, repeated where that is safe. It knows HTTP and no resource. */
import { STATUS_CODES } from 'node:http'
import type { Readable } from 'node:stream'
import { request as send, type Dispatcher } from 'undici'
import type { Access } from './access.ts'
import { errorFromAnswer, errorFromFailure, isApiError } from './api-error.ts'
import { type Clock, systemClock } from './clock.ts'
import { type Connection, createConnection, type PoolName } from './connection.ts'
import { inClusterAccess, isInCluster } from './in-cluster.ts'
import { kubeconfigAccess, type KubeconfigOptions } from './kubeconfig.ts'
import { repeated, trustingOnce } from './repeat-request.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'apply' | 'patch' | 'delete'

export interface KubeRequest {
  readonly verb: Verb
  /** What is counted: the plural, with the subresource, such as `pods/log`. */
  readonly resource: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
  readonly contentType?: string
  readonly signal?: AbortSignal
  /** Longest silence before and within the answer. */
  readonly timeoutMs?: number
  /** Goes past the token bucket, on a connection of its own: for the Lease, on which everything else depends. */
  readonly urgent?: boolean
}

/** One attempt, as it is counted. Code 0: no answer came. */
export interface RequestRecord {
  readonly verb: Verb
  readonly resource: string
  readonly method: string
  readonly code: number
  readonly ms: number
}

export interface ClientOptions {
  readonly access: Access
  readonly clock?: Clock
  readonly random?: () => number
  readonly perSecond?: number
  readonly burst?: number
  /** Connections at most, watches apart. */
  readonly connections?: number
  readonly userAgent?: string
  readonly onRequest?: (record: RequestRecord) => void
}

export interface KubeClient {
  readonly server: string
  /** The namespace of our pod or of the kubeconfig's context. */
  readonly namespace: string
  /** Sends and parses the answer; repeats what may be repeated. */
  readonly json: <T>(request: KubeRequest) => Promise<T>
  /** Sends once and hands the body over unread; the caller reads or destroys it. */
  readonly stream: (request: KubeRequest) => Promise<Readable>
  readonly close: () => Promise<void>
}

const TIMEOUT_MS = 30_000
const METHODS = { get: 'GET', list: 'GET', watch: 'GET', create: 'POST', update: 'PUT', apply: 'PATCH', patch: 'PATCH', delete: 'DELETE' } as const

/** The pod's own access in a cluster, else the kubeconfig's; a file or context that is named always wins. */
export function findAccess(options: KubeconfigOptions = {}): Promise<Access> {
  return options.file === undefined && options.context === undefined && isInCluster() ? inClusterAccess() : kubeconfigAccess(options)
}

export function createClient(options: ClientOptions): KubeClient {
  const { access, clock = systemClock, random = Math.random, perSecond = 50, burst = 100 } = options
  const connection = createConnection({ access, clock, connections: options.connections })
  const bucket = createTokenBucket({ perSecond, burst, clock })
  const userAgent = options.userAgent ?? 'assay'
  const attempt = (request: KubeRequest, pool: PoolName) => attemptOnce({ request, pool, connection, bucket, clock, userAgent, onRequest: options.onRequest })
  return {
    server: access.server,
    namespace: access.namespace,
    json: (request) => repeated({
      safe: METHODS[request.verb] === 'GET', signal: request.signal, clock, random, distrust: connection.distrust,
      attempt: async () => parse(await attempt(request, request.urgent === true ? 'urgent' : 'calls'), request),
    }),
    stream: (request) => trustingOnce(() => attempt(request, 'streams'), connection.distrust),
    close: connection.close,
  }
}

interface Attempt {
  readonly request: KubeRequest
  readonly pool: PoolName
  readonly connection: Connection
  readonly bucket: TokenBucket
  readonly clock: Clock
  readonly userAgent: string
  readonly onRequest: ClientOptions['onRequest']
}

/** The body of a good answer; anything else throws an ApiError, or the signal's reason. */
async function attemptOnce({ request, pool, connection, bucket, clock, userAgent, onRequest }: Attempt): Promise<Dispatcher.ResponseData['body']> {
  if (request.urgent !== true) await bucket.take(request.signal)
  const began = clock.now()
  const method = METHODS[request.verb]
  const record = (code: number) => onRequest?.({ verb: request.verb, resource: request.resource, method, code, ms: clock.now() - began })
  const answer = await failing(request, async () => {
    const { dispatcher, headers } = await connection.current(pool)
    return send(addressOf(connection.server, request), {
      dispatcher, method, signal: request.signal,
      headers: { accept: 'application/json', 'user-agent': userAgent, ...headers, ...contentHeaders(request) },
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      headersTimeout: request.timeoutMs ?? TIMEOUT_MS,
      bodyTimeout: request.timeoutMs ?? TIMEOUT_MS,
    })
  }).catch((error: unknown) => {
    record(0)
    throw error
  })
  record(answer.statusCode)
  if (answer.statusCode < 300) return answer.body
  const text = await failing(request, () => answer.body.text())
  const retryAfter = answer.headers['retry-after']
  throw errorFromAnswer(answer.statusCode, text || (STATUS_CODES[answer.statusCode] ?? ''), Array.isArray(retryAfter) ? retryAfter[0] : retryAfter)
}

async function parse<T>(body: Dispatcher.ResponseData['body'], request: KubeRequest): Promise<T> {
  return failing(request, async () => (await body.json()) as T)
}

/** Turns failures of the connection into ApiErrors; an abort stays what it is. */
async function failing<T>(request: KubeRequest, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    request.signal?.throwIfAborted()
    throw isApiError(cause) ? cause : errorFromFailure(cause, `${request.verb} ${request.path}`)
  }
}

function contentHeaders(request: KubeRequest): Record<string, string> {
  return request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }
}

function addressOf(server: string, { path, query = {} }: KubeRequest): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? `${server}${path}` : `${server}${path}?${search.toString()}`
}

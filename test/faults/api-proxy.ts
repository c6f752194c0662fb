// SPDX-License-Identifier: Apache-2.0
/** A proxy between our client and an API server that breaks things on demand, as networks, proxies and overloaded servers do. */
import { createServer, type IncomingMessage, request as forward, type RequestOptions, type ServerResponse } from 'node:http'
import { request as forwardSecurely } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface ProxiedRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly watch: boolean
  /** Counts from 1. */
  readonly number: number
}

export type Fault =
  /** Answers itself, in the API server's stead. */
  | { readonly kind: 'answer'; readonly code: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Closes the connection without an answer. */
  | { readonly kind: 'refuse' }
  /** Resets the connection when so many lines have passed, within the next. */
  | { readonly kind: 'cut'; readonly afterLines: number }
  /** Lets so many lines pass, then is silent for ever with the connection open: a half-open path. */
  | { readonly kind: 'stall'; readonly afterLines: number }
  /** Ends the body properly, but in the middle of a line. */
  | { readonly kind: 'truncate'; readonly afterLines: number }
  /** Gives each line's replacement: none, the same, several; held-back lines may come later. */
  | { readonly kind: 'rewrite'; readonly lines: (line: string, index: number) => readonly string[] }

/** Which fault befalls a request; undefined lets it pass. */
export type FaultPlan = (request: ProxiedRequest) => Fault | undefined

export interface ApiProxy {
  readonly url: string
  /** Replaces the plan for requests from now on. */
  readonly plan: (plan: FaultPlan) => void
  /** Resets all connections now. */
  readonly cutAll: () => void
  readonly requests: ProxiedRequest[]
  readonly close: () => Promise<void>
}

/** What the proxy needs to reach the real server: address, and TLS if it has it. */
export interface Upstream { readonly url: string; readonly tls?: Pick<RequestOptions & { ca?: string | Buffer; cert?: string | Buffer; key?: string | Buffer }, 'ca' | 'cert' | 'key'> }

export async function startApiProxy(upstream: Upstream): Promise<ApiProxy> {
  let plan: FaultPlan = () => undefined
  const requests: ProxiedRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    const seen = describe(request, requests.length + 1)
    requests.push(seen)
    exchange({ upstream, request, response, fault: plan(seen) })
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
  })
  const cutAll = () => { for (const socket of sockets) socket.resetAndDestroy() }
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (next) => { plan = next },
    cutAll,
    requests,
    close: async () => {
      cutAll()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}

/** A plan that hands the faults out one after another to requests that match, then lets everything pass. */
export function inTurn(faults: readonly Fault[], matches: (request: ProxiedRequest) => boolean = () => true): FaultPlan {
  const left = [...faults]
  return (request) => (matches(request) ? left.shift() : undefined)
}

interface Exchange { readonly upstream: Upstream; readonly request: IncomingMessage; readonly response: ServerResponse; readonly fault: Fault | undefined }

function exchange(it: Exchange): void {
  const { fault, request, response } = it
  switch (fault?.kind) {
    case 'answer':
      response.writeHead(fault.code, fault.headers).end(fault.body ?? JSON.stringify({ kind: 'Status', code: fault.code, message: 'a fault of the test' }))
      return
    case 'refuse':
      request.socket.resetAndDestroy()
      return
    case 'delay':
      setTimeout(() => pass(it), fault.ms)
      return
    case 'cut': case 'stall': case 'truncate': case 'rewrite': case undefined:
      pass(it)
  }
}

function pass({ upstream, request, response, fault }: Exchange): void {
  const target = new URL(request.url ?? '/', upstream.url)
  const send = target.protocol === 'https:' ? forwardSecurely : forward
  const onward = send(target, { method: request.method, headers: { ...request.headers, host: target.host }, agent: false, ...upstream.tls }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutLength(answer.headers))
    response.flushHeaders()
    relay(answer, response, fault)
  })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

/** Hands lines over as they come; the last may have no end. */
function relay(answer: IncomingMessage, response: ServerResponse, fault: Fault | undefined): void {
  let rest = ''
  let index = 0
  let broken = false
  const hand = (line: string) => {
    if (broken) return
    const at = index++
    if (fault !== undefined && 'afterLines' in fault && at >= fault.afterLines) {
      broken = true
      breakOff(fault.kind, line, response)
      return
    }
    for (const each of fault?.kind === 'rewrite' ? fault.lines(line, at) : [line]) response.write(each)
  }
  answer.setEncoding('utf8')
  answer.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hand(`${line}\n`)
  })
  answer.on('end', () => {
    if (rest !== '') hand(rest)
    if (!broken) response.end()
  })
  answer.on('error', () => response.destroy())
}

function breakOff(kind: 'cut' | 'stall' | 'truncate', line: string, response: ServerResponse): void {
  const half = line.slice(0, Math.max(1, Math.floor(line.length / 2)))
  if (kind === 'truncate') response.end(half)
  if (kind === 'cut') response.write(half, () => response.socket?.resetAndDestroy())
}

function describe(request: IncomingMessage, number: number): ProxiedRequest {
  const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://proxy')
  const query = Object.fromEntries(searchParams)
  return { method: request.method ?? 'GET', path, query, watch: query['watch'] === 'true', number }
}

function withoutLength({ 'content-length': _length, ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
  return headers
}

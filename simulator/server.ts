// SPDX-License-Identifier: Apache-2.0
/** The routes. Each handler does one thing; everything of substance lies behind `Serving`. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { bodyTooLarge, invalidBody, unauthorized, unknownPath, wrongMethod } from './errors.ts'
import { generate, requestIdOf } from './generate.ts'
import type { Incoming } from './generate.ts'
import { readBody, sendError, sendJson, sendText } from './http.ts'
import { modelList } from './responses.ts'
import type { Serving } from './serving.ts'
import { detokenize, tokenize } from './tokenize.ts'
import { sendTruth } from './truth-endpoint.ts'

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse; readonly arrivedNs: number; readonly query: URLSearchParams }
type Route = { readonly method: 'GET' | 'POST'; readonly handle: (serving: Serving, exchange: Exchange) => Promise<void> | void }

const GUARDED = /^\/(v1|v2|inference)(\/|$)/

const ROUTES: Readonly<Record<string, Route>> = {
  '/health': { method: 'GET', handle: (_, { response }) => sendText(response, 200, '') },
  '/ping': { method: 'GET', handle: (_, { response }) => sendText(response, 200, '') },
  '/version': { method: 'GET', handle: (serving, { response }) => sendJson(response, JSON.stringify({ version: serving.config.server.version })) },
  '/metrics': { method: 'GET', handle: (serving, { response }) => sendText(response, 200, serving.metrics.render(), 'text/plain; version=0.0.4; charset=utf-8') },
  '/load': { method: 'GET', handle: (serving, { response }) => sendJson(response, JSON.stringify({ server_load: serving.engine.load().running })) },
  '/v1/models': { method: 'GET', handle: (serving, { response }) => sendJson(response, modelList(serving.names, {
    root: serving.config.model.name, maxLength: serving.config.model.maxLength, createdSeconds: serving.state.startedSeconds,
  })) },
  '/v1/completions': { method: 'POST', handle: (serving, exchange) => generation('completion', serving, exchange) },
  '/v1/chat/completions': { method: 'POST', handle: (serving, exchange) => generation('chat', serving, exchange) },
  '/tokenize': { method: 'POST', handle: (serving, exchange) => withBody(serving, exchange, (body) => tokenize(serving, exchange.response, body)) },
  '/detokenize': { method: 'POST', handle: (serving, exchange) => withBody(serving, exchange, (body) => detokenize(serving, exchange.response, body)) },
  '/reset_prefix_cache': { method: 'POST', handle: (serving, { response }) => {
    serving.log('Resetting prefix cache...')
    serving.engine.resetPrefixCache()
    sendText(response, 200, '')
  } },
  '/reset_mm_cache': { method: 'POST', handle: (_, { response }) => sendText(response, 200, '') },
  '/reset_encoder_cache': { method: 'POST', handle: (_, { response }) => sendText(response, 200, '') },
  '/truth': { method: 'GET', handle: (serving, { response, query }) => sendTruth(serving, response, query) },
  '/truth/reset': { method: 'POST', handle: (serving, { response }) => {
    serving.truth.reset()
    serving.ordinals.reset()
    sendText(response, 200, '')
  } },
}

/** The HTTP server over a serving stack, not yet listening. */
export function createSimulatorServer(serving: Serving): Server {
  const { keepAliveSeconds } = serving.config.server
  const server = createServer({ noDelay: true, keepAliveTimeout: keepAliveSeconds * 1000, requestTimeout: 0 }, (request, response) => {
    const arrivedNs = serving.clock.nowNs()
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    response.setHeader('server', 'uvicorn')
    response.on('finish', () => account(serving, { request, response, path }))
    const route = ROUTES[path]
    const refusal = refusalOf(serving, { route, request, path })
    if (refusal) return sendError(response, refusal)
    Promise.resolve(route?.handle(serving, { request, response, arrivedNs, query: new URLSearchParams(query) }))
      .catch((error: unknown) => fail(serving, response, error))
  })
  server.maxRequestsPerSocket = 0
  return server
}

function refusalOf(serving: Serving, { route, request, path }: { route: Route | undefined; request: IncomingMessage; path: string }) {
  if (serving.state.phase !== 'ready' && path !== '/metrics' && !path.startsWith('/truth')) return { status: 503, body: '' }
  if (!route) return unknownPath
  if (request.method !== route.method && !(request.method === 'HEAD' && route.method === 'GET')) return wrongMethod
  const keys = serving.config.server.apiKeys
  if (keys.length > 0 && GUARDED.test(path) && !keys.some((key) => request.headers.authorization === `Bearer ${key}`)) return unauthorized
  return undefined
}

async function generation(api: Incoming['api'], serving: Serving, exchange: Exchange): Promise<void> {
  const { request, response, arrivedNs } = exchange
  const requestId = requestIdOf(request)
  response.setHeader('x-request-id', requestId)
  await withBody(serving, exchange, (body) => generate(serving, { api, request, response, body, arrivedNs, requestId }))
}

async function withBody(serving: Serving, { request, response }: Exchange, handle: (body: string) => void): Promise<void> {
  const body = await readBody(request, serving.config.server.maxBodyBytes)
  if (body === undefined) {
    response.setHeader('connection', 'close')
    return sendError(response, bodyTooLarge)
  }
  if (body === '') return sendError(response, invalidBody("{'loc': 'body', 'msg': 'Field required'}", 'body'))
  handle(body)
}

function account(serving: Serving, { request, response, path }: { request: IncomingMessage; response: ServerResponse; path: string }): void {
  const method = request.method ?? 'GET'
  if (ROUTES[path]) serving.metrics.http(path, method, response.statusCode)
  if (serving.config.server.accessLog) {
    serving.log(`${request.socket.remoteAddress}:${request.socket.remotePort} - "${method} ${path} HTTP/${request.httpVersion}" ${response.statusCode}`)
  }
}

/** A bug of the simulator must not look like a planted failure: it is logged with its stack. */
function fail(serving: Serving, response: ServerResponse, error: unknown): void {
  serving.log(`unexpected: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  if (response.headersSent) response.destroy()
  else sendError(response, { status: 500, body: JSON.stringify({ error: { message: 'Internal server error', type: 'InternalServerError', param: null, code: 500 } }) })
}

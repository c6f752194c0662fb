// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { probeEndpoint, type ProbeOptions } from './probe-endpoint.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(handlers: Readonly<Record<string, Handler>>): Promise<string> {
  const server = createServer((request, response) => {
    const handler = handlers[`${request.method} ${request.url}`]
    if (handler === undefined) json(404, { detail: 'Not Found' })(request, response)
    else handler(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Handler => (request, response) => {
  request.resume()
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
const models = json(200, { data: [{ id: 'meta-llama/Llama-3.2-1B-Instruct' }, { id: 'Qwen/Qwen3-0.6B' }] })
const completion = json(200, { choices: [{ text: ' world' }] })
const chat = json(200, { choices: [{ message: { role: 'assistant', content: null } }] })
const MODEL = 'Qwen/Qwen3-0.6B'
const probe = (options: Partial<ProbeOptions> & { readonly url: string }) => probeEndpoint({ model: MODEL, smokeTest: 'completion', timeoutMs: 5000, ...options })

describe('probeEndpoint', () => {
  it('finds a server that lists the model and answers', async () => {
    const url = await serve({ 'GET /v1/models': models, 'POST /v1/completions': completion })
    expect(await probe({ url })).toMatchObject({ ok: true, reason: 'Serving', models: ['meta-llama/Llama-3.2-1B-Instruct', MODEL] })
  })

  it('asks the chat endpoint, below the path', async () => {
    const url = await serve({ 'GET /llm/v1/models': models, 'POST /llm/v1/chat/completions': chat })
    expect(await probe({ url: `${url}/`, path: '/llm/', smokeTest: 'chat' })).toMatchObject({ ok: true })
  })

  it('stops after the list when that is all that is wanted', async () => {
    expect(await probe({ url: await serve({ 'GET /v1/models': models }), smokeTest: 'models' })).toMatchObject({ ok: true })
  })

  it('asks nothing for smokeTest none', async () => {
    expect(await probe({ url: 'http://127.0.0.1:1', smokeTest: 'none' })).toMatchObject({ ok: true })
  })

  it('sends headers and the credential, without the line break that Secrets often end with', async () => {
    let seen: unknown
    const url = await serve({ 'GET /v1/models': (request, response) => {
      seen = [request.headers['x-tenant'], request.headers['x-key']]
      models(request, response)
    } })
    await probe({ url, smokeTest: 'models', headers: { 'x-tenant': 'a' }, credential: { header: 'X-Key', prefix: 'Key ', value: 'abc\n' } })
    expect(seen).toEqual(['a', 'Key abc'])
  })

  const credential = { header: 'Authorization', prefix: 'Bearer ', value: 'very-secret' }
  it.each<[string, Record<string, Handler>, Partial<ProbeOptions>, string, RegExp]>([
    ['no list', {}, {}, 'EndpointDown', /answered 404 \(Not Found\)/],
    ['a list that is none', { 'GET /v1/models': json(200, { data: 'x' }) }, {}, 'EndpointDown', /no list of models/],
    ['a page', { 'GET /v1/models': (_, response) => response.end('<html>') }, {}, 'EndpointDown', /no list of models/],
    ['a body without end', { 'GET /v1/models': (_, response) => response.end(Buffer.alloc(2 ** 21, 32)) }, {}, 'EndpointDown', /no list of models/],
    ['another model', { 'GET /v1/models': models }, { model: 'llama-3.2-1b' }, 'ModelNotListed', /nearest: meta-llama\/Llama-3.2-1B-Instruct$/],
    ['another model, none near', { 'GET /v1/models': models }, { model: 'gpt-oss-120b' }, 'ModelNotListed', /it lists meta-llama/],
    ['a redirect', { 'GET /v1/models': json(302, {}, { location: 'http://169.254.169.254/' }) }, {}, 'EndpointDown', /redirects are not followed/],
    ['no credential', { 'GET /v1/models': json(401, { error: 'unauthorized' }) }, {}, 'Unauthorized', /\(unauthorized\): it wants credentials/],
    ['a wrong credential, echoed', { 'GET /v1/models': json(403, { message: 'no very-secret' }) }, { credential }, 'Unauthorized', /\(no \*+\): the credential is not accepted/],
    ['a failing completion', { 'GET /v1/models': models, 'POST /v1/completions': json(500, { error: { message: `bad\n${'x'.repeat(500)}` } }) }, {}, 'CompletionFailed', /answered 500 \(bad x{195}…\)$/],
    ['an empty completion', { 'GET /v1/models': models, 'POST /v1/completions': json(200, { choices: [] }) }, {}, 'CompletionFailed', /without a choice/],
    ['a server that hangs', { 'GET /v1/models': () => undefined }, { timeoutMs: 80 }, 'Timeout', /within 80 ms/],
    ['a body that hangs', { 'GET /v1/models': (_, response) => response.write('{') }, { timeoutMs: 80 }, 'Timeout', /within 80 ms/],
    ['a connection cut', { 'GET /v1/models': (request) => request.socket.destroy() }, {}, 'EndpointDown', /cannot be reached: UND_ERR_SOCKET/],
  ])('says what is wrong with %s', async (...[, handlers, options, reason, message]) => {
    const result = await probe({ url: await serve(handlers), ...options })
    expect(result).toMatchObject({ ok: false, reason })
    expect(result.message).toMatch(message)
  })

  it('says that nobody listens, and keeps user names and passwords of the address to itself', async () => {
    const result = await probe({ url: 'http://user:pass@127.0.0.1:1' })
    expect(result).toMatchObject({ ok: false, reason: 'EndpointDown', message: 'http://127.0.0.1:1/v1/models cannot be reached: ECONNREFUSED' })
  })
})

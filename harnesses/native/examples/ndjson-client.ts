// SPDX-License-Identifier: Apache-2.0
/**
 * A client for an imaginary private API, to copy from: POST /generate answers with one JSON object a line, {"t": "text"} and at last
 * {"in": 12, "out": 5}. Use it with `assay load --client harnesses/native/examples/ndjson-client.ts …` or in a Harness's command.
 */
import { Pool } from 'undici'
import type { Client, ClientOptions, Exchange, PreparedRequest, SendHooks, Sending } from '../client.ts'

interface Line { readonly t?: string; readonly in?: number; readonly out?: number }

export function createClient({ endpoint }: ClientOptions): Promise<Client<Buffer>> {
  const pool = new Pool(endpoint.url, { connections: null, pipelining: 1, allowH2: false })
  return Promise.resolve({
    prepare: (request) => {
      const payload = Buffer.from(JSON.stringify({ q: request.prompt ?? request.messages?.at(-1)?.content, n: request.outputTokens }))
      return { request, payload, bytes: payload.length }
    },
    send: (prepared, hooks) => send(pool, prepared, hooks),
    close: () => pool.destroy(),
  })
}

function send(pool: Pool, { request, payload }: PreparedRequest<Buffer>, { now, timeoutMs, onRead }: SendHooks): Sending {
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  const eventsMs: number[] = []
  let [text, rest] = ['', '']
  let sentMs: number | null = null
  let usage = { inputTokens: null as number | null, outputTokens: null as number | null, cachedTokens: null }
  let abort = () => {}
  const end = (status: Exchange['metrics']['status'], error?: Exchange['metrics']['error']) => {
    clearTimeout(timer)
    // A promise settles once: whatever comes after the first end changes nothing.
    resolve({ text, request, metrics: { status, sentMs, eventsMs, endMs: status === 'ok' ? (eventsMs.at(-1) ?? now()) : now(), usage, error } })
    if (status !== 'ok') abort()
  }
  const timer = setTimeout(() => end('error', { class: 'timeout', message: `no complete answer within ${timeoutMs} ms` }), timeoutMs)

  pool.dispatch({ method: 'POST', path: '/generate', headers: ['content-type', 'application/json', 'x-request-id', request.id], body: payload }, {
    onRequestStart: (controller) => { abort = () => controller.abort(new Error('ended')) },
    onRequestSent: () => { sentMs = now() },
    onResponseStart: (_, status) => { if (status !== 200) end('error', { class: status < 500 ? 'http4xx' : 'http5xx', message: `HTTP ${status}` }) },
    onResponseData: (_, chunk) => {
      // The clock first: everything below takes time that is not the server's.
      const at = now()
      const before = eventsMs.length
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines.map((each) => JSON.parse(each) as Line)) {
        if (line.t !== undefined && line.t !== '') {
          text += line.t
          eventsMs.push(at)
        } else if (line.out !== undefined) usage = { inputTokens: line.in ?? null, outputTokens: line.out, cachedTokens: null }
      }
      if (eventsMs.length > before) onRead(eventsMs.length - before)
    },
    onResponseEnd: () => end('ok'),
    onResponseError: (_, error) => end('error', { class: sentMs === null ? 'connect' : 'stream', message: error.message }),
  })
  return { done: promise, cancel: (why) => end('cancelled', { class: 'cancelled', message: why }) }
}

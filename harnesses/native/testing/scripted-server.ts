// SPDX-License-Identifier: Apache-2.0
/** A loopback server whose answers are written byte by byte by the test: cut, merged, cut off, hanging. It knows no API. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'

interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

interface Answer {
  /** Writes bytes and lets the client read them on their own. */
  readonly write: (bytes: string | Uint8Array) => Promise<void>
  readonly destroy: () => void
}

export type Script = (answer: Answer, request: SeenRequest) => Promise<void> | void

export interface ScriptedServer {
  readonly url: string
  readonly seen: SeenRequest[]
  readonly close: () => Promise<void>
}

export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const seen: SeenRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let pending: Buffer = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (let next = takeRequest(pending); next !== undefined; next = takeRequest(pending)) {
        pending = next.rest
        seen.push(next.request)
        void Promise.resolve(script(answerOn(socket), next.request)).catch(() => socket.destroy())
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    seen,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerOn(socket: Socket): Answer {
  return {
    write: async (bytes) => {
      if (socket.destroyed) return
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
      for (let i = 0; i < 3; i++) await turn()
    },
    destroy: () => socket.resetAndDestroy(),
  }
}

function takeRequest(bytes: Buffer): { request: SeenRequest; rest: Buffer } | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]))
  const bodyEnd = end + 4 + Number(headers['content-length'] ?? 0)
  if (bytes.length < bodyEnd) return undefined
  const [method = '', path = ''] = start.split(' ')
  return { request: { method, path, headers, body: bytes.toString('utf8', end + 4, bodyEnd) }, rest: bytes.subarray(bodyEnd) }
}

export function head(status: number, headers: Readonly<Record<string, string>>): string {
  return `HTTP/1.1 ${status} X\r\n${Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

/** A whole answer of known length. */
export function whole(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  return head(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)), ...headers }) + body
}

export const STREAM_HEAD = head(200, { 'content-type': 'text/event-stream; charset=utf-8', 'transfer-encoding': 'chunked' })
export const STREAM_END = '0\r\n\r\n'

/** One HTTP chunk, so that a test can put any bytes of the event stream into it. */
export function chunk(bytes: string | Uint8Array): Buffer {
  const data = Buffer.from(bytes)
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')])
}

export function event(value: object | string, eol = '\n'): string {
  return `data: ${typeof value === 'string' ? value : JSON.stringify(value)}${eol}${eol}`
}

export const textChunk = (text: string, more: object = {}) => ({ id: 'cmpl-1', object: 'text_completion', choices: [{ index: 0, text, finish_reason: null }], ...more })
export const chatChunk = (delta: object, finish_reason: string | null = null) => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })
export const usageChunk = (prompt_tokens: number, completion_tokens: number) => ({ id: 'cmpl-1', choices: [], usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens } })

// SPDX-License-Identifier: Apache-2.0
/** Reading bodies and sending small answers over node:http. It knows no endpoint. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ApiError } from './errors.ts'

export function sendText(response: ServerResponse, status: number, body: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, body === '' ? { 'content-length': 0 } : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

export function sendJson(response: ServerResponse, body: string): void {
  sendText(response, 200, body, 'application/json')
}

export function sendError(response: ServerResponse, error: ApiError): void {
  for (const [name, value] of Object.entries(error.headers ?? {})) response.setHeader(name, value)
  sendText(response, error.status, error.body, 'application/json')
}

/** The whole body, or undefined when it is larger than allowed (the rest is not read). */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    request.on('data', (piece: Buffer) => {
      size += piece.length
      if (size <= maxBytes) return void pieces.push(piece)
      request.pause()
      resolve(undefined)
    })
    request.on('end', () => resolve(pieces.length === 1 ? String(pieces[0]) : Buffer.concat(pieces).toString('utf8')))
    request.on('error', reject)
  })
}

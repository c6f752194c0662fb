// SPDX-License-Identifier: Apache-2.0
/** One bounded HTTP exchange with a server that is not trusted: no redirects, capped body, capped time. It knows no API. */
import type { Dispatcher } from 'undici'
import { request } from 'undici'

export interface Exchange {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
}

export type Answer =
  | { readonly kind: 'answer'; readonly status: number; readonly json: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failure'; readonly code: string }

const LONGEST_BODY = 1024 * 1024

/** Never throws: what went wrong is in the answer. A body that is not JSON or too long counts as none. */
export async function exchange({ url, method, headers, body, dispatcher, signal }: Exchange): Promise<Answer> {
  try {
    const answer = await request(url, { method, headers, body, dispatcher, signal })
    return { kind: 'answer', status: answer.statusCode, json: await readJson(answer.body) }
  } catch (error) {
    return signal.aborted || isTimeout(error) ? { kind: 'timeout' } : { kind: 'failure', code: codeOf(error) }
  }
}

async function readJson(body: Dispatcher.ResponseData['body']): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the body, and with it the connection.
    if (bytes > LONGEST_BODY) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}

function isTimeout(error: unknown): boolean {
  return /TIMEOUT|TIMEDOUT/.test(codeOf(error))
}

/** The most telling code: of the innermost cause that has one. */
function codeOf(error: unknown): string {
  const { code, cause, name } = error as { readonly code?: unknown; readonly cause?: unknown; readonly name?: unknown }
  if (cause instanceof Error) return codeOf(cause)
  return typeof code === 'string' ? code : String(name)
}

// SPDX-License-Identifier: Apache-2.0
/** Classes what can go wrong with a request by where it went wrong. It sends nothing. */
import type { IncomingHttpHeaders } from 'node:http'
import type { ErrorClass } from '../../operator/core/model/record.ts'
import { errorMessage } from '../../operator/core/workload/openai-events.ts'

export interface Failure { readonly class: ErrorClass; readonly message: string }

const MAX_MESSAGE = 512

/** A failure of the connection or of the protocol on it. */
export function transportFailure(error: Error, progress: { readonly sent: boolean; readonly answered: boolean }): Failure {
  const code = codeOf(error)
  const message = [code, error.message || error.cause].filter((part) => part !== undefined && part !== '').join(': ').slice(0, MAX_MESSAGE)
  if (error.name === 'HTTPParserError' || PROTOCOL.test(code ?? '')) return { class: 'protocol', message }
  if (OURS.test(code ?? '')) return { class: 'client', message }
  if (!progress.sent) return { class: 'connect', message }
  return progress.answered ? { class: 'stream', message } : { class: 'connect', message: `connection lost before an answer: ${message}`.slice(0, MAX_MESSAGE) }
}

/** Codes of undici for answers that break HTTP, and for requests that we should not have made. */
const PROTOCOL = /^UND_ERR_(HEADERS_OVERFLOW|RES_)/
const OURS = /^UND_ERR_(INVALID|REQ_)/

function codeOf(error: Error): string | undefined {
  const { code } = error as Error & { code?: unknown }
  if (typeof code === 'string') return code
  return error.cause instanceof Error ? codeOf(error.cause) : undefined
}

/** An answer with a status other than success. */
export function statusFailure(status: number, body: string): Failure {
  const said = messageOf(body)
  return { class: statusClass(status), message: `HTTP ${status}${said === '' ? '' : `: ${said}`}`.slice(0, MAX_MESSAGE) }
}

function statusClass(status: number): ErrorClass {
  if (status === 429) return 'http429'
  if (status >= 500) return 'http5xx'
  return status >= 400 ? 'http4xx' : 'protocol'
}

function messageOf(body: string): string {
  try {
    const json: unknown = JSON.parse(body)
    return errorMessage(Array.isArray(json) && json.length === 1 ? json[0] : json)
  } catch {
    return body.replaceAll(/\s+/g, ' ').trim()
  }
}

/** Retry-After in milliseconds, from seconds or a date. */
export function retryAfterMs(headers: IncomingHttpHeaders, nowEpochMs: number): number | undefined {
  const value = headers['retry-after']
  if (value === undefined) return undefined
  const seconds = Number(value)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - nowEpochMs
  return Number.isFinite(wait) ? Math.max(0, Math.round(wait)) : undefined
}

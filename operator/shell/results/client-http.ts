// SPDX-License-Identifier: Apache-2.0
/** Sends one request to the results server until it is answered: repeats what failed on the way, and says what was refused. */
import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { backoffMs } from '../kube/backoff.ts'
import { type Clock, sleep, systemClock } from '../kube/clock.ts'
import { ErrorBody, TOKEN_HEADER } from './api.ts'
import type { RefusalDetails } from './refusal.ts'

export interface ClientOptions {
  /** Base address without a trailing slash; through the API server this is its service proxy's path. */
  readonly base: string
  /** Read for each request: projected tokens are renewed. */
  readonly token: () => Promise<string>
  /** How the API server is reached, when requests go through its service proxy; the token then goes in x-assay-token. */
  readonly through?: () => Promise<{ readonly dispatcher: Dispatcher; readonly headers: Readonly<Record<string, string>> }>
  readonly clock?: Clock
  readonly random?: () => number
  /** How often a failed request is tried in all. */
  readonly attempts?: number
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Handed out anew for each attempt. */
  readonly body?: () => Dispatcher.DispatchOptions['body']
  readonly signal?: AbortSignal
  /** Longest silence. */
  readonly timeoutMs?: number
  /** Tries without end until the signal is aborted. */
  readonly persistent?: boolean
}

export type Caller = (call: Call) => Promise<Dispatcher.ResponseData>

/** An answer that is not a success, or none: `status` 0. */
export class ResultsError extends Error {
  override readonly name = 'ResultsError'
  readonly status: number
  readonly code: string
  readonly details: RefusalDetails
  readonly retryAfterMs: number | undefined

  constructor({ status, code, message, details = {}, retryAfterMs, cause }: ResultsErrorInit) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.code = code
    this.details = details
    this.retryAfterMs = retryAfterMs
  }
}
interface ResultsErrorInit {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly details?: ResultsError['details']
  readonly retryAfterMs?: number
  readonly cause?: unknown
}

const KubernetesStatus = z.object({ kind: z.literal('Status'), reason: z.string().default('Unknown'), message: z.string() })
const TIMEOUT_MS = 60_000
const ATTEMPTS = 5
const LONGEST_WAIT_MS = 10_000

export function createCaller(options: ClientOptions): Caller {
  const { clock = systemClock, random = Math.random, attempts = ATTEMPTS } = options
  return async (call) => {
    for (let failures = 1; ; failures++) {
      const outcome = await once(options, call)
      if (!(outcome instanceof ResultsError)) return outcome
      if (!mayRepeat(outcome) || (call.persistent !== true && failures >= attempts)) throw outcome
      const grown = backoffMs(failures, { baseMs: 100, maxMs: call.persistent === true ? 2000 : LONGEST_WAIT_MS, jitter: 0.5, random })
      await sleep(clock, Math.max(grown, Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS)), call.signal)
      // The last refusal says more than that time is up.
      if (call.signal?.aborted === true) throw outcome
    }
  }
}

/** A token that has just been renewed, or rights that have just been given, count on the next try. */
function mayRepeat({ status }: ResultsError): boolean {
  return status === 0 || status === 401 || status === 408 || status === 429 || status >= 500
}

async function once(options: ClientOptions, call: Call): Promise<Dispatcher.ResponseData | ResultsError> {
  const { path, query = {}, signal, timeoutMs = TIMEOUT_MS } = call
  try {
    const [token, through] = await Promise.all([options.token(), options.through?.()])
    const proof = through === undefined ? { authorization: `Bearer ${token}` } : { ...through.headers, [TOKEN_HEADER]: token }
    const answer = await request(addressOf(options.base, path, query), {
      method: call.method,
      signal,
      body: call.body?.(),
      headers: { 'user-agent': 'assay', ...call.headers, ...proof },
      ...(through === undefined ? {} : { dispatcher: through.dispatcher }),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
    return answer.statusCode < 300 ? answer : await refusalOf(answer)
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason
    return new ResultsError({
      status: 0,
      code: 'NoAnswer',
      message: `the results server at ${options.base} does not answer: ${reasonOf(cause)}`,
      cause,
    })
  }
}

async function refusalOf(answer: Dispatcher.ResponseData): Promise<ResultsError> {
  const text = (await answer.body.text()).slice(0, 10_000)
  const body = parsed(text)
  const seconds = Number(answer.headers['retry-after'])
  return new ResultsError({
    status: answer.statusCode,
    code: body?.error ?? 'Unexpected',
    message: body?.message ?? `HTTP ${answer.statusCode}: ${text.slice(0, 200)}`,
    details: { bytes: body?.bytes, files: body?.files, receipt: body?.receipt },
    retryAfterMs: Number.isFinite(seconds) ? seconds * 1000 : undefined,
  })
}

function parsed(text: string): ErrorBody | undefined {
  try {
    const body: unknown = JSON.parse(text)
    // On the way through the API server it may be that one which refuses.
    const status = KubernetesStatus.safeParse(body).data
    return status === undefined ? ErrorBody.safeParse(body).data : { error: status.reason, message: `the API server: ${status.message}` }
  } catch {
    return undefined
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: unknown; readonly message?: unknown }
  return String(code ?? message ?? cause)
}

function addressOf(base: string, path: string, query: NonNullable<Call['query']>): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return `${base}${path}${search.size === 0 ? '' : `?${search.toString()}`}`
}

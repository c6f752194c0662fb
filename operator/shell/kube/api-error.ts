// SPDX-License-Identifier: Apache-2.0
/** A refusal by the API server, or its absence, as one error that callers can ask about; it decides nothing. */

/** The parts of a Kubernetes Status that we read. */
export interface ApiStatus {
  readonly kind?: string
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  readonly details?: {
    readonly name?: string
    readonly kind?: string
    readonly retryAfterSeconds?: number
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[]
  }
}

export interface ApiErrorInit {
  /** HTTP status; 0 when no answer came. */
  readonly code: number
  readonly reason: string
  readonly message: string
  readonly retryAfterMs?: number
  readonly status?: ApiStatus
  readonly cause?: unknown
}

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: number
  readonly reason: string
  readonly retryAfterMs: number | undefined
  readonly status: ApiStatus | undefined

  constructor({ code, reason, message, retryAfterMs, status, cause }: ApiErrorInit) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.reason = reason
    this.retryAfterMs = retryAfterMs
    this.status = status
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.code === 0 || this.code === 429 || this.code >= 500
  }
}

export const isApiError = (error: unknown): error is ApiError => error instanceof ApiError
export const isNotFound = (error: unknown): boolean => isApiError(error) && error.code === 404
export const isAlreadyExists = (error: unknown): boolean => isApiError(error) && error.reason === 'AlreadyExists'
/** Somebody else wrote in between, or a precondition on uid or resourceVersion failed. */
export const isConflict = (error: unknown): boolean => isApiError(error) && error.code === 409 && error.reason !== 'AlreadyExists'
export const isForbidden = (error: unknown): boolean => isApiError(error) && error.code === 403
export const isUnauthorized = (error: unknown): boolean => isApiError(error) && error.code === 401
/** The API server's schema or an admission rule refused the object. */
export const isInvalid = (error: unknown): boolean => isApiError(error) && (error.code === 422 || error.code === 400)
/** The resource version or continue token is too old: list again. */
export const isExpired = (error: unknown): boolean => isApiError(error) && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone')
export const isRetryable = (error: unknown): boolean => isApiError(error) && error.retryable
/** The namespace is being deleted, so nothing can be made in it any more. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  isApiError(error) && error.code === 403 && error.status?.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') === true

/** The error that an answer stands for; a body that is no Status is quoted, cut short. */
export function errorFromAnswer(code: number, body: string, retryAfterHeader?: string): ApiError {
  const status = parseStatus(body)
  const retryAfterMs = retryAfter(retryAfterHeader) ?? retryAfterSeconds(status)
  return new ApiError({
    code,
    reason: status?.reason ?? REASONS[code] ?? 'Unknown',
    message: status?.message ?? `HTTP ${code}${body === '' ? '' : `: ${body.slice(0, 300)}`}`,
    retryAfterMs,
    status,
  })
}

/** The error that an ERROR event of a watch carries. */
export function errorFromStatus(status: ApiStatus): ApiError {
  return new ApiError({
    code: status.code ?? 500,
    reason: status.reason ?? REASONS[status.code ?? 500] ?? 'Unknown',
    message: status.message ?? 'the API server ended the watch without saying why',
    retryAfterMs: retryAfterSeconds(status),
    status,
  })
}

/** No answer came: the connection failed, or took too long. */
export function errorFromFailure(cause: unknown, what: string): ApiError {
  const code = (cause as { readonly code?: unknown }).code
  const timedOut = typeof code === 'string' && code.endsWith('_TIMEOUT')
  const said = cause instanceof Error ? cause.message : String(cause)
  return new ApiError({ code: 0, reason: timedOut ? 'Timeout' : 'ConnectionFailed', message: `${what}: ${said}`, cause })
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 405: 'MethodNotAllowed', 409: 'Conflict', 410: 'Expired',
  413: 'RequestEntityTooLarge', 415: 'UnsupportedMediaType', 422: 'Invalid', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable', 504: 'Timeout',
}

function parseStatus(body: string): ApiStatus | undefined {
  try {
    const parsed = JSON.parse(body) as ApiStatus | null
    return parsed?.kind === 'Status' ? parsed : undefined
  } catch {
    return undefined
  }
}

function retryAfter(header: string | undefined): number | undefined {
  const seconds = Number(header)
  return header === undefined || header === '' || !Number.isFinite(seconds) ? undefined : Math.max(0, seconds) * 1000
}

function retryAfterSeconds(status: ApiStatus | undefined): number | undefined {
  const seconds = status?.details?.retryAfterSeconds
  return seconds === undefined || seconds === 0 ? undefined : seconds * 1000
}

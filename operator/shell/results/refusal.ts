// SPDX-License-Identifier: Apache-2.0
/** A request that is not granted, with what the client is told. It is thrown anywhere below a route and answered in one place. */
import type { ErrorBody } from './api.ts'

export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 413 | 429 | 503 | 507

/** What a client needs to go on: the size that a file has, the files that differ, the receipt that was given before. */
export type RefusalDetails = Pick<ErrorBody, 'bytes' | 'files' | 'receipt'>

export interface RefusalInit {
  readonly status: RefusalStatus
  readonly code: string
  readonly message: string
  readonly details?: RefusalDetails
  /** When it is worth trying again. */
  readonly retryAfterSeconds?: number
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: RefusalStatus
  readonly code: string
  readonly details: RefusalDetails
  readonly retryAfterSeconds: number | undefined

  constructor({ status, code, message, details = {}, retryAfterSeconds }: RefusalInit) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export const notFound = (what: string): Refusal => new Refusal({ status: 404, code: 'NotFound', message: `there is no ${what}` })

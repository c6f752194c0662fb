// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import {
  errorFromAnswer, errorFromFailure, isAlreadyExists, isConflict, isExpired, isInvalid, isNamespaceTerminating, isNotFound, isRetryable, isUnauthorized,
} from './api-error.ts'

const status = (fields: object) => JSON.stringify({ kind: 'Status', ...fields })

describe('errorFromAnswer', () => {
  it.each([
    ['a Status', 404, status({ reason: 'NotFound', message: 'pods "x" not found' }), { reason: 'NotFound', message: 'pods "x" not found', retryable: false }],
    ['an answer of a proxy', 502, '<html>bad gateway</html>', { reason: 'Unknown', message: 'HTTP 502: <html>bad gateway</html>', retryable: true }],
    ['an empty answer', 503, '', { reason: 'ServiceUnavailable', message: 'HTTP 503', retryable: true }],
    ['JSON that is no Status', 400, '{"a":1}', { reason: 'BadRequest', message: 'HTTP 400: {"a":1}', retryable: false }],
    ['JSON null', 500, 'null', { reason: 'InternalError', retryable: true }],
  ])('reads %s', (_, code, body, expected) => {
    expect(errorFromAnswer(code, body)).toMatchObject({ name: 'ApiError', code, ...expected })
  })

  it.each([
    ['the header', '7', {}, 7000],
    ['the Status when there is no header', undefined, { details: { retryAfterSeconds: 3 } }, 3000],
    ['nothing when it is a date', 'Wed, 21 Oct 2026 07:28:00 GMT', {}, undefined],
    ['nothing when nobody says', undefined, {}, undefined],
  ])('takes the wait from %s', (_, header, fields, ms) => {
    expect(errorFromAnswer(429, status(fields), header).retryAfterMs).toBe(ms)
  })
})

describe('questions', () => {
  const error = (code: number, reason: string, causes: string[] = []) =>
    errorFromAnswer(code, status({ reason, message: 'm', details: { causes: causes.map((cause) => ({ reason: cause })) } }))
  const questions = { isNotFound, isAlreadyExists, isConflict, isNamespaceTerminating, isUnauthorized, isInvalid, isExpired, isRetryable }
  it.each<[keyof typeof questions, unknown]>([
    ['isNotFound', error(404, 'NotFound')],
    ['isAlreadyExists', error(409, 'AlreadyExists')],
    ['isConflict', error(409, 'Conflict')],
    ['isNamespaceTerminating', error(403, 'Forbidden', ['NamespaceTerminating'])],
    ['isUnauthorized', error(401, 'Unauthorized')],
    ['isInvalid', error(422, 'Invalid')],
    ['isExpired', error(410, 'Expired')],
    ['isRetryable', errorFromFailure(new Error('reset'), 'get /x')],
  ])('%s knows its own, and no other does', (its, about) => {
    const answers = Object.entries(questions).filter(([, asks]) => asks(about)).map(([name]) => name)
    expect(answers).toEqual([its])
    expect(questions[its](new Error('plain'))).toBe(false)
  })
})

it.each([
  ['UND_ERR_HEADERS_TIMEOUT', 'Timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'Timeout'],
  ['ECONNRESET', 'ConnectionFailed'],
])('a failure with %s has the reason %s and keeps its cause', (code, reason) => {
  const cause = Object.assign(new Error('boom'), { code })
  expect(errorFromFailure(cause, 'get /x')).toMatchObject({ code: 0, reason, message: 'get /x: boom', cause, retryable: true })
})

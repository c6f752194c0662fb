// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { retryAfterMs, transportFailure } from './failures.ts'

const error = (message: string, code?: string, name = 'Error') => Object.assign(new Error(message), { code, name })

describe('transportFailure', () => {
  it.each([
    [error('connect ECONNREFUSED', 'ECONNREFUSED'), { sent: false, answered: false }, 'connect', 'ECONNREFUSED: connect ECONNREFUSED'],
    [new Error('wrapped', { cause: error('x', 'ENOTFOUND') }), { sent: false, answered: false }, 'connect', 'ENOTFOUND: wrapped'],
    [error('other side closed', 'UND_ERR_SOCKET'), { sent: true, answered: false }, 'connect', 'connection lost before an answer: UND_ERR_SOCKET: other side closed'],
    [error('other side closed', 'UND_ERR_SOCKET'), { sent: true, answered: true }, 'stream', 'UND_ERR_SOCKET: other side closed'],
    [error('bad', undefined, 'HTTPParserError'), { sent: true, answered: true }, 'protocol', 'bad'],
    [error('too long', 'UND_ERR_HEADERS_OVERFLOW'), { sent: true, answered: true }, 'protocol', 'UND_ERR_HEADERS_OVERFLOW: too long'],
    [error('invalid header', 'UND_ERR_INVALID_ARG'), { sent: false, answered: false }, 'client', 'UND_ERR_INVALID_ARG: invalid header'],
  ])('%s %o', (...[failure, progress, kind, message]) => {
    expect(transportFailure(failure, progress)).toEqual({ class: kind, message })
  })

  it('keeps messages short', () => {
    expect(transportFailure(error('x'.repeat(9000)), { sent: true, answered: false }).message).toHaveLength(512)
  })
})

describe('retryAfterMs', () => {
  it.each([[undefined, undefined], ['1.5', 1500], ['Thu, 01 Jan 1970 00:00:10 GMT', 7000], ['Thu, 01 Jan 1970 00:00:01 GMT', 0], ['soon', undefined]])('%s', (value, expected) => {
    expect(retryAfterMs({ 'retry-after': value }, 3000)).toBe(expected)
  })
})

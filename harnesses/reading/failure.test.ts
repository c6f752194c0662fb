// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { failureOf, unanswered } from './failure.ts'

/** Texts as the tools' own clients write them. */
const SAID: readonly [string, string, number | undefined, string][] = [
  ['aiohttp, nobody there', 'Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (\'127.0.0.1\', 9)]', undefined, 'connect'],
  ['httpx, connecting took too long', 'ConnectTimeout', undefined, 'connect'],
  ['httpx, an answer took too long', 'httpx.ReadTimeout: timed out', undefined, 'timeout'],
  ['aiohttp, cut off', 'ServerDisconnectedError: Server disconnected', undefined, 'stream'],
  ['requests, reset', '(\'Connection aborted.\', ConnectionResetError(104, \'Connection reset by peer\'))', undefined, 'stream'],
  ['vllm bench, no text', 'Never received a valid chunk to calculate TTFT.This response will be marked as failed!', undefined, 'protocol'],
  ['the run ended', 'asyncio.CancelledError', undefined, 'cancelled'],
  ['a reason phrase alone', 'Not Found', 404, 'http4xx'],
  ['httpx, raise_for_status', 'Client error \'429 Too Many Requests\' for url \'http://s/v1\'\nFor more information check: x', 429, 'http429'],
  ['a code in words', 'HTTP Error 503: overloaded', 503, 'http5xx'],
  ['openai\'s client', 'Error code: 404 - {\'object\': \'error\'}', 404, 'http4xx'],
  ['a number that is no code', 'gave up after 500 tokens', undefined, 'unknown'],
]

describe('what a tool says of a failure', () => {
  it.each(SAID)('%s', (_, said, httpStatus, kind) => {
    const failure = failureOf(said)
    expect([failure.httpStatus, failure.error?.class]).toEqual([httpStatus, kind])
  })

  it('goes by a code that is given before one that is read', () => {
    expect(failureOf('Not Found', 500)).toEqual({ httpStatus: 500, error: { class: 'http5xx', message: 'Not Found' } })
  })

  it.each([
    ['a traceback', 'Traceback (most recent call last):\n  File "a.py", line 1\n    raise x\naiohttp.ClientConnectorError: no route\n', 'aiohttp.ClientConnectorError: no route'],
    ['an error of the API', '{"object":"error","message":"no model \\"x\\"","code":404}', 'no model \\"x\\"'],
    ['a long one', 'x'.repeat(1000), 'x'.repeat(512)],
  ])('keeps of %s what matters', (_, said, message) => {
    expect(failureOf(said).error?.message).toBe(message)
  })

  it('believes no code of a request that was never answered', () => {
    expect(unanswered('error 500')).toEqual({ error: { class: 'connect', message: 'error 500' } })
    expect(unanswered('ReadTimeout').error?.class).toBe('timeout')
  })
})

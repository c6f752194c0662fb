// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { ApiError } from './api-error.ts'
import { MAX_ATTEMPTS, retryDelayMs } from './retry-policy.ts'

const random = () => 0

it.each<[string, number, number | undefined, [safe: boolean, expected: number | undefined]]>([
  ['429, safe', 429, undefined, [true, 200]],
  ['429, unsafe: it was turned away', 429, undefined, [false, 200]],
  ['429 with Retry-After', 429, 7000, [false, 7000]],
  ['429 with an absurd Retry-After', 429, 3_600_000, [false, 30_000]],
  ['500, safe', 500, undefined, [true, 200]],
  ['500, unsafe: it may have been done', 500, undefined, [false, undefined]],
  ['503 with Retry-After, unsafe: it says that nothing was done', 503, 1000, [false, 1000]],
  ['no answer, safe', 0, undefined, [true, 200]],
  ['no answer, unsafe', 0, undefined, [false, undefined]],
  ['conflict', 409, undefined, [true, undefined]],
  ['not found', 404, undefined, [true, undefined]],
  ['expired', 410, undefined, [true, undefined]],
])('%s', (_, code, retryAfterMs, [safe, expected]) => {
  const error = new ApiError({ code, reason: '', message: '', retryAfterMs })
  expect(retryDelayMs({ error, attempts: 1, safe, random })).toBe(expected)
})

it('waits longer each time and gives up in the end', () => {
  const error = new ApiError({ code: 500, reason: '', message: '' })
  const waits = Array.from({ length: MAX_ATTEMPTS }, (_, i) => retryDelayMs({ error, attempts: i + 1, safe: true, random }))
  expect(waits).toEqual([200, 400, 800, 1600, 3200, undefined])
})

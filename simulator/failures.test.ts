// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { FailureModel } from './config-failures.ts'
import { crashesAt, drawFailures } from './failures.ts'
import { createDraws } from './random.ts'

const hits = (model: object, kind: 'httpError' | 'hang') =>
  Array.from({ length: 10_000 }, (_, key) => drawFailures(FailureModel.parse(model), createDraws(5, key))[kind]).filter(Boolean).length

describe('planted failures', () => {
  it.each([[0, 0, 0], [1, 10_000, 10_000], [0.2, 1850, 2150]])('hit the declared share: %d', (share, least, most) => {
    expect(hits({ httpError: { share } }, 'httpError')).toBeGreaterThanOrEqual(least)
    expect(hits({ httpError: { share } }, 'httpError')).toBeLessThanOrEqual(most)
  })

  it('are independent of each other', () => {
    const model = FailureModel.parse({ httpError: { share: 0.5 }, hang: { share: 0.5 } })
    const both = Array.from({ length: 10_000 }, (_, key) => drawFailures(model, createDraws(5, key))).filter((p) => p.httpError && p.hang).length
    expect(Math.abs(both - 2500)).toBeLessThan(160)
  })

  it.each([[0, 5, false], [3, 2, false], [3, 3, true], [3, 4, true]])('crash after %d requests: request number %d -> %s', (afterRequests, ordinal, expected) => {
    expect(crashesAt(FailureModel.parse({ crash: { afterRequests } }), ordinal)).toBe(expected)
  })
})

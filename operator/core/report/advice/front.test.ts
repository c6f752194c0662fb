// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { analyze } from '../analyze.ts'
import { plainExperiment } from '../testdata/plain.ts'
import { frontOf, trustedLatency } from './front.ts'

const USERS = { name: 'users', path: 'workload.load.concurrent.stages[main].concurrency', levels: [1, 2, 3, 4] }
const OUTPUT = { metric: 'output_throughput', statistic: 'value' } as const
const TTFT = { metric: 'ttft', statistic: 'p99' } as const

/** Points of a curve, each stood up twice, `apart` from its mean on either side. */
function curve(points: readonly (readonly [number, number])[], { apart = 0.001, requests = 1000 } = {}) {
  return analyze(plainExperiment({
    factors: [{ ...USERS, levels: points.map((_, i) => i + 1) }], stacks: 2, requests, offered: ({ users }) => ({ concurrency: Number(users) }),
    values: ({ at: [i = 0], stackReplicate }) => {
      const [x, y] = points[i] ?? [0, 0]
      const off = 1 + (stackReplicate === 1 ? apart : -apart)
      return { output_throughput: x * off, ttft: y * off }
    },
  }))
}
const places = (results: ReturnType<typeof curve>) => frontOf(results, OUTPUT, TTFT).map(({ place, knee }) => (knee ? `${place}, knee` : place))

describe('the front', () => {
  it('is what nothing beats in both, and bends where latency begins to grow', () => {
    expect(places(curve([[100, 10], [200, 12], [210, 300], [150, 80]]))).toEqual(['front', 'front, knee', 'front', 'dominated'])
  })

  it('says of a point that intervals do not tell apart from a better one that it may be on it', () => {
    expect(places(curve([[100, 10], [101, 9.9]], { apart: 0.05 }))).toEqual(['possible', 'front'])
  })

  it.each<[string, [number, number][]]>([
    ['a straight line', [[100, 10], [200, 20], [300, 30]]],
    ['hardly a bend', [[100, 10], [200, 19.5], [300, 30]]],
    ['two points', [[100, 10], [200, 300]]],
  ])('has no knee on %s', (_, points) => expect(frontOf(curve(points), OUTPUT, TTFT).some((p) => p.knee)).toBe(false))

  it('is empty without the responses', () => expect(frontOf(curve([[1, 1]]), OUTPUT, { metric: 'e2e', statistic: 'p99' })).toEqual([]))
})

it('the latency that is trusted is the highest percentile with requests enough', () => {
  const candidates = [TTFT, { metric: 'ttft', statistic: 'p50' }] as const
  const points = [[1, 1], [2, 2]] as const
  expect(trustedLatency(curve(points), candidates)).toEqual(TTFT)
  expect(trustedLatency(curve(points, { requests: 100 }), candidates)).toEqual(candidates[1])
  expect(trustedLatency(curve(points, { requests: 100 }), [TTFT])).toEqual(TTFT)
})

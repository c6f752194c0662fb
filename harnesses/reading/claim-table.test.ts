// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { distributionClaims, scalarClaim, statisticOf } from './claim-table.ts'

const meaning = { native: 'request_latency', metric: 'e2e', unit: 's' }

describe('claims by a table', () => {
  it.each([['avg', 'mean'], ['median', 'p50'], ['p0.1', 'p0p1'], ['p99.9', 'p99p9'], ['p95', 'p95'], ['count', 'n'], ['std', undefined], ['p42', undefined], ['mode', undefined]])('%s is %s', (native, ours) => {
    expect(statisticOf(native)).toBe(ours)
  })

  it('keep the tool\'s name and unit, and count in counts', () => {
    expect(distributionClaims('low', meaning, { avg: 1.5, count: 8 })).toEqual([
      { stage: 'low', metric: 'e2e', statistic: 'mean', value: 1.5, unit: 's', nativeName: 'request_latency.avg' },
      { stage: 'low', metric: 'e2e', statistic: 'n', value: 8, unit: 'count', nativeName: 'request_latency.count' },
    ])
  })

  it('claim nothing of what is no number, or said twice', () => {
    expect(distributionClaims('low', meaning, { mean: null, p50: Number.NaN, p90: '1', std: 2 })).toEqual([])
    expect(distributionClaims('low', meaning, { p50: 1, median: 2 }).map((c) => c.value)).toEqual([1])
    expect(distributionClaims('low', meaning, null)).toEqual([])
    expect(scalarClaim('low', meaning, Number.POSITIVE_INFINITY)).toEqual([])
    expect(scalarClaim('low', meaning, 0)).toMatchObject([{ statistic: 'value', value: 0 }])
  })
})

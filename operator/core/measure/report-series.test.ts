// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import type { Findings, StageFindings } from '../model/findings.ts'
import { reportSeries } from './report-series.ts'

const origin = Date.UTC(2026, 0, 1)
const points = (value: (t: number) => number) => Array.from({ length: 100 }, (_, t): [number, number] => [1000 * t, value(t)])
const findings = {
  time: { start: new Date(origin).toISOString() },
  server: [
    { metric: 'kv_cache_usage', unit: 'ratio', pod: 'a', points: points(() => 0.2) }, { metric: 'kv_cache_usage', unit: 'ratio', pod: 'b', points: points(() => 0.4) },
    { metric: 'gpu_power', unit: 'W', points: points((t) => t) }, { metric: 'output_throughput', unit: 'tokens/s', points: points(() => 1) },
  ],
} as unknown as Findings
const stage = { window: { startEpochMs: origin + 20_000, durationS: 40 } } as unknown as StageFindings

it('has what the report knows a name for, of the stage\'s window only, thinned, pods averaged', () => {
  const found = reportSeries(findings, stage)
  expect(Object.keys(found).sort()).toEqual(['kv_cache_usage', 'power_consumption'])
  expect(found.kv_cache_usage?.series[0]?.value).toBeCloseTo(0.3, 12)
  expect(found.power_consumption).toMatchObject({ units: 'Watts' })
  expect(found.power_consumption?.series.map((p) => p.value)).toEqual([20, 23, 26, 29, 32, 35, 38, 41, 44, 47, 50, 53, 56, 59])
  expect(found.power_consumption?.series[0]?.ts).toBe('2026-01-01T00:00:20.000Z')
})

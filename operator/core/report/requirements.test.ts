// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { requirementsOf } from './requirements.ts'

const rules = (...exprs: string[]) => ({ onInsufficient: 'Fail' as const, rules: exprs.map((expr, i) => ({ name: `r${i}`, expr })) })

it.each<[string, Parameters<typeof requirementsOf>[0], string[]]>([
  ['nothing', {}, []],
  ['an SLO at its 99th percentile', { slo: { ttft: '500ms', tpot: '50ms' } }, ['p99 ttft at most 500', 'p99 tpot at most 50']],
  ['a bound on gaps, which only attainment shows', { slo: { itl: '1s' } }, ['value attainment at least 0.99']],
  ['a gate instead of the SLO of the same metric', { slo: { ttft: '500ms', e2e: '3s' }, gate: rules('p95(ttft) <= 200ms') }, ['p95 ttft at most 200', 'p99 e2e at most 3000']],
  ['a gate of one stage beside the SLO', { slo: { ttft: '500ms' }, gate: rules('p99(ttft, stage=low) <= 100ms') }, ['p99 ttft at most 100 low', 'p99 ttft at most 500']],
  ['the tighter of two', { slo: { ttft: '150ms' }, gate: rules('p99(ttft, stage=low) <= 2s') }, ['p99 ttft at most 150']],
  ['attainment', { slo: { ttft: '1s' }, gate: rules('value(attainment) >= 95%') }, ['value attainment at least 0.95', 'p99 ttft at most 1000']],
  ['nothing of rules on other things', { gate: rules('value(error_rate) <= 1%', 'value(output_throughput) >= 5 tok/s', 'p99(ttft) >= 1ms', 'regression(p99(ttft), baseline=x) <= 5%', 'no rule') }, []],
])('%s', (_, spec, expected) => {
  expect(requirementsOf(spec).map((r) => [r.statistic, r.metric, r.relation, r.bound, r.stage].filter((part) => part !== undefined).join(' '))).toEqual(expected)
})

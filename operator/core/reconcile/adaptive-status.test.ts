// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { MeasuredTrial } from '../adaptive/measured.ts'
import { ExperimentStatus } from '../model/experiment.ts'
import type { Adaptive } from '../plan/adaptive-model.ts'
import type { Plan } from '../plan/plan.ts'
import { experimentSpec, planned, RATE, TP } from '../plan/testdata/example.ts'
import { adaptiveStatus } from './adaptive-status.ts'

const adaptiveOf = ({ adaptive }: Plan): Adaptive => {
  if (adaptive === undefined) throw new Error('a fixed design')
  return adaptive
}
const SEARCH = { load: { name: 'rate', path: RATE.path, lower: 1, upper: 64, unit: 'req/s' }, replicates: 1, maxReplicates: 1 }
const searchOf = (levels: readonly number[]) => experimentSpec({ slo: { ttft: '500ms' } }, { fullFactorial: undefined, search: { ...SEARCH, factors: [{ ...TP, levels }] } })

/** Every stand-up of every configuration up to its knee. */
function ended(spec: unknown, knee: (levels: Readonly<Record<string, unknown>>) => number): Plan {
  const measured: MeasuredTrial[] = []
  for (;;) {
    const plan = planned(spec, { measured })
    const known = measured.length
    for (const trial of plan.trials) {
      const { levels = {} } = plan.treatments[trial.treatment] ?? {}
      if (measured.some((m) => m.levels === levels || (JSON.stringify(m.levels) === JSON.stringify(levels) && m.run === trial.runReplicate))) continue
      measured.push({ levels, stack: trial.stackReplicate, run: trial.runReplicate, values: [(levels['rate'] as number) <= knee(levels) ? 1 : 0] })
    }
    if (measured.length === known) return plan
  }
}

describe('adaptiveStatus', () => {
  it('lists searches that have ended, in the order in which they run', () => {
    expect(adaptiveStatus(adaptiveOf(ended(searchOf([1, 2]), ({ tp }) => (tp === 1 ? 100 : 0))))).toEqual({
      kind: 'search', ended: true, progress: '8 of at most 24 probes',
      results: [
        { name: 'tp=2 s1', result: 'below 1 req/s: the lowest load does not meet the objectives' },
        { name: 'tp=1 s1', result: 'at least 64 req/s: the upper limit meets the objectives' },
      ],
    })
  })

  it('has no results before', () => {
    expect(adaptiveStatus(adaptiveOf(planned(searchOf([1, 2]))))).toEqual({ kind: 'search', ended: false, progress: '0 of at most 24 probes', results: [] })
  })

  it('stays small however many searches, and says how many it left out', () => {
    const status = adaptiveStatus(adaptiveOf(ended(searchOf(Array.from({ length: 40 }, (_, i) => i + 1)), () => 20)))
    expect(status.results).toHaveLength(16)
    expect(status.more).toBe(24)
    expect(ExperimentStatus.safeParse({ adaptive: status }).success).toBe(true)
    expect(JSON.stringify(status).length).toBeLessThan(4096)
  })

  it.each([
    [{ replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 6 } } }, { kind: 'until', progress: '3 of at most 6 stand-ups', results: [] }],
    [{ successiveHalving: { objective: 'p50(ttft, stage=high)', eta: 2 } }, { kind: 'successiveHalving', progress: '0 of 2 rungs', results: [{ name: 'rung 1', result: '4 treatments, 1 replicates, being measured: tp=1 rate=1; tp=1 rate=8; tp=2 rate=1; tp=2 rate=8' }] }],
  ])('tells of %j', (design, expected) => {
    expect(adaptiveStatus(adaptiveOf(planned(experimentSpec({}, design))))).toMatchObject(expected)
  })
})

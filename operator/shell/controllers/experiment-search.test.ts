// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ExperimentStatus } from '../../core/model/experiment.ts'
import { experimentSpec, RATE, TP } from '../../core/plan/testdata/example.ts'
import { findingsWith } from './testdata/findings.ts'
import { smallWorld } from './testdata/small-world.ts'

const workload = { data: { synthetic: { input: { fixed: 64 }, output: { fixed: 16 } } }, load: { poisson: { stages: [{ name: 'high', rate: 8, duration: '60s' }] } } }
const search = { load: { name: 'rate', path: RATE.path, lower: 1, upper: 64, unit: 'req/s' }, factors: [TP] }
const SPEC = { ...experimentSpec({ slo: { ttft: '500ms' }, execution: { parallelStacks: 2 } }, { fullFactorial: undefined, search }), workloadRef: undefined, workload }
const findings = ({ treatment, replicate }: Parameters<typeof findingsWith>[0]) => findingsWith({ treatment, replicate } as Parameters<typeof findingsWith>[0], (treatment['rate'] as number) <= 10 * (treatment['tp'] as number) ? 1 : 0.5)

describe('an Experiment that searches, in a cluster', () => {
  it('keeps each stack up until its capacity is known, and says so in its status', async () => {
    const small = smallWorld(SPEC, { findings })
    const under = await small.run(600)
    expect(under.status?.progress).toMatch(/^\d+\/\d+; \d+ of at most 24 probes$/)
    expect(under.status?.eta).toBeDefined()
    const done = await small.run(20_000)
    expect(done.status).toMatchObject({ phase: 'Succeeded', adaptive: { kind: 'search', ended: true } })
    expect(done.status?.adaptive?.results.toSorted((a, b) => a.name.localeCompare(b.name)).map((r) => r.result)).toEqual([
      expect.stringMatching(/req\/s \((9\.\d+|10) surely met, 10\.\d+ surely not\)$/), expect.stringMatching(/req\/s \((19\.\d+|20) surely met, 20\.\d+ surely not\)$/),
    ])
    expect(small.stacks()).toEqual([])
    expect(small.told.filter((t) => t === 'StackCreated')).toHaveLength(2)
    expect(small.trials()).toHaveLength(done.status?.trials?.total ?? 0)
    ExperimentStatus.parse(done.status)
  })

  it('ends by its budget, with what it has found until then', async () => {
    // Time for some loads of each configuration, not for the search.
    const small = smallWorld({ ...SPEC, budget: { wallTime: '15m' } }, { findings })
    const stopped = await small.run(20_000)
    const { total = 0, succeeded = 0, pending = 0 } = stopped.status?.trials ?? {}
    expect(stopped.status).toMatchObject({ phase: 'Succeeded', adaptive: { kind: 'search', ended: false }, budgetEnd: { budget: { wallTime: '15m' } } })
    expect(pending).toBeGreaterThan(0)
    expect(stopped.status?.conditions?.find((c) => c.type === 'Complete')).toMatchObject({
      reason: 'BudgetExhausted', message: expect.stringMatching(new RegExp(`^${succeeded} of ${total} trials succeeded; .* For the trials that it has asked for so far raise budget\\.wallTime to \\d+m: it goes on where it ended$`)) as string,
    })
    expect(small.stacks()).toEqual([])
    // Nothing is begun again while nobody raises it.
    expect((await small.run(10)).status?.trials).toEqual(stopped.status?.trials)
    small.change({ budget: { wallTime: '8h' } })
    const done = await small.run(20_000)
    expect(done.status).toMatchObject({ phase: 'Succeeded', adaptive: { ended: true } })
    expect(done.status?.adaptive?.results.map((r) => r.result).filter((text) => /surely met, \S+ surely not/.test(text))).toHaveLength(2)
    ExperimentStatus.parse(done.status)
  }, 60_000)
})

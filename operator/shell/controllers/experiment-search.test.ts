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
})

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { findCondition } from '../../core/model/conditions.ts'
import { ExperimentStatus } from '../../core/model/experiment.ts'
import { experimentSpec } from '../../core/plan/testdata/example.ts'
import { smallWorld } from './testdata/small-world.ts'

/** Two setups of one GPU, three replicates: six stand-ups of 60 s, each with two trials of 120 s and 10 s of removal: about 0.09 GPU-hours each, 0.53 in all. */
const spec = (over: object = {}) => experimentSpec({ prices: [{ product: 'NVIDIA-H100-80GB-HBM3', amount: 4, currency: 'EUR' }], execution: { caches: 'Distinct' }, ...over }, { replicates: { stacks: 3, runs: 1 } })
const quick = (over: object = {}) => ({ ...spec(over), workloadRef: undefined, workload: { data: { synthetic: { input: { fixed: 64 }, output: { fixed: 16 } } }, load: { poisson: { stages: [{ name: 'high', rate: 8, duration: '60s' }] } } } })
const ended = (small: ReturnType<typeof smallWorld>) => small.trials().filter((t) => t.status?.completionTime !== undefined).length

describe('an Experiment with a budget', () => {
  it('is charged for what stood, whether it has one or not', async () => {
    const small = smallWorld(quick())
    const done = await small.run(4000)
    expect(done.status).toMatchObject({ phase: 'Succeeded', progress: '12/12', usage: { standing: [], currency: 'EUR' } })
    const hours = (done.status?.usage?.gpuSeconds ?? 0) / 3600
    expect(hours).toBeGreaterThan((6 * (60 + 240 + 10)) / 3600)
    expect(hours).toBeLessThan((6 * (60 + 240 + 10 + 40)) / 3600)
    expect(done.status?.usage?.cost).toBeCloseTo(hours * 4, 2)
    ExperimentStatus.parse(done.status)
  })

  it('begins whole replicates, stops clean, says what it would take, and goes on where it ended when there is more', async () => {
    const small = smallWorld(quick({ budget: { gpuHours: 0.4 } }))
    const stopped = await small.run(4000)
    // Two replicates take 0.36; the third would take it to 0.54.
    expect(ended(small)).toBe(8)
    expect(small.stacks()).toEqual([])
    expect(stopped.status).toMatchObject({ phase: 'Succeeded', progress: '8/12', budgetEnd: { budget: { gpuHours: 0.4 } } })
    expect(stopped.status?.budgetEnd?.message).toMatch(/^0\.3\d+ of 0\.4 GPU-hours used.*8 of 12 trials have ended, 2 of 3 replicates are complete\. To finish raise budget\.gpuHours to 0\.(59|6)\d* GPU-hours: it goes on where it ended$/)
    expect((stopped.status?.usage?.gpuSeconds ?? 9e9) / 3600).toBeLessThan(0.4)
    expect(findCondition(stopped.status?.conditions, 'Complete')).toMatchObject({ status: 'True', reason: 'BudgetExhausted' })
    expect(small.told.filter((t) => t.startsWith('BudgetExhausted'))).toHaveLength(1)
    // It rests as long as nobody raises it.
    const generation = stopped.status?.observedGeneration
    expect((await small.run(10)).status?.observedGeneration).toBe(generation)
    small.change({ budget: { gpuHours: 1 } })
    const done = await small.run(4000)
    expect(done.status).toMatchObject({ phase: 'Succeeded', progress: '12/12', usage: { standing: [] } })
    expect(done.status?.budgetEnd).toBeUndefined()
    expect(findCondition(done.status?.conditions, 'Complete')?.reason).toBe('Complete')
    ExperimentStatus.parse(done.status)
  })

  it.each([[0.25, 1], [0.3, 2], [0.4, 2], [0.45, 3]])('of %d GPU-hours and %d stacks at once measures whole replicates and does not exceed it', async (gpuHours, parallelStacks) => {
    const small = smallWorld(quick({ budget: { gpuHours }, execution: { parallelStacks } }))
    const stopped = await small.run(4000)
    expect(ended(small) % 4).toBe(0)
    expect(ended(small)).toBeGreaterThan(0)
    expect(ended(small)).toBeLessThan(12)
    expect((stopped.status?.usage?.gpuSeconds ?? 9e9) / 3600).toBeLessThan(gpuHours)
  })

  it('ends again at once for another budget that is too small, and for good when it is taken away', async () => {
    const small = smallWorld(quick({ budget: { gpuHours: 0.4 } }))
    await small.run(4000)
    small.change({ budget: { gpuHours: 0.41 } })
    const again = await small.run(4000)
    expect([ended(small), again.status?.budgetEnd?.budget.gpuHours, again.status?.phase]).toEqual([8, 0.41, 'Succeeded'])
    small.change({ budget: null })
    expect((await small.run(4000)).status).toMatchObject({ phase: 'Succeeded', progress: '12/12' })
  })

  it('does not count the time between an end and a raise', async () => {
    const small = smallWorld(quick({ budget: { wallTime: '25m' } }))
    const stopped = await small.run(4000)
    expect(stopped.status).toMatchObject({ phase: 'Succeeded', progress: '8/12' })
    for (let i = 0; i < 3; i += 1) await small.run(5)
    small.change({ budget: { wallTime: '40m' } })
    expect((await small.run(4000)).status).toMatchObject({ phase: 'Succeeded', progress: '12/12' })
  })

  it('counts money', async () => {
    const small = smallWorld(quick({ budget: { money: { amount: 1.6, currency: 'EUR' } } }))
    const stopped = await small.run(4000)
    expect(stopped.status).toMatchObject({ progress: '8/12', usage: { currency: 'EUR' } })
    expect(stopped.status?.usage?.cost).toBeLessThan(1.6)
  })

  it('may be lowered while it runs: the running trial ends, and what was not measured is said', async () => {
    const small = smallWorld(quick({ budget: { gpuHours: 2 } }))
    await small.run(100)
    expect(small.trials().filter((t) => t.status?.startTime !== undefined && t.status.completionTime === undefined)).toHaveLength(1)
    small.change({ budget: { gpuHours: 0.03 } })
    const stopped = await small.run(4000)
    expect(ended(small)).toBe(1)
    expect(stopped.status).toMatchObject({ phase: 'Failed', progress: '1/12' })
    expect(findCondition(stopped.status?.conditions, 'Ready')).toMatchObject({ status: 'False', reason: 'BudgetExhausted' })
  })

  it('is refused before anything stands up when not even one replicate fits', async () => {
    const small = smallWorld(quick({ budget: { gpuHours: 0.01 } }))
    const refused = await small.run(100)
    expect(findCondition(refused.status?.conditions, 'Planned')).toMatchObject({ status: 'False', reason: 'BudgetTooSmall', message: expect.stringMatching(/found 0\.01 GPU-hours, expected at least 0\.1\d+/) as string })
    expect(small.stacks()).toEqual([])
  })
})

describe('a preflight', () => {
  it('refuses what certainly cannot work, and begins once it can', async () => {
    const small = smallWorld(quick(), { gpus: 0 })
    const refused = await small.run(100)
    expect(findCondition(refused.status?.conditions, 'PreflightPassed')).toMatchObject({ status: 'False', reason: 'PreflightFailed', message: expect.stringContaining('no node offers nvidia.com/gpu') as string })
    expect(findCondition(refused.status?.conditions, 'Planned')?.status).toBe('False')
    expect(small.stacks()).toEqual([])
    small.change({ preflight: { mode: 'Warn' } })
    await small.run(10)
    expect(findCondition(small.experiment().status?.conditions, 'PreflightPassed')).toMatchObject({ status: 'True', reason: 'Warned', message: expect.stringContaining('no node offers nvidia.com/gpu') as string })
    expect(small.told.filter((t) => t.startsWith('PreflightWarning'))).toHaveLength(1)
    expect(small.stacks()).toHaveLength(1)
  })

  it.each([['Enforce', 'Passed'], ['Off', undefined]])('%s says %s', async (mode, reason) => {
    const small = smallWorld(quick({ preflight: { mode } }))
    await small.run(10)
    expect(findCondition(small.experiment().status?.conditions, 'PreflightPassed')?.reason).toBe(reason)
    expect(small.stacks()).toHaveLength(1)
  })
})

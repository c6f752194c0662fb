// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Experiment, Trial } from '../../core/model/kinds.ts'
import { library, RATE, TP } from '../../core/plan/testdata/example.ts'
import { buildPlan, type Plan, trialSpecOf } from '../../core/plan/plan.ts'
import type { Snapshot } from './experiment-snapshot.ts'
import { createPlanGrowth } from './plan-growth.ts'
import type { World } from './world.ts'
import { findingsWith } from './testdata/findings.ts'

const SPEC = {
  scenarioRef: { name: 'llama' }, workloadRef: { name: 'chatbot' }, harnessRef: { name: 'tool' }, slo: { ttft: '500ms' },
  design: { search: { load: { name: 'rate', path: RATE.path, lower: 1, upper: 64 }, factors: [TP] } },
}
const experiment = { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'exp', namespace: 'ns', uid: 'e-1' }, spec: SPEC } as unknown as Experiment
const shelves = { scenarios: Object.fromEntries(library.scenarios), workloads: Object.fromEntries(library.workloads), harnesses: Object.fromEntries(library.harnesses) }
const snapshot: Snapshot = { spec: experiment.spec, run: 1, blocks: [['of', 'the', 'first', 'plan']], library: shelves }

function basePlan(): Plan {
  const result = buildPlan({ experiment: { name: 'exp', namespace: 'ns', spec: SPEC, run: 1 }, library, blocks: snapshot.blocks })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.plan
}

type Ending = 'Complete' | 'Failed' | 'invalid'

/** The cluster as far as growth asks: the ConfigMaps of trials, and how often they were read. */
function cluster(attainment: (rate: number) => number) {
  const [maps, reads, trials] = [new Map<string, string>(), [] as string[], new Map<string, Trial>()]
  const world = { api: { find: async (_: unknown, { name }: { name: string }) => {
    reads.push(name)
    const text = maps.get(name)
    return text === undefined ? undefined : { data: { 'findings.json': text } }
  } } } as unknown as World
  const end = (plan: Plan, index: number, how: Ending = 'Complete') => {
    const spec = trialSpecOf(plan, index)
    const { name = '' } = plan.trials[index] ?? {}
    if (how === 'Complete') maps.set(name, JSON.stringify(findingsWith(spec, attainment(spec.treatment['rate'] as number))))
    const status = { ...(how === 'invalid' ? { verdict: 'invalid' } : {}), conditions: [{ type: how === 'Complete' ? 'Complete' : 'Failed', status: 'True' }] }
    trials.set(name, { apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata: { name, namespace: 'ns', uid: `uid-${name}` }, spec, status } as unknown as Trial)
  }
  return { world, end, reads, children: { stacks: new Map(), trials } }
}

describe('createPlanGrowth', () => {
  it('leaves a fixed design as it is, and reads nothing', async () => {
    const { world, children, reads } = cluster(() => 1)
    const fixed = buildPlan({ experiment: { name: 'exp', spec: { ...SPEC, design: { fullFactorial: { factors: [TP] } } }, run: 1 }, library })
    if (!fixed.ok) throw new Error('no plan')
    const planned = { snapshot, plan: fixed.plan }
    expect(await createPlanGrowth().grow(world, experiment, { planned, children })).toBe(planned)
    expect(reads).toEqual([])
  })

  it('adds the next load where all trials of the one before have ended, and reads each of them once', async () => {
    const { world, end, reads, children } = cluster((rate) => (rate <= 20 ? 1 : 0))
    const growth = createPlanGrowth()
    const planned = { snapshot, plan: basePlan() }
    const grow = async () => (await growth.grow(world, experiment, { planned, children })).plan
    end(planned.plan, 0)
    expect((await grow()).trials.map((t) => t.name).sort()).toEqual(planned.plan.trials.map((t) => t.name).sort())
    end(planned.plan, 1)
    const grown = await grow()
    expect(grown.trials).toHaveLength(planned.plan.trials.length + 2)
    expect(grown.treatments.map((t) => t.levels['rate'])).toContain(16)
    expect(await grow()).toBe(grown)
    expect(reads).toHaveLength(2)
  })

  it('plans whole blocks anew, not every trial that ends', async () => {
    const { world, end, children } = cluster(() => 1)
    const spec = { ...SPEC, design: { fullFactorial: { factors: [TP] }, replicates: { until: { response: 'value(attainment, stage=high)', absolute: '1%', max: 5 } } } }
    const result = buildPlan({ experiment: { name: 'exp', namespace: 'ns', spec, run: 1 }, library })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    const growth = createPlanGrowth()
    const planned = { snapshot: { ...snapshot, spec: spec as unknown as Snapshot['spec'], blocks: [] }, plan: result.plan }
    const grow = async () => (await growth.grow(world, experiment, { planned, children })).plan
    const first = await grow()
    for (const index of result.plan.trials.keys()) {
      expect(await grow()).toBe(first)
      end(result.plan, index)
    }
    expect((await grow()).adaptive).toMatchObject({ ended: true, replicates: { low: 3, high: 3 } })
  })

  it('is the same after a restart', async () => {
    const { world, end, children } = cluster((rate) => (rate <= 20 ? 1 : 0))
    const planned = { snapshot, plan: basePlan() }
    const growth = createPlanGrowth()
    let { plan } = planned
    for (let steps = 0; steps < 100; steps++) {
      const open = plan.trials.findIndex((t) => !children.trials.has(t.name))
      if (open < 0) break
      end(plan, open)
      ;({ plan } = await growth.grow(world, experiment, { planned, children }))
      const fresh = await createPlanGrowth().grow(world, experiment, { planned, children })
      expect(fresh.plan.digest).toBe(plan.digest)
    }
    expect(plan.adaptive).toMatchObject({ ended: true })
    expect(plan.adaptive?.kind === 'search' ? plan.adaptive.arms.map((a) => a.result.ending) : []).toEqual(['found', 'found'])
  })

  it.each<Ending>(['Failed', 'invalid'])('takes a trial that is %s for no evidence, and wants another', async (how) => {
    const { world, end, children, reads } = cluster(() => 1)
    const planned = { snapshot, plan: basePlan() }
    end(planned.plan, 0, how)
    end(planned.plan, 1)
    const { plan } = await createPlanGrowth().grow(world, experiment, { planned, children })
    expect(plan.trials.filter((t) => t.runReplicate === 3)).toHaveLength(1)
    expect(reads).toHaveLength(1)
  })
})

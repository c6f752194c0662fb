// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { MeasuredTrial } from '../adaptive/measured.ts'
import type { Plan } from '../plan/plan.ts'
import { experimentSpec, planned, RATE, TP } from '../plan/testdata/example.ts'
import { decideExperiment, type ExperimentOutcome } from './experiment.ts'
import type { ExperimentRules, StackState, TrialState } from './experiment-observed.ts'

const RULES: ExperimentRules = { suspend: false, parallelStacks: 2, maxFailedTrials: 3, idleTimeoutMs: 60_000, teardown: 'Always', holdMs: 0 }
type Value = (levels: Readonly<Record<string, unknown>>, stack: number) => number

interface Course { readonly plan: Plan; readonly outcome: ExperimentOutcome | undefined; readonly standUps: ReadonlyMap<string, number>; readonly measured: readonly MeasuredTrial[] }

/** An Experiment carried out by its decisions: stacks come up at once, one trial of each stack ends at every turn. */
function carryOut(spec: unknown, value: Value, rules = RULES): Course {
  const [stacks, trials, standUps] = [new Map<string, StackState>(), new Map<string, TrialState>(), new Map<string, number>()]
  const measured: MeasuredTrial[] = []
  for (let now = 0; now < 5000; now++) {
    const plan = planned(spec, { measured })
    const decision = decideExperiment({
      now, startMs: 0, suspendedMs: 0, rules, plan,
      stacks: plan.stacks.map((s) => stacks.get(s.name) ?? { kind: 'absent' }), trials: plan.trials.map((t) => trials.get(t.name) ?? 'absent'),
    })
    if (decision.outcome !== undefined) return { plan, outcome: decision.outcome, standUps, measured }
    for (const action of decision.actions) {
      if (action.kind === 'createStack') {
        const { name = '' } = plan.stacks[action.stack] ?? {}
        standUps.set(name, (standUps.get(name) ?? 0) + 1)
        stacks.set(name, { kind: 'ready' })
      }
      if (action.kind === 'deleteStack') stacks.delete(plan.stacks[action.stack]?.name ?? '')
      if (action.kind === 'createTrial') trials.set(plan.trials[action.trial]?.name ?? '', 'pending')
    }
    for (const stack of plan.stacks) {
      const next = stack.trials.map((t) => plan.trials[t]).find((t) => t !== undefined && trials.get(t.name) === 'pending')
      if (next === undefined) continue
      trials.set(next.name, 'succeeded')
      const { levels = {} } = plan.treatments[next.treatment] ?? {}
      measured.push({ levels, stack: next.stackReplicate, run: next.runReplicate, values: [value(levels, next.stackReplicate)] })
    }
  }
  throw new Error('the Experiment does not end')
}

const SLO = { slo: { ttft: '500ms' } }
const SEARCH = experimentSpec(SLO, { fullFactorial: undefined, replicates: { stacks: 2 }, search: { load: { name: 'rate', path: RATE.path, lower: 1, upper: 64 }, factors: [TP] } })
const UNTIL = experimentSpec(SLO, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 5 } } })
const RUNS = experimentSpec(SLO, { replicates: { until: { response: 'p50(ttft, stage=high)', relative: 0.05, max: 5, unit: 'runs' } } })
const HALVING = experimentSpec(SLO, { fullFactorial: { factors: [TP, { ...RATE, levels: [1, 2, 4, 8] }] }, successiveHalving: { objective: 'p50(ttft, stage=high)', eta: 2 } })

describe('an Experiment whose plan grows', () => {
  it.each<[string, unknown, Value]>([
    ['a search', SEARCH, ({ rate, tp }) => ((rate as number) <= 10 * (tp as number) ? 1 : 0)],
    ['stopping by stand-ups', UNTIL, ({ tp }, stack) => 100 + (tp === 1 ? 20 * (stack % 2) : 0)],
    ['stopping by runs', RUNS, ({ tp }) => 100 * (tp as number)],
    ['halving', HALVING, ({ tp, rate }) => (tp as number) * 100 + (rate as number) * 5],
  ])('keeps a stack up while it has more to do, and stands none up twice: %s', (_, spec, value) => {
    const { plan, outcome, standUps, measured } = carryOut(spec, value)
    expect(outcome).toEqual({ kind: 'succeeded', held: 0 })
    expect(plan.adaptive?.ended).toBe(true)
    expect(measured).toHaveLength(plan.trials.length)
    expect(Object.fromEntries(standUps)).toEqual(Object.fromEntries(plan.stacks.map((s) => [s.name, 1])))
  })

  it('ends by its rules, whatever else was wanted', () => {
    const course = carryOut(SEARCH, () => 1, { ...RULES, deadlineMs: 3 })
    expect(course.outcome).toMatchObject({ kind: 'failed', reason: 'DeadlineExceeded' })
    expect(course.plan.adaptive?.ended).toBe(false)
  })
})

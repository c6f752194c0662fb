// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Budget } from '../model/budget.ts'
import { exactly } from '../plan/load-time.ts'
import { type BudgetView, completeReplicates } from './budget.ts'
import { decideExperiment, type ExperimentAction } from './experiment.ts'
import type { ExperimentRules, ObservedExperiment, StackState, TrialState } from './experiment-observed.ts'
import { settleUsage } from './usage.ts'

const HOUR = 3_600_000
const absent: StackState = { kind: 'absent' }
const ready: StackState = { kind: 'ready' }
const rules: ExperimentRules = { suspend: false, parallelStacks: 1, maxFailedTrials: 9, idleTimeoutMs: 600_000, teardown: 'Always', holdMs: HOUR }
/** Two setups in two replicates, two trials on each stack. */
const plan = {
  stacks: [0, 1, 2, 3].map((i) => ({ name: `s${i}`, trials: [2 * i, 2 * i + 1], block: 0, replicate: i < 2 ? 1 : 2 })),
  trials: [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ({ name: `t${i}`, stack: Math.floor(i / 2), treatment: i % 4 })),
}
/** Every trial takes half an hour and a stand-up a quarter, as earlier ones showed: a stack takes 1.25 hours of its one GPU, and 8 s to come down. */
const learned = { standUpSeconds: new Map([['a', 900]]), trialSeconds: new Map([['t', 1800]]) }
const time = { engine: 'vllm', deployed: true, gpus: 1, setupHash: 'a', price: { amount: 2, currency: 'EUR' }, trials: [0, 1].map(() => ({ load: exactly(9), treatment: 't', harness: 'native' })) }
interface Given { readonly now: number; readonly stacks: StackState[]; readonly trials: TrialState[]; readonly usedHours?: number; readonly over?: Partial<ExperimentRules>; readonly view?: Partial<BudgetView> }

function seen(budget: Budget, { now, stacks, trials, usedHours = 0, over, view }: Given): ObservedExperiment {
  const up = stacks.flatMap((s, i) => (s.kind === 'absent' ? [] : [{ name: `s${i}`, sinceMs: now, gpus: 1, hourlyCost: 2 }]))
  const usage = settleUsage({ gpuSeconds: usedHours * 3600, cost: usedHours * 2, currency: 'EUR', standing: [] }, up, { now })
  return { now, startMs: 0, suspendedMs: 0, rules: { ...rules, ...over }, plan, stacks, trials, budget: { budget, usage, times: plan.stacks.map(() => time), learned, runningSince: new Map(), ...view } }
}
const fill = (n: number, state: TrialState): TrialState[] => [...Array.from({ length: n }, () => state), ...Array.from({ length: 8 - n }, (): TrialState => 'absent')]
const first = [ready, absent, absent, absent]
const none = [absent, absent, absent, absent]
const half: TrialState[] = fill(4, 'succeeded')

describe('a budget', () => {
  it.each<[string, Budget, Given, { actions: readonly Partial<ExperimentAction>[]; stop?: RegExp }]>([
    ['begins the first block where it fits', { gpuHours: 3 }, { now: 0, stacks: none, trials: fill(0, 'absent') }, { actions: [{ kind: 'createStack', stack: 0 }] }],
    ['does not begin a block that does not fit as a whole, although its first stack would', { gpuHours: 4.5 }, { now: 3 * HOUR, stacks: none, trials: half, usedHours: 2.5 }, { actions: [], stop: /2\.5 of 4\.5 GPU-hours used.*4 of 8 trials have ended, 1 of 2 replicates are complete.*raise budget\.gpuHours to 5\.76 GPU-hours/ }],
    ['begins it where it does', { gpuHours: 5.1 }, { now: 3 * HOUR, stacks: none, trials: half, usedHours: 2.5 }, { actions: [{ kind: 'createStack', stack: 2 }] }],
    ['counts money at its price', { money: { amount: 9, currency: 'EUR' } }, { now: 3 * HOUR, stacks: none, trials: half, usedHours: 2.5 }, { actions: [], stop: /5 of 9 EUR used/ }],
    ['counts time, which suspension does not', { wallTime: '5h' }, { now: 3 * HOUR, stacks: none, trials: half }, { actions: [], stop: /3h of 5h used/ }],
    ['takes side by side for shorter', { wallTime: '5h' }, { now: 3 * HOUR, stacks: none, trials: half, over: { parallelStacks: 2 } }, { actions: [{ kind: 'createStack', stack: 2 }, { kind: 'createStack', stack: 3 }] }],
    ['goes on within a block as long as the next stack fits', { gpuHours: 2.6 }, { now: 2 * HOUR, stacks: none, trials: fill(2, 'succeeded'), usedHours: 1.3 }, { actions: [{ kind: 'createStack', stack: 1 }] }],
    ['ends within a block when it took longer than expected', { gpuHours: 2.5 }, { now: 2 * HOUR, stacks: none, trials: fill(2, 'succeeded'), usedHours: 1.3 }, { actions: [], stop: /2 of 8 trials/ }],
    ['lets the running trial end when the next one does not fit', { gpuHours: 2 }, { now: HOUR, stacks: first, trials: ['running', 'pending', ...fill(0, 'absent').slice(2)], usedHours: 1.2 }, { actions: [{ kind: 'deleteTrial', trial: 1 }], stop: /0 of 8/ }],
    ['removes what has not begun once another has ended', { gpuHours: 2 }, { now: HOUR, stacks: first, trials: ['succeeded', 'pending', ...fill(0, 'absent').slice(2)], usedHours: 1.6 }, { actions: [{ kind: 'deleteStack', stack: 0, why: 'BudgetExhausted' }, { kind: 'deleteTrial', trial: 1 }], stop: /1 of 8/ }],
    ['does not begin another stack beside one that needs the rest', { gpuHours: 2 }, { now: HOUR, stacks: first, trials: ['succeeded', 'running', ...fill(0, 'absent').slice(2)], usedHours: 0.9, over: { parallelStacks: 2 } }, { actions: [] }],
    ['takes a stack down that came up until everything was used', { gpuHours: 1 }, { now: HOUR, stacks: [{ kind: 'comingUp' }, absent, absent, absent], trials: ['pending', 'pending', ...fill(0, 'absent').slice(2)], usedHours: 1 }, { actions: [{ kind: 'deleteStack', stack: 0, why: 'BudgetExhausted' }, { kind: 'deleteTrial', trial: 0 }, { kind: 'deleteTrial', trial: 1 }], stop: /0 of 8/ }],
    ['keeps no stack for looking at when all is used', { gpuHours: 5 }, { now: HOUR, stacks: [absent, absent, absent, { kind: 'ready', idleSinceMs: HOUR }], trials: fill(8, 'succeeded'), usedHours: 5, over: { teardown: 'Never' } }, { actions: [{ kind: 'deleteStack', stack: 3, why: 'BudgetExhausted' }] }],
    ['stays ended for the same budget, even if less was used than expected', { gpuHours: 50 }, { now: HOUR, stacks: none, trials: half, usedHours: 1, view: { ended: 'it was said' } }, { actions: [], stop: /^it was said$/ }],
    ['is no hindrance once all has ended', { gpuHours: 1 }, { now: HOUR, stacks: none, trials: fill(8, 'succeeded'), usedHours: 5 }, { actions: [], stop: undefined }],
  ])('%s', (_, budget, given, want) => {
    const decision = decideExperiment(seen(budget, given))
    expect(decision.actions).toMatchObject(want.actions)
    expect(decision.actions).toHaveLength(want.actions.length)
    if (want.stop === undefined) expect(decision.budgetStop).toBeUndefined()
    else expect(decision.budgetStop).toMatch(want.stop)
  })

  it.each<[string, TrialState[], boolean]>([
    ['every treatment was measured', half, true],
    ['one was not', fill(3, 'succeeded'), false],
    ['one failed', [...fill(3, 'succeeded').slice(0, 3), 'failed', ...fill(0, 'absent').slice(4)], false],
  ])('ends once all is gone, and says whether %s', (_, trials, covered) => {
    expect(decideExperiment(seen({ gpuHours: 2.6 }, { now: 3 * HOUR, stacks: none, trials, usedHours: 2.59 })).outcome).toMatchObject({ kind: 'exhausted', covered })
  })

  it('does not end before the stack is gone, or while a trial runs', () => {
    const ending = { now: 3 * HOUR, trials: half, usedHours: 2.59 }
    expect(decideExperiment(seen({ gpuHours: 2.6 }, { ...ending, stacks: [absent, { kind: 'goingDown' }, absent, absent] })).outcome).toBeUndefined()
    expect(decideExperiment(seen({ gpuHours: 2.6 }, { ...ending, stacks: [absent, ready, absent, absent], trials: [...fill(3, 'succeeded').slice(0, 3), 'running', ...fill(0, 'absent').slice(4)] })).outcome).toBeUndefined()
  })

  it('looks again when what stands will have used it up', () => {
    const running: TrialState[] = ['running', ...fill(0, 'absent').slice(1)]
    expect(decideExperiment(seen({ gpuHours: 3 }, { now: 0, stacks: first, trials: running, usedHours: 1 })).againInMs).toBe(2 * HOUR)
    expect(decideExperiment(seen({ gpuHours: 30, money: { amount: 3, currency: 'EUR' } }, { now: 0, stacks: first, trials: running, usedHours: 1 })).againInMs).toBe(HOUR / 2)
  })

  it('does not count the part of the running trial twice that is spent already', () => {
    const trials: TrialState[] = ['running', 'pending', ...fill(0, 'absent').slice(2)]
    const at = (minutesAgo: number) => decideExperiment(seen({ gpuHours: 2 }, { now: HOUR, stacks: first, trials: trials.with(0, 'running').with(7, 'succeeded'), usedHours: 1.3, view: { runningSince: new Map([[0, HOUR - minutesAgo * 60_000]]) } })).budgetStop
    expect(at(0)).toBeDefined()
    expect(at(29)).toBeUndefined()
  })

  it('begins the first block by the shortest times that are thinkable, as long as nothing was measured', () => {
    const unknown = { view: { learned: {} }, now: 0, trials: fill(0, 'absent') }
    // Two stacks: 2 × (60 s + 2 × 12 s + 2 s) at least, 2 × (180 s + …) likely.
    expect(decideExperiment(seen({ gpuHours: 0.05 }, { ...unknown, stacks: none })).actions).toEqual([{ kind: 'createStack', stack: 0 }])
    expect(decideExperiment(seen({ gpuHours: 0.05 }, { ...unknown, stacks: [{ kind: 'comingUp' }, absent, absent, absent] })).budgetStop).toBeUndefined()
    expect(decideExperiment(seen({ gpuHours: 0.04 }, { ...unknown, stacks: none })).budgetStop).toMatch(/raise budget\.gpuHours/)
  })
})

describe('completeReplicates', () => {
  it('counts replicates of which nothing is open', () => {
    expect(completeReplicates({ plan, trials: half })).toEqual({ complete: 1, all: 2 })
    expect(completeReplicates({ plan, trials: fill(7, 'succeeded') })).toEqual({ complete: 1, all: 2 })
    expect(completeReplicates({ plan, trials: fill(8, 'failed') })).toEqual({ complete: 2, all: 2 })
  })
})

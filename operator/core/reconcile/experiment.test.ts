// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideExperiment, type ExperimentAction } from './experiment.ts'
import type { ExperimentRules, ObservedExperiment, StackState, TrialState } from './experiment-observed.ts'

const rules: ExperimentRules = { suspend: false, parallelStacks: 1, maxFailedTrials: 1, idleTimeoutMs: 600_000, teardown: 'Always', holdMs: 3_600_000 }
const plan = { stacks: [{ name: 's0', trials: [0, 1, 2] }, { name: 's1', trials: [3] }], trials: [0, 0, 0, 1].map((stack, i) => ({ name: `t${i}`, stack })) }
const absent: StackState = { kind: 'absent' }
const ready = (idleSinceMs?: number): StackState => ({ kind: 'ready', ...(idleSinceMs !== undefined && { idleSinceMs }) })
const seen = (stacks: StackState[], trials: TrialState[], over: Partial<ExperimentRules> = {}): ObservedExperiment =>
  ({ now: 1_000_000, startMs: 0, suspendedMs: 0, rules: { ...rules, ...over }, plan, stacks, trials })
const upgradable: StackState = { kind: 'ready', upgradable: true }
const alike = [{ upgrades: 'x' }, { upgrades: 'x' }]
const chained = (stacks: StackState[], trials: TrialState[], over: Partial<ExperimentRules> = {}, more: readonly object[] = alike): ObservedExperiment =>
  ({ ...seen(stacks, trials, over), plan: { ...plan, stacks: plan.stacks.map((s, i) => ({ ...s, ...more[i] })) } })
const none: TrialState[] = ['absent', 'absent', 'absent', 'absent']
const done: TrialState[] = ['succeeded', 'succeeded', 'succeeded', 'absent']
const all: TrialState[] = ['succeeded', 'succeeded', 'succeeded', 'succeeded']

describe('decideExperiment', () => {
  it.each<[string, ObservedExperiment, object]>([
    ['creates the first stack', seen([absent, absent], none), { actions: [{ kind: 'createStack', stack: 0 }] }],
    ['creates as many stacks as may be up', seen([absent, absent], none, { parallelStacks: 2 }), { actions: [{ kind: 'createStack', stack: 0 }, { kind: 'createStack', stack: 1 }] }],
    ['creates trials while the stack comes up, no more than the window', seen([{ kind: 'comingUp' }, absent], none), { actions: [{ kind: 'createTrial', trial: 0 }, { kind: 'createTrial', trial: 1 }] }],
    ['moves the window on', seen([ready(), absent], ['succeeded', 'running', 'absent', 'absent']), { actions: [{ kind: 'createTrial', trial: 2 }] }],
    ['makes a deleted trial again', seen([ready(), absent], ['succeeded', 'absent', 'pending', 'absent']), { actions: [{ kind: 'createTrial', trial: 1 }] }],
    ['begins nothing else beside a trial that is being repeated, and the trial keeps its turn', seen([ready(), absent], ['running', 'pending', 'absent', 'absent']), { actions: [] }],
    ['tears a measured stack down before the next comes up', seen([ready(), absent], done), { actions: [{ kind: 'deleteStack', stack: 0, why: 'Measured' }] }],
    ['waits for teardown', seen([{ kind: 'goingDown' }, absent], done), { actions: [] }],
    ['goes on to the next stack', seen([absent, absent], done), { actions: [{ kind: 'createStack', stack: 1 }] }],
    ['ends when all is measured and gone', seen([absent, absent], all), { actions: [], outcome: { kind: 'succeeded', held: 0 } }],
    ['does not end before the last stack is gone', seen([absent, { kind: 'goingDown' }], all), { actions: [] }],
    ['lets trials of a failed stack fail, on record', seen([{ kind: 'failed' }, absent], none), { actions: [{ kind: 'createTrial', trial: 0 }, { kind: 'createTrial', trial: 1 }] }],
    ['tolerates as many failures as allowed', seen([absent, absent], ['failed', 'succeeded', 'succeeded', 'succeeded']), { outcome: { kind: 'succeeded' } }],
    ['stops beyond them, and removes what has not begun', seen([ready(), absent], ['failed', 'invalid', 'pending', 'absent']), { actions: [{ kind: 'deleteStack', stack: 0 }, { kind: 'deleteTrial', trial: 2 }] }],
    ['lets the running trial end when it stops', seen([ready(), absent], ['failed', 'invalid', 'running', 'absent']), { actions: [] }],
    ['fails once all is gone', seen([absent, absent], ['failed', 'failed', 'absent', 'absent']), { outcome: { kind: 'failed', reason: 'TooManyFailedTrials' } }],
    ['ends running trials at the deadline', seen([ready(), absent], ['succeeded', 'running', 'pending', 'absent'], { deadlineMs: 999_999 }), { actions: [{ kind: 'deleteStack', stack: 0, why: 'DeadlineExceeded' }, { kind: 'deleteTrial', trial: 1 }, { kind: 'deleteTrial', trial: 2 }] }],
    ['wakes at the deadline', seen([ready(), absent], ['running', 'pending', 'absent', 'absent'], { deadlineMs: 1_000_500 }), { actions: [], againInMs: 500 }],
    ['does not count suspension', { ...seen([ready(), absent], ['running', 'pending', 'absent', 'absent'], { deadlineMs: 999_999 }), suspendedMs: 10 }, { actions: [], againInMs: 9 }],
    ['starts nothing while suspended', seen([absent, absent], none, { suspend: true }), { actions: [] }],
    ['takes idle stacks down while suspended', seen([ready(300_000), absent], ['succeeded', 'pending', 'absent', 'absent'], { suspend: true }), { actions: [{ kind: 'deleteStack', stack: 0, why: 'Suspended' }] }],
    ['waits for the idle timeout', seen([ready(500_000), absent], ['succeeded', 'pending', 'absent', 'absent'], { suspend: true }), { actions: [], againInMs: 100_000 }],
    ['keeps a stack whose trials failed', seen([ready(900_000), absent], ['failed', 'succeeded', 'succeeded', 'succeeded'], { teardown: 'OnSuccess' }), { actions: [], outcome: { kind: 'succeeded', held: 1 }, againInMs: 3_500_000 }],
    ['removes a held stack at the end of its hold', { ...seen([ready(900_000), absent], all, { teardown: 'Never' }), now: 900_000 + 3_600_000 }, { actions: [{ kind: 'deleteStack', stack: 0, why: 'HoldEnded' }] }],
    ['upgrades the next stack of the replicate from one that has done its work', chained([upgradable, absent], done), { actions: [{ kind: 'createStack', stack: 1, takesOver: 0 }] }],
    ['not from one that is not as it was made', chained([ready(), absent], done), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not across replicates', chained([upgradable, absent], done, {}, [{ upgrades: 'x', replicate: 1 }, { upgrades: 'x', replicate: 2 }]), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not across blocks that were added', chained([upgradable, absent], done, {}, [{ upgrades: 'x', block: 0 }, { upgrades: 'x', block: 1 }]), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not where the releases are others', chained([upgradable, absent], done, {}, [{ upgrades: 'x' }, { upgrades: 'y' }]), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not where the scenario does not say that it is safe', chained([upgradable, absent], done, {}, [{}, {}]), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not while suspended', chained([upgradable, absent], done, { suspend: true }), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['not from one that is kept', chained([upgradable, absent], ['succeeded', 'succeeded', 'failed', 'absent'], { teardown: 'OnSuccess' }), { actions: [], againInMs: 3_600_000 }],
    ['not when it stops', chained([upgradable, absent], ['failed', 'failed', 'succeeded', 'absent']), { actions: [{ kind: 'deleteStack', stack: 0 }] }],
    ['keeps what is being handed over, and makes trials of the heir', chained([{ kind: 'handingOver' }, { kind: 'comingUp' }], done), { actions: [{ kind: 'createTrial', trial: 3 }] }],
    ['removes what is handed over, which shares its place', chained([{ kind: 'handedOver' }, { kind: 'comingUp' }], done), { actions: [{ kind: 'deleteStack', stack: 0, why: 'HandedOver' }, { kind: 'createTrial', trial: 3 }] }],
    ['removes both when the deadline passes in between', chained([{ kind: 'handingOver' }, { kind: 'comingUp' }], done, { deadlineMs: 1 }), { actions: [{ kind: 'deleteStack', stack: 0 }, { kind: 'deleteStack', stack: 1 }] }],
    ['makes no trial again on what is being handed over', chained([{ kind: 'handingOver' }, { kind: 'comingUp' }], ['succeeded', 'absent', 'succeeded', 'pending']), { actions: [] }],
  ])('%s', (_, observed, want) => {
    const decision = decideExperiment(observed)
    expect(decision).toMatchObject(want)
    if (!('outcome' in want)) expect(decision.outcome).toBeUndefined()
    expect(decision.actions).toHaveLength((want as { actions?: unknown[] }).actions?.length ?? 0)
  })

  it('ends from any state when the world does as it is told', () => {
    const trialState = fc.constantFrom<TrialState>('absent', 'pending', 'running', 'succeeded', 'failed', 'invalid')
    const stackState = fc.constantFrom<StackState>(absent, { kind: 'comingUp' }, ready(0), { kind: 'failed' }, { kind: 'goingDown' })
    fc.assert(fc.property(fc.array(trialState, { minLength: 4, maxLength: 4 }), fc.array(stackState, { minLength: 2, maxLength: 2 }), fc.integer({ min: 1, max: 3 }), fc.boolean(), (trials, stacks, parallelStacks, inPlace) => {
      const world = { trials: [...trials], stacks: [...stacks] }
      for (let step = 0; step < 60; step += 1) {
        const decision = decideExperiment((inPlace ? chained : seen)(world.stacks, world.trials, { parallelStacks }))
        const up = world.stacks.filter((s) => s.kind !== 'absent' && s.kind !== 'handingOver' && s.kind !== 'handedOver').length
        const created = decision.actions.filter((a) => a.kind === 'createStack' && a.takesOver === undefined).length
        expect(created === 0 || up + created <= parallelStacks).toBe(true)
        if (decision.outcome) return
        decision.actions.forEach((a) => obey(world, a))
        advance(world)
      }
      throw new Error(`did not end: ${JSON.stringify(world)}`)
    }))
  })
})

function obey(world: { trials: TrialState[]; stacks: StackState[] }, action: ExperimentAction): void {
  switch (action.kind) {
    case 'createStack':
      world.stacks[action.stack] = { kind: 'comingUp' }
      if (action.takesOver !== undefined) world.stacks[action.takesOver] = { kind: 'handingOver' }
      return
    case 'createTrial': world.trials[action.trial] = 'pending'; return
    case 'deleteStack': world.stacks[action.stack] = { kind: 'goingDown' }; return
    case 'deleteTrial': world.trials[action.trial] = 'absent'
  }
}

/** The world moves on by one step: stacks come up or go away, trials run on ready stacks and fail on failed ones. */
function advance(world: { trials: TrialState[]; stacks: StackState[] }): void {
  world.trials.forEach((state, i) => {
    const stack = world.stacks[plan.trials[i]?.stack ?? 0]
    if (state === 'running') world.trials[i] = 'succeeded'
    if (state === 'pending' && stack?.kind === 'ready') world.trials[i] = 'running'
    if (state === 'pending' && stack?.kind === 'failed') world.trials[i] = 'failed'
  })
  world.stacks.forEach((state, i) => {
    if (state.kind === 'comingUp') world.stacks[i] = { kind: 'ready', idleSinceMs: 1_000_000, upgradable: true }
    if (state.kind === 'handingOver') world.stacks[i] = { kind: 'handedOver' }
    if (state.kind === 'goingDown') world.stacks[i] = absent
  })
}

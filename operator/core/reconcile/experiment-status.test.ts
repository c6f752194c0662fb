// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../model/kinds.ts'
import type { ObservedExperiment, StackState, TrialState } from './experiment-observed.ts'
import { changes, type ExperimentPatch, extendedStatus, type Progress, progressStatus, resumedStatus, settlingMs } from './experiment-status.ts'

const NOW = Date.parse('2026-01-01T00:10:00.400Z')
const rules = { suspend: false, parallelStacks: 1, maxFailedTrials: 3, idleTimeoutMs: 60_000, teardown: 'Always', holdMs: 0 } as const
const seen = (trials: readonly TrialState[], stack: StackState = { kind: 'ready' }): ObservedExperiment => ({
  now: NOW, startMs: 0, suspendedMs: 0, rules, trials, stacks: [stack],
  plan: { stacks: [{ name: 's', trials: trials.map((_, i) => i) }], trials: trials.map((_, i) => ({ name: `t${i}`, stack: 0 })) },
})
const patchFor = (experiment: Experiment, trials: readonly TrialState[], more: { stack?: StackState; failures?: { name: string; reason: string; message: string }[] } = {}) =>
  progressStatus(experiment, { seen: seen(trials, more.stack), failures: more.failures ?? [], removed: 0 })
const blank = { apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', metadata: { name: 'e', generation: 1 }, spec: {}, status: {} } as unknown as Experiment
/** As the API server would have it after that patch. */
const after = (patch: ExperimentPatch): Experiment => ({ ...blank, status: Object.fromEntries(Object.entries(patch).filter(([, v]) => v !== null)) })

describe('settlingMs', () => {
  const running = after(patchFor(blank, ['running', 'pending', 'absent']))
  const at = (agoMs: number) => ({ now: NOW, lastEndMs: NOW - agoMs })
  it.each<[string, ExperimentPatch, number, number]>([
    ['waits out the second in which the next trial begins', patchFor(running, ['succeeded', 'pending', 'absent']), 100, 900],
    ['waits as long when it has begun, so that both are one write', patchFor(running, ['succeeded', 'running', 'absent']), 600, 400],
    ['writes when that second is over', patchFor(running, ['succeeded', 'pending', 'absent']), 1000, 0],
    ['writes a failure at once', patchFor(running, ['failed', 'pending', 'absent'], { failures: [{ name: 't0', reason: 'r', message: 'm' }] }), 100, 0],
    ['writes at once when a stack fails', patchFor(running, ['succeeded', 'pending', 'absent'], { stack: { kind: 'failed' } }), 100, 0],
    ['writes at once when the last trial ended', patchFor(running, ['succeeded', 'succeeded', 'succeeded']), 100, 0],
    ['writes at once when nothing ended yet', patchFor(blank, ['running', 'pending', 'absent']), NOW, 0],
  ])('%s', (_, patch, agoMs, expected) => {
    expect(settlingMs(running, patch, at(agoMs))).toBe(expected)
  })
})

describe('a design that grows', () => {
  const status = { kind: 'search' as const, ended: false, progress: '3 of at most 12 probes', results: [] }
  it('says how far it is beside how many trials there are so far', () => {
    const patch = progressStatus(blank, { seen: seen(['succeeded', 'succeeded', 'running']), failures: [], removed: 0, adaptive: { status, treatments: 2 } })
    expect(patch).toMatchObject({ progress: '2/3; 3 of at most 12 probes', adaptive: status, treatments: 2 })
    expect(patch.conditions?.find((c) => c.type === 'Reconciling')?.message).toBe('2/3 trials so far; 3 of at most 12 probes')
  })

  it('waits with the counters for the next trial', () => {
    const progress = (trials: readonly TrialState[], probes: number) => progressStatus(blank, { seen: seen(trials), failures: [], removed: 0, adaptive: { status: { ...status, progress: `${probes} of at most 12 probes` }, treatments: probes } })
    expect(settlingMs(after(progress(['running', 'pending'], 1)), progress(['succeeded', 'pending', 'absent'], 2), { now: NOW, lastEndMs: NOW - 100 })).toBe(900)
  })
})

describe('changes', () => {
  it('takes the ETA alone for no change', () => {
    const patch = patchFor(blank, ['running'])
    expect(changes(after(patch), { ...patch, eta: '2026-01-01T00:00:00Z' })).toBe(false)
    expect(changes(after(patch), patchFor(after(patch), ['succeeded']))).toBe(true)
  })
})

describe('a budget that ends', () => {
  const BUDGET = { gpuHours: 2 }
  const view = { budget: BUDGET, usage: undefined, times: [], learned: {}, runningSince: new Map<number, number>() }
  const trials: TrialState[] = ['succeeded', 'absent']
  const usage = { gpuSeconds: 7000, standing: [] }
  const patch = (more: Partial<Progress>, ended?: string) => progressStatus(blank, { seen: { ...seen(trials, { kind: 'absent' }), budget: { ...view, ended } }, failures: [], removed: 1, usage, ...more })
  const said = (p: ExperimentPatch) => Object.fromEntries((p.conditions ?? []).map((c) => [c.type, `${c.status} ${c.reason}`]))
  const exhausted = (covered: boolean) => ({ kind: 'exhausted', message: 'too little', covered }) as const

  it('is on record with the budget that it was, once', () => {
    expect(patch({ budgetStop: 'too little' })).toMatchObject({ phase: 'Running', usage, budgetEnd: { message: 'too little', budget: BUDGET, time: '2026-01-01T00:10:00Z' } })
    expect(patch({ budgetStop: 'too little' }, 'too little').budgetEnd).toBeUndefined()
  })

  const gate = (result: 'failed' | 'insufficient') => ({ gate: { result, rules: [{ name: 'r', result, message: 'm' }] } })
  it.each<[string, Partial<Progress>, string, object]>([
    ['is no failure where all was measured', { outcome: exhausted(true) }, 'Succeeded', { Ready: 'True BudgetExhausted', Complete: 'True BudgetExhausted', Measured: 'False BudgetExhausted', ResultsStored: 'True Stored', TornDown: 'True TornDown' }],
    ['stalls where something was not', { outcome: exhausted(false) }, 'Failed', { Ready: 'False BudgetExhausted', Stalled: 'True BudgetExhausted', Complete: 'True BudgetExhausted' }],
    ['leaves the word to a gate', { outcome: exhausted(false), ...gate('insufficient'), onInsufficient: 'Fail' }, 'GateFailed', { Ready: 'False InsufficientData', GatePassed: 'Unknown InsufficientData', Complete: 'True BudgetExhausted' }],
    ['leaves it to a gate that passes on little', { outcome: exhausted(false), ...gate('insufficient'), onInsufficient: 'Pass' }, 'Succeeded', { Ready: 'True Complete', Complete: 'True BudgetExhausted' }],
    ['fails by a gate', { outcome: exhausted(true), ...gate('failed') }, 'GateFailed', { GatePassed: 'False GateFailed', Complete: 'True BudgetExhausted' }],
  ])('%s', (_, more, phase, conditions) => {
    const ended = patch({ budgetStop: 'too little', ...more })
    expect(ended).toMatchObject({ phase, completionTime: '2026-01-01T00:10:00Z' })
    expect(said(ended)).toMatchObject(conditions)
  })

  it('goes on with another one, as if the time in between had not been', () => {
    const ended = after(patch({ budgetStop: 'too little', outcome: exhausted(false) }))
    const resumed = resumedStatus({ ...ended, status: { ...ended.status, suspendedSeconds: 5 } }, NOW + 60_000, 'the budget changed')
    expect(resumed).toMatchObject({ phase: 'Running', completionTime: null, budgetEnd: null, suspendedSeconds: 65 })
    expect(said(resumed)).toEqual({ Ready: 'Unknown BudgetChanged', Reconciling: 'True BudgetChanged' })
  })

  it('only forgets its decision when it is raised while a trial still runs', () => {
    expect(resumedStatus(after(patch({ budgetStop: 'too little' })), NOW, 'x')).toMatchObject({ budgetEnd: null })
    expect(resumedStatus(after(patch({ budgetStop: 'too little' })), NOW, 'x').phase).toBeUndefined()
  })
})

describe('an extension', () => {
  const fields = { snapshot: { name: 's', digest: 'd' }, specDigest: 'e', treatments: 3 }
  const ended = { ...blank, status: { phase: 'Succeeded' as const, completionTime: new Date(NOW).toISOString(), suspendedSeconds: 5 } }

  it('of an Experiment that had ended does not count the time in between', () => {
    expect(extendedStatus(ended, NOW + 3_600_000, { message: '2 treatments were added', fields })).toMatchObject({ ...fields, phase: 'Running', completionTime: null, gate: null, suspendedSeconds: 3605 })
  })

  it('of one that runs takes no time out', () => {
    const running = { ...blank, status: { phase: 'Running' as const, suspendedSeconds: 5 } }
    expect(extendedStatus(running, NOW + 3_600_000, { message: '2 treatments were added', fields })).not.toHaveProperty('suspendedSeconds')
  })
})

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Experiment } from '../model/kinds.ts'
import type { ObservedExperiment, StackState, TrialState } from './experiment-observed.ts'
import { changes, type ExperimentPatch, progressStatus, settlingMs } from './experiment-status.ts'

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

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Trial } from '../../core/model/kinds.ts'
import { at, condition, experiment, stack, START, trial } from './testdata/objects.ts'
import { clock, liveText, news, pulse, viewLines, type WatchState } from './watch-view.ts'

const state = (change: Partial<WatchState> = {}): WatchState => ({ experiment: experiment(), stacks: [], trials: [], now: START + 65_000, live: new Map(), ...change })

const RUNNING = state({
  experiment: experiment({
    phase: 'Running', run: 1, startTime: at(0), progress: '2/8', eta: at(185), trials: { total: 8, pending: 5, running: 1, succeeded: 1, failed: 0, invalid: 1 },
    failures: [{ name: 'quickstart-1-0b0b0b0b-s1-r1', reason: 'Invalid', message: '12 % of the requests failed' }],
  }),
  stacks: [
    stack('quickstart-1-0a0a0a0a-s1', { tp: 1 }, { phase: 'Ready', startupSeconds: 4.84, claim: { kind: 'Trial', name: 't', uid: 'u', since: at(9) }, conditions: [condition('Ready', 'True')] }),
    stack('quickstart-1-0b0b0b0b-s1', { tp: 2 }, { phase: 'Starting', startTime: at(60), conditions: [condition('Ready', 'Unknown', 'Starting', 'Deployment x: 0 of 1 pods available')] }),
    stack('quickstart-1-0c0c0c0c-s1', { tp: 4 }, { phase: 'Ready', conditions: [condition('Ready', 'True')] }, { deletionTimestamp: at(64) }),
  ],
  trials: [
    trial('b', { tp: 1, rate: 12 }, { phase: 'Failed', verdict: 'invalid', completionTime: at(40), reasons: ['ErrorRateHigh (main): 12 %', 'ErrorRateHigh (low): 11 %', 'FewRequests: 8'] }),
    trial('a', { tp: 1, rate: 4 }, { phase: 'Succeeded', verdict: 'valid', completionTime: at(20), summary: { ttftP99: '48.2 ms', tokensPerSecond: '55.4 tok/s' } }),
    trial('c', { tp: 2, rate: 4 }, { phase: 'Running', attempts: [{ number: 1, job: 'c-a1', createdTime: at(55) }] }),
    trial('d', { tp: 2, rate: 12 }, { phase: 'Waiting' }),
  ],
  live: new Map([['c', { done: 12, sent: 14, failed: 1, stage: 'main' }]]),
})

describe('a picture of an Experiment', () => {
  it('that runs: where it stands, stacks, ended trials in their order, running ones with live numbers, failures', () => {
    expect(viewLines(RUNNING)).toEqual([
      'quickstart: Running · 2/8 trials · 1 failed · 1m05s elapsed · ETA 2m00s',
      '  stack tp=1 #1  Ready  after 4.8 s · in use',
      '  stack tp=2 #1  Starting  5s  Deployment x: 0 of 1 pods available',
      '  stack tp=4 #1  TearingDown',
      '  ✔ tp=1 rate=4 #1.1  valid  TTFT p99 48.2 ms · 55.4 tok/s',
      '  ✘ tp=1 rate=12 #1.1  invalid (ErrorRateHigh, FewRequests)',
      '  ▸ tp=2 rate=4 #1.1  Running  10s  12 of 14 sent requests ended, 1 failed (stage main)',
      '  ! quickstart-1-0b0b0b0b-s1-r1: Invalid: 12 % of the requests failed',
    ])
  })

  it('that nobody has seen yet', () => {
    expect(viewLines(state())).toEqual(['quickstart: Pending'])
  })

  it('that grows: trials, and how far the search is', () => {
    const growing = experiment({ phase: 'Running', startTime: at(0), progress: '5/12; 2 of at most 48 probes' })
    expect(viewLines(state({ experiment: growing, now: START + 60_000 }))).toEqual(['quickstart: Running · 5/12 trials, 2 of at most 48 probes · 1m00s elapsed'])
  })

  it('that has ended: the time that it took, and no ETA any more', () => {
    const ended = experiment({ phase: 'Succeeded', run: 3, startTime: at(0), completionTime: at(83), eta: at(100), progress: '8/8' })
    expect(viewLines(state({ experiment: ended, now: START + 9_000_000 }))).toEqual(['quickstart (run 3): Succeeded · 8/8 trials · 1m23s elapsed'])
  })

  it('that spends says how much of how much, and why it ended', () => {
    const usage = { gpuSeconds: 3600, cost: 4, currency: 'EUR', standing: [{ name: 's', since: at(0), gpus: 2, hourlyCost: 4 }] }
    const spec = { ...experiment().spec, budget: { gpuHours: 2, wallTime: '1h' } }
    const line = (status: object, limited: boolean) => viewLines(state({ experiment: experiment({ phase: 'Running', startTime: at(0), progress: '2/8', usage, ...status }, limited ? spec : experiment().spec), now: START + 900_000 }))
    expect(line({}, false)).toEqual(['quickstart: Running · 2/8 trials · 1.5 GPU-hours (6 EUR) · 15m00s elapsed'])
    expect(line({ suspendedSeconds: 300 }, true)).toEqual(['quickstart: Running · 2/8 trials · 1.5 of 2 GPU-hours · 10m of 60m · 15m00s elapsed'])
    expect(line({ budgetEnd: { time: at(5), message: 'too little', budget: spec.budget } }, true)[1]).toBe('  ! budget: too little')
  })

  it('that cannot go on says why', () => {
    const stalled = experiment({ phase: 'Failed', conditions: [condition('Stalled', 'True', 'UnknownPath', 'there is no serving.paralelism')] })
    expect(viewLines(state({ experiment: stalled }))).toEqual(['quickstart: Failed', '  ! UnknownPath: there is no serving.paralelism'])
  })

  it('fits the terminal, however many stacks are up', () => {
    const stacks = Array.from({ length: 200 }, (_, i) => stack(`s${i}`, { tp: i }))
    const lines = viewLines(state({ stacks }), 24)
    expect(lines.length).toBeLessThanOrEqual(24)
    expect(lines.at(-1)).toMatch(/^ {2}… and \d+ more stacks$/)
  })

  it('names a stack and a trial by themselves where nothing is varied', () => {
    const stuck = { phase: 'Running', attempts: [{ number: 1, job: 'c-a1', createdTime: at(55) }], conditions: [{ ...condition('Ready', 'Unknown'), reason: 'PodStuck', message: 'unschedulable: 1 Insufficient cpu' }] } satisfies Trial['status']
    expect(viewLines(state({ trials: [trial('quickstart-1-0a0a0a0a-s1-r1', {}, stuck)] })).at(-1)).toBe('  ▸ 0a0a0a0a-s1-r1 #1.1  Stuck  10s  unschedulable: 1 Insufficient cpu')
    expect(viewLines(state({ stacks: [stack('alone', {})], trials: [trial('quickstart-1-0a0a0a0a-s1-r1', {}, { phase: 'Running' })] }))).toEqual(['quickstart: Pending', '  stack alone #1  Pending', '  ▸ 0a0a0a0a-s1-r1 #1.1  Running'])
  })
})

describe('a log of an Experiment', () => {
  it('tells each step of a stack once and each trial when it has ended', () => {
    const first = news(RUNNING)
    expect(first.map((n) => n.text)).toEqual([
      'quickstart: Running · 2/8 trials · 1 failed · 1m05s elapsed · ETA 2m00s', '  stack tp=1 #1  Ready  after 4.8 s · in use', '  stack tp=2 #1  Starting  5s  Deployment x: 0 of 1 pods available', '  stack tp=4 #1  TearingDown',
      '  ✔ tp=1 rate=4 #1.1  valid  TTFT p99 48.2 ms · 55.4 tok/s', '  ✘ tp=1 rate=12 #1.1  invalid (ErrorRateHigh, FewRequests)', '  ! quickstart-1-0b0b0b0b-s1-r1: Invalid: 12 % of the requests failed',
    ])
    const later = news({ ...RUNNING, now: RUNNING.now + 9000 })
    expect(later.map((n) => n.key)).toEqual(first.map((n) => n.key))
  })

  it('shows what is running where nothing changes', () => {
    expect(pulse(RUNNING)).toEqual(['quickstart: Running · 2/8 trials · 1 failed · 1m05s elapsed · ETA 2m00s', '  ▸ tp=2 rate=4 #1.1  Running  10s  12 of 14 sent requests ended, 1 failed (stage main)'])
  })
})

it.each([
  [undefined, ''], [{ done: 3 }, '3 requests ended'], [{ done: 3, sent: 5, failed: 0, stage: '' }, '3 of 5 sent requests ended'], [{ failed: 2, stage: 'high' }, '0 requests ended, 2 failed (stage high)'],
])('live numbers %j', (live, text) => {
  expect(liveText(live)).toBe(text)
})

it.each([[-5, '0s'], [400, '0s'], [59_400, '59s'], [60_000, '1m00s'], [3_599_000, '59m59s'], [3_600_000, '1h00m'], [90_000_000, '25h00m']])('%i ms is %s', (ms, text) => {
  expect(clock(ms)).toBe(text)
})

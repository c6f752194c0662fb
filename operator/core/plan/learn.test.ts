// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { stackName, trialName } from '../design/identity.ts'
import { learnFrom, type PastTrial } from './learn.ts'

const id = { experiment: 'chat-7b', run: 2 }
const [SETUP, OTHER, TREATMENT] = ['0a9ceeef', '1b2c3d4e', '05f74cde0123']
const trial = (over: Partial<PastTrial> & { readonly replicate?: number } = {}): PastTrial => {
  const { replicate = 1, ...rest } = over
  const name = trialName(id, TREATMENT, { stack: replicate, run: 1 })
  return { name, stack: stackName(id, SETUP, replicate), createdMs: 1000, startMs: 61_000, endMs: 181_000, succeeded: true, harness: 'native', harnessMs: 110_000, ...rest }
}
const plain = (learned: ReturnType<typeof learnFrom>) => ({ up: Object.fromEntries(learned.standUpSeconds ?? []), trial: Object.fromEntries(learned.trialSeconds ?? []), over: Object.fromEntries(learned.overheadSeconds ?? []) })

describe('learnFrom', () => {
  it('reads a stack that stands by what it says, and one that is gone by its first trial', () => {
    const stacks = [{ name: stackName(id, OTHER, 1), startupSeconds: 42 }, { name: stackName(id, OTHER, 2) }]
    const second = trial({ createdMs: 1000, startMs: 200_000, endMs: 320_000 })
    expect(plain(learnFrom(stacks, [second, trial()])).up).toEqual({ [OTHER]: 42, [SETUP]: 60 })
  })

  it('takes medians, so that one that waited for hours teaches nothing', () => {
    const trials = [trial(), trial({ replicate: 2, startMs: 71_000, endMs: 193_000 }), trial({ replicate: 3, startMs: 9e6, endMs: 9e6 + 500_000 })]
    expect(plain(learnFrom([], trials))).toEqual({ up: { [SETUP]: 70 }, trial: { [TREATMENT]: 122 }, over: { native: 12 } })
  })

  it.each<[string, Partial<PastTrial>, object]>([
    ['a trial that failed teaches no times of trials', { succeeded: false }, { up: { [SETUP]: 60 }, trial: {}, over: {} }],
    ['one that never ended', { endMs: 0 }, { up: { [SETUP]: 60 }, trial: {}, over: {} }],
    ['one that never began', { startMs: 0, endMs: 0 }, { up: {}, trial: {}, over: {} }],
    ['one whose harness ran more than once', { harnessMs: undefined }, { up: { [SETUP]: 60 }, trial: { [TREATMENT]: 120 }, over: {} }],
    ['names of others', { name: 'by-hand', stack: 'mine' }, { up: {}, trial: {}, over: { native: 10 } }],
  ])('%s', (_, over, expected) => {
    expect(plain(learnFrom([], [trial(over)]))).toEqual(expected)
  })
})

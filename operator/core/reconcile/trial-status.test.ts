// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { LABELS, type Trial } from '../model/kinds.ts'
import { begunStatus, waitingStatus } from './trial-status.ts'

const NOW = Date.parse('2026-01-01T00:00:00Z')
const OF_EXPERIMENT = { [LABELS.experiment]: 'exp' }

function trial(labels: Record<string, string> = {}, status?: object): Trial {
  return { apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata: { name: 't', namespace: 'n', generation: 1, labels }, spec: {}, status } as unknown as Trial
}
const begun = (): Trial => trial(OF_EXPERIMENT, begunStatus(trial(OF_EXPERIMENT), NOW, { number: 1, job: 't-a1' }))
const wait = (reason: string, phase = 'Running') => ({ phase: phase as 'Running', reason, message: `because of ${reason}` })
const after = (before: Trial, step: ReturnType<typeof wait>): Trial => trial(OF_EXPERIMENT, { ...before.status, ...waitingStatus(before, NOW, step) })

describe('waitingStatus', () => {
  it.each(['PodStarting', 'HarnessRunning', 'Collecting', 'Delivered'])('costs no write for %s, a step that goes as it should', (reason) => {
    expect(waitingStatus(begun(), NOW, wait(reason, reason === 'HarnessRunning' ? 'Running' : 'Collecting'))).toBeUndefined()
  })

  it('tells trouble, once, and that it is over', () => {
    const stuck = waitingStatus(begun(), NOW, wait('PodStuck'))
    expect(stuck?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'Unknown', reason: 'PodStuck', message: 'because of PodStuck' }))
    const told = after(begun(), wait('PodStuck'))
    expect(waitingStatus(told, NOW, wait('PodStuck'))).toBeUndefined()
    expect(waitingStatus(told, NOW, wait('HarnessRunning'))?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'HarnessRunning' }))
  })

  it('tells of waiting for a busy stack where somebody asked for the trial, not where an Experiment made it ahead', () => {
    const busy = wait('StackBusy', 'Waiting')
    expect(waitingStatus(trial(), NOW, busy)).toMatchObject({ phase: 'Waiting' })
    expect(waitingStatus(trial(OF_EXPERIMENT), NOW, busy)).toBeUndefined()
    expect(waitingStatus(trial(OF_EXPERIMENT, { phase: 'Pending', conditions: [] }), NOW, busy)).toMatchObject({ phase: 'Waiting' })
  })
})

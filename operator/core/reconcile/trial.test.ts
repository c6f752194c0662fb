// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Stack, Trial } from '../model/kinds.ts'
import type { Attempt } from '../model/trial.ts'
import { decideTrial } from './trial.ts'
import type { ObservedTrial } from './trial-observed.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const stack = { metadata: { name: 's' }, spec: {}, status: {} } as unknown as Stack
const trial = (attempts: Attempt[] = [], extra: Partial<Trial['status']> = {}, metadata: object = {}): Trial => ({
  apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata: { name: 't', uid: 'u', ...metadata },
  spec: { timeout: '30m', retries: 1 } as Trial['spec'], status: { attempts, ...extra },
})
const begun: Attempt = { number: 1, job: 't-a1', createdTime: '2026-01-01T00:09:00Z' }
const ended: Attempt = { ...begun, outcome: 'Evicted' }
const ready = (claim: 'mine' | 'free' | 'other', myTurn = true) => ({ kind: 'ready', stack, claim, myTurn }) as const
const seen = (over: Partial<ObservedTrial>): ObservedTrial => ({
  trial: trial(), now: NOW, stack: ready('free'), attempt: { kind: 'none' }, delivery: { kind: 'none' }, suspended: false, restartFirst: false, ...over,
})
const condition = (type: string) => [{ type, status: 'True' as const, reason: 'x', message: '', lastTransitionTime: '' }]
const evicted = { outcome: 'Evicted', class: 'transient', message: 'evicted' } as const
const oom = { outcome: 'OutOfMemory', class: 'deterministic', message: 'oom' } as const

describe('decideTrial', () => {
  it.each<[string, Partial<ObservedTrial>, object]>([
    ['is done when deleted', { trial: trial([], {}, { deletionTimestamp: 'x' }) }, { kind: 'done' }],
    ['is done when complete', { trial: trial([], { conditions: condition('Complete') }) }, { kind: 'done' }],
    ['is done when failed', { trial: trial([], { conditions: condition('Failed') }) }, { kind: 'done' }],
    ['waits for its stack', { stack: { kind: 'missing' } }, { kind: 'wait', phase: 'Pending', reason: 'StackMissing' }],
    ['waits while the stack comes up', { stack: { kind: 'comingUp', message: 'm' } }, { kind: 'wait', reason: 'StackNotReady' }],
    ['waits while the stack goes down', { stack: { kind: 'goingDown' } }, { kind: 'wait', reason: 'StackGoingDown' }],
    ['fails with its stack', { stack: { kind: 'failed', message: 'm' } }, { kind: 'fail', reason: 'StackFailed' }],
    ['waits while suspended', { suspended: true }, { kind: 'wait', reason: 'Suspended' }],
    ['waits behind another trial', { stack: ready('other') }, { kind: 'wait', phase: 'Waiting', reason: 'StackBusy' }],
    ['waits for its turn', { stack: ready('free', false) }, { kind: 'wait', phase: 'Waiting', reason: 'StackBusy' }],
    ['waits until the last harness on the stack has ended', { stack: { ...ready('free'), loadedBy: 'p' } }, { kind: 'wait', phase: 'Waiting', reason: 'StackBusy', message: 'pod p of an earlier attempt has not ended' }],
    ['waits until its own last harness has ended', { trial: trial([ended]), stack: { ...ready('mine'), loadedBy: 'p' } }, { kind: 'wait', reason: 'StackBusy', againInMs: 10_000 }],
    ['claims a free stack', {}, { kind: 'claim' }],
    ['begins once the claim is its own', { stack: ready('mine') }, { kind: 'begin', number: 1 }],
    ['restarts the servers first where caches say so', { stack: ready('mine'), restartFirst: true }, { kind: 'restartServers', number: 1 }],
    ['does not restart servers that it does not hold', { restartFirst: true }, { kind: 'claim' }],
    ['begins the next attempt after a retry', { trial: trial([ended]), stack: ready('mine') }, { kind: 'begin', number: 2 }],
    ['claims anew for a retry', { trial: trial([ended]) }, { kind: 'claim' }],
    ['asks before it creates a Job that may have run', { trial: trial([begun]), delivery: { kind: 'unknown' } }, { kind: 'askDelivery', number: 1 }],
    ['creates the Job', { trial: trial([begun]) }, { kind: 'createJob', number: 1 }],
    ['creates the Job even when suspended in between', { trial: trial([begun]), suspended: true }, { kind: 'createJob', number: 1 }],
    ['waits for the pod', { trial: trial([begun]), attempt: { kind: 'starting', message: 'm' } }, { kind: 'wait', reason: 'PodStarting' }],
    ['says what a pod is stuck at', { trial: trial([begun]), attempt: { kind: 'starting', message: 'ErrImagePull', stuck: true } }, { kind: 'wait', reason: 'PodStuck', message: 'ErrImagePull' }],
    ['waits for the harness until its timeout and grace', { trial: trial([begun]), attempt: { kind: 'running' } }, { kind: 'wait', reason: 'HarnessRunning', againInMs: 32 * 60_000 }],
    ['waits for the collector', { trial: trial([begun]), attempt: { kind: 'collecting', message: 'm' } }, { kind: 'wait', phase: 'Collecting' }],
    ['stores what was delivered', { trial: trial([begun]), attempt: { kind: 'collecting', message: '' }, delivery: { kind: 'delivered', atMs: NOW } }, { kind: 'store', number: 1 }],
    ['waits a moment for the harness\'s exit code', { trial: trial([begun]), attempt: { kind: 'running' }, delivery: { kind: 'delivered', atMs: NOW - 1000 } }, { kind: 'wait', phase: 'Collecting', againInMs: 3000 }],
    ['stores without it when it does not come', { trial: trial([begun]), attempt: { kind: 'running' }, delivery: { kind: 'delivered', atMs: NOW - 4000 } }, { kind: 'store' }],
    ['stores by the termination message alone', { trial: trial([begun]), attempt: { kind: 'ended', receipt: { kind: 'delivered', message: '' } } }, { kind: 'store' }],
    ['stores what was delivered although the Job is gone', { trial: trial([begun]), delivery: { kind: 'delivered', atMs: NOW } }, { kind: 'store' }],
    ['asks before it gives an ended pod up', { trial: trial([begun]), attempt: { kind: 'ended' }, delivery: { kind: 'unknown' } }, { kind: 'askDelivery' }],
    ['retries an eviction', { trial: trial([begun]), attempt: { kind: 'ended', trouble: evicted } }, { kind: 'endAttempt', retry: true }],
    ['retries a pod that delivered nothing', { trial: trial([begun]), attempt: { kind: 'ended' } }, { kind: 'endAttempt', retry: true, trouble: { outcome: 'NotDelivered', class: 'transient', message: 'the pod ended and delivered nothing' } }],
    ['does not retry out of memory', { trial: trial([begun]), attempt: { kind: 'ended', trouble: oom } }, { kind: 'endAttempt', retry: false }],
    ['retries no more than it may', { trial: trial([ended, { ...begun, number: 2 }]), attempt: { kind: 'ended', trouble: evicted } }, { kind: 'endAttempt', number: 2, retry: false }],
    ['gives up what never delivers', { now: NOW + 40 * 60_000, trial: trial([begun]), attempt: { kind: 'collecting', message: '' } }, { kind: 'endAttempt', retry: false, trouble: { outcome: 'TimedOut' } }],
  ])('%s', (_, over, want) => {
    expect(decideTrial(seen(over))).toMatchObject(want)
  })
})

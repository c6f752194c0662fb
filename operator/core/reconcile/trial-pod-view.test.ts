// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { type ContainerStatusLike, type JobLike, mayStillLoad, type PodLike, viewAttempt } from './trial-pod-view.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
type State = NonNullable<ContainerStatusLike['state']>
const pod = (phase: string, states: Record<string, State>, over: Partial<NonNullable<PodLike['status']>> = {}, created = '2026-01-01T00:09:50Z'): PodLike => ({
  metadata: { creationTimestamp: created },
  status: {
    phase,
    initContainerStatuses: ['prepare', 'collector'].filter((n) => states[n]).map((name) => ({ name, state: states[name] ?? {} })),
    containerStatuses: ['harness'].filter((n) => states[n]).map((name) => ({ name, state: states[name] ?? {} })), ...over,
  },
})
const exited = (exitCode: number, more: object = {}): State => ({ terminated: { exitCode, ...more } })
const failedJob: JobLike = { status: { conditions: [{ type: 'Failed', status: 'True', message: 'BackoffLimitExceeded' }] } }
const unschedulable = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' }] }
const receipt = JSON.stringify({ kind: 'delivered', digest: 'd', message: 'ok' })
const old = '2026-01-01T00:00:00Z'

describe('viewAttempt', () => {
  it.each<[string, JobLike | undefined, PodLike | undefined, object]>([
    ['nothing', undefined, undefined, { kind: 'none' }],
    ['a Job without a pod', {}, undefined, { kind: 'starting' }],
    ['a failed Job whose pod is gone', failedJob, undefined, { kind: 'ended', trouble: { outcome: 'NotDelivered', class: 'transient' } }],
    ['a pod that starts', {}, pod('Pending', {}), { kind: 'starting' }],
    ['a pod that pulls its image', {}, pod('Pending', { prepare: { waiting: { reason: 'PodInitializing' } } }), { kind: 'starting' }],
    ['an image that cannot be pulled, for now', {}, pod('Pending', { prepare: { waiting: { reason: 'ErrImagePull', message: 'x' } } }), { kind: 'starting', stuck: true }],
    ['an image that cannot be pulled, for long', {}, pod('Pending', { prepare: { waiting: { reason: 'ImagePullBackOff', message: 'x' } } }, {}, old), { kind: 'ended', trouble: { outcome: 'ImagePull' } }],
    ['an image name that is none', {}, pod('Pending', { harness: { waiting: { reason: 'InvalidImageName' } } }), { kind: 'ended', trouble: { outcome: 'ImagePull' } }],
    ['a Secret without the key', {}, pod('Pending', { harness: { waiting: { reason: 'CreateContainerConfigError', message: "couldn't find key" } } }, {}, old), { kind: 'ended', trouble: { outcome: 'HarnessFailed', class: 'deterministic' } }],
    ['no node, for now', {}, pod('Pending', {}, unschedulable), { kind: 'starting', stuck: true }],
    ['no node, for long', {}, pod('Pending', {}, unschedulable, old), { kind: 'ended', trouble: { outcome: 'NotDelivered', class: 'deterministic' } }],
    ['a running harness', {}, pod('Running', { prepare: exited(0), harness: { running: { startedAt: 's' } } }), { kind: 'running', harnessStarted: 's' }],
    ['a harness that ended', {}, pod('Running', { prepare: exited(0), collector: { running: {} }, harness: exited(0) }), { kind: 'collecting' }],
    ['bad input to prepare', {}, pod('Pending', { prepare: exited(3, { message: 'no file' }) }), { kind: 'ended', trouble: { outcome: 'HarnessFailed', message: 'prepare: no file' } }],
    ['delivery', {}, pod('Succeeded', { prepare: exited(0), collector: exited(0, { message: receipt }), harness: exited(0) }), { kind: 'ended', receipt: { kind: 'delivered' } }],
    ['a termination message that is cut', {}, pod('Succeeded', { collector: exited(0, { message: receipt.slice(0, 9) }), harness: exited(0) }), { kind: 'ended' }],
    ['out of memory', {}, pod('Failed', { collector: exited(0), harness: exited(137, { reason: 'OOMKilled' }) }), { kind: 'ended', trouble: { outcome: 'OutOfMemory', class: 'deterministic' } }],
    ['eviction', {}, pod('Failed', {}, { reason: 'Evicted', message: 'disk' }), { kind: 'ended', trouble: { outcome: 'Evicted', class: 'transient', message: 'disk' } }],
    ['preemption', {}, pod('Failed', { harness: exited(137) }, { conditions: [{ type: 'DisruptionTarget', status: 'True', message: 'preempted' }] }), { kind: 'ended', trouble: { outcome: 'Evicted' } }],
    ['a lost node', {}, pod('Failed', {}, { reason: 'NodeLost' }), { kind: 'ended', trouble: { outcome: 'NodeLost', class: 'transient' } }],
    ['an error of the harness', {}, pod('Failed', { collector: exited(0), harness: exited(2) }), { kind: 'ended', trouble: { outcome: 'HarnessFailed', message: 'the harness ended with exit code 2 and said nothing' } }],
    ['an error that babbles', {}, pod('Failed', { collector: exited(0), harness: exited(2, { message: 'ran with --api-key sesame' }) }), { kind: 'ended', trouble: { message: 'the harness ended with exit code 2: ran with --api-key ********' } }],
    ['a restart of the container runtime', {}, pod('Failed', { collector: exited(255, { reason: 'Unknown' }), harness: exited(255, { reason: 'Unknown' }) }), { kind: 'ended', trouble: { outcome: 'NodeLost', class: 'transient' } }],
  ])('%s', (_, job, aPod, want) => {
    expect(viewAttempt({ job, pod: aPod, now: NOW })).toMatchObject(want)
  })
})

describe('mayStillLoad', () => {
  const deleted = (pod: PodLike, deletionTimestamp: string): PodLike => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp } })
  const running = pod('Running', { prepare: exited(0), harness: { running: {} } })
  it.each<[string, PodLike, boolean]>([
    ['a running harness', running, true],
    ['a harness that is about to start', pod('Pending', { prepare: { running: {} } }), true],
    ['a harness that is being killed', deleted(running, '2026-01-01T00:11:00Z'), true],
    ['a harness on a node that does not answer', deleted(running, '2026-01-01T00:09:00Z'), false],
    ['a harness that ended while the collector delivers', pod('Running', { collector: { running: {} }, harness: exited(137) }), false],
    ['a pod that failed', pod('Failed', {}), false],
    ['a pod that succeeded', pod('Succeeded', {}), false],
  ])('%s: %s', (_, seen, expected) => {
    expect(mayStillLoad(seen, NOW)).toBe(expected)
  })
})

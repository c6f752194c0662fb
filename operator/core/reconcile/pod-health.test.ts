// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { type ContainerStatusInput, isMisconfigured, type PodInput, podTroubles, worstTrouble } from './pod-health.ts'

const pod = (status: PodInput['status'], name = 'p'): PodInput => ({ metadata: { name }, status })
const container = (status: Partial<ContainerStatusInput>): ContainerStatusInput => ({ name: 'server', restartCount: 0, ...status })
const waits = (reason: string, message = '', more: Partial<ContainerStatusInput> = {}) => pod({ phase: 'Pending', containerStatuses: [container({ state: { waiting: { reason, message } }, ...more })] })
const crashed = (exitCode: number, more: object = {}) => ({ lastState: { terminated: { exitCode, reason: 'Error', ...more } } })

describe('no trouble', () => {
  it.each<[string, PodInput]>([
    ['a pod without a status', pod(undefined)],
    ['a starting one', waits('ContainerCreating')],
    ['one that waits for its init containers', waits('PodInitializing')],
    ['a running one that is not ready', pod({ phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [container({ state: { running: {} } })] })],
    ['one that has succeeded', pod({ phase: 'Succeeded', containerStatuses: [container({ state: { terminated: { exitCode: 0, reason: 'Completed' } } })] })],
    ['one whose init container had to be restarted by design', pod({ initContainerStatuses: [container({ restartCount: 1, state: { running: {} }, lastState: { terminated: { exitCode: 0 } } })] })],
  ])('%s', (_, input) => {
    expect(podTroubles(input)).toEqual([])
  })
})

describe('trouble', () => {
  it.each<[string, PodInput, string, string]>([
    ['a first crash', waits('CrashLoopBackOff', '', { restartCount: 1, ...crashed(1) }), 'CrashLoopBackOff', 'pending'],
    ['a habit of crashing', waits('CrashLoopBackOff', '', { restartCount: 3, ...crashed(1) }), 'CrashLoopBackOff', 'deterministic'],
    ['a crash that it recovered from, for now', pod({ containerStatuses: [container({ restartCount: 1, state: { running: {} }, ...crashed(1) })] }), 'ContainerRestarted', 'pending'],
    ['too little memory', pod({ containerStatuses: [container({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })] }), 'OOMKilled', 'deterministic'],
    ['too little memory before, in a crash loop now', waits('CrashLoopBackOff', '', { restartCount: 1, ...crashed(137, { reason: 'OOMKilled' }) }), 'OOMKilled', 'deterministic'],
    ['an end in failure without a restart', pod({ phase: 'Failed', containerStatuses: [container({ state: { terminated: { exitCode: 2, reason: 'Error' } } })] }), 'Error', 'deterministic'],
    ['an image that does not exist', waits('ErrImagePull', 'failed to resolve reference "registry.example/x:1": registry.example/x:1: not found'), 'ErrImagePull', 'deterministic'],
    ['an image that is not for us', waits('ImagePullBackOff', 'Back-off pulling image "x": ErrImagePull: 401 Unauthorized'), 'ImagePullBackOff', 'deterministic'],
    ['a registry that is unwell', waits('ErrImagePull', 'unexpected status from HEAD request: 503 Service Unavailable'), 'ErrImagePull', 'transient'],
    ['a registry that is asked too often', waits('ErrImagePull', 'toomanyrequests: You have reached your pull rate limit'), 'ErrImagePull', 'transient'],
    ['a registry that does not answer', waits('ErrImagePull', 'dial tcp 10.0.0.1:443: i/o timeout'), 'ErrImagePull', 'transient'],
    ['a pull that failed for a reason unknown to us', waits('ImagePullBackOff', 'Back-off pulling image "x"'), 'ImagePullBackOff', 'pending'],
    ['a name that is no image', waits('InvalidImageName', 'couldn\'t parse image name "UPPER"'), 'InvalidImageName', 'deterministic'],
    ['a missing Secret', waits('CreateContainerConfigError', 'secret "hf" not found'), 'CreateContainerConfigError', 'deterministic'],
    ['a command that is not there', waits('RunContainerError', 'exec: "vlm": executable file not found'), 'RunContainerError', 'deterministic'],
    ['no room', pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available: 3 Insufficient nvidia.com/gpu.' }] }), 'Unschedulable', 'pending'],
    ['a scheduling gate', pod({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }), 'SchedulingGated', 'pending'],
    ['eviction', pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }), 'Evicted', 'transient'],
    ['preemption', pod({ phase: 'Running', conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: 'preempted' }] }), 'PreemptionByScheduler', 'transient'],
    ['a lost node', pod({ phase: 'Unknown' }), 'NodeLost', 'transient'],
    ['a node that refused it', pod({ phase: 'Failed', reason: 'OutOfnvidia.com/gpu', message: 'Pod was rejected' }), 'OutOfnvidia.com/gpu', 'transient'],
  ])('%s', (_, input, reason, itsClass) => {
    expect(podTroubles(input)[0]).toMatchObject({ pod: 'p', reason, class: itsClass })
  })
})

it('waits where the kubelet of a busy node could not look in time', () => {
  const message = 'failed to sync secret cache: timed out waiting for the condition'
  expect(podTroubles(waits('CreateContainerConfigError', message))).toEqual([])
  expect(isMisconfigured({ reason: 'CreateContainerConfigError', message })).toBe(false)
  expect(isMisconfigured({ reason: 'CreateContainerConfigError', message: "couldn't find key token in Secret default/key" })).toBe(true)
})

it('an evicted pod is not blamed for how its containers ended', () => {
  const evicted = pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory', containerStatuses: [container({ state: { terminated: { exitCode: 137, reason: 'Error' } } })] })
  expect(podTroubles(evicted).map((trouble) => trouble.class)).toEqual(['transient', 'deterministic'])
})

it('says which container, how often, and its last words', () => {
  const words = { message: 'ValueError: The checkpoint you are trying to load has model type `llama9`\n' }
  expect(podTroubles(waits('CrashLoopBackOff', 'back-off 40s', { restartCount: 3, ...crashed(1, words) }))).toEqual([{
    reason: 'CrashLoopBackOff', class: 'deterministic', pod: 'p', container: 'server',
    message: 'container server was restarted 3 times and last exited with code 1: ValueError: The checkpoint you are trying to load has model type `llama9`',
  }])
})

it('cuts long last words short', () => {
  const [trouble] = podTroubles(waits('CreateContainerError', 'x'.repeat(5000)))
  expect(trouble?.message.length).toBe(500)
})

it('takes the crash limit of the caller', () => {
  const input = waits('CrashLoopBackOff', '', { restartCount: 1, ...crashed(1) })
  expect(podTroubles(input, { crashLimit: 1 })[0]?.class).toBe('deterministic')
})

it('finds the worst of several pods', () => {
  const pods = [waits('ContainerCreating'), pod({ conditions: [{ type: 'PodScheduled', status: 'False' }] }, 'q'), waits('InvalidImageName')]
  expect(worstTrouble(pods)?.reason).toBe('InvalidImageName')
  expect(worstTrouble([])).toBeUndefined()
})

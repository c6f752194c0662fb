// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { workloadReadiness, type WorkloadInput } from './workload-ready.ts'

const of = (kind: string, spec: object = {}, status: object = {}, metadata: Partial<WorkloadInput['metadata']> = {}): WorkloadInput =>
  ({ kind, metadata: { name: 'x', generation: 2, ...metadata }, spec, status })
const seen = { observedGeneration: 2 }
const condition = (type: string, status = 'True', more: object = {}) => ({ conditions: [{ type, status, ...more }] })

describe('ready', () => {
  it.each<[string, WorkloadInput]>([
    ['a Deployment with all pods updated and available', of('Deployment', { replicas: 2 }, { ...seen, replicas: 2, updatedReplicas: 2, availableReplicas: 2 })],
    ['a Deployment of nothing', of('Deployment', { replicas: 0 }, seen)],
    ['a ReplicaSet', of('ReplicaSet', { replicas: 1 }, { ...seen, availableReplicas: 1 })],
    ['a StatefulSet at its new revision', of('StatefulSet', { replicas: 2 }, { ...seen, readyReplicas: 2, updatedReplicas: 0, currentRevision: 'b', updateRevision: 'b' })],
    ['a StatefulSet updated down to its partition', of('StatefulSet', { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, { ...seen, readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' })],
    ['a StatefulSet that is updated by hand', of('StatefulSet', { replicas: 1, updateStrategy: { type: 'OnDelete' } }, { ...seen, readyReplicas: 1, updatedReplicas: 0, currentRevision: 'a', updateRevision: 'b' })],
    ['a DaemonSet', of('DaemonSet', {}, { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 })],
    ['a DaemonSet that no node wants', of('DaemonSet', {}, { ...seen, desiredNumberScheduled: 0 })],
    ['a LeaderWorkerSet', of('LeaderWorkerSet', { replicas: 1, leaderWorkerTemplate: { size: 2 } }, { readyReplicas: 1, updatedReplicas: 1, ...condition('Available') })],
    ['a Job that is complete', of('Job', {}, condition('Complete'))],
    ['a Pod', of('Pod', {}, { phase: 'Running', ...condition('Ready') })],
    ['a Pod that has succeeded', of('Pod', {}, { phase: 'Succeeded', ...condition('Ready', 'False') })],
    ['a bound claim', of('PersistentVolumeClaim', {}, { phase: 'Bound' })],
    ['an object without a status', { kind: 'ConfigMap', metadata: { name: 'x' } }],
    ['an object of another operator', of('InferenceService', {}, { ...seen, ...condition('Ready') })],
    ['a Gateway', of('Gateway', {}, condition('Programmed'))],
  ])('%s', (_, object) => {
    expect(workloadReadiness(object)).toEqual({ kind: 'ready' })
  })
})

describe('under way', () => {
  it.each<[string, WorkloadInput, string, string]>([
    ['a Deployment that nobody has looked at', of('Deployment', { replicas: 1 }), 'NotObserved', 'Deployment x is new and its controller has not looked yet'],
    ['a Deployment that has changed', of('Deployment', { replicas: 1 }, { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }), 'NotObserved', 'Deployment x has changed and its controller has not looked yet'],
    ['a Deployment with pods missing', of('Deployment', { replicas: 3 }, { ...seen, replicas: 3, updatedReplicas: 3, availableReplicas: 1 }), 'PodsNotReady', 'Deployment x: 1 of 3 pods available'],
    ['a Deployment with one replica by default', of('Deployment', {}, seen), 'PodsNotReady', 'Deployment x: 0 of 1 pods updated'],
    ['a Deployment whose old pods still serve', of('Deployment', { replicas: 1 }, { ...seen, replicas: 2, updatedReplicas: 1, availableReplicas: 2 }), 'OldPodsLeft', 'Deployment x: 1 old pod is still there'],
    ['a Deployment without quota', of('Deployment', { replicas: 1 }, { ...seen, ...condition('ReplicaFailure', 'True', { reason: 'FailedCreate', message: 'pods "x-1" is forbidden: exceeded quota: gpus' }) }), 'FailedCreate', 'Deployment x: pods "x-1" is forbidden: exceeded quota: gpus'],
    ['a Deployment that takes longer than its own deadline: loading a model may', of('Deployment', { replicas: 1 }, { ...seen, updatedReplicas: 1, ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }) }), 'PodsNotReady', 'Deployment x: 0 of 1 pods available'],
    ['a StatefulSet in an update', of('StatefulSet', { replicas: 2 }, { ...seen, readyReplicas: 2, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' }), 'PodsNotReady', 'StatefulSet x: 1 of 2 pods updated'],
    ['a DaemonSet', of('DaemonSet', {}, { ...seen, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 }), 'PodsNotReady', 'DaemonSet x: 1 of 2 pods available'],
    ['a LeaderWorkerSet', of('LeaderWorkerSet', { replicas: 2 }, { readyReplicas: 1, updatedReplicas: 2 }), 'PodsNotReady', 'LeaderWorkerSet x: 1 of 2 pods ready'],
    ['a running Job', of('Job', {}, { active: 1 }), 'Running', 'Job x has not completed'],
    ['a suspended Job', of('Job', {}, condition('Suspended')), 'Suspended', 'Job x is suspended'],
    ['a Pod', of('Pod', {}, { phase: 'Running', ...condition('Ready', 'False', { reason: 'ContainersNotReady', message: 'containers with unready status: [server]' }) }), 'ContainersNotReady', 'Pod x: containers with unready status: [server]'],
    ['a claim', of('PersistentVolumeClaim', {}, { phase: 'Pending' }), 'NotBound', 'PersistentVolumeClaim x is not bound to a volume yet'],
    ['anything that is being deleted', of('Deployment', { replicas: 0 }, seen, { deletionTimestamp: 'now' }), 'Terminating', 'Deployment x is being deleted'],
    ['an object of another operator', of('InferenceService', {}, { ...seen, ...condition('Ready', 'Unknown') }), 'NotReady', 'InferenceService x: condition Ready is Unknown'],
    ['an object that is being reconciled', of('HelmRelease', {}, { ...seen, ...condition('Reconciling', 'True', { reason: 'Progressing', message: 'installing' }) }), 'Progressing', 'HelmRelease x: installing'],
  ])('%s', (_, object, reason, message) => {
    expect(workloadReadiness(object)).toEqual({ kind: 'progressing', reason, message })
  })
})

describe('failed', () => {
  it.each<[string, WorkloadInput, string, string]>([
    ['a Deployment whose pods a policy refuses', of('Deployment', {}, { ...seen, ...condition('ReplicaFailure', 'True', { reason: 'FailedCreate', message: 'pods "x" is forbidden: violates PodSecurity "restricted:latest"' }) }), 'FailedCreate', 'Deployment x: pods "x" is forbidden: violates PodSecurity "restricted:latest"'],
    ['a Job', of('Job', {}, condition('Failed', 'True', { reason: 'BackoffLimitExceeded', message: 'it failed too often' })), 'BackoffLimitExceeded', 'Job x failed: it failed too often'],
    ['a Pod', of('Pod', {}, { phase: 'Failed', reason: 'Evicted', message: 'low on memory' }), 'Evicted', 'Pod x failed: low on memory'],
    ['a claim that lost its volume', of('PersistentVolumeClaim', {}, { phase: 'Lost' }), 'VolumeLost', 'PersistentVolumeClaim x has lost its volume'],
    ['a stalled object', of('HelmRelease', {}, { ...seen, ...condition('Stalled', 'True', { reason: 'RetriesExceeded', message: 'gave up' }) }), 'RetriesExceeded', 'HelmRelease x: gave up'],
  ])('%s', (_, object, reason, message) => {
    expect(workloadReadiness(object)).toEqual({ kind: 'failed', reason, message })
  })
})

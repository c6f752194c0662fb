// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Trial } from '../model/kinds.ts'
import type { EndpointSpec } from '../model/scenario.ts'
import type { TrialJob } from '../model/trial-job.ts'
import { type AttemptInput, configMapOf, jobOf, mountedPath, sources } from './trial-objects.ts'

interface PodSpec {
  readonly securityContext: Record<string, unknown>
  readonly initContainers: readonly Container[]
  readonly containers: readonly Container[]
  readonly volumes: readonly { readonly name: string; readonly projected?: { readonly sources: unknown } }[]
  readonly affinity?: unknown
  readonly [key: string]: unknown
}
interface Container { readonly name: string; readonly restartPolicy?: string; readonly image: string; readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[]; readonly securityContext: unknown; readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[] }

function trial(over: object = {}): Trial {
  return {
    apiVersion: 'assay.dev/v1alpha1', kind: 'Trial', metadata: { name: 'q-1-abcd1234-s1-r1', namespace: 'bench', uid: 'u1', labels: { 'assay.dev/experiment': 'q', 'assay.dev/run': '1' } },
    spec: {
      stackRef: { name: 'q-1-ffff0000-s1' }, harness: { image: 'tool:1', pod: { awayFromServer: true } },
      workload: { tokenizer: { name: 'bundled', countBy: 'server' }, data: { synthetic: {} }, load: {} }, ...over,
    } as unknown as Trial['spec'],
  }
}
const job = { trial: { name: 'q-1-abcd1234-s1-r1', job: 'q-1-abcd1234-s1-r1-a1', attempt: 1 } } as unknown as TrialJob
const endpoint = { service: 's', headers: {} } as unknown as EndpointSpec
const input = (over: Partial<AttemptInput> = {}): AttemptInput => ({
  trial: trial(), job, endpoint, image: 'assay:1', servingNodes: ['n1'],
  rendered: { files: { 'config.yaml': 'a: 1' }, command: ['tool', '--config', '/assay/config/config.yaml'], env: [{ name: 'A', value: 'b' }, { name: 'S', secretKeyRef: { name: 's', key: 'k' } }] }, ...over,
})
const podOf = (i: AttemptInput): PodSpec => (jobOf(i).spec as { template: { spec: PodSpec } }).template.spec
const every = (pod: PodSpec) => [...pod.initContainers, ...pod.containers]

describe('the trial\'s pod', () => {
  it('meets the restricted Pod Security Standard', () => {
    const pod = podOf(input())
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } })
    for (const container of every(pod)) expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } })
    expect(pod).not.toHaveProperty('hostNetwork')
    expect(pod.automountServiceAccountToken).toBe(false)
  })

  it('prepares, then collects beside the harness, and never starts twice', () => {
    const pod = podOf(input())
    expect(pod.initContainers.map((c) => [c.name, c.restartPolicy])).toEqual([['prepare', undefined], ['collector', 'Always']])
    expect(pod.containers.map((c) => c.name)).toEqual(['harness'])
    expect(pod).toMatchObject({ restartPolicy: 'Never', shareProcessNamespace: true })
    expect(jobOf(input()).spec).toMatchObject({ backoffLimit: 0, completions: 1, parallelism: 1 })
    expect(jobOf(input()).spec).not.toHaveProperty('activeDeadlineSeconds')
  })

  it('gives the token to the collector alone', () => {
    const holders = every(podOf(input())).filter((c) => c.volumeMounts.some((m) => m.name === 'token')).map((c) => c.name)
    expect(holders).toEqual(['collector'])
  })

  it('gives what a Prometheus is asked with to the collector alone, under a name whose value it masks', () => {
    const prometheus = { url: 'http://p', credentials: { header: 'Authorization', prefix: 'Bearer ', secretKeyRef: { name: 'prom', key: 'token' } }, ca: { configMap: 'ca', key: 'x.crt' } }
    const pod = podOf(input({ endpoint: { ...endpoint, metrics: { port: 8000, path: '/metrics', prometheus } } as unknown as EndpointSpec }))
    const holders = every(pod).flatMap((c) => (c.env ?? []).filter((e) => e.name === 'ASSAY_SECRET_PROMETHEUS').map((e) => [c.name, e.valueFrom]))
    expect(holders).toEqual([['collector', { secretKeyRef: { name: 'prom', key: 'token' } }]])
    expect(every(pod).filter((c) => c.volumeMounts.some((m) => m.mountPath === '/assay/prometheus-ca')).map((c) => c.name)).toEqual(['collector'])
    expect(pod.volumes).toContainEqual({ name: 'prometheus-ca', configMap: { name: 'ca', items: [{ key: 'x.crt', path: 'ca.crt' }] } })
  })

  it('hands secrets over by reference only', () => {
    const secret = { header: 'Authorization', prefix: 'Bearer ', secretKeyRef: { name: 'key', key: 'token' } }
    const pod = podOf(input({ endpoint: { ...endpoint, credentials: secret } }))
    const withCredential = every(pod).filter((c) => c.env?.some((e) => e.name === 'ASSAY_CREDENTIAL' && e.valueFrom !== undefined && e.value === undefined)).map((c) => c.name)
    expect(withCredential).toEqual(['collector', 'harness'])
    // the harness alone sees it renewed
    expect(every(pod).filter((c) => c.volumeMounts.some((m) => m.mountPath === '/assay/credential')).map((c) => c.name)).toEqual(['harness'])
    expect(pod.volumes).toContainEqual({ name: 'credential', secret: { secretName: 'key', items: [{ key: 'token', path: 'value' }], defaultMode: 0o440 } })
    expect(podOf(input()).volumes.map((v) => v.name)).not.toContain('credential')
    expect(pod.initContainers[1]?.env).toContainEqual({ name: 'ASSAY_SECRET_0', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } })
    expect(pod.containers[0]?.env).toContainEqual({ name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } })
  })

  it('keeps away from the serving nodes, unless told otherwise', () => {
    expect(podOf(input()).affinity).toBeDefined()
    expect(podOf(input({ servingNodes: [] })).affinity).toBeUndefined()
    expect(podOf(input({ trial: trial({ harness: { image: 'x', pod: { awayFromServer: false } } }) })).affinity).toBeUndefined()
  })

  it('mounts what the workload names, tokenizer first', () => {
    const named = trial({ workload: { tokenizer: { name: 't', source: { configMap: { name: 'tok', key: 'tokenizer.json' } } }, data: { prompts: { source: { inline: '{"prompt":"x"}' } } }, load: {} } })
    expect(sources(named).map(({ what, source }, i) => [what, mountedPath(source, i)])).toEqual([['tokenizer', '/assay/data/0/tokenizer.json'], ['data', '/assay/config/data-1']])
    expect(podOf(input({ trial: named })).volumes.map((v) => v.name)).toEqual(['config', 'work', 'tmp', 'token', 'data-0'])
    expect(configMapOf(input({ trial: named })).data).toMatchObject({ 'data-1': '{"prompt":"x"}', 'config.yaml': 'a: 1' })
  })

  it('is owned by its Trial and carries the Experiment\'s labels', () => {
    for (const object of [jobOf(input()), configMapOf(input())]) {
      expect(object.metadata).toMatchObject({ namespace: 'bench', ownerReferences: [{ kind: 'Trial', uid: 'u1', controller: true }], labels: { 'assay.dev/experiment': 'q', 'assay.dev/run': '1', 'assay.dev/attempt': '1' } })
    }
  })
})

describe('the pod of a tool that runs the engine itself', () => {
  const engine = {
    model: { name: 'm', volume: { claimName: 'weights', path: 'llama' } }, accelerator: { resource: 'nvidia.com/gpu', perReplica: 2 },
    tolerations: [{ key: 'gpu', operator: 'Exists' as const }], nodeSelector: { gpu: 'h100' },
  }
  const harness = (pod: object = {}) => trial({ harness: { image: 'vllm:1', inProcess: true, pod } })
  const container = (i: AttemptInput) => podOf(i).containers[0] as unknown as { resources: object; volumeMounts: readonly { name: string; mountPath: string }[] }

  it('has the accelerators of the scenario, beside what the harness wants', () => {
    expect(container(input({ trial: harness({ resources: { requests: { cpu: '1' }, limits: { memory: '8Gi' } } }), engine })).resources).toEqual({ requests: { cpu: '1' }, limits: { memory: '8Gi', 'nvidia.com/gpu': 2 } })
    expect(container(input({ trial: harness({ resources: { limits: { 'nvidia.com/gpu': 1 } } }), engine })).resources).toEqual({ limits: { 'nvidia.com/gpu': 1 } })
    expect(container(input({ trial: harness(), engine: { ...engine, accelerator: { resource: 'nvidia.com/gpu', perReplica: 0 } } })).resources).toEqual({ requests: { cpu: '250m', memory: '256Mi' } })
  })

  it('has the weights, read-only, and memory to share', () => {
    const pod = podOf(input({ trial: harness(), engine }))
    expect(container(input({ trial: harness(), engine })).volumeMounts).toEqual(expect.arrayContaining([{ name: 'model', mountPath: '/assay/model', readOnly: true }, { name: 'shm', mountPath: '/dev/shm' }]))
    expect(pod.volumes).toEqual(expect.arrayContaining([{ name: 'model', persistentVolumeClaim: { claimName: 'weights', readOnly: true } }, { name: 'shm', emptyDir: { medium: 'Memory' } }]))
    expect(podOf(input({ trial: harness(), engine: { ...engine, model: { name: 'm' } } })).volumes.map(({ name }) => name)).not.toContain('model')
  })

  it('goes where the scenario\'s pods may go, and the harness may say more', () => {
    expect(podOf(input({ trial: harness({ nodeSelector: { zone: 'a' }, tolerations: [{ key: 'x' }] }), engine }))).toMatchObject({ nodeSelector: { gpu: 'h100', zone: 'a' }, tolerations: [{ key: 'gpu', operator: 'Exists' }, { key: 'x' }] })
    expect(podOf(input())).not.toHaveProperty('nodeSelector')
    expect(podOf(input()).volumes.map(({ name }) => name)).not.toContain('shm')
  })
})

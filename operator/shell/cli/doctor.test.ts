// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { CustomResourceDefinition, Deployment, Lease, Node } from '../kube/builtin-resources.ts'
import { VERSION } from '../version.ts'
import { definitionCheck, versionCheck } from './doctor-access.ts'
import { doctorLines, failed, isHealthy, ok, unknown, warning } from './doctor-model.ts'
import { acceleratorCheck, defaultClassCheck, imageCheck, readyCheck } from './doctor-nodes.ts'
import { deploymentCheck, leaseCheck } from './doctor-operator.ts'

it('tells tier by tier what is well, what is not, and what cures it', () => {
  const tiers = [{ title: 'Cluster', checks: [ok('API server', 'answers')] }, { title: 'Hardware', checks: [warning('accelerators', 'none', 'plug one in'), failed('nodes', '0 of 1', 'kubectl describe nodes'), unknown('storage', 'hidden')] }]
  expect(doctorLines(tiers)).toEqual([
    'Cluster', '  ✔ API server: answers', '', 'Hardware', '  ! accelerators: none', '      → plug one in', '  ✘ nodes: 0 of 1', '      → kubectl describe nodes', '  ? storage: hidden', '',
    '✘ 1 of 4 checks failed (1 to look at, 1 that could not be looked at)',
  ])
  expect([isHealthy(tiers), isHealthy(tiers.slice(0, 1))]).toEqual([false, true])
})

it.each([['v1.28.9', 'failed'], ['v1.29.0', 'ok'], ['v1.34.4+k3s1', 'ok'], ['v2.0.0', 'ok'], ['', 'failed']])('an API server of version %s', (version, state) => {
  expect(versionCheck(version).state).toBe(state)
})

describe('a kind', () => {
  const crd = ({ served = true, name = 'v1alpha1', established = true, schema = { a: 1 } } = {}) => ({
    metadata: { name: 'x' }, spec: { versions: [{ name, served, storage: true, schema: { openAPIV3Schema: schema } }] }, status: { conditions: [{ type: 'Established', status: established ? 'True' : 'False' }] },
  }) as unknown as CustomResourceDefinition
  it.each([
    ['is there', crd(), 'ok'], ['is missing', undefined, 'failed'], ['is another version', crd({ name: 'v1beta1' }), 'failed'], ['is not served', crd({ served: false }), 'failed'],
    ['is not established', crd({ established: false }), 'failed'], ['has another schema', crd({ schema: { a: 2 } }), 'warning'],
  ])('%s', (_, there, state) => {
    expect(definitionCheck('Stack', there, crd()).state).toBe(state)
  })
})

describe('the operator', () => {
  const deployment = (readyReplicas: number, version = VERSION): Deployment => ({ metadata: { name: 'd', namespace: 'n', labels: { 'app.kubernetes.io/version': version } }, status: { readyReplicas, replicas: 2 } })
  it.each([['ready', deployment(1), 'ok'], ['not ready', deployment(0), 'failed'], ['of another version', deployment(2, '9.9.9'), 'warning'], ['not there', undefined, 'failed']])('is %s', (_, there, state) => {
    expect(deploymentCheck('controller', there).state).toBe(state)
  })

  const now = Date.parse('2026-11-23T12:00:30Z')
  const lease = (renewTime: string, holderIdentity = 'a'): Lease => ({ metadata: { name: 'l' }, spec: { holderIdentity, renewTime, leaseDurationSeconds: 15 } })
  it.each([['leads', lease('2026-11-23T12:00:20Z'), 'ok'], ['led once', lease('2026-11-23T11:59:00Z'), 'failed'], ['has no leader', lease('2026-11-23T12:00:29Z', ''), 'failed'], ['has no Lease', undefined, 'failed']])('%s', (_, there, state) => {
    expect(leaseCheck(there, now).state).toBe(state)
  })
})

describe('what stacks run on', () => {
  const node = (more: { allocatable?: Record<string, string>; labels?: Record<string, string>; ready?: boolean; images?: string[] } = {}): Node => ({
    metadata: { name: 'n', labels: more.labels }, status: { allocatable: { cpu: '2', ...more.allocatable }, conditions: [{ type: 'Ready', status: more.ready === false ? 'False' : 'True' }] as never, images: (more.images ?? []).map((name) => ({ names: [name] })) },
  })
  it('nodes', () => {
    expect(readyCheck([node(), node({ ready: false })])).toEqual(ok('nodes', '1 of 2 nodes ready and schedulable, 2 CPUs'))
    expect(readyCheck([node({ ready: false })]).state).toBe('failed')
  })

  it('accelerators, summed by product', () => {
    const h100 = { allocatable: { 'nvidia.com/gpu': '8' }, labels: { 'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3' } }
    expect(acceleratorCheck([node(h100), node(h100), node({ allocatable: { 'amd.com/gpu': '1' } })]).seen).toBe('16 × NVIDIA-H100-80GB-HBM3 (nvidia.com/gpu), 1 × of unknown product (amd.com/gpu)')
    expect(acceleratorCheck([node()]).state).toBe('warning')
  })

  it('storage', () => {
    const named = (name: string, isDefault: boolean) => ({ metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) } } })
    expect([defaultClassCheck([named('a', false), named('b', true)]).state, defaultClassCheck([named('a', false)]).state, defaultClassCheck([]).state]).toEqual(['ok', 'warning', 'warning'])
  })

  it('images, which a node may have without saying so', () => {
    expect(imageCheck([node({ images: [`ghcr.io/assay-dev/assay:${VERSION}`] })]).seen).toBe(`1 of 1 node has the image of Assay ${VERSION}`)
    expect(imageCheck([node(), node()]).seen).toContain('0 of 2 nodes have the image')
  })
})

// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { ApiError } from '../kube/api-error.ts'
import type { ApiResource, ObjectRef } from '../kube/api-resource.ts'
import type { Node, Pod } from '../kube/builtin-resources.ts'
import type { ResourceApi } from '../kube/resource-api.ts'
import { gatherFacts, nodeFacts } from './gather-facts.ts'

const wanted = {
  claims: [{ name: 'models', path: 'a' }, { name: 'gone', path: 'b' }], configMaps: [{ name: 'charts', key: 'c.tgz', path: 'c' }], secrets: [{ name: 'hub', key: 'token', path: 'd' }],
  definitions: [{ name: 'pools.x', path: 'e' }], storageClasses: [{ name: 'fast', path: 'f' }],
  charts: [{ name: 'oci://registry.example.org/c 1', chart: { oci: 'oci://registry.example.org/c' }, version: '1', path: 'g' }],
}
const OBJECTS: Readonly<Record<string, object>> = {
  'persistentvolumeclaims/models': { status: { phase: 'Bound' } }, 'configmaps/charts': { binaryData: { 'c.tgz': 'x' } }, 'secrets/hub': { data: { token: 'c2VjcmV0' } }, 'storageclasses/fast': {},
}

/** As much of a cluster as it asks; what is forbidden answers 403. */
function cluster(forbidden: readonly string[] = []) {
  const asked: string[] = []
  const guard = (plural: string) => {
    if (forbidden.includes(plural)) throw new ApiError({ code: 403, reason: 'Forbidden', message: 'no' })
  }
  const api = {
    find: async ({ plural }: ApiResource, { name }: ObjectRef) => {
      asked.push(plural)
      guard(plural)
      return OBJECTS[`${plural}/${name}`]
    },
    list: async ({ plural }: ApiResource) => {
      guard(plural)
      return [{ metadata: { name: 'q' }, status: { hard: { pods: '1' } } }]
    },
  } as unknown as Pick<ResourceApi, 'find' | 'list'>
  return { api, asked }
}

describe('gatherFacts', () => {
  it('looks up what is asked for, and keeps of a Secret its keys alone', async () => {
    const facts = await gatherFacts({ api: cluster().api, namespace: 'n', wanted, nodes: undefined, pods: undefined, secrets: true })
    expect(facts).toEqual({
      claims: { models: 'Bound', gone: null }, configMaps: { charts: ['c.tgz'] }, secrets: { hub: ['token'] }, definitions: { 'pools.x': false }, storageClasses: { fast: true },
      quotas: [{ name: 'q', hard: { pods: '1' }, used: {} }],
    })
  })

  it('has charts fetched where somebody can', async () => {
    const look = { api: cluster().api, namespace: 'n', wanted, nodes: undefined, pods: undefined, secrets: false }
    const facts = await gatherFacts({ ...look, charts: async ({ version }) => ({ kind: 'refused', message: `no ${version ?? ''}` }) })
    expect(facts.charts).toEqual({ 'oci://registry.example.org/c 1': { kind: 'refused', message: 'no 1' } })
    expect((await gatherFacts(look)).charts).toBeUndefined()
  })

  it('asks for no Secret as the operator', async () => {
    const { api, asked } = cluster()
    expect((await gatherFacts({ api, namespace: 'n', wanted, nodes: undefined, pods: undefined, secrets: false })).secrets).toEqual({})
    expect(asked).not.toContain('secrets')
  })

  it('leaves unknown what may not be looked at', async () => {
    const facts = await gatherFacts({ api: cluster(['persistentvolumeclaims', 'customresourcedefinitions', 'resourcequotas']).api, namespace: 'n', wanted, nodes: undefined, pods: undefined, secrets: true })
    expect(facts).toMatchObject({ claims: {}, definitions: {} })
    expect(facts.quotas).toBeUndefined()
  })
})

describe('nodeFacts', () => {
  const node = { metadata: { name: 'a', labels: { x: 'y' } }, status: { allocatable: { 'nvidia.com/gpu': '8' } } } as unknown as Node
  const pod = (over: object = {}) => ({ metadata: { name: 'p' }, spec: { nodeName: 'a', containers: [{ resources: { requests: { 'nvidia.com/gpu': '2', cpu: '1' } } }, { resources: { limits: { 'nvidia.com/gpu': '1' } } }] }, status: { phase: 'Running' }, ...over }) as unknown as Pod
  it.each<[string, Pod[] | undefined, object | undefined]>([
    ['pods that run', [pod(), pod()], { 'nvidia.com/gpu': 6 }], ['one that has ended', [pod({ status: { phase: 'Succeeded' } })], {}], ['one that has no node yet', [pod({ spec: { containers: [] } })], {}], ['pods that nobody may see', undefined, undefined],
  ])('counts what is taken: %s', (_, pods, requested) => {
    expect(nodeFacts([node], pods)[0]?.requested).toEqual(requested)
  })

  it.each<[string, object, boolean]>([
    ['cordoned', { spec: { unschedulable: true } }, false], ['not ready', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }, false], ['ready', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, true], ['as the operator keeps it', {}, true],
  ])('a node that is %s', (_, over, schedulable) => {
    expect(nodeFacts([{ ...node, ...over }], [])[0]?.schedulable).toBe(schedulable)
  })
})

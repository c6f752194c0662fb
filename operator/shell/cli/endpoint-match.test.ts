// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Node, Pod, Service } from '../kube/builtin-resources.ts'
import { bestMethod } from './choose-method.ts'
import { matchEndpoint } from './endpoint-match.ts'
import { stack } from './testdata/objects.ts'
import { choose } from './teardown.ts'

type Port = { name?: string; port: number; protocol?: string }
const service = (name: string, ports: Port[], selector: Record<string, string> = { app: name }): Service => ({ metadata: { name }, spec: { ports, selector } })
const pod = (name: string, { ready = true, port = 9000, ip = '10.0.0.1', labels = {} }: { ready?: boolean; port?: number; ip?: string; labels?: Record<string, string> } = {}): Pod =>
  ({ metadata: { name, labels }, spec: { containers: [{ name: 'c', ports: [{ containerPort: port }] }] }, status: { podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } })

describe('which server is meant', () => {
  const services = [service('llm', [{ port: 8000 }]), service('llm-metrics', [{ port: 9090 }]), service('gateway', [{ name: 'admin', port: 9 }, { name: 'http', port: 81 }]), service('tgi', [{ port: 99 }, { port: 8080 }])]

  it.each<[string, string, object]>([
    ['a Service by its very name', 'llm', { kind: 'service', name: 'llm', port: 8000, selector: { app: 'llm' } }],
    ['a Service by a part of it', 'gate', { kind: 'service', name: 'gateway', port: 81 }],
    ['the usual port where none is called http', 'tgi', { kind: 'service', name: 'tgi', port: 8080 }],
    ['several', 'l', { kind: 'ambiguous', names: ['service/llm', 'service/llm-metrics'] }],
    ['a pod where no Service matches, one that is ready', 'worker', { kind: 'pod', name: 'worker-b', port: 9000, address: '10.0.0.2' }],
    ['no pod of a trial', 'harness', { kind: 'none' }],
    ['nothing', 'nope', { kind: 'none' }],
  ])('%s', (_, text, expected) => {
    const pods = [pod('worker-a', { ready: false }), pod('worker-b', { ip: '10.0.0.2' }), pod('harness', { labels: { 'assay.dev/role': 'harness' } })]
    expect(matchEndpoint(text, services, pods)).toMatchObject(expected)
  })
})

describe('the best method that a cluster allows', () => {
  const node = (gpus: number | undefined, unschedulable = false): Node => ({ metadata: { name: 'n' }, spec: { unschedulable }, status: { allocatable: gpus === undefined ? {} : { 'nvidia.com/gpu': String(gpus) } } })
  it.each<[string, Node[] | undefined, string, string]>([
    ['a GPU', [node(undefined), node(2), node(1)], 'standalone', '3 GPUs can be allocated'],
    ['GPUs on a node that takes no pods', [node(8, true)], 'simulator', 'SIMULATOR stands in'],
    ['none', [node(0)], 'simulator', 'its numbers say nothing about a real one'],
    ['nodes that we may not see', undefined, 'simulator', 'cannot be looked at'],
  ])('%s', (_, nodes, method, why) => {
    expect(bestMethod(nodes)).toEqual({ method, why: expect.stringContaining(why) as string })
  })
})

describe('which Stacks are removed', () => {
  const owned = stack('theirs', {}, {}, { ownerReferences: [{ apiVersion: 'assay.dev/v1alpha1', kind: 'Experiment', name: 'sweep', uid: 'u' }] })
  const names = (stacks: ReturnType<typeof choose>) => stacks.map((s) => s.metadata.name)

  it('the only one of one\'s own; all that are asked for; never an Experiment\'s', () => {
    expect(names(choose([stack('one', {}), owned], { names: [], all: false }))).toEqual(['one'])
    expect(names(choose([stack('one', {}), stack('two', {}), owned], { names: [], all: true }))).toEqual(['one', 'two'])
    expect(names(choose([stack('one', {}), stack('two', {})], { names: ['tw', 'two', 'none'], all: false }))).toEqual(['two'])
  })

  it.each([
    ['several, and none is named', [], 'which Stack? one, two'], ['an Experiment\'s', ['theirs'], 'belongs to Experiment sweep'], ['a part of several names', ['o'], 'several Stacks match "o": one, two'],
  ])('%s', (_, wanted, message) => {
    expect(() => choose([stack('one', {}), stack('two', {}), owned], { names: wanted, all: false })).toThrow(message)
  })
})

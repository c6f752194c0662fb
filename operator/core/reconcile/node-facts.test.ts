// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { NodeFact } from '../model/node-fact.ts'
import { nodeFact } from './node-facts.ts'

const node = (labels: Record<string, string>, status: object = {}) => ({ metadata: { name: 'n1', labels }, status })
const H100 = {
  'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3', 'nvidia.com/gpu.family': 'hopper', 'nvidia.com/gpu.count': '8', 'nvidia.com/gpu.memory': '81559', 'nvidia.com/gpu.machine': 'DGXH100',
  'nvidia.com/gpu.compute.major': '9', 'nvidia.com/gpu.compute.minor': '0', 'nvidia.com/gpu.replicas': '1', 'nvidia.com/gpu.sharing-strategy': 'none', 'nvidia.com/gpu.clique': 'c1.1',
  'nvidia.com/cuda.driver-version.full': '550.90.07', 'nvidia.com/cuda.runtime-version.full': '12.4', 'nvidia.com/mig.capable': 'true', 'nvidia.com/mig.strategy': 'single',
  'node.kubernetes.io/instance-type': 'p5.48xlarge',
}

describe('nodeFact', () => {
  it('is the fingerprint of GPU feature discovery; a strategy without slices is no MIG', () => {
    const fact = nodeFact(node(H100, { allocatable: { cpu: '190' }, nodeInfo: { kernelVersion: '6.8.0', osImage: 'Ubuntu 22.04' } }), [])
    expect(NodeFact.parse(fact)).toEqual({
      node: 'n1', cpu: 190, otherCpu: 0, kernel: '6.8.0', os: 'Ubuntu 22.04', instance: 'p5.48xlarge',
      gpu: { product: 'NVIDIA-H100-80GB-HBM3', family: 'hopper', count: '8', memoryMiB: '81559', machine: 'DGXH100', compute: '9.0', replicas: '1', sharing: 'none', topology: 'c1.1', driver: '550.90.07', cuda: '12.4' },
    })
  })

  it.each([
    ['older labels, in parts', { 'nvidia.com/cuda.driver.major': '525', 'nvidia.com/cuda.driver.minor': '105', 'nvidia.com/cuda.driver.rev': '17', 'nvidia.com/cuda.runtime.major': '12', 'nvidia.com/cuda.runtime.minor': '0' }, { driver: '525.105.17', cuda: '12.0' }],
    ['newer labels, in parts', { 'nvidia.com/cuda.driver-version.major': '550', 'nvidia.com/cuda.driver-version.minor': '54', 'nvidia.com/cuda.driver-version.revision': '15' }, { driver: '550.54.15' }],
    ['slices of one profile', { 'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', 'nvidia.com/mig.strategy': 'single' }, { product: 'NVIDIA-A100-SXM4-40GB-MIG-1g.5gb', mig: 'single: 1g.5gb' }],
    ['slices of several', { 'nvidia.com/mig-1g.10gb.count': '2', 'nvidia.com/mig-3g.40gb.count': '1', 'nvidia.com/mig.strategy': 'mixed' }, { mig: 'mixed: 1g.10gb, 3g.40gb' }],
    ['a shared one', { 'nvidia.com/gpu.sharing-strategy': 'time-slicing', 'nvidia.com/gpu.replicas': '4' }, { sharing: 'time-slicing', replicas: '4' }],
  ])('reads %s', (_, labels, gpu) => expect(nodeFact(node(labels as Record<string, string>), []).gpu).toEqual(gpu))

  it('a node without GPUs has none, and one without capacity says nothing of cores', () => expect(nodeFact(node({}), [])).toEqual({ node: 'n1' }))

  it('adds up what others request', () => {
    const pod = (...cpu: unknown[]) => ({ spec: { containers: cpu.map((c) => ({ resources: { requests: { cpu: c } } })) } })
    expect(nodeFact(node({}, { allocatable: { cpu: '8' } }), [pod('500m', '1'), pod(2), pod(undefined), pod('nonsense'), {}]).otherCpu).toBe(3.5)
  })
})

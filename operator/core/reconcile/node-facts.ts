// SPDX-License-Identifier: Apache-2.0
/** What a node is, by its labels and its pods: the GPU's fingerprint, and what others ask of its cores. It looks nothing up. */
import { quantityValue } from '../model/common.ts'
import type { NodeFact, NodeGpu } from '../model/node-fact.ts'

export interface NodeInput {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> }
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>
    readonly nodeInfo?: { readonly kernelVersion?: string; readonly osImage?: string }
  }
}
export interface NeighbourPod {
  readonly spec?: { readonly containers?: readonly { readonly resources?: { readonly requests?: Readonly<Record<string, unknown>> } }[] }
}

/** Labels of GPU feature discovery, the newer name first. */
const GPU_LABELS = {
  product: ['nvidia.com/gpu.product', 'amd.com/gpu.product-name'],
  family: ['nvidia.com/gpu.family', 'amd.com/gpu.family'],
  count: ['nvidia.com/gpu.count'],
  memoryMiB: ['nvidia.com/gpu.memory'],
  machine: ['nvidia.com/gpu.machine'],
  sharing: ['nvidia.com/gpu.sharing-strategy'],
  replicas: ['nvidia.com/gpu.replicas'],
  topology: ['nvidia.com/gpu.clique'],
} as const satisfies Partial<Record<keyof NodeGpu, readonly string[]>>

type Labels = Readonly<Record<string, string>>

/** `others` are pods on the node that are neither the stack's nor ours. */
export function nodeFact({ metadata: { name, labels = {} }, status }: NodeInput, others: readonly NeighbourPod[]): NodeFact {
  const gpu = gpuOf(labels)
  const cpu = quantityValue(status?.allocatable?.['cpu'] ?? '')
  const otherCpu = others.reduce((sum, pod) => sum + cpuOf(pod), 0)
  const text = (key: 'kernel' | 'os' | 'instance', value: string | undefined) => (value === undefined ? {} : { [key]: value.slice(0, 128) })
  return {
    node: name, ...(Object.keys(gpu).length === 0 ? {} : { gpu }),
    ...(Number.isFinite(cpu) ? { cpu, otherCpu: Number(otherCpu.toFixed(3)) } : {}),
    ...text('kernel', status?.nodeInfo?.kernelVersion), ...text('os', status?.nodeInfo?.osImage), ...text('instance', labels['node.kubernetes.io/instance-type']),
  }
}

function gpuOf(labels: Labels): NodeGpu {
  const plain = Object.entries(GPU_LABELS).flatMap(([key, names]) => {
    const found = names.map((label) => labels[label]).find((value) => value !== undefined && value !== '')
    return found === undefined ? [] : [[key, found.slice(0, 128)] as const]
  })
  const all = {
    ...Object.fromEntries(plain), driver: version(labels, 'driver', ['rev', 'revision']), cuda: version(labels, 'runtime', []),
    compute: joined([labels['nvidia.com/gpu.compute.major'], labels['nvidia.com/gpu.compute.minor']]), mig: migOf(labels),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}

/** Newer discovery gives it whole; older in parts, under another name. */
function version(labels: Labels, what: 'driver' | 'runtime', last: readonly string[]): string | undefined {
  const parts = (prefix: string) => joined(['major', 'minor', ...last].map((part) => labels[`${prefix}.${part}`]).filter((part, i) => part !== undefined || i < 2))
  return labels[`nvidia.com/cuda.${what}-version.full`] ?? parts(`nvidia.com/cuda.${what}-version`) ?? parts(`nvidia.com/cuda.${what}`)
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('.')
}

/** The strategy counts only where GPUs are in fact partitioned: profiles as resources, or a product that names one. */
function migOf(labels: Labels): string | undefined {
  const profiles = Object.keys(labels).flatMap((label) => /^nvidia\.com\/mig-(.+)\.count$/.exec(label)?.[1] ?? [])
  const inProduct = /-MIG-(.+?)(?:-SHARED)?$/.exec(labels['nvidia.com/gpu.product'] ?? '')?.[1]
  const shown = [...profiles, ...(inProduct === undefined ? [] : [inProduct])].sort()
  return shown.length === 0 ? undefined : `${labels['nvidia.com/mig.strategy'] ?? 'mig'}: ${shown.join(', ')}`.slice(0, 128)
}

function coresOf(amount: unknown): number {
  return typeof amount === 'number' ? amount : quantityValue(typeof amount === 'string' ? amount : '0')
}

function cpuOf({ spec }: NeighbourPod): number {
  const requests = (spec?.containers ?? []).map((c) => coresOf(c.resources?.requests?.['cpu']))
  return requests.reduce((sum, cores) => sum + (Number.isFinite(cores) ? cores : 0), 0)
}

// SPDX-License-Identifier: Apache-2.0
/** Whether the nodes and the quotas have the accelerators that stacks ask for: at all, on one node, of the product, and free now. */
import { quantityValue } from '../model/common.ts'
import { nearest } from '../model/nearest.ts'
import type { ScenarioSpec } from '../model/scenario.ts'
import { repelledBy } from './taints.ts'
import type { ClusterFacts, NodeFacts, QuotaFacts } from './cluster-facts.ts'
import type { Finding } from './finding.ts'

/** Labels in which the vendors' tools put the product, by resource. */
export const PRODUCT_LABELS: Readonly<Record<string, string>> = {
  'nvidia.com/gpu': 'nvidia.com/gpu.product', 'amd.com/gpu': 'amd.com/gpu.product-name', 'gpu.intel.com/xe': 'gpu.intel.com/product', 'gpu.intel.com/i915': 'gpu.intel.com/product',
  'habana.ai/gaudi': 'habana.ai/gaudi.product', 'google.com/tpu': 'cloud.google.com/gke-tpu-accelerator',
}

const AUTOSCALED = 'preflight.mode: Warn, where an autoscaler brings such nodes'

export interface AcceleratorNeed { readonly accelerator: ScenarioSpec['accelerator']; readonly gpus: number; readonly tolerations?: ScenarioSpec['tolerations'] }

export function checkAccelerators({ accelerator, gpus, tolerations = [] }: AcceleratorNeed, facts: ClusterFacts): Finding[] {
  if (gpus === 0) return []
  return [...(facts.nodes === undefined ? [] : checkNodes({ accelerator, gpus, tolerations }, facts.nodes)), ...(facts.quotas ?? []).flatMap((quota) => checkQuota({ accelerator, gpus }, quota))]
}

const amount = (node: NodeFacts, resource: string) => quantityValue(node.allocatable[resource] ?? '0') || 0
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const fails = (finding: Omit<Finding, 'severity' | 'check'>): Finding[] => [{ severity: 'fails', check: 'accelerators', ...finding }]

function checkNodes({ accelerator, gpus, tolerations = [] }: AcceleratorNeed, nodes: readonly NodeFacts[]): Finding[] {
  const { resource, product, perReplica } = accelerator
  const offering = nodes.filter((n) => amount(n, resource) > 0)
  if (offering.length === 0) return fails({ path: 'scenario.accelerator.resource', message: `no node offers ${resource}`, fix: `add nodes, install the vendor's device plugin, or set ${AUTOSCALED}` })
  const label = PRODUCT_LABELS[resource]
  const products = [...new Set(offering.flatMap((n) => (label === undefined ? [] : (n.labels[label] ?? []))))]
  const unknown = product !== undefined && products.length === 0
  if (product !== undefined && products.length > 0 && !products.includes(product)) {
    return fails({ path: 'scenario.accelerator.product', message: `no node has this product`, found: product, expected: products.join(' or '), nearest: nearest(product, products)[0], fix: `name a product that the cluster has, or set ${AUTOSCALED}` })
  }
  const fitting = offering.filter((n) => product === undefined || unknown || n.labels[label ?? ''] === product)
  const doubt: Finding[] = unknown ? [{ severity: 'doubt', check: 'accelerators', path: 'scenario.accelerator.product', message: `no node says which product its ${resource} is (label ${label ?? 'unknown'})`, found: product, fix: 'install the vendor\'s feature discovery, so that stacks land on what they are meant for' }] : []
  return [...doubt, ...checkTaints(fitting, { resource, tolerations }), ...checkAmounts({ resource, perReplica, gpus, fitting })]
}

/** A doubt only: charts may tolerate by themselves, and so does an admission plugin for the resource's own taint. */
function checkTaints(fitting: readonly NodeFacts[], at: { readonly resource: string; readonly tolerations: ScenarioSpec['tolerations'] }): Finding[] {
  const usable = fitting.filter((n) => n.schedulable)
  const repelling = usable.map((n) => repelledBy(n, at))
  if (usable.length === 0 || repelling.some((taint) => taint === undefined)) return []
  const taints = [...new Set(repelling)].join(', ')
  return [{ severity: 'doubt', check: 'accelerators', path: 'scenario.tolerations', message: `all nodes that fit are tainted, and the scenario does not tolerate it`, found: taints, fix: 'add a toleration, where the chart has none of its own' }]
}

interface Amounts { readonly resource: string; readonly perReplica: number; readonly gpus: number; readonly fitting: readonly NodeFacts[] }

function checkAmounts({ resource, perReplica, gpus, fitting }: Amounts): Finding[] {
  const usable = fitting.filter((n) => n.schedulable)
  const largest = Math.max(0, ...usable.map((n) => amount(n, resource)))
  if (largest < perReplica) return fails({ path: 'scenario.accelerator.perReplica', message: `no node has so many ${resource} for one replica`, found: String(perReplica), expected: `at most ${largest}`, fix: `take fewer for each replica, larger nodes, or set ${AUTOSCALED}` })
  const places = sum(usable.map((n) => Math.floor(amount(n, resource) / perReplica))) * perReplica
  if (places < gpus) return fails({ path: 'scenario.serving.replicas', message: `one stack asks for more ${resource} than all fitting nodes have together`, found: String(gpus), expected: `at most ${places}`, fix: `take fewer replicas, or set ${AUTOSCALED}` })
  if (usable.some((n) => n.requested === undefined)) return []
  const free = sum(usable.map((n) => Math.floor(Math.max(0, amount(n, resource) - (n.requested?.[resource] ?? 0)) / perReplica))) * perReplica
  return free >= gpus ? [] : [{ severity: 'doubt', check: 'accelerators', path: 'scenario.accelerator', message: `${free} of ${places} fitting ${resource} are free now, a stack asks for ${gpus}: it waits, and fails after readiness.unschedulableGrace`, fix: 'free some, or start later' }]
}

function checkQuota({ accelerator: { resource }, gpus }: AcceleratorNeed, { name, hard, used }: QuotaFacts): Finding[] {
  const key = `requests.${resource}`
  const most = hard[key] === undefined ? undefined : quantityValue(hard[key])
  if (most === undefined || Number.isNaN(most)) return []
  const left = most - (quantityValue(used[key] ?? '0') || 0)
  if (left >= gpus) return []
  const common = { check: 'quota', path: 'scenario.accelerator', expected: `at most ${left}`, found: String(gpus), fix: 'raise the quota, or free what it counts' } as const
  return [most < gpus ? { ...common, severity: 'fails', message: `ResourceQuota ${name} allows ${most} ${resource} in the namespace, a stack asks for more`, expected: `at most ${most}` } : { ...common, severity: 'doubt', message: `ResourceQuota ${name} has ${left} of ${most} ${resource} left` }]
}

/** What every pod needs, used up: nothing at all will start. */
export function checkRoom(quotas: readonly QuotaFacts[]): Finding[] {
  return quotas.flatMap(({ name, hard, used }) => {
    const full = Object.keys(hard).filter((key) => /^(pods|count\/pods|count\/jobs\.batch|(requests|limits)?\.?(cpu|memory)|persistentvolumeclaims)$/.test(key) && quantityValue(used[key] ?? '0') >= quantityValue(hard[key] ?? ''))
    return full.length === 0 ? [] : [{ severity: 'doubt' as const, check: 'quota' as const, path: 'metadata.namespace', message: `ResourceQuota ${name} is used up: ${full.map((key) => `${key} ${hard[key]}`).join(', ')}`, fix: 'raise it, or free what it counts' }]
  })
}

// SPDX-License-Identifier: Apache-2.0
/** The doctor's tier of what stacks run on: nodes, accelerators by product, storage, and images that are not on the nodes yet. */
import { PRODUCT_LABELS } from '../../core/preflight/check-accelerators.ts'
import { isForbidden } from '../kube/api-error.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import type { Node } from '../kube/builtin-resources.ts'
import { VERSION } from '../version.ts'
import { amountOf, listNodes } from './choose-method.ts'
import type { Cluster } from './cluster.ts'
import { type Check, failed, ok, type Tier, unknown, warning } from './doctor-model.ts'
import { counted } from './say.ts'

type StorageClass = KubeObject & { readonly provisioner?: string }
const STORAGE_CLASSES: ApiResource<StorageClass> = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', kind: 'StorageClass', namespaced: false }

export async function checkNodes(cluster: Cluster): Promise<Tier> {
  const nodes = await listNodes(cluster)
  const storage = await storageCheck(cluster)
  if (nodes === undefined) return { title: 'Hardware', checks: [unknown('nodes', 'you may not look at nodes'), storage] }
  return { title: 'Hardware', checks: [readyCheck(nodes), acceleratorCheck(nodes), storage, imageCheck(nodes)] }
}

export function readyCheck(nodes: readonly Node[]): Check {
  const ready = nodes.filter((n) => n.spec?.unschedulable !== true && n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true)
  const cpus = ready.reduce((sum, n) => sum + amountOf(n, 'cpu'), 0)
  const seen = `${ready.length} of ${counted(nodes.length, 'node')} ready and schedulable, ${Math.round(cpus * 10) / 10} CPUs`
  return ready.length === 0 ? failed('nodes', seen, 'kubectl describe nodes') : ok('nodes', seen)
}

export function acceleratorCheck(nodes: readonly Node[]): Check {
  const found = new Map<string, number>()
  for (const node of nodes) {
    for (const [resource, label] of Object.entries(PRODUCT_LABELS)) {
      const amount = amountOf(node, resource)
      const product = `${node.metadata.labels?.[label] ?? 'of unknown product'} (${resource})`
      if (amount > 0) found.set(product, (found.get(product) ?? 0) + amount)
    }
  }
  if (found.size === 0) return warning('accelerators', 'no node offers any', 'without a GPU the simulator stands in for servers; with one: is the vendor\'s device plugin installed?')
  return ok('accelerators', [...found].map(([product, amount]) => `${amount} × ${product}`).join(', '))
}

async function storageCheck({ api }: Cluster): Promise<Check> {
  try {
    return defaultClassCheck(await api.list(STORAGE_CLASSES))
  } catch (error) {
    if (isForbidden(error)) return unknown('storage', 'you may not look at StorageClasses')
    throw error
  }
}

export function defaultClassCheck(classes: readonly StorageClass[]): Check {
  const usual = classes.find((c) => c.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
  if (usual !== undefined) return ok('storage', `${usual.metadata.name} is the default StorageClass`)
  return warning('storage', classes.length === 0 ? 'there is no StorageClass' : `none of ${classes.map((c) => c.metadata.name).join(', ')} is the default`, 'volumes of stacks and of the results server must name a class: results.persistence.storageClassName')
}

/** Kubelets report only some of their images, so that one that is not listed may be there all the same. */
export function imageCheck(nodes: readonly Node[]): Check {
  const wanted = `/assay:${VERSION}`
  const holding = nodes.filter((n) => n.status?.images?.some((i) => i.names?.some((name) => name.endsWith(wanted)) === true) === true)
  const seen = `${holding.length} of ${counted(nodes.length, 'node')} ${holding.length === 1 ? 'has' : 'have'} the image of Assay ${VERSION}`
  return holding.length === nodes.length ? ok('images', seen) : ok('images', `${seen}; others pull it once (a minute more for the first trial, and a registry that they reach)`)
}

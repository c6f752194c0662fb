// SPDX-License-Identifier: Apache-2.0
/** Looks up in a cluster what a preflight asks for. What may not be looked at stays unknown; a Secret's values are never kept. */
import { quantityValue } from '../../core/model/common.ts'
import type { ChartFact, ClusterFacts, NodeFacts, Wanted, WantedChart, WantedObject } from '../../core/preflight/cluster-facts.ts'
import { isForbidden } from '../kube/api-error.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { CONFIG_MAPS, CUSTOM_RESOURCE_DEFINITIONS, type Node, PERSISTENT_VOLUME_CLAIMS, type Pod, SECRETS } from '../kube/builtin-resources.ts'
import type { ResourceApi } from '../kube/resource-api.ts'

type ResourceQuota = KubeObject & { readonly status?: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> } }
export const RESOURCE_QUOTAS: ApiResource<ResourceQuota> = { group: '', version: 'v1', plural: 'resourcequotas', kind: 'ResourceQuota', namespaced: true }
const STORAGE_CLASSES: ApiResource = { group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', kind: 'StorageClass', namespaced: false }

export interface Look {
  readonly api: Pick<ResourceApi, 'find' | 'list'>
  readonly namespace: string
  readonly wanted: Wanted
  /** Undefined where they may not be looked at. */
  readonly nodes: readonly Node[] | undefined
  readonly pods: readonly Pod[] | undefined
  /** Only with a user's own rights: the operator reads no Secret. */
  readonly secrets: boolean
  /** Fetches a chart, and says what came of it; without it charts stay unknown. */
  readonly charts?: (chart: WantedChart) => Promise<ChartFact>
}

export async function gatherFacts({ api, namespace, wanted, nodes, pods, secrets, charts }: Look): Promise<ClusterFacts> {
  const find = <T extends KubeObject, V>(resource: ApiResource<T>, read: (found: T | undefined) => V) => async (objects: readonly WantedObject[]) =>
    byName(objects, (name) => allowed(async () => read(await api.find(resource, resource.namespaced ? { namespace, name } : { name }))))
  const keys = (found: KubeObject & { readonly data?: object; readonly binaryData?: object } | undefined) => (found === undefined ? null : [...Object.keys(found.data ?? {}), ...Object.keys(found.binaryData ?? {})])
  const [claims, configMaps, secretKeys, definitions, storageClasses, quotas, chartFacts] = await Promise.all([
    find(PERSISTENT_VOLUME_CLAIMS, (found) => (found === undefined ? null : found.status?.phase ?? 'Pending'))(wanted.claims),
    find(CONFIG_MAPS, keys)(wanted.configMaps), secrets ? find(SECRETS, keys)(wanted.secrets) : {},
    find(CUSTOM_RESOURCE_DEFINITIONS, (found) => found !== undefined)(wanted.definitions), find(STORAGE_CLASSES, (found) => found !== undefined)(wanted.storageClasses),
    allowed(async () => (await api.list(RESOURCE_QUOTAS, { namespace })).map(({ metadata, status }) => ({ name: metadata.name, hard: status?.hard ?? {}, used: status?.used ?? {} }))),
    charts === undefined ? undefined : Promise.all(wanted.charts.map(async (chart) => [chart.name, await charts(chart)] as const)),
  ])
  return { claims, configMaps, secrets: secretKeys, definitions, storageClasses, ...(quotas && { quotas }), ...(chartFacts && { charts: Object.fromEntries(chartFacts) }), ...(nodes && { nodes: nodeFacts(nodes, pods) }) }
}

async function allowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look()
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/** Each name once; those that may not be looked at are left out. */
async function byName<V>(objects: readonly WantedObject[], look: (name: string) => Promise<V | undefined>): Promise<Record<string, V>> {
  const names = [...new Set(objects.map((o) => o.name))]
  const found = await Promise.all(names.map(look))
  return Object.fromEntries(names.flatMap((name, i) => (found[i] === undefined ? [] : [[name, found[i]] as const])))
}

export function nodeFacts(nodes: readonly Node[], pods: readonly Pod[] | undefined): NodeFacts[] {
  const requested = pods === undefined ? undefined : requestsByNode(pods)
  return nodes.map(({ metadata, spec, status }) => ({
    name: metadata.name, labels: metadata.labels ?? {}, allocatable: status?.allocatable ?? {},
    taints: spec?.taints ?? [],
    schedulable: spec?.unschedulable !== true && status?.conditions?.some((c) => c.type === 'Ready' && c.status !== 'True') !== true,
    ...(requested && { requested: Object.fromEntries(requested.get(metadata.name) ?? []) }),
  }))
}

/** What a container requests of resources that have a vendor. */
function extended({ resources }: NonNullable<Pod['spec']>['containers'][number]): [string, number][] {
  const amounts = resources?.requests ?? resources?.limits ?? {}
  return Object.entries(amounts).flatMap(([name, amount]): [string, number][] => (name.includes('/') ? [[name, quantityValue(amount) || 0]] : []))
}

/** Extended resources are whole, and requests equal limits; pods that have ended hold none. */
function requestsByNode(pods: readonly Pod[]): Map<string, Map<string, number>> {
  const nodes = new Map<string, Map<string, number>>()
  for (const { spec, status } of pods) {
    if (spec?.nodeName === undefined || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue
    const sums = nodes.get(spec.nodeName) ?? new Map<string, number>()
    nodes.set(spec.nodeName, sums)
    for (const [name, amount] of spec.containers.flatMap(extended)) sums.set(name, (sums.get(name) ?? 0) + amount)
  }
  return nodes
}

// SPDX-License-Identifier: Apache-2.0
/** What the Stack controller needs beyond the shared world: Helm, charts, the tenant's eyes, workloads. */
import type { KubeObject } from '../kube/api-resource.ts'
import type { Reflector } from '../kube/reflector.ts'
import type { ResourceApi } from '../kube/resource-api.ts'
import type { RestMapping } from '../kube/rest-mapping.ts'
import type { ChartSources } from '../helm/chart-source.ts'
import type { Helm } from '../helm/helm.ts'
import type { StackMemories } from './stack-memory.ts'
import type { World } from './world.ts'

export interface Workload extends KubeObject {
  readonly spec?: { readonly replicas?: number; readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> } }
  readonly status?: object
}

export interface StackWorld extends World {
  readonly helm: Helm
  readonly charts: ChartSources
  /** Mirrors of what Helm installs: Deployments, StatefulSets, DaemonSets, Jobs; by release name. */
  readonly workloads: readonly Reflector<Workload>[]
  /** Reads and deletes as the tenant's account: what it may not see, we do not see. */
  readonly tenant: (namespace: string, serviceAccount: string) => { readonly api: ResourceApi; readonly mapping: RestMapping }
  readonly memories: StackMemories
  /** A YAML document of a ConfigMap, for valuesFrom; throws a HelmError when it is missing or none. */
  readonly valuesOf: (namespace: string, configMap: string, key: string) => Promise<Record<string, unknown>>
  readonly namespaceTerminating: (namespace: string) => boolean
  /** Since when we lead; a helm that is pending since before was another process's. */
  readonly leadingSince: () => number
}

/** Index of the workloads' stores: `namespace/release`, from the annotation that Helm sets. */
export const BY_RELEASE = 'release'
export const RELEASE_ANNOTATION = 'meta.helm.sh/release-name'
/** Index of the pods' store. */
export const BY_NAMESPACE = 'namespace'
/** A helm of another process may still run for as long as its lease lasts, and a margin. */
export const PENDING_MARGIN_MS = 30_000

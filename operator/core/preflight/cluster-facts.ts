// SPDX-License-Identifier: Apache-2.0
/** What a preflight looks at in a cluster. A member that is not set could not be looked at, and nothing is said of it. */
import type { ReleaseSpec } from '../model/scenario.ts'

export interface Taint { readonly key: string; readonly value?: string | undefined; readonly effect: string }

export interface NodeFacts {
  readonly name: string
  readonly schedulable: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly allocatable: Readonly<Record<string, string>>
  readonly taints?: readonly Taint[]
  /** What pods that are on it request, by extended resource; not set where pods cannot be seen. */
  readonly requested?: Readonly<Record<string, number>>
}
export interface QuotaFacts { readonly name: string; readonly hard: Readonly<Record<string, string>>; readonly used: Readonly<Record<string, string>> }

export interface ClusterFacts {
  readonly nodes?: readonly NodeFacts[]
  readonly quotas?: readonly QuotaFacts[]
  /** Phase by name, of the claims that were asked for; null for those that do not exist. */
  readonly claims?: Readonly<Record<string, string | null>>
  /** Keys by name, of the ConfigMaps that were asked for. */
  readonly configMaps?: Readonly<Record<string, readonly string[] | null>>
  /** Keys by name; the operator reads no Secret, so that only the command line knows. */
  readonly secrets?: Readonly<Record<string, readonly string[] | null>>
  /** Whether they exist, of those that were asked for. */
  readonly definitions?: Readonly<Record<string, boolean>>
  readonly storageClasses?: Readonly<Record<string, boolean>>
  /** Of charts that have to be fetched, by name. */
  readonly charts?: Readonly<Record<string, ChartFact>>
}

/** `refused`: it cannot be had as it is named. `unreachable`: not now. */
export type ChartFact = { readonly kind: 'fetched' } | { readonly kind: 'refused' | 'unreachable'; readonly message: string }

/** What has to be looked up by name. */
export interface Wanted {
  readonly claims: readonly WantedObject[]
  readonly configMaps: readonly (WantedObject & { readonly key?: string | undefined })[]
  readonly secrets: readonly (WantedObject & { readonly key?: string | undefined })[]
  readonly definitions: readonly WantedObject[]
  readonly storageClasses: readonly WantedObject[]
  readonly charts: readonly WantedChart[]
}
export type WantedChart = WantedObject & Pick<ReleaseSpec, 'chart' | 'version'>
export interface WantedObject { readonly name: string; readonly path: string }

// SPDX-License-Identifier: Apache-2.0
/** Reads rendered manifests: which objects there are, and whether all of them belong into the namespace. Pure. */
import { parseAllDocuments } from 'yaml'

export interface ManifestObject {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly namespace: string | undefined
  /** Whether it is a hook, which Helm does not count as part of the release. */
  readonly hook: boolean
  /** PersistentVolumeClaims that a StatefulSet makes and that outlive it. */
  readonly claimTemplates: readonly { readonly template: string; readonly replicas: number }[]
  /** Labels by which the pods of a workload are found. */
  readonly podSelector: Readonly<Record<string, string>> | undefined
}

interface Raw {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> }
  readonly spec?: {
    readonly replicas?: number
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly volumeClaimTemplates?: readonly { readonly metadata?: { readonly name?: string } }[]
  }
  readonly items?: readonly Raw[]
}

/** Every object of the text; lists are opened. Throws on YAML that is none. */
export function parseManifests(text: string): ManifestObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw document.errors[0] as Error
    const raw = document.toJS() as Raw | null
    return raw === null ? [] : (raw.items ?? [raw]).filter((o) => o.kind !== undefined).map(objectOf)
  })
}

function objectOf({ apiVersion = 'v1', kind = '', metadata = {}, spec = {} }: Raw): ManifestObject {
  return {
    apiVersion, kind, name: metadata.name ?? '', namespace: metadata.namespace, hook: metadata.annotations?.['helm.sh/hook'] !== undefined,
    claimTemplates: kind === 'StatefulSet' ? (spec.volumeClaimTemplates ?? []).map((t) => ({ template: t.metadata?.name ?? '', replicas: spec.replicas ?? 1 })) : [],
    podSelector: spec.selector?.matchLabels,
  }
}

/** Objects that a release may not hold: of another namespace, or of none. `clusterScoped` knows the API server's kinds. */
export function strangers(objects: readonly ManifestObject[], namespace: string, clusterScoped: (object: ManifestObject) => boolean): string[] {
  return objects.filter((o) => clusterScoped(o) || (o.namespace !== undefined && o.namespace !== namespace))
    .map((o) => (clusterScoped(o) ? `${o.kind}/${o.name} (cluster-wide)` : `${o.kind}/${o.name} (namespace ${o.namespace ?? ''})`))
}

/** Names of everything that must be gone after an uninstall, claims of StatefulSets included. */
export function inventoryOf(objects: readonly ManifestObject[]): string[] {
  return objects.flatMap((o) => [
    `${o.apiVersion}/${o.kind}/${o.name}`,
    ...o.claimTemplates.flatMap(({ template, replicas }) => Array.from({ length: replicas }, (_, i) => `v1/PersistentVolumeClaim/${template}-${o.name}-${i}`)),
  ])
}

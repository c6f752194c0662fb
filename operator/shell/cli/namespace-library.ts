// SPDX-License-Identifier: Apache-2.0
/** The library objects that a namespace has, by name. */
import type { Part } from '../../core/design/path-schema.ts'
import type { Cluster } from './cluster.ts'
import type { InNamespace } from './compose-parts.ts'
import { LIBRARY_RESOURCES } from './run-library.ts'

export const NO_NAMESPACE: InNamespace = () => new Map()

export async function namespaceLibrary({ api, namespace }: Cluster): Promise<InNamespace> {
  const parts = Object.keys(LIBRARY_RESOURCES) as Part[]
  const shelves = await Promise.all(parts.map(async (part) => new Map((await api.list(LIBRARY_RESOURCES[part], { namespace })).map((o) => [o.metadata.name, o.spec] as const))))
  return (part) => shelves[parts.indexOf(part)] ?? new Map()
}

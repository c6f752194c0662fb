// SPDX-License-Identifier: Apache-2.0
/** From apiVersion and kind to the resource that serves it, by the API server's discovery; remembered. */
import type { ApiResource } from './api-resource.ts'
import { isNotFound } from './api-error.ts'
import type { KubeClient } from './client.ts'

export type RestMapping = (apiVersion: string, kind: string) => Promise<ApiResource | undefined>

interface Discovery { readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[] }

/** Undefined for a kind that the server does not serve (any more). */
export function createRestMapping(client: KubeClient): RestMapping {
  const known = new Map<string, Promise<Discovery>>()
  return async (apiVersion, kind) => {
    const discovery = known.get(apiVersion) ?? discover(client, apiVersion)
    known.set(apiVersion, discovery)
    try {
      const found = (await discovery).resources.find((r) => r.kind === kind && !r.name.includes('/'))
      if (found === undefined) known.delete(apiVersion)
      const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') as [string, string] : ['', apiVersion]
      return found && { group, version, plural: found.name, kind, namespaced: found.namespaced }
    } catch (error) {
      known.delete(apiVersion)
      throw error
    }
  }
}

async function discover(client: KubeClient, apiVersion: string): Promise<Discovery> {
  try {
    return await client.json<Discovery>({ verb: 'get', resource: 'discovery', path: apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}` })
  } catch (error) {
    if (isNotFound(error)) return { resources: [] }
    throw error
  }
}

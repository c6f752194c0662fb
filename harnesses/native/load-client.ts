// SPDX-License-Identifier: Apache-2.0
/** Finds the client to measure with: that of the endpoint's protocol, or a module of somebody else's. */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Client, ClientOptions, CreateClient } from './client.ts'
import { createProviderClient } from './provider-client.ts'
import { PROVIDERS } from './providers/providers.ts'

export async function loadClient(options: ClientOptions, modulePath?: string): Promise<Client> {
  if (modulePath === undefined) return await createProviderClient(PROVIDERS[options.endpoint.api ?? 'openai'], options)
  const module = (await import(pathToFileURL(resolve(modulePath)).href)) as { readonly createClient?: CreateClient }
  if (typeof module.createClient !== 'function') throw new Error(`${modulePath}: expected an export createClient, found ${Object.keys(module).join(', ') || 'none'}`)
  return await module.createClient(options)
}

// SPDX-License-Identifier: Apache-2.0
/** The cluster as the command line reaches it: the kubeconfig's context, or a clear word on why not. */
import type { Command } from 'commander'
import type { Access } from '../kube/access.ts'
import { isApiError, isForbidden } from '../kube/api-error.ts'
import { CUSTOM_RESOURCE_DEFINITIONS } from '../kube/builtin-resources.ts'
import { createClient, findAccess, type KubeClient } from '../kube/client.ts'
import { createResourceApi, type ResourceApi } from '../kube/resource-api.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface ClusterOptions { readonly kubeconfig?: string; readonly context?: string; readonly namespace?: string }
export interface Cluster {
  readonly access: Access
  readonly client: KubeClient
  readonly api: ResourceApi
  readonly namespace: string
}

/** The field manager of everything that the command line writes. */
export const CLI_MANAGER = 'assay-cli'

/** Options that every command with a cluster takes. */
export function withClusterOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace (default: that of the context)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, ~/.kube/config)')
}

/** Connects, does the work, and leaves no connection open behind it, whatever happens. */
export async function withCluster<T>(options: ClusterOptions, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const cluster = await connect(options)
  try {
    await requireAssay(cluster)
    return await work(cluster)
  } catch (error) {
    throw isApiError(error) && error.code === 0 ? unreachable(cluster, error) : error
  } finally {
    await cluster.client.close()
  }
}

/** A client for the context; whether anybody answers is not known yet. */
export async function connect({ kubeconfig: file, context, namespace }: ClusterOptions): Promise<Cluster> {
  const access = await findAccess({ file, context })
    .catch((error: unknown) => { throw new CliError(EXIT.clusterUnreachable, `no cluster: ${(error as Error).message}`, (error as { hint?: string }).hint) })
  const client = createClient({ access, userAgent: CLI_MANAGER })
  return { access, client, api: createResourceApi(client), namespace: namespace ?? (client.namespace || 'default') }
}

async function requireAssay({ api, access }: Cluster): Promise<void> {
  try {
    const definition = await api.find(CUSTOM_RESOURCE_DEFINITIONS, { name: 'experiments.assay.dev' }, { timeoutMs: 10_000 })
    if (definition === undefined) throw new CliError(EXIT.clusterUnreachable, `Assay is not installed in ${access.server}`, 'make install, or: helm install assay charts/assay -n assay-system --create-namespace')
  } catch (error) {
    // Who may not look at definitions finds out at the first call.
    if (!isForbidden(error)) throw error
  }
}

function unreachable({ access }: Cluster, error: Error): CliError {
  return new CliError(EXIT.clusterUnreachable, `${access.server} does not answer: ${error.message}`, 'check the context: kubectl cluster-info')
}

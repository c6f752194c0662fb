// SPDX-License-Identifier: Apache-2.0
/** The cluster as the command line reaches it: the kubeconfig's context, or a clear word on why not. */
import type { Command } from 'commander'
import { ApiError } from '../kube/api-error.ts'
import { CUSTOM_RESOURCE_DEFINITIONS } from '../kube/builtin-resources.ts'
import { createClient, findAccess, type KubeClient } from '../kube/client.ts'
import { createResourceApi, type ResourceApi } from '../kube/resource-api.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface ClusterOptions { readonly kubeconfig?: string; readonly context?: string; readonly namespace?: string }
export interface Cluster { readonly client: KubeClient; readonly api: ResourceApi; readonly namespace: string }

/** Options that every command with a cluster takes. */
export function withClusterOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'namespace (default: that of the context)')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'kubeconfig (default: $KUBECONFIG, ~/.kube/config)')
}

export async function connect(options: ClusterOptions): Promise<Cluster> {
  const access = await findAccess({ ...(options.kubeconfig !== undefined && { file: options.kubeconfig }), ...(options.context !== undefined && { context: options.context }) })
    .catch((error: unknown) => { throw new CliError(EXIT.clusterUnreachable, `no cluster: ${(error as Error).message}`, (error as { hint?: string }).hint) })
  const client = createClient({ access, userAgent: 'assay-cli' })
  const api = createResourceApi(client)
  try {
    const crd = await api.find(CUSTOM_RESOURCE_DEFINITIONS, { name: 'experiments.assay.dev' }, { timeoutMs: 10_000 })
    if (crd === undefined) throw new CliError(EXIT.clusterUnreachable, `Assay is not installed in ${access.server}`, 'helm install assay charts/assay -n assay-system --create-namespace (or: make install)')
  } catch (error) {
    if (error instanceof CliError) throw error
    if (!(error instanceof ApiError) || error.code !== 403) throw new CliError(EXIT.clusterUnreachable, `${access.server} does not answer: ${(error as Error).message}`, 'check the context: kubectl cluster-info')
  }
  return { client, api, namespace: options.namespace ?? (client.namespace || 'default') }
}

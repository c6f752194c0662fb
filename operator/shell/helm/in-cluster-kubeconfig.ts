// SPDX-License-Identifier: Apache-2.0
/** A kubeconfig for Helm within a pod: with any override, such as whom to act as, Helm does not look for the pod's account by itself. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Path of the file; undefined outside a cluster. Token and CA are named, not copied: the kubelet renews them. */
export function writeInClusterKubeconfig(folder: string, env: NodeJS.ProcessEnv = process.env, account: string = ACCOUNT): string | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env
  if (host === undefined || !existsSync(join(account, 'token'))) return undefined
  const path = join(folder, 'in-cluster.kubeconfig')
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`
  writeFileSync(path, stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'in-cluster',
    clusters: [{ name: 'in-cluster', cluster: { server, 'certificate-authority': join(account, 'ca.crt') } }],
    users: [{ name: 'in-cluster', user: { tokenFile: join(account, 'token') } }],
    contexts: [{ name: 'in-cluster', context: { cluster: 'in-cluster', user: 'in-cluster' } }],
  }), { mode: 0o600 })
  return path
}

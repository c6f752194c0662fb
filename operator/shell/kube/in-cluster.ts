// SPDX-License-Identifier: Apache-2.0
/** Access from inside a pod, by its service account. Written without client-node, which would cost the operator 90 MB of memory (ADR 10). */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Access, AccessError } from './access.ts'

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Whether we run in a pod that was given a service account. */
export function isInCluster(env: NodeJS.ProcessEnv = process.env, folder = SERVICE_ACCOUNT_FOLDER): boolean {
  return env['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(join(folder, 'token'))
}

/** Token and CA are read anew at each call: the kubelet rotates both. */
export async function inClusterAccess(env: NodeJS.ProcessEnv = process.env, folder = SERVICE_ACCOUNT_FOLDER): Promise<Access> {
  const host = env['KUBERNETES_SERVICE_HOST']
  const port = env['KUBERNETES_SERVICE_PORT']
  if (host === undefined || port === undefined) {
    throw new AccessError('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set', 'Outside of a pod, set KUBECONFIG or pass --kubeconfig.')
  }
  const read = (file: string) => readFile(join(folder, file), 'utf8')
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: (await read('namespace')).trim(),
    credentials: async () => {
      const [token, ca] = await Promise.all([read('token'), read('ca.crt')])
      return { headers: { authorization: `Bearer ${token.trim()}` }, tls: { ca } }
    },
  }
}

// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isForbidden } from '../../../operator/shell/kube/api-error.ts'
import { CONFIG_MAPS, SERVICE_ACCOUNTS } from '../../../operator/shell/kube/builtin-resources.ts'
import { createClient } from '../../../operator/shell/kube/client.ts'
import { inClusterAccess } from '../../../operator/shell/kube/in-cluster.ts'
import { kubeconfigAccess } from '../../../operator/shell/kube/kubeconfig.ts'
import { createResourceApi } from '../../../operator/shell/kube/resource-api.ts'
import { mayI, requestToken } from '../../../operator/shell/kube/reviews.ts'
import { findKubeconfig, useApi, useNamespace } from '../cluster.ts'

const namespace = useNamespace('kube-access')
const { api } = useApi()
const folder = mkdtempSync(join(tmpdir(), 'assay-account-'))
let env: NodeJS.ProcessEnv = {}

/** The files that the kubelet would mount, for a service account of our own. */
beforeAll(async () => {
  const kubeconfig = await kubeconfigAccess({ file: findKubeconfig() })
  const { hostname, port } = new URL(kubeconfig.server)
  env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port }
  const { tls } = await kubeconfig.credentials()
  await api().create(SERVICE_ACCOUNTS, { metadata: { name: 'pod', namespace: namespace() } })
  writeFileSync(join(folder, 'ca.crt'), tls.ca ?? '')
  writeFileSync(join(folder, 'namespace'), namespace())
  await rotate()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function rotate(): Promise<void> {
  const { token } = await requestToken(api(), { namespace: namespace(), name: 'pod' }, { audiences: [], expirationSeconds: 600 })
  writeFileSync(join(folder, 'token'), token)
}

it('acts as the pod\'s service account, over TLS that is verified', async () => {
  const client = createClient({ access: await inClusterAccess(env, folder) })
  const inside = createResourceApi(client)
  await expect(inside.list(CONFIG_MAPS, { namespace: namespace() })).rejects.toSatisfy(isForbidden)
  expect(await mayI(inside, { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' })).toBe(true)
  await client.close()
})

it('gets over a token that is no longer accepted once the kubelet has written another', async () => {
  writeFileSync(join(folder, 'token'), 'expired')
  const codes: number[] = []
  const client = createClient({ access: await inClusterAccess(env, folder), onRequest: ({ code }) => codes.push(code) })
  const inside = createResourceApi(client)
  await expect(mayI(inside, { verb: 'get', group: '', resource: 'pods' })).rejects.toMatchObject({ code: 401 })
  await rotate()
  expect(await mayI(inside, { verb: 'get', group: '', resource: 'pods' })).toBe(false)
  expect(codes).toEqual([401, 401, 401, 201])
  await client.close()
})

it('refuses a server that another authority vouches for', async () => {
  const access = await inClusterAccess(env, folder)
  const client = createClient({ access: { ...access, credentials: async () => ({ ...(await access.credentials()), tls: {} }) } })
  await expect(createResourceApi(client).create(CONFIG_MAPS, { metadata: { name: 'x', namespace: namespace() } })).rejects.toMatchObject({ code: 0, reason: 'ConnectionFailed' })
  await client.close()
})

// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { isExpired } from '../../../operator/shell/kube/api-error.ts'
import { CONFIG_MAPS, type ConfigMap } from '../../../operator/shell/kube/builtin-resources.ts'
import { createClient, type KubeClient } from '../../../operator/shell/kube/client.ts'
import { kubeconfigAccess } from '../../../operator/shell/kube/kubeconfig.ts'
import { createReflector, type Reflector } from '../../../operator/shell/kube/reflector.ts'
import { createResourceApi } from '../../../operator/shell/kube/resource-api.ts'
import { type ApiProxy, startApiProxy } from '../../faults/api-proxy.ts'
import { findKubeconfig, useApi, useNamespace } from '../cluster.ts'

const namespace = useNamespace('kube-reflector')
const other = useNamespace('kube-reflector-other')
const { api } = useApi()
let proxy: ApiProxy
let client: KubeClient

/** Watches go through a proxy that can be cut; writes go straight. */
beforeAll(async () => {
  const access = await kubeconfigAccess({ file: findKubeconfig() })
  const { tls: { ca, cert, key } } = await access.credentials()
  proxy = await startApiProxy({ url: access.server, tls: { ca, cert, key } })
  client = createClient({ access: { server: proxy.url, namespace: 'default', credentials: async () => ({ headers: {}, tls: {} }) } })
})
afterAll(async () => {
  await client.close()
  await proxy.close()
})

async function reflecting(run: (reflector: Reflector<ConfigMap>) => Promise<void>): Promise<void> {
  const reflector = createReflector<ConfigMap>({
    api: createResourceApi(client), resource: CONFIG_MAPS, namespaces: [namespace(), other()], labelSelector: 'assay.dev/test=yes',
    timings: { backoffMs: [10, 50] },
  })
  reflector.start()
  await reflector.hasSynced()
  await run(reflector)
  await reflector.stop()
}

const create = (name: string, at = namespace()) => api().create(CONFIG_MAPS, { metadata: { name, namespace: at, labels: { 'assay.dev/test': 'yes' } } })
const eventually = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 10 })
const names = (reflector: Reflector<ConfigMap>) => reflector.store.list().map(({ metadata }) => metadata.name).sort()

it('sees what happens while its watches are cut, without listing again', async () => {
  await create('before')
  const before = proxy.requests.length
  await reflecting(async (reflector) => {
    expect(names(reflector)).toEqual(['before'])
    for (let round = 0; round < 5; round++) {
      proxy.cutAll()
      await create(`cut-${round}`, round % 2 === 0 ? namespace() : other())
      if (round === 2) await api().delete(CONFIG_MAPS, { namespace: namespace(), name: 'before' })
    }
    await eventually(() => expect(names(reflector)).toEqual(['cut-0', 'cut-1', 'cut-2', 'cut-3', 'cut-4']))
    expect(reflector.store.get(`${namespace()}/cut-0`)?.metadata).not.toHaveProperty('managedFields')
    expect(proxy.requests.slice(before).filter(({ watch }) => !watch)).toHaveLength(2)
  })
})

it('follows labels in and out of its selector', async () => {
  const made = await api().create(CONFIG_MAPS, { metadata: { name: 'wanderer', namespace: namespace() } })
  const label = (value: string | null) => api().patchMerge(CONFIG_MAPS, { namespace: namespace(), name: made.metadata.name }, { metadata: { labels: { 'assay.dev/test': value } } })
  await reflecting(async (reflector) => {
    const key = `${namespace()}/wanderer`
    for (const value of ['yes', null, 'yes', 'no', 'yes']) {
      await label(value)
      await eventually(() => expect(reflector.store.get(key) !== undefined).toBe(value === 'yes'))
    }
  })
})

it('knows an expired place in history for what it is', async () => {
  const watching = async () => {
    for await (const _event of api().watch(CONFIG_MAPS, { namespace: namespace(), resourceVersion: '1', timeoutSeconds: 2, idleMs: 10_000, signal: AbortSignal.timeout(10_000) }));
  }
  await expect(watching()).rejects.toSatisfy(isExpired)
})

it('gets bookmarks and an end from the API server', async () => {
  const types = new Set<string>()
  const { metadata: { resourceVersion = '' } } = await create('start')
  await create('seen')
  // A busy API server may skip the bookmark of so short a watch; it does not skip it for ever.
  for (let watch = 0; watch < 4 && !types.has('BOOKMARK'); watch += 1) {
    for await (const { type } of api().watch(CONFIG_MAPS, { namespace: namespace(), resourceVersion, timeoutSeconds: 8, idleMs: 30_000, signal: AbortSignal.timeout(30_000) })) types.add(type)
  }
  expect([...types].sort()).toEqual(['ADDED', 'BOOKMARK'])
})

// SPDX-License-Identifier: Apache-2.0
/** The cluster that is measured in: a namespace of the benchmark's own, bound to the installed operator as charts/assay binds its tenants, and removed again. */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiResource, KubeObject } from '../operator/shell/kube/api-resource.ts'
import { EXPERIMENTS, HARNESSES, SCENARIOS, STACKS, TRIALS, WORKLOAD_PROFILES } from '../operator/shell/kube/assay-resources.ts'
import { LEASES, NAMESPACES, SERVICE_ACCOUNTS } from '../operator/shell/kube/builtin-resources.ts'
import { createClient, findAccess, type KubeClient } from '../operator/shell/kube/client.ts'
import { createResourceApi, type ResourceApi } from '../operator/shell/kube/resource-api.ts'
import { libraryObjects, ROOT } from './library.ts'

export const OPERATOR = 'assay-system'
const METRICS_PORT = 8082
const RIGHTS: ApiResource = { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings', kind: 'RoleBinding', namespaced: true }
const LIBRARY: Readonly<Record<string, ApiResource>> = { Scenario: SCENARIOS, WorkloadProfile: WORKLOAD_PROFILES, Harness: HARNESSES }
const GONE_WITHIN_MS = 90_000

export interface Cluster {
  readonly api: ResourceApi
  readonly namespace: string
  /** The replica that leads. */
  readonly leader: () => Promise<string>
  /** What the leader says at /metrics, read through the API server. */
  readonly metrics: () => Promise<string>
  readonly version: () => Promise<string>
  readonly apply: (resource: ApiResource, object: object) => Promise<void>
}

/** Runs with a namespace; takes it down again whatever happens. */
export async function withCluster<T>(run: (cluster: Cluster) => Promise<T>): Promise<T> {
  const own = join(ROOT, '.build/kubeconfig')
  const access = await findAccess(process.env['KUBECONFIG'] === undefined && existsSync(own) ? { file: own } : {})
  const client = createClient({ access, perSecond: 200, burst: 400, userAgent: 'assay-bench' })
  const cluster = clusterOf(client, `bench-${randomBytes(3).toString('hex')}`)
  try {
    await cluster.leader()
    await prepareNamespace(cluster)
    return await run(cluster)
  } finally {
    await removeNamespace(cluster)
    await client.close()
  }
}

function clusterOf(client: KubeClient, namespace: string): Cluster {
  const api = createResourceApi(client)
  const leader = async () => {
    const lease = await api.find(LEASES, { namespace: OPERATOR, name: 'assay-controller' })
    const holder = lease?.spec?.holderIdentity
    if (holder === undefined || holder === '') throw new Error(`no operator leads in ${OPERATOR}: make install`)
    return holder
  }
  const raw = async (path: string, resource: string) => text(await client.stream({ verb: 'get', resource, path }))
  return {
    api, namespace, leader,
    metrics: async () => raw(`/api/v1/namespaces/${OPERATOR}/pods/${await leader()}:${METRICS_PORT}/proxy/metrics`, 'pods/proxy'),
    version: async () => (JSON.parse(await raw('/version', 'version')) as { gitVersion: string }).gitVersion,
    apply: async (resource, object) => {
      const { metadata, ...rest } = object as KubeObject
      await api.apply(resource, { ...rest, metadata: { ...metadata, namespace } }, { fieldManager: 'assay-bench', force: true })
    },
  }
}

async function prepareNamespace({ api, apply, namespace }: Cluster): Promise<void> {
  await api.create(NAMESPACES, { metadata: { name: namespace, labels: { 'assay.dev/test': 'true' } } })
  await apply(SERVICE_ACCOUNTS, { metadata: { name: 'assay-runner' } })
  const bind = (name: string, role: string, subject: object) => apply(RIGHTS, {
    metadata: { name }, subjects: [{ kind: 'ServiceAccount', ...subject }], roleRef: { apiGroup: RIGHTS.group, kind: 'ClusterRole', name: `assay:${OPERATOR}:${role}` },
  })
  await bind('assay-runner', 'runner', { name: 'assay-runner', namespace })
  await bind('assay-runner-impersonation', 'impersonate-runner', { name: 'assay-controller', namespace: OPERATOR })
  for (const { kind, metadata, spec } of await libraryObjects()) {
    const resource = LIBRARY[kind]
    if (resource !== undefined) await apply(resource, { metadata, spec })
  }
}

/** Stacks hold a finalizer while Helm has something there: they go first, the namespace then. */
async function removeNamespace({ api, namespace }: Cluster): Promise<void> {
  const until = Date.now() + GONE_WITHIN_MS
  for (const resource of [EXPERIMENTS, TRIALS, STACKS] as readonly ApiResource[]) {
    const left = async () => (await api.list(resource, { namespace })).filter(({ metadata }) => metadata.namespace === namespace)
    for (const { metadata } of await left()) await api.delete(resource, { namespace, name: metadata.name })
    while ((await left()).length > 0 && Date.now() < until) await sleep(500)
  }
  await api.delete(NAMESPACES, { name: namespace })
}

// SPDX-License-Identifier: Apache-2.0
/** Builds the world of the controllers: mirrors, events, Helm, the tenants' eyes, deliveries. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { parse } from 'yaml'
import type { Access } from '../kube/access.ts'
import type { KubeObject } from '../kube/api-resource.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { createClient, type KubeClient } from '../kube/client.ts'
import { createEventRecorder } from '../kube/events.ts'
import { impersonating, serviceAccountUser } from '../kube/impersonate.ts'
import type { KubeMetrics } from '../kube/metrics.ts'
import { createResourceApi, type ResourceApi } from '../kube/resource-api.ts'
import { createRestMapping } from '../kube/rest-mapping.ts'
import { chartFact } from '../helm/chart-fact.ts'
import type { ChartSources } from '../helm/chart-source.ts'
import { createHelm } from '../helm/helm.ts'
import { writeInClusterKubeconfig } from '../helm/in-cluster-kubeconfig.ts'
import { HelmError } from '../helm/helm-error.ts'
import { VERSION } from '../version.ts'
import type { OperatorSettings } from './compose.ts'
import { createDeliveries, type RunningDeliveries } from './deliveries.ts'
import { createMirrors } from './mirrors.ts'
import { createStackMemories } from './stack-memory.ts'
import type { StackWorld } from './stack-world.ts'
import type { Storyteller } from './world.ts'

export interface CreatedWorld {
  readonly world: StackWorld
  readonly onDelivered: RunningDeliveries['onDelivered']
  readonly start: () => void
  readonly synced: Promise<void>
  readonly isSynced: () => boolean
  /** Says since when we lead. */
  readonly led: (epochMs: number) => void
  /** Tells every helm that runs to stop. */
  readonly stopHelm: () => void
  readonly stop: () => Promise<void>
}

interface Parts {
  readonly settings: OperatorSettings
  readonly access: Access
  readonly client: KubeClient
  readonly api: ResourceApi
  readonly metrics: KubeMetrics
  readonly log: Logger
}

export function createWorld(parts: Parts): CreatedWorld {
  const { settings, api, metrics, log } = parts
  const mirrors = createMirrors({
    api, namespaces: settings.watchNamespaces,
    onProblem: (problem) => {
      metrics.reflectorProblem(problem.resource)
      if (problem.failures > 1 || problem.during === 'handler') log.warn({ err: problem.error, resource: problem.resource, during: problem.during, failures: problem.failures }, 'cache')
    },
  })
  const recorder = createEventRecorder({ api, controller: 'assay.dev/operator', instance: settings.identity, onProblem: (error) => log.debug({ err: error }, 'event') })
  const deliveries = createDeliveries({ url: settings.resultsUrl, tokenPath: settings.resultsTokenPath, log })
  const helm = createHelm({ binary: settings.helmBinary, scratch: settings.scratchDir, kubeconfig: settings.kubeconfig ?? writeInClusterKubeconfig(settings.scratchDir) })
  const cache = join(settings.scratchDir, 'charts')
  mkdirSync(cache, { recursive: true })
  const configMap = async (namespace: string, name: string) => api.find(CONFIG_MAPS, { namespace, name })
  const charts: ChartSources = { helm, bundled: settings.chartsDir, cache, configMap: async (namespace, name) => (await configMap(namespace, name))?.binaryData }
  const memories = createStackMemories()
  let leadingSince = Date.now()
  const world: StackWorld = {
    ...mirrors, api, deliveries, story: storyteller(recorder.record), now: () => Date.now(), helm, memories,
    config: { image: settings.image, resultsUrl: settings.resultsUrl, version: VERSION },
    charts, chartFact: (namespace, chart) => chartFact(charts, namespace, chart),
    valuesOf: async (namespace, name, key) => valuesIn((await configMap(namespace, name))?.data, name, key),
    tenant: tenants(parts),
    namespaceTerminating: (namespace) => mirrors.namespaceObjects.store.get(namespace)?.metadata.deletionTimestamp !== undefined,
    leadingSince: () => leadingSince,
  }
  const synced = Promise.all(mirrors.all.map((m) => m.hasSynced())).then(() => undefined)
  return {
    world, synced, onDelivered: deliveries.onDelivered,
    start: () => {
      for (const mirror of mirrors.all) mirror.start()
      deliveries.start()
    },
    isSynced: () => mirrors.all.every((m) => m.isSynced()),
    led: (ms) => { leadingSince = ms },
    stopHelm: memories.stopAll,
    stop: async () => {
      deliveries.stop()
      await recorder.flush()
      await Promise.all(mirrors.all.map((m) => m.stop()))
    },
  }
}

/** One connection per tenant account, kept. */
function tenants({ access }: Parts): StackWorld['tenant'] {
  const known = new Map<string, ReturnType<StackWorld['tenant']>>()
  return (namespace, serviceAccount) => {
    const user = serviceAccountUser(namespace, serviceAccount)
    const found = known.get(user)
    if (found !== undefined) return found
    const client = createClient({ access: impersonating(access, user), userAgent: 'assay-controller', connections: 4 })
    const tenant = { api: createResourceApi(client), mapping: createRestMapping(client) }
    known.set(user, tenant)
    return tenant
  }
}

function valuesIn(data: Readonly<Record<string, string>> | undefined, name: string, key: string): Record<string, unknown> {
  if (data === undefined) throw new HelmError('ValuesInvalid', `ConfigMap ${name} (valuesFrom) does not exist`, false)
  const text = data[key]
  if (text === undefined) throw new HelmError('ValuesInvalid', `ConfigMap ${name} has no key ${key}; it has: ${Object.keys(data).join(', ') || 'none'}`, false)
  const values: unknown = parse(text)
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new HelmError('ValuesInvalid', `ConfigMap ${name}, key ${key}: expected a YAML map`, false)
  return values as Record<string, unknown>
}

function storyteller(record: ReturnType<typeof createEventRecorder>['record']): Storyteller {
  const resources = { Experiment: EXPERIMENTS, Stack: STACKS, Trial: TRIALS }
  const tell = (type: 'Normal' | 'Warning') => (about: KubeObject, reason: string, note: string) => {
    const resource = resources[about.kind as keyof typeof resources]
    record(resource, about, { type, reason, action: reason, note })
  }
  return { normal: tell('Normal'), warning: tell('Warning') }
}

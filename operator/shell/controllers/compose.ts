// SPDX-License-Identifier: Apache-2.0
/** The operator, composed: client, mirrors, Lease, queues, controllers, probes. Everything starts and stops here; nothing is decided here. */
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Access } from '../kube/access.ts'
import { createClient, findAccess } from '../kube/client.ts'
import { type Controller, runController } from '../kube/controller.ts'
import { createElector } from '../kube/lease.ts'
import { createKubeMetrics, type KubeMetrics } from '../kube/metrics.ts'
import { createResourceApi } from '../kube/resource-api.ts'
import { createWorkQueue, type WorkQueue } from '../kube/work-queue.ts'
import { serveProbes } from './probes.ts'
import { reconcileExperiment } from './experiment-controller.ts'
import { createPlanBook } from './plan-book.ts'
import { createPlanGrowth } from './plan-growth.ts'
import { reconcileStack } from './stack-controller.ts'
import type { StackWorld } from './stack-world.ts'
import { reconcileTrial } from './trial-controller.ts'
import { subscribeAll, type Queues } from './triggers.ts'
import { createWorld } from './create-world.ts'

export interface OperatorSettings {
  readonly namespace: string
  readonly kubeconfig: string | undefined
  readonly identity: string
  /** The whole cluster when undefined. */
  readonly watchNamespaces: readonly string[] | undefined
  readonly resultsUrl: string
  readonly resultsTokenPath: string
  readonly image: string
  readonly chartsDir: string
  readonly scratchDir: string
  readonly helmBinary: string
  readonly probesPort: number
  readonly metricsPort: number
}

export interface Operator {
  readonly start: () => void
  /** Resolves with the reason when the Lease is lost. */
  readonly lost: Promise<string>
  readonly stop: () => Promise<void>
}

const WORKERS = { experiment: 2, stack: 8, trial: 8 } as const
/** Helm may be in the middle of something: it gets time to end. */
const GRACE_MS = 60_000
const LEASE = 'assay-controller'

/** `known`: how the API server is reached, where neither a pod nor a kubeconfig says it. */
export async function composeOperator(settings: OperatorSettings, log: Logger, known?: Access): Promise<Operator> {
  const registry = new Registry()
  const metrics = createKubeMetrics(registry)
  const access = known ?? await findAccess(settings.kubeconfig === undefined ? {} : { file: settings.kubeconfig })
  const client = createClient({ access, onRequest: metrics.request, userAgent: 'assay-controller' })
  const api = createResourceApi(client)
  const created = createWorld({ settings, access, client, api, metrics, log })
  const queues: Queues = { experiment: queueOf(metrics, 'experiment'), stack: queueOf(metrics, 'stack'), trial: queueOf(metrics, 'trial') }
  const lost = Promise.withResolvers<string>()
  let controllers: Controller[] = []
  const elector = createElector({
    api, namespace: settings.namespace, name: LEASE, identity: settings.identity,
    onElected: () => {
      log.info('leading')
      metrics.leader(LEASE, true)
      created.led(Date.now())
      controllers = runAll(created.world, { queues, metrics, log })
    },
    onLost: (why) => lost.resolve(`the Lease is lost: ${why}`),
    onProblem: (error) => log.warn({ err: error }, 'lease'),
  })
  const probes = await serveProbes({ registry, probesPort: settings.probesPort, metricsPort: settings.metricsPort, ready: created.isSynced })
  return {
    start: () => {
      created.start()
      created.synced.then(() => {
        subscribeAll(created, queues)
        log.info('caches are in sync')
        elector.start()
      }, (error: unknown) => lost.resolve(String(error)))
    },
    lost: lost.promise,
    stop: async () => {
      created.stopHelm()
      await Promise.all(controllers.map((c) => c.stop({ graceMs: GRACE_MS })))
      await elector.stop()
      metrics.leader(LEASE, false)
      await created.stop()
      await probes.close()
      await client.close()
    },
  }
}

function queueOf(metrics: KubeMetrics, name: string): WorkQueue {
  return createWorkQueue({ metrics: metrics.queue(name) })
}

function runAll(world: StackWorld, at: { readonly queues: Queues; readonly metrics: KubeMetrics; readonly log: Logger }): Controller[] {
  const { queues, metrics, log } = at
  const plans = { book: createPlanBook(), growth: createPlanGrowth() }
  const common = (name: keyof typeof WORKERS) => ({ name, queue: queues[name], workers: WORKERS[name], log, metrics: metrics.controller(name, WORKERS[name]) })
  return [
    runController({ ...common('experiment'), reconcile: (key, context) => reconcileExperiment(world, plans, key, context) }),
    runController({ ...common('stack'), reconcile: (key, context) => reconcileStack(world, key, context) }),
    runController({ ...common('trial'), reconcile: (key, context) => reconcileTrial(world, key, context) }),
  ]
}


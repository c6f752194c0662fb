// SPDX-License-Identifier: Apache-2.0
/** What the machinery counts, under the names of controller-runtime so that dashboards made for it work; it measures nothing itself. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { RequestRecord } from './client.ts'
import type { ControllerMetrics } from './controller.ts'
import type { QueueMetrics } from './work-queue.ts'

export interface KubeMetrics {
  readonly request: (record: RequestRecord) => void
  readonly queue: (name: string) => QueueMetrics
  readonly controller: (name: string, workers: number) => ControllerMetrics
  readonly leader: (name: string, leads: boolean) => void
  readonly reflectorProblem: (resource: string) => void
}

const FAST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export function createKubeMetrics(registry: Registry): KubeMetrics {
  const requests = new Counter({ name: 'rest_client_requests_total', help: 'Requests to the API server by status code (0: no answer), method, verb and resource.', labelNames: ['code', 'method', 'verb', 'resource'], registers: [registry] })
  const requestSeconds = new Histogram({ name: 'rest_client_request_duration_seconds', help: 'Time from sending a request to the head of its answer.', labelNames: ['verb'], buckets: FAST_SECONDS, registers: [registry] })
  const leads = new Gauge({ name: 'leader_election_master_status', help: 'Whether this process leads (1) or stands by (0).', labelNames: ['name'], registers: [registry] })
  const problems = new Counter({ name: 'assay_reflector_problems_total', help: 'Failed lists, watches and handlers of the caches; each was recovered from.', labelNames: ['resource'], registers: [registry] })
  return {
    request: ({ code, method, verb, resource, ms }) => {
      requests.inc({ code, method, verb, resource })
      // A watch's answer ends when the watch does; only its head would be counted, and says nothing.
      if (verb !== 'watch') requestSeconds.observe({ verb }, ms / 1000)
    },
    queue: queueMetrics(registry),
    controller: controllerMetrics(registry),
    leader: (name, is) => leads.set({ name }, is ? 1 : 0),
    reflectorProblem: (resource) => problems.inc({ resource }),
  }
}

function queueMetrics(registry: Registry): KubeMetrics['queue'] {
  const common = { labelNames: ['name'], registers: [registry] }
  const depth = new Gauge({ name: 'workqueue_depth', help: 'Keys in line.', ...common })
  const adds = new Counter({ name: 'workqueue_adds_total', help: 'Keys added.', ...common })
  const retries = new Counter({ name: 'workqueue_retries_total', help: 'Keys put back after a failure.', ...common })
  const queued = new Histogram({ name: 'workqueue_queue_duration_seconds', help: 'Time that keys spend in line.', buckets: FAST_SECONDS, ...common })
  const worked = new Histogram({ name: 'workqueue_work_duration_seconds', help: 'Time that keys spend with a worker.', buckets: FAST_SECONDS, ...common })
  return (name) => ({
    depth: (keys) => depth.set({ name }, keys),
    added: () => adds.inc({ name }),
    retried: () => retries.inc({ name }),
    queued: (ms) => queued.observe({ name }, ms / 1000),
    worked: (ms) => worked.observe({ name }, ms / 1000),
  })
}

function controllerMetrics(registry: Registry): KubeMetrics['controller'] {
  const common = { labelNames: ['controller'], registers: [registry] }
  const total = new Counter({ name: 'controller_runtime_reconcile_total', help: 'Reconciles by result: success, requeue_after, error.', labelNames: ['controller', 'result'], registers: [registry] })
  const errors = new Counter({ name: 'controller_runtime_reconcile_errors_total', help: 'Reconciles that failed.', ...common })
  const terminal = new Counter({ name: 'controller_runtime_terminal_reconcile_errors_total', help: 'Reconciles that failed for good.', ...common })
  const seconds = new Histogram({ name: 'controller_runtime_reconcile_time_seconds', help: 'Time of one reconcile.', buckets: FAST_SECONDS, ...common })
  const most = new Gauge({ name: 'controller_runtime_max_concurrent_reconciles', help: 'Workers.', ...common })
  const active = new Gauge({ name: 'controller_runtime_active_workers', help: 'Workers that are at work.', ...common })
  return (controller, workers) => {
    most.set({ controller }, workers)
    active.set({ controller }, 0)
    for (const result of ['success', 'requeue_after', 'error']) total.inc({ controller, result }, 0)
    return {
      started: () => active.inc({ controller }),
      ended: (result, ms, forGood) => {
        active.dec({ controller })
        total.inc({ controller, result })
        seconds.observe({ controller }, ms / 1000)
        if (result === 'error') errors.inc({ controller })
        if (forGood) terminal.inc({ controller })
      },
    }
  }
}

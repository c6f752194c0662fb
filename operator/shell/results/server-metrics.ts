// SPDX-License-Identifier: Apache-2.0
/** The results server's own metrics for Prometheus; names are a promise to dashboards. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface ServerMetrics {
  readonly answered: (method: string, route: string, status: number, seconds: number) => void
  readonly received: (bytes: number) => void
  readonly delivered: (verdict: string) => void
  readonly removed: () => void
  readonly registry: Registry
}

export interface MetricSources {
  readonly listeners: () => number
  readonly freeBytes: () => Promise<number | undefined>
}

export function createServerMetrics({ listeners, freeBytes }: MetricSources): ServerMetrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'assay_results_request_duration_seconds',
    help: 'Time to answer, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10, 60],
    registers,
  })
  const bytes = new Counter({ name: 'assay_results_received_bytes_total', help: 'Bytes of files that collectors sent.', registers })
  const deliveries = new Counter({
    name: 'assay_results_delivered_total',
    help: 'Attempts delivered, by verdict.',
    labelNames: ['verdict'],
    registers,
  })
  const removals = new Counter({ name: 'assay_results_removed_trials_total', help: 'Trials removed after their retention.', registers })
  const gauges = [
    new Gauge({
      name: 'assay_results_event_listeners',
      help: 'Open event streams.',
      registers,
      collect() {
        this.set(listeners())
      },
    }),
    new Gauge({
      name: 'assay_results_free_bytes',
      help: 'Bytes left in the store.',
      registers,
      async collect() {
        this.set((await freeBytes()) ?? Number.NaN)
      },
    }),
  ]
  for (const gauge of gauges) gauge.set(0)
  return {
    registry,
    answered: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    received: (count) => bytes.inc(Math.max(0, count)),
    delivered: (verdict) => deliveries.inc({ verdict }),
    removed: () => removals.inc(),
  }
}

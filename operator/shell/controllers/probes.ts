// SPDX-License-Identifier: Apache-2.0
/** /healthz, /readyz and /metrics of the operator. A stalled event loop is unhealthy; caches that are not in sync are not ready. */
import { createServer, type Server } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { collectDefaultMetrics, type Registry } from 'prom-client'

export interface ProbeOptions {
  readonly registry: Registry
  readonly probesPort: number
  readonly metricsPort: number
  readonly ready: () => boolean
}

const STALL_MS = 10_000

export async function serveProbes({ registry, probesPort, metricsPort, ready }: ProbeOptions): Promise<{ readonly close: () => Promise<void> }> {
  collectDefaultMetrics({ register: registry })
  const delay = monitorEventLoopDelay({ resolution: 100 })
  delay.enable()
  const healthy = () => {
    const worstMs = delay.max / 1e6
    delay.reset()
    return worstMs < STALL_MS
  }
  const answers: Readonly<Record<string, () => boolean>> = { '/healthz': healthy, '/readyz': ready }
  const probes = createServer((request, response) => {
    const answer = answers[(request.url ?? '').split('?')[0] ?? '']
    response.statusCode = answer === undefined ? 404 : answer() ? 200 : 503
    response.end(response.statusCode === 200 ? 'ok\n' : 'no\n')
  })
  const metrics = createServer((request, response) => {
    if (!(request.url ?? '').startsWith('/metrics')) {
      response.statusCode = 404
      response.end()
      return
    }
    registry.metrics().then((text) => {
      response.setHeader('content-type', registry.contentType)
      response.end(text)
    }, () => {
      response.statusCode = 500
      response.end()
    })
  })
  await Promise.all([listen(probes, probesPort), listen(metrics, metricsPort)])
  return { close: async () => { await Promise.all([close(probes), close(metrics)]) } }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, () => resolve())
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

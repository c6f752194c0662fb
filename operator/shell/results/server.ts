// SPDX-License-Identifier: Apache-2.0
/** The results server as a process part: composes, listens on two ports, sweeps, stops without losing what is being sent. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Logger } from 'pino'
import { type Clock, sleep } from '../kube/clock.ts'
import { createApp } from './app.ts'
import { createGuard } from './authenticate.ts'
import { createEventHub } from './events.ts'
import type { ResultsKube } from './kube.ts'
import { sweep } from './retention.ts'
import { createServerMetrics, type ServerMetrics } from './server-metrics.ts'
import type { Store } from './store.ts'
import { createTrialBook } from './trial-book.ts'

export interface ResultsServerOptions {
  readonly store: Store
  readonly kube: ResultsKube
  readonly clock: Clock
  readonly log: Logger
  /** User name of the controller's service account. */
  readonly controllerUser: string
  readonly host?: string
  /** 0 takes any free port. */
  readonly port: number
  readonly healthPort: number
  readonly sweepEveryMs?: number
}

export interface ResultsServer {
  readonly port: number
  readonly healthPort: number
  readonly metrics: ServerMetrics
  /** Takes no new requests, ends event streams, and lets uploads end within the time. */
  readonly stop: (graceMs: number) => Promise<void>
}

/** A sender that is silent for this long is gone. */
const IDLE_MS = 120_000
const SWEEP_EVERY_MS = 60 * 60_000
/** Ten requests a second at most. */
const SWEEP_PAUSE_MS = 100

export async function startResultsServer(options: ResultsServerOptions): Promise<ResultsServer> {
  const { store, kube, clock, log, host } = options
  await store.check()
  const stopping = new AbortController()
  const hub = createEventHub()
  const metrics = createServerMetrics({ listeners: hub.listeners, freeBytes: store.freeBytes })
  const guard = createGuard({ kube, clock, controllerUser: options.controllerUser })
  const book = createTrialBook({ store, kube, clock })
  const app = createApp({ store, guard, book, hub, clock, metrics, stopping: stopping.signal }, log)
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // An upload may take long as long as it moves; silence ends it.
  Object.assign(server, { requestTimeout: 0, headersTimeout: 30_000, timeout: IDLE_MS, keepAliveTimeout: 75_000 })
  const health = healthServer({ store, metrics, stopping: stopping.signal })
  const [port, healthPort] = [await listen(server, options.port, host), await listen(health, options.healthPort, host)]
  const sweeping = keepSweeping({ ...options, metrics, stopping: stopping.signal })
  log.info({ port, healthPort }, 'results server listens')
  return {
    port,
    healthPort,
    metrics,
    stop: async (graceMs) => {
      stopping.abort()
      await Promise.all([close(server, graceMs), close(health, graceMs), sweeping])
    },
  }
}

function healthServer({
  store,
  metrics,
  stopping,
}: {
  readonly store: Store
  readonly metrics: ServerMetrics
  readonly stopping: AbortSignal
}): Server {
  const ready = async () => {
    if (stopping.aborted) return [503, 'stopping'] as const
    try {
      await store.check()
      return [200, 'ok'] as const
    } catch (error) {
      return [503, (error as Error).message] as const
    }
  }
  const respond = async (path: string): Promise<readonly [number, string, string?]> => {
    if (path === '/healthz') return [200, 'ok']
    if (path === '/readyz') return ready()
    if (path === '/metrics') return [200, await metrics.registry.metrics(), metrics.registry.contentType]
    return [404, 'not found']
  }
  return createServer((request, response) => {
    respond(request.url?.split('?')[0] ?? '').then(
      ([status, text, type = 'text/plain']) => response.writeHead(status, { 'content-type': type }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
}

async function keepSweeping({
  store,
  kube,
  clock,
  log,
  metrics,
  stopping,
  sweepEveryMs = SWEEP_EVERY_MS,
}: ResultsServerOptions & { readonly metrics: ServerMetrics; readonly stopping: AbortSignal }): Promise<void> {
  while (!stopping.aborted) {
    await sweep({
      store,
      kube,
      clock,
      pause: () => sleep(clock, SWEEP_PAUSE_MS, stopping),
      onRemoved: (_, memo) => {
        metrics.removed()
        log.info({ namespace: memo.namespace, trial: memo.trial, uid: memo.trialUid }, 'results removed: their retention is over')
      },
      onProblem: (trial, err) => log.warn({ err, ...trial }, 'retention of a trial could not be checked'),
    }).catch((err: unknown) => log.warn({ err }, 'retention could not be checked'))
    await sleep(clock, sweepEveryMs, stopping)
  }
}

function listen(server: Server, port: number, host = '::'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}

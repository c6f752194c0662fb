// SPDX-License-Identifier: Apache-2.0
/** A real results server on loopback over a folder of its own. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '../../kube/clock.ts'
import { DEFAULT_LIMITS, type Limits } from '../quota.ts'
import { type ResultsServer, startResultsServer } from '../server.ts'
import { createVolumeStore } from '../store-volume.ts'
import { CONTROLLER, createFakeKube, type FakeKube } from './fake-kube.ts'

export interface RunningServer {
  readonly server: ResultsServer
  readonly kube: FakeKube
  readonly data: string
  readonly url: string
  readonly health: string
  readonly controllerToken: string
}

export interface RunningOptions {
  readonly kube?: FakeKube
  readonly data?: string
  readonly port?: number
  readonly limits?: Limits
}

export async function runServer(options: RunningOptions = {}): Promise<RunningServer> {
  const { kube = createFakeKube(), data = mkdtempSync(join(tmpdir(), 'assay-results-')), port = 0, limits = DEFAULT_LIMITS } = options
  const server = await startResultsServer({
    store: createVolumeStore(data, limits), kube, clock: systemClock, log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    controllerUser: CONTROLLER.username, host: '127.0.0.1', port, healthPort: 0,
  })
  return { server, kube, data, url: `http://127.0.0.1:${server.port}`, health: `http://127.0.0.1:${server.healthPort}`, controllerToken: kube.token(CONTROLLER) }
}

// SPDX-License-Identifier: Apache-2.0
/** The command `results-server`: settings from flags and environment, then the server until a signal. */
import { type Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import { systemClock } from '../kube/clock.ts'
import { createClient, findAccess } from '../kube/client.ts'
import { createResourceApi } from '../kube/resource-api.ts'
import { createResultsKube } from './kube.ts'
import { DEFAULT_LIMITS } from './quota.ts'
import { startResultsServer } from './server.ts'
import { createVolumeStore } from './store-volume.ts'

interface Settings {
  readonly data: string
  readonly port: number
  readonly healthPort: number
  readonly quotaBytes: number
  readonly quotaFiles: number
  readonly controllerServiceAccount: string
  readonly kubeconfig?: string
}

/** Below the 30 s after which the kubelet kills. */
const STOP_GRACE_MS = 25_000

export function registerResults(program: Command): void {
  program
    .command('results-server', { hidden: true })
    .description("run the results server (one role of the operator's image)")
    .option('--data <folder>', 'where results are kept', process.env['ASSAY_RESULTS_DATA'] ?? '/data')
    .option('--port <number>', 'port of the interface', whole, whole(process.env['ASSAY_RESULTS_PORT'] ?? '8080'))
    .option('--health-port <number>', 'port of /healthz, /readyz and /metrics', whole, whole(process.env['ASSAY_HEALTH_PORT'] ?? '8081'))
    .option(
      '--quota-bytes <number>',
      'bytes that one trial may store',
      whole,
      whole(process.env['ASSAY_QUOTA_BYTES'] ?? String(DEFAULT_LIMITS.bytesPerTrial)),
    )
    .option(
      '--quota-files <number>',
      'files that one trial may store',
      whole,
      whole(process.env['ASSAY_QUOTA_FILES'] ?? String(DEFAULT_LIMITS.filesPerTrial)),
    )
    .option(
      '--controller-service-account <name>',
      'service account of the controller, or namespace:name',
      process.env['ASSAY_CONTROLLER_SA'] ?? 'assay-controller',
    )
    .option('--kubeconfig <file>', 'kubeconfig to use outside of a cluster')
    .action(runResults)
}

async function runResults(settings: Settings): Promise<void> {
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info', base: { role: 'results' } })
  const client = createClient({ access: await findAccess({ file: settings.kubeconfig }), userAgent: 'assay-results' })
  const server = await startResultsServer({
    store: createVolumeStore(settings.data, { bytesPerTrial: settings.quotaBytes, filesPerTrial: settings.quotaFiles }),
    kube: createResultsKube(createResourceApi(client)),
    clock: systemClock,
    log,
    controllerUser: userOf(settings.controllerServiceAccount, client.namespace),
    port: settings.port,
    healthPort: settings.healthPort,
  })
  const signal = await firstSignal()
  log.info({ signal }, 'results server stops')
  await server.stop(STOP_GRACE_MS)
  await client.close()
}

/** The user name of a service account: `name` of our own namespace, or `namespace:name`. */
export function userOf(serviceAccount: string, ownNamespace: string): string {
  return `system:serviceaccount:${serviceAccount.includes(':') ? serviceAccount : `${ownNamespace}:${serviceAccount}`}`
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve)
  })
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number')
  return Number(text)
}

// SPDX-License-Identifier: Apache-2.0
/** The command `controller`: reads its environment, waits to lead, runs the three controllers, and hands over when told to stop. */
import { hostname } from 'node:os'
import type { Command } from 'commander'
import { pino } from 'pino'
import { composeOperator, type OperatorSettings } from './compose.ts'

export function registerController(program: Command): void {
  program.command('controller', { hidden: true })
    .description('run the operator (in the cluster)')
    .option('--kubeconfig <file>', 'kubeconfig, when it does not run in the cluster')
    .action(async ({ kubeconfig }: { readonly kubeconfig?: string }) => run(settingsFrom(process.env, kubeconfig)))
}

/** The environment that the chart sets; see charts/assay. */
export function settingsFrom(env: NodeJS.ProcessEnv, kubeconfig?: string): OperatorSettings {
  const namespaces = (env.ASSAY_WATCH_NAMESPACES ?? '').split(',').map((n) => n.trim()).filter((n) => n !== '')
  const namespace = env.ASSAY_NAMESPACE ?? 'assay-system'
  return {
    namespace, kubeconfig,
    identity: env.POD_NAME ?? hostname(),
    watchNamespaces: namespaces.length === 0 ? undefined : namespaces,
    resultsUrl: env.ASSAY_RESULTS_URL ?? `http://assay-results.${namespace}.svc:8080`,
    resultsTokenPath: env.ASSAY_RESULTS_TOKEN ?? '/var/run/assay/token',
    image: env.ASSAY_IMAGE ?? 'ghcr.io/assay-dev/assay:0.1.0',
    chartsDir: env.ASSAY_CHARTS_DIR ?? new URL('../../../charts', import.meta.url).pathname,
    scratchDir: env.ASSAY_SCRATCH_DIR ?? '/tmp',
    helmBinary: env.ASSAY_HELM ?? 'helm',
    probesPort: Number(env.ASSAY_PROBES_PORT ?? 8081),
    metricsPort: Number(env.ASSAY_METRICS_PORT ?? 8082),
  }
}

async function run(settings: OperatorSettings): Promise<void> {
  const log = pino({ level: process.env.LOG_LEVEL ?? 'info', base: { component: 'controller' } })
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event)
      process.exit(1)
    })
  }
  const operator = await composeOperator(settings, log)
  operator.start()
  const why = await Promise.race([signalled('SIGTERM'), signalled('SIGINT'), operator.lost])
  log.info({ why }, 'stopping')
  await operator.stop()
  process.exit(why.startsWith('SIG') ? 0 : 1)
}

function signalled(signal: NodeJS.Signals): Promise<string> {
  return new Promise((resolve) => { process.once(signal, () => resolve(signal)) })
}

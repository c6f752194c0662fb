// SPDX-License-Identifier: Apache-2.0
/** The command `collector`: the native sidecar of a trial's pod. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { pino } from 'pino'
import { systemClock } from '../kube/clock.ts'
import { readTrial, TRIAL_FILE } from '../prepare/read-trial.ts'
import { createResultsClient, tokenFile } from '../results/client.ts'
import { collect } from './collect.ts'
import { type ProcessTable, procTable } from './process-table.ts'
import { writeTermination } from './termination.ts'

export interface CollectorSettings {
  readonly trial: string
  /** terminationGracePeriodSeconds of the pod. */
  readonly graceSeconds: number
}

/** What the trial's pod is given. */
const GRACE_SECONDS = 120
const STREAM_ATTEMPTS = 2

export function registerCollector(program: Command): void {
  program.command('collector', { hidden: true })
    .description('stream, adapt and deliver what a trial\'s harness writes (sidecar of a trial\'s pod)')
    .option('--trial <file>', 'trial.json', process.env['ASSAY_TRIAL'] ?? TRIAL_FILE)
    .option('--grace-seconds <number>', 'the pod\'s grace period', Number, Number(process.env['ASSAY_GRACE_SECONDS'] ?? GRACE_SECONDS))
    .action(async (settings: CollectorSettings) => {
      process.exitCode = await runCollector(settings)
    })
}

export async function runCollector({ trial, graceSeconds }: CollectorSettings, table: ProcessTable = procTable()): Promise<number> {
  // Before anything else: a signal that comes early must not end us by default.
  const terminate = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => terminate.abort())
  const job = await readTrial(trial)
  const log = pino({ level: process.env['LOG_LEVEL'] ?? 'info', base: { role: 'collector', trial: job.trial.name, attempt: job.trial.attempt } })
  const credential = process.env['ASSAY_CREDENTIAL']
  return collect({
    job, table, clock: systemClock, log, work: join(job.paths.in, '../collector'), terminate: terminate.signal, graceMs: graceSeconds * 1000,
    secrets: credential === undefined ? [] : [credential],
    client: createResultsClient({ base: job.results.url, token: tokenFile(job.results.tokenPath), attempts: STREAM_ATTEMPTS }),
    lastWord: writeTermination,
  })
}

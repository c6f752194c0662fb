// SPDX-License-Identifier: Apache-2.0
/** Composes the collector from its trial.json and its environment. */
import { join } from 'node:path'
import { pino } from 'pino'
import { systemClock } from '../kube/clock.ts'
import { readTrial } from '../prepare/read-trial.ts'
import { createResultsClient, tokenFile } from '../results/client.ts'
import { collect } from './collect.ts'
import { environmentSecrets } from './environment-secrets.ts'
import { type ProcessTable, procTable } from './process-table.ts'
import { writeTermination } from './termination.ts'

export interface CollectorSettings {
  readonly trial: string
  /** terminationGracePeriodSeconds of the pod. */
  readonly graceSeconds: number
  /** Aborted when the kubelet tells us to end. */
  readonly terminate: AbortSignal
}

const STREAM_ATTEMPTS = 2

/** The exit code. */
export async function runCollector(
  { trial, graceSeconds, terminate }: CollectorSettings,
  table: ProcessTable = procTable(),
): Promise<number> {
  const job = await readTrial(trial)
  const log = pino({
    level: process.env['LOG_LEVEL'] ?? 'info',
    base: { role: 'collector', trial: job.trial.name, attempt: job.trial.attempt },
  })
  return collect({
    job,
    table,
    clock: systemClock,
    log,
    work: join(job.paths.in, '../collector'),
    terminate,
    graceMs: graceSeconds * 1000,
    secrets: environmentSecrets(process.env),
    client: createResultsClient({ base: job.results.url, token: tokenFile(job.results.tokenPath), attempts: STREAM_ATTEMPTS }),
    lastWord: writeTermination,
  })
}

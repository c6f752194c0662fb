// SPDX-License-Identifier: Apache-2.0
/** The command `collector`: the native sidecar of a trial's pod. It hears signals before it loads anything. */
import type { Command } from 'commander'
import { TRIAL_FILE } from '../prepare/trial-file.ts'

/** What the trial's pod is given. */
const GRACE_SECONDS = 120

export function registerCollector(program: Command): void {
  program
    .command('collector', { hidden: true })
    .description("stream, adapt and deliver what a trial's harness writes (sidecar of a trial's pod)")
    .option('--trial <file>', 'trial.json', process.env['ASSAY_TRIAL'] ?? TRIAL_FILE)
    .option('--grace-seconds <number>', "the pod's grace period", Number, Number(process.env['ASSAY_GRACE_SECONDS'] ?? GRACE_SECONDS))
    .action(async (settings: { readonly trial: string; readonly graceSeconds: number }) => {
      const terminate = terminationSignal()
      const { runCollector } = await import('./run-collector.ts')
      process.exitCode = await runCollector({ ...settings, terminate })
    })
}

/** A short trial may be over before all of our code is loaded: without a listener the signal would end us there. */
export function terminationSignal(): AbortSignal {
  const terminate = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => terminate.abort())
  return terminate.signal
}

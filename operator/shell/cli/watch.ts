// SPDX-License-Identifier: Apache-2.0
/** `assay watch`: the progress of an Experiment until it ends; its end is the exit code. */
import type { Command } from 'commander'
import { type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { durationOption, objectName } from './arguments.ts'
import { exitCodeOf } from './outcome.ts'
import { watchExperiment } from './watch-experiment.ts'

export function registerWatch(program: Command): void {
  withClusterOptions(program.command('watch').argument('<experiment>', 'name of the Experiment', objectName('experiments')).description('show the progress of an Experiment until it ends; Ctrl-C detaches and harms nothing'))
    .option('--timeout <duration>', 'give up after this time, such as 30m (exit code 7)', durationOption)
    .action(async (name: string, options: ClusterOptions & { readonly timeout?: number }) => {
      process.exitCode = await withCluster(options, async (cluster) => exitCodeOf(await watchExperiment(cluster, name, { timeoutMs: options.timeout })))
    })
}

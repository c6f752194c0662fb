// SPDX-License-Identifier: Apache-2.0
/** `assay export trial`: one file that measures the same again on another cluster, and says what was measured on this one. */
import { writeFile } from 'node:fs/promises'
import { type Command } from 'commander'
import { VERSION } from '../version.ts'
import { objectName } from './arguments.ts'
import { bundleText } from './bundle.ts'
import { recordOf } from './bundle-record.ts'
import { registerExportBaseline } from './export-baseline.ts'
import { type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { say } from './say.ts'
import { findTrial } from './trial-subject.ts'

export function registerExport(program: Command): void {
  const command = program.command('export').description('write what another cluster needs to measure the same again, or to compare with it')
  registerExportBaseline(command)
  withClusterOptions(command.command('trial'))
    .description('one trial: its resolved Stack and Trial, ConfigMaps that they use, and a record of images, values, seeds and data')
    .argument('<name>', 'name of the Trial', objectName('trials'))
    .option('-o, --output <file>', 'where it goes (default: standard output)')
    .action(async (name: string, options: ClusterOptions & { readonly output?: string }) => {
      const subject = await withCluster(options, (cluster) => findTrial(cluster, name))
      const record = recordOf(subject, VERSION)
      const text = bundleText(subject, record)
      for (const need of record.needs) say(`not in the bundle, to be there already: ${need}`)
      if (options.output === undefined) process.stdout.write(text)
      else {
        await writeFile(options.output, text)
        say(`wrote ${options.output}; to measure it again elsewhere: kubectl apply -n NAMESPACE -f ${options.output}`)
      }
    })
}

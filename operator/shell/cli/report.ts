// SPDX-License-Identifier: Apache-2.0
/** `assay report`: the report of an Experiment as files, from the cluster or from a work folder. */
import { type Command, InvalidArgumentError } from 'commander'
import { wholeNumber } from './arguments.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { collectFromCluster } from './collect.ts'
import { experimentName } from './results.ts'
import { say } from './say.ts'
import { defaultFolder, isWorkFolder, readWorkFolder, REPORT_FORMATS, type ReportFormat, saveData, saveReports } from './work-folder.ts'

interface ReportOptions extends ClusterOptions {
  readonly out?: string
  readonly format: readonly ReportFormat[]
  readonly run?: number
}

export function registerReport(program: Command): void {
  withClusterOptions(program.command('report'))
    .description('write the report of an Experiment: one HTML file that needs no network, Markdown, CSV, JSON')
    .argument('<experiment|folder>', 'name of the Experiment, or a folder that run, results, report or load wrote')
    .option('--out <folder>', 'where it goes (default: work/<name>-<run>, or the folder itself)')
    .option('--format <list>', `comma-separated, of ${REPORT_FORMATS.join(', ')}`, formats, [...REPORT_FORMATS])
    .option('--run <number>', 'an earlier run (default: the last)', wholeNumber)
    .action(async (what: string, options: ReportOptions) => {
      const written = await write(what, options)
      for (const path of Object.values(written)) process.stdout.write(`${path}\n`)
    })
}

type Written = Partial<Record<ReportFormat, string>>

async function write(what: string, options: ReportOptions): Promise<Written> {
  if (isWorkFolder(what)) return saveReports(options.out ?? what, await readWorkFolder(what), options.format)
  const name = experimentName(what)
  return withCluster(options, (cluster) => fromCluster(cluster, name, options))
}

async function fromCluster(cluster: Cluster, name: string, { out, format, run }: ReportOptions): Promise<Written> {
  const collected = await collectFromCluster(cluster, name, run)
  const folder = out ?? defaultFolder(collected.experiment)
  await saveData(folder, collected)
  say(`work folder: ${folder}`)
  return saveReports(folder, collected, format)
}

function formats(text: string): ReportFormat[] {
  return text.split(',').map((word) => {
    const format = REPORT_FORMATS.find((f) => f === word.trim() || (f === 'markdown' && word.trim() === 'md'))
    if (format === undefined) throw new InvalidArgumentError(`there is no form "${word}"; expected ${REPORT_FORMATS.join(', ')}`)
    return format
  })
}

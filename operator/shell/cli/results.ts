// SPDX-License-Identifier: Apache-2.0
/** `assay results`: what an Experiment found, from the cluster or from a work folder, for people or for programs. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { objectName, wholeNumber } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { type Collected, collectFromCluster, resultsOf } from './collect.ts'
import { downloadRaw } from './download.ts'
import { EXIT } from './exit-codes.ts'
import { formatResults, type ResultForm, resultFormOption } from './result-forms.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { say } from './say.ts'
import { defaultFolder, isWorkFolder, readWorkFolder, saveData, saveReports } from './work-folder.ts'

interface ResultsOptions extends ClusterOptions, LanguageOptions {
  readonly output: ResultForm
  readonly out?: string
  readonly raw: boolean
  readonly run?: number
}

export function registerResults(program: Command): void {
  withClusterOptions(program.command('results'))
    .description('show what an Experiment found: an object of the cluster, or a work folder')
    .argument('<experiment|folder>', 'name of the Experiment, or a folder that run, results, report or load wrote')
    .addOption(resultFormOption())
    .addOption(languageOption())
    .option('--run <number>', 'an earlier run (default: the last)', wholeNumber)
    .option('--out <folder>', 'also write findings, reports and what was planned to a folder')
    .option('--raw', 'also fetch records, logs and native files from the results server, into data/ of the folder', false)
    .action(async (what: string, options: ResultsOptions) => {
      const collected = await collect(what, options)
      process.stdout.write(formatResults(resultsOf(collected), options.output, options.lang))
    })
}

async function collect(what: string, options: ResultsOptions): Promise<Collected> {
  if (isWorkFolder(what)) {
    if (options.raw) throw new CliError(EXIT.usage, '--raw fetches from a cluster; this is a folder', `its raw files, if it has any, are in ${join(what, 'data')}`)
    const collected = await readWorkFolder(what)
    if (options.out !== undefined) await saveAll(options.out, collected, options)
    return collected
  }
  const name = experimentName(what)
  return withCluster(options, async (cluster) => {
    const collected = await collectFromCluster(cluster, name, options.run)
    const folder = options.out ?? (options.raw ? defaultFolder(collected.experiment) : undefined)
    if (folder !== undefined) await saveAll(folder, collected, options)
    if (options.raw && folder !== undefined) await fetchRaw(cluster, collected, folder)
    return collected
  })
}

/** A path that is no folder of ours is more likely mistyped than the name of an object. */
export function experimentName(what: string): string {
  const kind = what.slice(0, Math.max(0, what.indexOf('/')))
  if (what.includes('/') && !/^experiments?(\.assay\.dev)?$/.test(kind)) throw new CliError(EXIT.usage, `${what} is no work folder`, 'expected the name of an Experiment, or a folder that `assay run`, `results`, `report` or `load` wrote')
  return objectName('experiments')(what)
}

async function saveAll(folder: string, collected: Collected, { lang }: LanguageOptions): Promise<void> {
  await saveData(folder, collected)
  await saveReports(folder, collected, { texts: lang })
  say(`findings and reports: ${folder}`)
}

async function fetchRaw(cluster: Cluster, { trials }: Collected, folder: string): Promise<void> {
  const { files, bytes } = await downloadRaw(cluster, trials.map((f) => ({ trial: f.trial.name, uid: f.trial.uid, attempt: f.trial.attempt })), join(folder, 'data'))
  say(`raw files: ${files} files, ${(bytes / 1e6).toFixed(1)} MB in ${join(folder, 'data')}`)
}

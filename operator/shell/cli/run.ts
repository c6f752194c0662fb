// SPDX-License-Identifier: Apache-2.0
/** `assay run`: an Experiment from file to report. Checked offline, applied, watched, tabulated; at the end, proof that its stacks are gone. */
import type { Command } from 'commander'
import { durationOption, repeated } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts'
import { type MeasuredOptions, withMeasuredOptions } from './measured.ts'
import { checkOffline, readInput, withoutMeasured, withPrices } from './run-input.ts'
import { bringIn } from './run-bring-in.ts'
import { type LanguageOptions, languageOption } from './language.ts'
import { PRICES_HELP, readPriceTable } from './price-table.ts'
import { say } from './say.ts'
import { type Run, seeThrough } from './see-through.ts'

interface RunOptions extends ClusterOptions, LanguageOptions, MeasuredOptions {
  readonly file: readonly string[]
  readonly library: readonly string[]
  readonly name?: string
  readonly prices?: string
  readonly wait: boolean
  readonly timeout?: number
  readonly out?: string
  readonly force: boolean
}

export function registerRun(program: Command): void {
  withMeasuredOptions(withClusterOptions(program.command('run')))
    .description('run an Experiment in the cluster: check, apply, watch, report, and prove that nothing is left')
    .argument('[file...]', 'files or folders with the Experiment; "-" is standard input')
    .option('-f, --file <path>', 'the same as an option; may be repeated', repeated, [])
    .option('--library <path>', 'file or folder with Scenarios, WorkloadProfiles and Harnesses, before those that come with Assay; may be repeated', repeated, [])
    .option('--name <name>', 'run it under another name')
    .option('--prices <file>', PRICES_HELP)
    .option('--no-wait', 'apply it and end')
    .option('--timeout <duration>', 'wait at most so long, such as 30m (exit code 7); the Experiment goes on', durationOption)
    .option('--out <folder>', 'where reports and findings go (default: work/<name>-<run>)')
    .addOption(languageOption())
    .option('--force', 'replace library objects of the namespace that others made or changed, and fields that others manage', false)
    .addHelpText('after', `
A finished Experiment whose file has not changed runs again; one that is under way is joined; added levels or treatments are measured.
Exit codes: ${Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`)
    .action(async (files: readonly string[], options: RunOptions) => {
      process.exitCode = await run([...options.file, ...files], options)
    })
}

async function run(files: readonly string[], options: RunOptions): Promise<ExitCode> {
  if (files.length === 0) throw new CliError(EXIT.usage, 'which Experiment?', 'assay run experiments/quickstart.yaml')
  const prices = options.prices === undefined ? undefined : await readPriceTable(options.prices)
  const read = await readInput({ files, library: options.library, name: options.name })
  const priced = prices === undefined ? read : { ...read, experiments: read.experiments.map((object) => withPrices(object, prices, read.library)) }
  checkOffline(priced)
  const input = await withoutMeasured(priced, options)
  if (input.experiments.length === 0) return EXIT.ok
  return withCluster(options, async (cluster) => {
    const runs: Run[] = []
    for (const object of input.experiments) {
      const at = { ...cluster, namespace: options.namespace ?? object.namespace ?? cluster.namespace }
      runs.push({ cluster: at, applied: await bringIn(at, object, { input, force: options.force, prices }) })
    }
    if (options.wait) return seeAllThrough(runs, options)
    for (const { cluster: { namespace }, applied: { experiment } } of runs) say(`to follow it: assay watch ${experiment.metadata.name} -n ${namespace}`)
    return EXIT.ok
  })
}

/** They run side by side in the cluster and are shown one after another. */
async function seeAllThrough(runs: readonly Run[], options: RunOptions): Promise<ExitCode> {
  const codes: ExitCode[] = []
  for (const each of runs) codes.push(await seeThrough(each, options))
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok
}

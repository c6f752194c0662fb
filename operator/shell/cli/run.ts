// SPDX-License-Identifier: Apache-2.0
/** `assay run`: an Experiment from file to report. Checked offline, applied, watched, tabulated; at the end, proof that its stacks are gone. */
import type { Command } from 'commander'
import { findCondition } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import { toTable } from '../../core/report/to-table.ts'
import { durationOption, repeated } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { collectFromCluster, resultsOf } from './collect.ts'
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts'
import { inventoryLines, leftovers } from './leftovers-view.ts'
import { settleLeftovers } from './leftovers.ts'
import { exitCodeOf, isChangeRefused } from './outcome.ts'
import type { Applied } from './run-apply.ts'
import { checkOffline, readInput } from './run-input.ts'
import { bringIn } from './run-bring-in.ts'
import { say } from './say.ts'
import { watchExperiment } from './watch-experiment.ts'
import { defaultFolder, saveData, saveReports } from './work-folder.ts'

interface RunOptions extends ClusterOptions {
  readonly file: readonly string[]
  readonly library: readonly string[]
  readonly name?: string
  readonly wait: boolean
  readonly timeout?: number
  readonly out?: string
  readonly force: boolean
}

export function registerRun(program: Command): void {
  withClusterOptions(program.command('run'))
    .description('run an Experiment in the cluster: check, apply, watch, report, and prove that nothing is left')
    .argument('[file...]', 'files or folders with the Experiment; "-" is standard input')
    .option('-f, --file <path>', 'the same as an option; may be repeated', repeated, [])
    .option('--library <path>', 'file or folder with Scenarios, WorkloadProfiles and Harnesses, before those that come with Assay; may be repeated', repeated, [])
    .option('--name <name>', 'run it under another name')
    .option('--no-wait', 'apply it and end')
    .option('--timeout <duration>', 'wait at most so long, such as 30m (exit code 7); the Experiment goes on', durationOption)
    .option('--out <folder>', 'where reports and findings go (default: work/<name>-<run>)')
    .option('--force', 'replace library objects of the namespace that differ, and fields that others manage', false)
    .addHelpText('after', `
A finished Experiment whose file has not changed runs again; one that is under way is joined; added levels or treatments are measured.
Exit codes: ${Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `${code} ${meaning}`).join(', ')}.`)
    .action(async (files: readonly string[], options: RunOptions) => {
      process.exitCode = await run([...options.file, ...files], options)
    })
}

async function run(files: readonly string[], options: RunOptions): Promise<ExitCode> {
  if (files.length === 0) throw new CliError(EXIT.usage, 'which Experiment?', 'assay run experiments/quickstart.yaml')
  const input = await readInput({ files, library: options.library, name: options.name })
  checkOffline(input)
  return withCluster(options, async (cluster) => {
    const runs: Run[] = []
    for (const object of input.experiments) {
      const at = { ...cluster, namespace: options.namespace ?? object.namespace ?? cluster.namespace }
      runs.push({ cluster: at, applied: await bringIn(at, object, { input, force: options.force }) })
    }
    if (options.wait) return seeAllThrough(runs, options)
    for (const { cluster: { namespace }, applied: { experiment } } of runs) say(`to follow it: assay watch ${experiment.metadata.name} -n ${namespace}`)
    return EXIT.ok
  })
}

/** An Experiment in its namespace. */
interface Run { readonly cluster: Cluster; readonly applied: Applied }

/** They run side by side in the cluster and are shown one after another. */
async function seeAllThrough(runs: readonly Run[], options: RunOptions): Promise<ExitCode> {
  const codes: ExitCode[] = []
  for (const each of runs) codes.push(await seeThrough(each, options))
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok
}

/** Until it has ended, its results are on disk and its stacks are gone. */
async function seeThrough({ cluster, applied: { experiment: { metadata: { name } }, isNews } }: Run, { timeout, out }: RunOptions): Promise<ExitCode> {
  const ended = await watchExperiment(cluster, name, { timeoutMs: timeout, isNews })
  const code = exitCodeOf(ended)
  if (code === EXIT.invalidExperiment) return refused(ended)
  const { trials } = await report(cluster, ended, out)
  const clean = await proveClean(cluster, ended)
  if (code !== EXIT.ok) say(`✘ ${name}: ${findCondition(ended.status?.conditions, 'Ready')?.message ?? EXIT_MEANINGS[code]} (exit code ${code}: ${EXIT_MEANINGS[code]})`)
  else say(`✔ ${name}: ${trials} trials measured`)
  return code === EXIT.ok && !clean ? EXIT.unexpected : code
}

function refused(experiment: Experiment): ExitCode {
  const type = isChangeRefused(experiment) ? 'Stalled' : 'Failed'
  throw new CliError(EXIT.invalidExperiment, `the operator refused Experiment ${experiment.metadata.name}\n${findCondition(experiment.status?.conditions, type)?.message ?? ''}`)
}

async function report(cluster: Cluster, { metadata: { name }, status }: Experiment, out: string | undefined): Promise<{ trials: number }> {
  const collected = await collectFromCluster(cluster, name, status?.run)
  const folder = out ?? defaultFolder(collected.experiment)
  process.stdout.write(`\n${toTable(resultsOf(collected))}\n`)
  await saveData(folder, collected)
  const written = await saveReports(folder, collected)
  say(`report: ${written.html ?? ''}`)
  say(`work folder: ${folder} (report in HTML, Markdown, CSV and JSON; findings, reports and plan of every trial; records and raw files: assay results ${name} -n ${cluster.namespace} --raw)`)
  return { trials: collected.trials.length }
}

/** True unless something is left that should be gone; a stack that is kept on purpose is no such thing. */
async function proveClean(cluster: Cluster, { metadata: { name }, status }: Experiment): Promise<boolean> {
  const tornDown = findCondition(status?.conditions, 'TornDown')
  if (tornDown?.reason === 'Held') {
    say(`stacks are kept: ${tornDown.message}; to remove them: kubectl delete stacks.assay.dev -n ${cluster.namespace} -l assay.dev/experiment=${name}`)
    return true
  }
  const inventory = await settleLeftovers(cluster, name)
  say(inventoryLines(inventory, cluster.namespace).join('\n'))
  return leftovers(inventory).length === 0
}

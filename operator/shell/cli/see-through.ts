// SPDX-License-Identifier: Apache-2.0
/** Sees an applied Experiment through to its end: progress, result table, report on disk, and proof that its stacks are gone. */
import { findCondition } from '../../core/model/conditions.ts'
import type { Experiment } from '../../core/model/kinds.ts'
import type { Texts } from '../../core/report/messages.ts'
import { CliError } from './cli-error.ts'
import type { Cluster } from './cluster.ts'
import { collectFromCluster, resultsOf } from './collect.ts'
import { EXIT, EXIT_MEANINGS, type ExitCode } from './exit-codes.ts'
import { inventoryLines, leftovers, ofExperiment } from './leftovers-view.ts'
import type { LanguageOptions } from './language.ts'
import { settleLeftovers } from './leftovers.ts'
import { exitCodeOf, isChangeRefused } from './outcome.ts'
import { resultText } from './result-text.ts'
import type { Applied } from './run-apply.ts'
import { counted, say } from './say.ts'
import { watchExperiment } from './watch-experiment.ts'
import { defaultFolder, saveData, saveReports } from './work-folder.ts'

/** An Experiment in its namespace. */
export interface Run { readonly cluster: Cluster; readonly applied: Applied }
export interface SeeThroughOptions extends Partial<LanguageOptions> { readonly timeout?: number; readonly out?: string }

/** Until it has ended, its results are on disk and its stacks are gone. */
export async function seeThrough({ cluster, applied: { experiment: { metadata: { name } }, isNews } }: Run, { timeout, out, lang }: SeeThroughOptions): Promise<ExitCode> {
  const ended = await watchExperiment(cluster, name, { timeoutMs: timeout, isNews })
  const code = exitCodeOf(ended)
  if (code === EXIT.invalidExperiment) throw refusal(ended)
  const measured = await report(cluster, ended, { out, lang })
  const clean = await proveClean(cluster, ended)
  if (code === EXIT.ok) say(`✔ ${name}: ${counted(measured, 'trial')} measured`)
  else say(`✘ ${name}: ${findCondition(ended.status?.conditions, 'Ready')?.message ?? ''} (exit code ${code}: ${EXIT_MEANINGS[code]})`)
  return code === EXIT.ok && !clean ? EXIT.unexpected : code
}

function refusal(experiment: Experiment): CliError {
  const type = isChangeRefused(experiment) ? 'Stalled' : 'Failed'
  return new CliError(EXIT.invalidExperiment, `the operator refused Experiment ${experiment.metadata.name}\n${findCondition(experiment.status?.conditions, type)?.message ?? ''}`)
}

interface ReportTarget { readonly out: string | undefined; readonly lang: Texts | undefined }

/** Number of trials that left findings. */
async function report(cluster: Cluster, { metadata: { name }, status }: Experiment, { out, lang }: ReportTarget): Promise<number> {
  const collected = await collectFromCluster(cluster, name, status?.run)
  const folder = out ?? defaultFolder(collected.experiment)
  process.stdout.write(`\n${resultText(resultsOf(collected), lang)}\n`)
  await saveData(folder, collected)
  const written = await saveReports(folder, collected, { texts: lang })
  say(`report: ${written.html ?? ''}`)
  say(`work folder: ${folder} (report in HTML, Markdown, CSV, JSON, JUnit and Parquet; manifests, rendered values, findings and reports of every trial)`)
  say(`records, logs and raw files: assay results ${name} -n ${cluster.namespace} --raw --out ${folder}`)
  return collected.trials.length
}

/** True unless something is left that should be gone; a stack that is kept on purpose is no such thing. */
async function proveClean(cluster: Cluster, { metadata: { name }, status }: Experiment): Promise<boolean> {
  const tornDown = findCondition(status?.conditions, 'TornDown')
  if (tornDown?.reason === 'Held') {
    say(`stacks are kept: ${tornDown.message}; to remove them: kubectl delete stacks.assay.dev -n ${cluster.namespace} -l assay.dev/experiment=${name}`)
    return true
  }
  const inventory = await settleLeftovers(cluster, ofExperiment(name))
  say(inventoryLines(inventory, { namespace: cluster.namespace }).join('\n'))
  return leftovers(inventory).length === 0
}

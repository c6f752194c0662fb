// SPDX-License-Identifier: Apache-2.0
/** One Trial on one Stack: composed and checked like an Experiment's, followed to its end, shown and saved. */
import { join } from 'node:path'
import { sha256Hex } from '../../core/design/identity.ts'
import { findCondition } from '../../core/model/conditions.ts'
import { API_VERSION, KINDS, type Stack, type Trial } from '../../core/model/kinds.ts'
import { trialSpecOf } from '../../core/plan/plan.ts'
import { TRIALS } from '../kube/assay-resources.ts'
import { CONFIG_MAPS } from '../kube/builtin-resources.ts'
import { CliError } from './cli-error.ts'
import { CLI_MANAGER, type Cluster } from './cluster.ts'
import { collectTrial, resultsOf } from './collect.ts'
import { type Composed, composeExperiment } from './compose.ts'
import { planIn } from './composing.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { follow } from './follow.ts'
import { createLive } from './live.ts'
import { namespaceLibrary } from './namespace-library.ts'
import { resultText } from './result-text.ts'
import { say } from './say.ts'
import { dryRunText, writeStack, writeYaml } from './stack-files.ts'
import { type ResolvedStack, withScenario } from './stack-scenario.ts'
import type { TrialOptions } from './trial.ts'
import { liveText } from './watch-view.ts'
import { saveData, saveReports } from './work-folder.ts'

export async function runOnStack(cluster: Cluster, found: Stack, options: TrialOptions): Promise<ExitCode> {
  const stack = await withScenario(cluster, found)
  requireModel(stack, options.model)
  const composed = await composeExperiment({
    choices: { ...options, model: undefined, method: undefined },
    fallback: { name: stack.metadata.name, spec: stack.spec.scenario }, inNamespace: await namespaceLibrary(cluster),
  })
  const trial = await trialFor(cluster, { composed, stack, options })
  if (options.dryRun) {
    process.stdout.write(dryRunText([trial], {}))
    say('dry run: nothing was applied')
    return EXIT.ok
  }
  const { name } = trial.metadata
  const folder = options.out ?? join('work', name)
  await writeYaml(join(folder, 'manifests', `trial-${name}.yaml`), trial)
  await writeStack(folder, stack)
  await cluster.api.create(TRIALS, trial, { fieldManager: CLI_MANAGER })
  say(`Trial ${name} created: workload ${composed.names.workload}, harness ${composed.names.harness}, on Stack ${stack.metadata.name} in namespace ${cluster.namespace}`)
  if (!options.wait) return EXIT.ok
  const ended = await followTrial(cluster, name, options.timeout)
  if (ended === undefined) throw new CliError(EXIT.experimentFailed, `Trial ${name} was deleted`)
  return show(cluster, ended, folder)
}

function requireModel({ metadata: { name }, spec: { scenario } }: ResolvedStack, model: string | undefined): void {
  if (model !== undefined && model !== scenario.model.name) throw new CliError(EXIT.invalidExperiment, `Stack ${name} serves ${scenario.model.name}, not ${model}`)
}

interface TrialFor { readonly composed: Composed; readonly stack: Stack; readonly options: TrialOptions }

async function trialFor(cluster: Cluster, { composed, stack, options }: TrialFor): Promise<Trial> {
  const spec = trialSpecOf(await planIn(cluster, composed), 0)
  const name = options.name ?? trialName(stack.metadata.name, composed.names.workload)
  // Without a seed of one's own no two trials send the same prompts, as in an Experiment whose caches are Distinct.
  const content = options.seed ?? Number.parseInt(sha256Hex(name).slice(0, 7), 16)
  return {
    apiVersion: API_VERSION, kind: 'Trial', metadata: { name, namespace: cluster.namespace },
    spec: { ...spec, stackRef: { name: stack.metadata.name }, treatment: {}, seeds: { ...spec.seeds, content } },
  }
}

/** The time in base 36 ends it, so that later ones sort behind earlier ones. */
function trialName(stack: string, workload: string): string {
  const suffix = Math.floor(Date.now() / 1000).toString(36)
  const room = KINDS.Trial.maxNameLength - suffix.length - 1
  return `${`${stack}-${workload}`.slice(0, room).replace(/-+$/, '')}-${suffix}`
}

async function followTrial(cluster: Cluster, name: string, timeoutMs: number | undefined): Promise<Trial | undefined> {
  const live = createLive(cluster)
  try {
    return await follow<Trial>(cluster, {
      resource: TRIALS, name, timeoutMs, resume: `to wait for it: kubectl wait trials.assay.dev/${name} -n ${cluster.namespace} --for=condition=Complete`,
      line: ({ status }) => `  ${name}: ${status?.phase ?? 'Pending'}  ${findCondition(status?.conditions, 'Ready')?.message ?? ''}`.trimEnd(),
      live: (trial) => {
        if (trial.status?.phase !== 'Running') return ''
        live.refresh([trial])
        return liveText(live.numbers.get(name))
      },
      until: (trial) => trial === undefined || trial.status?.completionTime !== undefined,
    })
  } finally {
    await live.stop()
  }
}

async function show(cluster: Cluster, trial: Trial, folder: string): Promise<ExitCode> {
  const { name, namespace } = trial.metadata
  const { conditions = [], results } = trial.status ?? {}
  const failed = findCondition(conditions, 'Failed')
  const map = results === undefined ? undefined : await cluster.api.find(CONFIG_MAPS, { namespace, name: results.configMap })
  const collected = map === undefined ? undefined : collectTrial(map)
  if (collected !== undefined) {
    process.stdout.write(`\n${resultText(resultsOf(collected))}\n`)
    await saveData(folder, collected)
    const written = await saveReports(folder, collected)
    say(`report: ${written.html ?? ''}`)
  }
  say(`work folder: ${folder} (manifests, rendered values, findings and report)`)
  if (failed?.status === 'True') {
    say(`✘ Trial ${name}: ${failed.reason}: ${failed.message}`)
    return EXIT.experimentFailed
  }
  say(`✔ Trial ${name}: ${trial.status?.verdict ?? ''}; Stack ${trial.spec.stackRef.name} stays up (assay teardown ${trial.spec.stackRef.name} -n ${cluster.namespace})`)
  return EXIT.ok
}

// SPDX-License-Identifier: Apache-2.0
/** An Experiment on a server that is there already: a design on a Stack that stays up, or one trial on something that is not ours. */
import { API_VERSION } from '../../core/model/kinds.ts'
import type { Cluster } from './cluster.ts'
import { CliError } from './cli-error.ts'
import { composeExperiment, nameFor } from './compose.ts'
import { planIn } from './composing.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { namespaceLibrary } from './namespace-library.ts'
import { bringIn } from './run-bring-in.ts'
import { say } from './say.ts'
import { seeThrough } from './see-through.ts'
import { dryRunText } from './stack-files.ts'
import { asEndpoint, withScenario } from './stack-scenario.ts'
import type { TrialOptions } from './trial.ts'
import type { TrialTarget } from './trial-target.ts'

export async function runOnEndpoint(cluster: Cluster, target: TrialTarget, options: TrialOptions): Promise<ExitCode> {
  const on = target.kind === 'stack' ? target.stack.metadata.name : target.name
  const spec = target.kind === 'stack' ? await asEndpoint(cluster, await withScenario(cluster, target.stack)) : target.scenario
  const composed = await composeExperiment({ choices: { ...options, model: undefined, method: undefined }, fallback: { name: on, spec }, insist: true, inNamespace: await namespaceLibrary(cluster) })
  const plan = await planIn(cluster, composed)
  const setup = plan.factors.find((f) => f.role === 'setup')
  if (setup !== undefined) throw new CliError(EXIT.invalidExperiment, `factor ${setup.name} (${setup.paths.join(', ')}) would change the stack, which is up already`, 'measure the whole design with assay e2e --experiments, or assay run')
  const name = options.name ?? nameFor(`${on}-${composed.names.workload}`, composed.experiment.spec)
  const experiment = { ...composed.experiment, name }
  if (options.dryRun) {
    process.stdout.write(dryRunText([{ apiVersion: API_VERSION, kind: 'Experiment', metadata: { name, namespace: cluster.namespace }, spec: experiment.spec }], {}))
    say('dry run: nothing was applied')
    return EXIT.ok
  }
  const applied = await bringIn(cluster, experiment, { input: composed.input, force: options.force })
  if (options.wait) return seeThrough({ cluster, applied }, options)
  say(`to follow it: assay watch ${name} -n ${cluster.namespace}`)
  return EXIT.ok
}

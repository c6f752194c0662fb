// SPDX-License-Identifier: Apache-2.0
/** `assay e2e`: the whole way by flags alone, an Experiment that nobody has to write: stand up, measure, report, tear down. */
import type { Command } from 'commander'
import { isObject } from '../../core/design/path.ts'
import { API_VERSION } from '../../core/model/kinds.ts'
import { reportPlan } from '../../core/plan/plan-report.ts'
import { stackSpecOf } from '../../core/plan/plan.ts'
import { PART_INFO } from '../../core/plan/resolve.ts'
import { namedObjects } from '../../core/plan/named-objects.ts'
import { durationOption } from './arguments.ts'
import { type Choices, withLoadChoices, withSetupChoices } from './choices.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { type Composed, nameFor } from './compose.ts'
import { composeFor, planIn, withOptionalCluster } from './composing.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { planLines } from './plan-view.ts'
import { bringIn } from './run-bring-in.ts'
import { say } from './say.ts'
import { seeThrough } from './see-through.ts'
import { dryRunText, valuesOf } from './stack-files.ts'

interface E2eOptions extends ClusterOptions, Choices {
  readonly name?: string
  readonly keep: boolean
  readonly dryRun: boolean
  readonly wait: boolean
  readonly timeout?: number
  readonly out?: string
  readonly force: boolean
}

export function registerE2e(program: Command): void {
  withLoadChoices(withSetupChoices(withClusterOptions(program.command('e2e'))))
    .description('stand up, measure, report and tear down, all by flags: an Experiment that nobody has to write')
    .option('--name <name>', 'name of the Experiment (default: made of what is chosen)')
    .option('--keep', 'keep the stacks afterwards', false)
    .option('--dry-run', 'print the plan and all manifests, and touch nothing', false)
    .option('--no-wait', 'apply it and end')
    .option('--timeout <duration>', 'wait at most so long (exit code 7); the Experiment goes on', durationOption)
    .option('--out <folder>', 'where reports and findings go (default: work/<name>-<run>)')
    .option('--force', 'replace library objects of the namespace that others made or changed', false)
    .action(async (options: E2eOptions) => {
      process.exitCode = options.dryRun ? await withOptionalCluster(options, (cluster) => dryRun(cluster, options)) : await withCluster(options, (cluster) => e2e(cluster, options))
    })
}

async function e2e(cluster: Cluster, options: E2eOptions): Promise<ExitCode> {
  const { experiment, input } = await compose(cluster, options)
  const applied = await bringIn(cluster, experiment, { input, force: options.force })
  if (options.wait) return seeThrough({ cluster, applied }, options)
  say(`to follow it: assay watch ${experiment.name} -n ${cluster.namespace}`)
  return EXIT.ok
}

async function dryRun(cluster: Cluster | undefined, options: E2eOptions): Promise<ExitCode> {
  const composed = await compose(cluster, options)
  const namespace = options.namespace ?? cluster?.namespace ?? 'default'
  const plan = await planIn(cluster, composed)
  const { experiment: { name, spec }, input: { objects } } = composed
  const library = namedObjects(spec).flatMap(({ part, name: wanted }) => objects.filter((o) => o.kind === PART_INFO[part].kind && o.name === wanted).slice(0, 1))
  const manifests = [...library, { kind: 'Experiment', name, spec }].map((o) => ({ apiVersion: API_VERSION, kind: o.kind, metadata: { name: o.name, namespace }, spec: o.spec }))
  const values = plan.stacks.map((s) => valuesOf({ apiVersion: API_VERSION, kind: 'Stack', metadata: { name: s.name, namespace }, spec: stackSpecOf(plan, s.index) }))
  process.stdout.write(dryRunText(manifests, Object.assign({}, ...values) as Record<string, unknown>))
  say(planLines(reportPlan(plan), { wide: false, markdown: false }).join('\n'))
  say('dry run: nothing was applied')
  return EXIT.ok
}

/** The same flags give the same name, so that a repetition is another run of the same Experiment; other flags give another one. */
async function compose(cluster: Cluster | undefined, options: E2eOptions): Promise<Composed> {
  const composed = await composeFor(cluster, { choices: options, name: options.name })
  const spec = isObject(composed.experiment.spec) ? composed.experiment.spec : {}
  const kept = options.keep ? { ...spec, teardown: { policy: 'Never', holdFor: '24h' } } : spec
  const name = options.name ?? nameFor(composed.experiment.name, kept)
  return { ...composed, experiment: { ...composed.experiment, name, spec: kept } }
}

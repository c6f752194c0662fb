// SPDX-License-Identifier: Apache-2.0
/** `assay standup`: one Stack of one's own, up and serving, for trials that come and go. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { findCondition, isTrue } from '../../core/model/conditions.ts'
import { API_VERSION, type Stack } from '../../core/model/kinds.ts'
import { StackSpec } from '../../core/model/stack.ts'
import { stackSpecOf } from '../../core/plan/plan.ts'
import { isAlreadyExists } from '../kube/api-error.ts'
import { STACKS } from '../kube/assay-resources.ts'
import { durationOption } from './arguments.ts'
import { type Choices, withSetupChoices } from './choices.ts'
import { CliError } from './cli-error.ts'
import { CLI_MANAGER, type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { composeFor, planIn, withOptionalCluster } from './composing.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { follow } from './follow.ts'
import { requireRunner } from './run-bring-in.ts'
import { sameSpec } from './run-library.ts'
import { say } from './say.ts'
import { dryRunText, valuesOf, writeStack } from './stack-files.ts'

interface StandupOptions extends ClusterOptions, Choices {
  readonly name?: string
  readonly dryRun: boolean
  readonly wait: boolean
  readonly timeout?: number
  readonly out?: string
}

export function registerStandup(program: Command): void {
  withSetupChoices(withClusterOptions(program.command('standup')))
    .description('stand a serving stack up and wait until it serves')
    .option('--name <name>', 'name of the Stack (default: that of the Scenario)')
    .option('--dry-run', 'print the manifest and the values of its releases, and touch nothing', false)
    .option('--no-wait', 'apply it and end')
    .option('--timeout <duration>', 'wait at most so long (exit code 7); it goes on coming up', durationOption)
    .option('--out <folder>', 'where manifest and rendered values go (default: work/<name>)')
    .action(async (options: StandupOptions) => {
      process.exitCode = options.dryRun ? await withOptionalCluster(options, (cluster) => dryRun(cluster, options)) : await withCluster(options, (cluster) => standUp(cluster, options))
    })
}

async function compose(cluster: Cluster | undefined, options: StandupOptions): Promise<Stack> {
  const composed = await composeFor(cluster, { choices: options })
  const plan = await planIn(cluster, composed)
  const namespace = options.namespace ?? cluster?.namespace ?? 'default'
  return { apiVersion: API_VERSION, kind: 'Stack', metadata: { name: options.name ?? composed.names.scenario, namespace }, spec: stackSpecOf(plan, 0) }
}

async function dryRun(cluster: Cluster | undefined, options: StandupOptions): Promise<ExitCode> {
  const stack = await compose(cluster, options)
  process.stdout.write(dryRunText([stack], valuesOf(stack)))
  say('dry run: nothing was applied')
  return EXIT.ok
}

async function standUp(cluster: Cluster, options: StandupOptions): Promise<ExitCode> {
  const stack = await compose(cluster, options)
  const { name } = stack.metadata
  await requireRunner(cluster, stack.spec.serviceAccountName)
  const folder = options.out ?? join('work', name)
  await writeStack(folder, stack)
  say(await createStack(cluster, stack))
  if (!options.wait) return EXIT.ok
  const ended = await followStack(cluster, name, options.timeout)
  if (ended === undefined) throw new CliError(EXIT.experimentFailed, `Stack ${name} was deleted`)
  const failed = findCondition(ended.status?.conditions, 'Failed')
  if (failed?.status === 'True') throw new CliError(EXIT.experimentFailed, `Stack ${name} failed: ${failed.reason}: ${failed.message}`, `kubectl describe stacks.assay.dev ${name} -n ${cluster.namespace}; then: assay teardown ${name} -n ${cluster.namespace}`)
  say(`✔ Stack ${name} serves ${ended.status?.endpoint?.servedModel ?? ''} at ${ended.status?.endpoint?.url ?? ''} (in the cluster)`)
  say(`work folder: ${folder} (manifest and rendered values)`)
  say(`next: assay trial --stack ${name} -n ${cluster.namespace}; at the end: assay teardown ${name} -n ${cluster.namespace}`)
  return EXIT.ok
}

/** Says what came of it: a Stack that is there already and the same is as good as a new one. */
async function createStack({ api, namespace }: Cluster, stack: Stack): Promise<string> {
  const { name } = stack.metadata
  try {
    await api.create(STACKS, stack, { fieldManager: CLI_MANAGER })
    return `Stack ${name} created in namespace ${namespace}`
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  const there = await api.find(STACKS, { namespace, name })
  if (there?.metadata.deletionTimestamp !== undefined) throw new CliError(EXIT.usage, `Stack ${name} is being torn down`, `wait for it: assay teardown ${name}`)
  if (there !== undefined && sameSpec(StackSpec, there.spec, stack.spec)) return `Stack ${name} is there already`
  throw new CliError(EXIT.usage, `there is another Stack ${name} in namespace ${namespace}, and a Stack does not change`, `remove it (assay teardown ${name}), or choose another name (--name)`)
}

export function followStack(cluster: Cluster, name: string, timeoutMs: number | undefined): Promise<Stack | undefined> {
  return follow<Stack>(cluster, {
    resource: STACKS, name, timeoutMs, resume: `to wait for it: kubectl wait stacks.assay.dev/${name} -n ${cluster.namespace} --for=condition=Ready`,
    line: ({ status }) => `  ${name}: ${status?.phase ?? 'Pending'}  ${findCondition(status?.conditions, 'Ready')?.message ?? ''}`.trimEnd(),
    until: (stack) => stack === undefined || isTrue(stack.status?.conditions, 'Ready') || isTrue(stack.status?.conditions, 'Failed'),
  })
}

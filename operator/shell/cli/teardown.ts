// SPDX-License-Identifier: Apache-2.0
/** `assay teardown`: removes Stacks and waits until all that they made is gone. */
import type { Command } from 'commander'
import { findCondition } from '../../core/model/conditions.ts'
import type { Stack } from '../../core/model/kinds.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { EXPERIMENTS, STACKS, TRIALS } from '../kube/assay-resources.ts'
import { durationOption } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { narrowed } from './endpoint-match.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { follow } from './follow.ts'
import { inventoryLines, leftovers, ofReleases } from './leftovers-view.ts'
import { settleLeftovers } from './leftovers.ts'
import { say } from './say.ts'

interface TeardownOptions extends ClusterOptions {
  readonly all: boolean
  readonly deep: boolean
  readonly dryRun: boolean
  readonly force: boolean
  readonly timeout?: number
}

export function registerTeardown(program: Command): void {
  withClusterOptions(program.command('teardown'))
    .description('remove Stacks, and wait until everything that they made is gone')
    .argument('[stack...]', 'names, or parts of names (default: the only one that no Experiment owns)')
    .option('--all', 'all Stacks of the namespace that no Experiment owns', false)
    .option('--deep', 'also all Experiments and Trials of the namespace, with their findings; files stay on the results server for their retention', false)
    .option('--force', 'also a Stack on which a trial runs', false)
    .option('--dry-run', 'say what would be removed, and touch nothing', false)
    .option('--timeout <duration>', 'wait at most so long (exit code 7); it goes on', durationOption)
    .action(async (names: readonly string[], options: TeardownOptions) => {
      process.exitCode = await withCluster(options, (cluster) => teardown(cluster, names, options))
    })
}

async function teardown(cluster: Cluster, names: readonly string[], options: TeardownOptions): Promise<ExitCode> {
  if (options.deep) await removeOwners(cluster, options)
  const stacks = await cluster.api.list(STACKS, { namespace: cluster.namespace })
  const chosen = choose(stacks, { names, all: options.all || options.deep })
  if (chosen.length === 0) say(`there is no Stack to remove in namespace ${cluster.namespace}`)
  if (!options.force) for (const stack of chosen) await refuseBusy(cluster, stack)
  if (options.dryRun) {
    for (const { metadata: { name }, status } of chosen) say(`would remove Stack ${name}: ${(status?.inventory ?? []).join(', ')}`)
    return EXIT.ok
  }
  for (const { metadata } of chosen) await cluster.api.delete(STACKS, metadata, { propagation: 'Foreground' })
  const codes: ExitCode[] = []
  for (const stack of chosen) codes.push(await seeGone(cluster, stack, options.timeout))
  return codes.find((code) => code !== EXIT.ok) ?? EXIT.ok
}

interface Choice { readonly names: readonly string[]; readonly all: boolean }

/** Exported for its table of tests. */
export function choose(stacks: readonly Stack[], { names, all }: Choice): Stack[] {
  const free = stacks.filter((s) => ownerOf(s) === undefined)
  if (names.length > 0) return [...new Set(names.flatMap((name) => oneOf(name, stacks)))]
  if (all || free.length <= 1) return free
  throw new CliError(EXIT.usage, `which Stack? ${free.map((s) => s.metadata.name).join(', ')}`, 'name it, or --all')
}

function oneOf(name: string, stacks: readonly Stack[]): Stack[] {
  const found = narrowed(name, stacks)
  if (found.length > 1) throw new CliError(EXIT.usage, `several Stacks match "${name}": ${found.map((s) => s.metadata.name).join(', ')}`, 'write the name in full')
  const owner = found[0] === undefined ? undefined : ownerOf(found[0])
  if (owner !== undefined) throw new CliError(EXIT.usage, `Stack ${found[0]?.metadata.name ?? ''} belongs to Experiment ${owner}, which would make it again`, `kubectl delete experiments.assay.dev ${owner}`)
  return found
}

const ownerOf = ({ metadata }: Stack): string | undefined => metadata.ownerReferences?.find((o) => o.kind === 'Experiment')?.name

/** A claim outlives its holder; a trial that has ended holds nothing. Stacks that Experiments hold are theirs, and refused before. */
async function refuseBusy({ api, namespace }: Cluster, { metadata: { name }, status }: Stack): Promise<void> {
  const claim = status?.claim
  const trial = claim?.kind === 'Trial' ? await api.find(TRIALS, { namespace, name: claim.name }) : undefined
  if (trial === undefined || trial.status?.completionTime !== undefined) return
  throw new CliError(EXIT.usage, `Trial ${trial.metadata.name} runs on Stack ${name}`, 'wait for it, or lose it with --force')
}

async function removeOwners({ api, namespace }: Cluster, { dryRun }: TeardownOptions): Promise<void> {
  for (const resource of [EXPERIMENTS, TRIALS] satisfies ApiResource[]) {
    for (const { metadata } of await api.list<KubeObject>(resource, { namespace })) {
      if (dryRun) say(`would remove ${resource.kind} ${metadata.name}`)
      else if (await api.delete(resource, metadata)) say(`removed ${resource.kind} ${metadata.name}`)
    }
  }
}

async function seeGone(cluster: Cluster, { metadata: { name }, status }: Stack, timeoutMs: number | undefined): Promise<ExitCode> {
  await follow<Stack>(cluster, {
    resource: STACKS, name, timeoutMs, resume: `to wait for it: kubectl wait --for=delete stacks.assay.dev/${name} -n ${cluster.namespace}`,
    line: (stack) => `  ${name}: ${stack.status?.phase ?? ''}  ${findCondition(stack.status?.conditions, 'Ready')?.message ?? ''}`.trimEnd(),
    until: (stack) => stack === undefined,
  })
  const inventory = await settleLeftovers(cluster, ofReleases(name, (status?.releases ?? []).map((r) => r.release)))
  say(inventoryLines(inventory, { namespace: cluster.namespace, of: `Stack ${name}` }).join('\n'))
  return leftovers(inventory).length === 0 ? EXIT.ok : EXIT.unexpected
}

// SPDX-License-Identifier: Apache-2.0
/** `assay trial`: one measurement on a Stack that is up, or on a server that is there already. The stack stays as it is. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { ENDPOINT_APIS, type EndpointApi } from '../../core/model/endpoint-api.ts'
import { durationOption } from './arguments.ts'
import { type Choices, withLoadChoices } from './choices.ts'
import { assignment } from './choices.ts'
import { CliError } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { repeated } from './arguments.ts'
import { runOnEndpoint } from './trial-on-endpoint.ts'
import { runOnStack } from './trial-on-stack.ts'
import { findTarget, type SecretRef } from './trial-target.ts'

export interface TrialOptions extends ClusterOptions, Omit<Choices, 'scenario'> {
  readonly stack?: string
  readonly url?: string
  readonly api?: EndpointApi
  readonly credentials?: SecretRef
  readonly name?: string
  readonly seed?: number
  readonly dryRun: boolean
  readonly wait: boolean
  readonly timeout?: number
  readonly out?: string
  readonly force: boolean
}

export function registerTrial(program: Command): void {
  withLoadChoices(withClusterOptions(program.command('trial')))
    .description('measure a Stack that is up, or any server that is there already')
    .option('--stack <name>', 'the Stack (default: the only one of the namespace)')
    .option('--method <name>', 'part of the name of a Stack, or of a running inference Service or pod')
    .option('--url <url>', 'address of a server that the cluster reaches, without /v1')
    .addOption(new Option('--api <protocol>', 'protocol that the server at --url speaks (default: openai)').choices(ENDPOINT_APIS))
    .option('--credentials <secret[/key]>', 'Secret of the namespace with the credential for --url (key: token)', secretRef)
    .option('--model <name>', 'model to ask for, where the server lists several')
    .option('--set <path=value>', 'set one value of workload or harness by its dotted path; may be repeated', assignment, {})
    .option('--library <path>', 'file or folder with WorkloadProfiles and Harnesses; may be repeated', repeated, [])
    .option('--name <name>', 'name of the Trial or Experiment (default: made of what is chosen)')
    .option('--seed <number>', 'seed of the prompts (default: another one for each trial, so that caches do not help)', seed)
    .option('--dry-run', 'print the manifest, and touch nothing', false)
    .option('--no-wait', 'apply it and end')
    .option('--timeout <duration>', 'wait at most so long (exit code 7); it goes on', durationOption)
    .option('--out <folder>', 'where report, findings and manifest go (default: work/<name>)')
    .option('--force', 'replace library objects of the namespace that others made or changed', false)
    .action(async (options: TrialOptions) => {
      process.exitCode = await withCluster(options, (cluster) => trial(cluster, options))
    })
}

async function trial(cluster: Cluster, options: TrialOptions): Promise<ExitCode> {
  const setup = Object.keys(options.set).find((path) => path.startsWith('scenario'))
  if (setup !== undefined) throw new CliError(EXIT.usage, `--set ${setup} would change the stack, which is up already`, 'stand another one up: assay standup --set …, or measure both: assay e2e')
  const ofUrl = (['api', 'credentials'] as const).find((name) => options.url === undefined && options[name] !== undefined)
  if (ofUrl !== undefined) throw new CliError(EXIT.usage, `--${ofUrl} is for --url`, 'of a Stack or a Service its Scenario says that: endpoint.api, endpoint.credentials')
  const target = await findTarget(cluster, options)
  // A design has many trials, which an Experiment looks after; a server that is not ours needs a Stack made for it, and removed.
  if (target.kind === 'stack' && options.experiments === undefined) return runOnStack(cluster, target.stack, options)
  return runOnEndpoint(cluster, target, options)
}

function seed(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647) throw new InvalidArgumentError('expected a whole number from 0 to 2147483647')
  return value
}

/** Exported for its test. */
export function secretRef(text: string): SecretRef {
  const [name = '', key = 'token', ...more] = text.split('/')
  if (name === '' || key === '' || more.length > 0) throw new InvalidArgumentError('expected the name of a Secret, or name/key')
  return { name, key }
}

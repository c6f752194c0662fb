// SPDX-License-Identifier: Apache-2.0
/** `assay doctor`: is everything there that an Experiment needs? Tier by tier, with what cures it. It changes nothing. */
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { type Cluster, type ClusterOptions, connect, withClusterOptions } from './cluster.ts'
import { CliError } from './cli-error.ts'
import { checkAccess, checkKinds } from './doctor-access.ts'
import { doctorLines, failed, isHealthy, type Tier } from './doctor-model.ts'
import { checkNodes } from './doctor-nodes.ts'
import { checkOperator } from './doctor-operator.ts'
import { checkTenant } from './doctor-tenant.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

interface DoctorOptions extends ClusterOptions { readonly output: 'table' | 'json' | 'yaml' }

export function registerDoctor(program: Command): void {
  withClusterOptions(program.command('doctor'))
    .description('check everything that an Experiment needs, and say what cures what is missing')
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['table', 'json', 'yaml']).default('table'))
    .addHelpText('after', `\nExit codes: ${EXIT.ok} all is well, ${EXIT.unexpected} something failed, ${EXIT.clusterUnreachable} the cluster cannot be reached.`)
    .action(async (options: DoctorOptions) => {
      const { tiers, code } = await examine(options)
      const texts = { table: () => doctorLines(tiers).join('\n'), json: () => JSON.stringify({ healthy: isHealthy(tiers), tiers }, null, 2), yaml: () => stringify({ healthy: isHealthy(tiers), tiers }).trimEnd() }
      process.stdout.write(`${texts[options.output]()}\n`)
      process.exitCode = code
    })
}

interface Examination { readonly tiers: readonly Tier[]; readonly code: ExitCode }

async function examine(options: ClusterOptions): Promise<Examination> {
  let cluster: Cluster
  try {
    cluster = await connect(options)
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return unreachable(error.message, error.hint)
  }
  try {
    return await examineCluster(cluster)
  } finally {
    await cluster.client.close()
  }
}

async function examineCluster(cluster: Cluster): Promise<Examination> {
  const access = await checkAccess(cluster).catch((error: unknown) => error as Error)
  if (access instanceof Error) return unreachable(`${cluster.access.server}: ${access.message}`, 'is the cluster up, and the context right? kubectl config get-contexts')
  const kinds = await checkKinds(cluster)
  const rest = await Promise.all([checkOperator(cluster), checkTenant(cluster), checkNodes(cluster)])
  const tiers = [access, kinds, ...rest]
  return { tiers, code: isHealthy(tiers) ? EXIT.ok : EXIT.unexpected }
}

function unreachable(seen: string, fix: string | undefined): Examination {
  return { tiers: [{ title: 'Cluster', checks: [failed('API server', seen, fix)] }], code: EXIT.clusterUnreachable }
}

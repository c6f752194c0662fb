// SPDX-License-Identifier: Apache-2.0
/** `assay diff`: what differs between two measurements: bundles, trials, experiments or work folders, from here or from the cluster. */
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { isObject } from '../../core/design/path.ts'
import { LABELS } from '../../core/model/kinds.ts'
import { StackSpec } from '../../core/model/stack.ts'
import { TrialSpec } from '../../core/model/trial.ts'
import { EXPERIMENTS, TRIALS } from '../kube/assay-resources.ts'
import { VERSION } from '../version.ts'
import { readYaml } from '../yaml-source.ts'
import { BundleRecord, BUNDLE_ROLE, RECORD_KEY, recordOf } from './bundle-record.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { type Cluster, type ClusterOptions, withCluster, withClusterOptions } from './cluster.ts'
import { collectFromCluster } from './collect.ts'
import { isFile } from './compose-parts.ts'
import { comparisonLines } from './diff-view.ts'
import { EXIT } from './exit-codes.ts'
import { compareFacts, experimentFacts, type Facts, trialFacts } from './facts.ts'
import { findTrial } from './trial-subject.ts'
import { isWorkFolder, readWorkFolder } from './work-folder.ts'

interface DiffOptions extends ClusterOptions { readonly output: 'table' | 'json' | 'yaml' }
interface Side { readonly kind: 'trial' | 'experiment'; readonly facts: Facts }

/** As of diff(1): differences are no failure, and yet not the same. */
const SAME = 0
const DIFFERENT = 1

export function registerDiff(program: Command): void {
  withClusterOptions(program.command('diff'))
    .description('say what differs between two measurements: images, arguments, values, workload, seeds, data, hardware, versions')
    .argument('<a>', 'a file that export wrote, a work folder, or the name of a Trial or an Experiment (trial/NAME, experiment/NAME)')
    .argument('<b>', 'the same')
    .addOption(new Option('-o, --output <form>', 'how it is written').choices(['table', 'json', 'yaml']).default('table'))
    .addHelpText('after', `\nExit codes: ${SAME} the same, ${DIFFERENT} different, ${EXIT.usage} wrong usage or two things that cannot be compared, ${EXIT.clusterUnreachable} no cluster.`)
    .action(async (a: string, b: string, options: DiffOptions) => {
      const local = [await readLocal(a), await readLocal(b)] as const
      const [left, right] = local[0] !== undefined && local[1] !== undefined ? [local[0], local[1]] : await withCluster(options, async (cluster) => [local[0] ?? await readRemote(cluster, a), local[1] ?? await readRemote(cluster, b)] as const)
      if (left.kind !== right.kind) throw new CliError(EXIT.usage, `${a} is one ${left.kind}, ${b} one ${right.kind}`, 'compare two trials, or two experiments')
      const comparison = compareFacts(left.facts, right.facts)
      const texts = { json: () => JSON.stringify(comparison, null, 2), yaml: () => stringify(comparison).trimEnd(), table: () => comparisonLines(comparison, { a, b }).join('\n') }
      process.stdout.write(`${texts[options.output]()}\n`)
      process.exitCode = comparison.differences.length === 0 ? SAME : DIFFERENT
    })
}

async function readLocal(what: string): Promise<Side | undefined> {
  if (isWorkFolder(what)) return { kind: 'experiment', facts: experimentFacts(await readWorkFolder(what)) }
  return isFile(what) ? readBundle(what) : undefined
}

async function readBundle(file: string): Promise<Side> {
  const { sources, problems } = readYaml(await readFile(file, 'utf8'), file)
  if (problems.length > 0) throw invalidInput(problems)
  const documents = sources.map((s) => s.value).filter(isObject)
  const record = documents.find((d) => d['kind'] === 'ConfigMap' && isObject(d['metadata']) && isObject(d['metadata']['labels']) && d['metadata']['labels'][LABELS.role] === BUNDLE_ROLE)
  const specOf = (kind: string) => documents.find((d) => d['kind'] === kind)?.['spec']
  const text = isObject(record?.['data']) ? record['data'][RECORD_KEY] : undefined
  if (typeof text !== 'string') throw new CliError(EXIT.usage, `${file} is no bundle`, 'expected a file that `assay export trial` wrote')
  const { scenario } = StackSpec.parse(specOf('Stack'))
  if (scenario === undefined) throw new CliError(EXIT.usage, `${file}: its Stack has no Scenario written out`, 'expected a file that `assay export trial` wrote')
  return { kind: 'trial', facts: trialFacts(BundleRecord.parse(JSON.parse(text)), scenario, TrialSpec.parse(specOf('Trial'))) }
}

async function readRemote(cluster: Cluster, what: string): Promise<Side> {
  const { api, namespace } = cluster
  const [, kind, name] = /^(trial|experiment)s?(?:\.assay\.dev)?\/(.+)$/.exec(what) ?? [what, undefined, what]
  if (name === undefined || what.includes('/') && kind === undefined) throw new CliError(EXIT.usage, `there is no file and no work folder ${what}`)
  if (kind !== 'experiment' && (await api.find(TRIALS, { namespace, name })) !== undefined) {
    const subject = await findTrial(cluster, name)
    return { kind: 'trial', facts: trialFacts(recordOf(subject, VERSION), subject.stack.spec.scenario, subject.trial.spec) }
  }
  if (kind !== 'trial' && (await api.find(EXPERIMENTS, { namespace, name })) !== undefined) return { kind: 'experiment', facts: experimentFacts(await collectFromCluster(cluster, name)) }
  throw new CliError(EXIT.usage, `${what} is no file, no work folder, and no ${kind ?? 'Trial or Experiment'} in namespace ${namespace}`)
}

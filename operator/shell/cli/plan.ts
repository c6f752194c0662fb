// SPDX-License-Identifier: Apache-2.0
/** `assay plan`: what an Experiment would do, with no cluster. The same code as the operator's, up to the plan. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { stringify } from 'yaml'
import type { Prices } from '../../core/model/budget.ts'
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import type { MeasuredRow } from '../../core/leaderboard/measured-rows.ts'
import type { Learned } from '../../core/plan/learn.ts'
import type { Finding } from '../../core/preflight/finding.ts'
import type { Verdict } from '../../core/preflight/preflight.ts'
import { buildPlan, type Plan, type PlanResult } from '../../core/plan/plan.ts'
import { DEFAULT_EFFECT } from '../../core/plan/design-properties.ts'
import { reportPlan } from '../../core/plan/plan-report.ts'
import { libraryFolders, loadObjects, type LoadedObject, locate, shelve } from '../library.ts'
import { type Cluster, type ClusterOptions, withCluster } from './cluster.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { leaveOutMeasured, type MeasuredOptions, readMeasuredRows, withMeasuredOptions } from './measured.ts'
import { writePlan } from './plan-files.ts'
import { say } from './say.ts'
import { checkPlan, learnedHere, preflightLines, refuseFailures } from './plan-preflight.ts'
import { planLines } from './plan-view.ts'
import { PRICES_HELP, pricedSpec, readPriceTable } from './price-table.ts'

const FORMATS = ['table', 'wide', 'markdown', 'json', 'yaml'] as const
type Format = (typeof FORMATS)[number]

interface PlanOptions extends ClusterOptions, MeasuredOptions {
  readonly cluster?: boolean
  readonly file: readonly string[]
  readonly library: readonly string[]
  readonly output: Format
  readonly prices?: string
  readonly render?: string
  readonly run: number
  readonly effect: number
}

/** Folder of the package, three levels up from here. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

const collect = (value: string, before: readonly string[] = []) => [...before, value]

function positive(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number from 1.')
  return value
}

function size(text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('expected a number above 0: divide the difference by the standard deviation, such as 2 for 6 % where runs vary by 3 %.')
  return value
}

export function registerPlan(program: Command): void {
  withMeasuredOptions(program.command('plan'))
    .description('show what an Experiment would do, without a cluster: treatments, stacks, order, GPUs, time, cost')
    .requiredOption('-f, --file <path>', 'file or folder with the Experiment, "-" for standard input; may be repeated', collect)
    .option('--library <path>', 'file or folder with Scenarios, WorkloadProfiles and Harnesses, before those that come with Assay; may be repeated', collect, [])
    .addOption(new Option('-o, --output <format>', 'how it is written').choices(FORMATS).default('table'))
    .option('--prices <file>', PRICES_HELP)
    .option('--render <folder>', 'also write the Stacks, Trials and Helm values that it would create')
    .option('--run <number>', 'number of the run that names are made for', positive, 1)
    .option('--effect <size>', 'difference between two levels that power is stated for, in standard deviations of the error term', size, DEFAULT_EFFECT)
    .option('--cluster', 'also look at the cluster: what earlier runs took, and whether it has what stacks need')
    .option('-n, --namespace <name>', 'namespace for rendered files, and to look at')
    .option('--context <name>', 'context of the kubeconfig, for --cluster')
    .option('--kubeconfig <file>', 'kubeconfig, for --cluster (default: $KUBECONFIG, ~/.kube/config)')
    .addHelpText('after', `\nExit codes: ${EXIT.ok} it can be run, ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} the Experiment or something that it uses is invalid.`)
    .action(planCommand)
}

async function planCommand(options: PlanOptions): Promise<void> {
  const plans = await (options.cluster === true ? withCluster(options, (cluster) => checkedPlans(options, cluster)) : checkedPlans(options, undefined))
  if (options.render !== undefined) for (const { plan, namespace } of plans) await render(plan, options.render, options.namespace ?? namespace)
  process.stdout.write(plans.map((planned) => written(planned, options)).join(options.output === 'yaml' ? '---\n' : '\n'))
}

interface CheckedPlan extends PlannedFile { readonly doubts: readonly Finding[] }

async function checkedPlans(options: PlanOptions, cluster: Cluster | undefined): Promise<CheckedPlan[]> {
  const prices = options.prices === undefined ? undefined : await readPriceTable(options.prices)
  const plans = await planFiles({ file: options.file, library: options.library, run: options.run, measured: options.measured, skipFailed: options.skipFailed, ...(prices && { prices }), ...(cluster && { learned: await learnedHere(cluster) }) })
  const verdicts: Verdict[] = []
  for (const { plan, namespace } of plans) verdicts.push(await checkPlan(plan, cluster && { api: cluster.api, namespace: options.namespace ?? namespace ?? cluster.namespace }))
  refuseFailures(verdicts)
  return plans.map((planned, i) => ({ ...planned, doubts: verdicts[i]?.warned ?? [] }))
}

async function render(plan: Plan, folder: string, namespace: string | undefined): Promise<void> {
  const files = await writePlan(plan, folder, namespace)
  process.stderr.write(`wrote ${files} files to ${folder}\n`)
}

function written({ plan, doubts }: CheckedPlan, { output: format, effect }: PlanOptions): string {
  const report = { ...reportPlan(plan, effect), preflight: preflightLines(doubts) }
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`
    case 'yaml':
      return stringify(report, { lineWidth: 0, aliasDuplicateObjects: false })
    case 'table':
    case 'wide':
    case 'markdown':
      return `${planLines(report, { wide: format === 'wide', markdown: format === 'markdown' }).join('\n')}\n`
  }
}

export interface PlannedFile { readonly plan: Plan; readonly object: LoadedObject; readonly namespace?: string }

type PlanFiles = Pick<PlanOptions, 'file' | 'library' | 'run'> & Partial<MeasuredOptions> & { readonly learned?: Learned; readonly prices?: Prices }

/** Plans of all Experiments in the files; a CliError that lists every problem, with file and line, when one is invalid. */
export async function planFiles({ file, library, run, learned, prices, measured = [], skipFailed = false }: PlanFiles): Promise<PlannedFile[]> {
  const [own, given, bundled] = await Promise.all([loadObjects(file), loadObjects(library), loadObjects(libraryFolders(PACKAGE))])
  const objects = [...own.objects, ...given.objects, ...bundled.objects]
  const shelves = shelve(objects)
  const problems: Problem[] = [...own.problems, ...given.problems, ...bundled.problems, ...shelves.problems]
  const experiments = own.objects.filter((o) => o.kind === 'Experiment')
  if (experiments.length === 0 && problems.length === 0) throw new CliError(EXIT.invalidExperiment, `there is no Experiment in ${file.join(', ')}`, 'an Experiment has apiVersion: assay.dev/v1alpha1 and kind: Experiment')
  const plans: PlannedFile[] = []
  const planOf = ({ name, namespace, spec: written }: LoadedObject) => {
    const plan = (spec: unknown) => buildPlan({ experiment: { name, namespace, spec, run }, library: shelves.library, allowPaths: true, ...(learned && { learned }) })
    return plan(prices === undefined ? written : pricedSpec(written, prices, plan))
  }
  const leave = leaver(await readMeasuredRows(measured), skipFailed)
  for (const written of experiments) {
    const { object, result } = leave(written, planOf)
    if (object === undefined) continue
    if (result.ok) plans.push({ plan: result.plan, object, namespace: object.namespace })
    else problems.push(...result.problems.map((problem) => locate(problem, object, objects)))
  }
  if (problems.length > 0) throw new CliError(EXIT.invalidExperiment, `${problems.length === 1 ? 'a problem' : `${problems.length} problems`}\n${problems.map((p) => `  ${formatProblem(p)}`).join('\n')}`)
  return plans
}

type Planner = (object: LoadedObject) => PlanResult
type Leaver = (object: LoadedObject, planOf: Planner) => { readonly object: LoadedObject | undefined; readonly result: PlanResult }

/** Plans an Experiment without what was measured already, which is said. */
function leaver(rows: readonly MeasuredRow[], skipFailed: boolean): Leaver {
  return (written, planOf) => {
    const whole = planOf(written)
    if (!whole.ok || rows.length === 0) return { object: written, result: whole }
    const { object, lines } = leaveOutMeasured(written, whole.plan, { rows, skipFailed })
    for (const line of lines) say(line)
    return { object, result: object === undefined || object === written ? whole : planOf(object) }
  }
}

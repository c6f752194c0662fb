// SPDX-License-Identifier: Apache-2.0
/** `assay explain workload`: what each harness would be told of a workload, or why it cannot express it. No cluster, no server. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import type { z } from 'zod'
import { HarnessSpec } from '../../core/model/harness.ts'
import type { KindName } from '../../core/model/kinds.ts'
import { nearest } from '../../core/model/nearest.ts'
import { formatProblem } from '../../core/model/problem.ts'
import { ScenarioSpec } from '../../core/model/scenario.ts'
import { WorkloadProfileSpec } from '../../core/model/workload-profile.ts'
import { explainHarness, type Told } from '../../core/plan/explain.ts'
import { parseStrict } from '../../core/plan/strict.ts'
import { libraryFolders, type LoadedObject, loadObjects, locate } from '../library.ts'
import { repeated } from './arguments.ts'
import { CliError } from './cli-error.ts'
import { isFile } from './compose-parts.ts'
import { EXIT } from './exit-codes.ts'
import { sampleRequests } from './explain-sample.ts'
import { explainLines, explainSummary } from './explain-view.ts'

interface ExplainOptions {
  readonly harness: readonly string[]
  readonly scenario?: string
  readonly library: readonly string[]
  readonly output?: 'table' | 'wide' | 'json'
}

/** Folder of the package, three levels up from here. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

export function registerExplain(program: Command): void {
  const explain = program.command('explain').description('show what would be done with an object, without a cluster')
  explain.command('workload')
    .argument('<file|name>', 'WorkloadProfile: a file, or one of the library')
    .description('show what each harness would be told of a workload (files, command line, environment, first lines of its inputs), or why it cannot express it')
    .option('--harness <name|file>', 'only this Harness, in full; may be repeated', repeated, [])
    .option('--scenario <name|file>', 'the Scenario that is loaded (default: a server that is made up)')
    .option('--library <path>', 'file or folder with Scenarios, WorkloadProfiles and Harnesses, before those that come with Assay; may be repeated', repeated, [])
    .addOption(new Option('-o, --output <format>', 'how it is written; wide shows everything of every harness').choices(['table', 'wide', 'json']))
    .addHelpText('after', `\nExit codes: ${EXIT.ok} some harness can express it, ${EXIT.usage} wrong usage, ${EXIT.invalidExperiment} none can, or an object is invalid.`)
    .action(async (workload: string, options: ExplainOptions) => {
      process.exitCode = await explainCommand(workload, options)
    })
}

async function explainCommand(workload: string, options: ExplainOptions): Promise<number> {
  const told = await explainWorkload(workload, options)
  const wide = options.output === 'wide' || (options.output === undefined && options.harness.length > 0)
  const lines = [...told.flatMap((one) => explainLines(one, wide)), ...(told.length > 1 ? explainSummary(told) : [])]
  process.stdout.write(options.output === 'json' ? `${JSON.stringify(told, null, 2)}\n` : `${lines.join('\n').trimEnd()}\n`)
  return told.some(({ problems, sends }) => problems.length === 0 && (sends || options.harness.length > 0)) ? EXIT.ok : EXIT.invalidExperiment
}

export async function explainWorkload(workload: string, options: Omit<ExplainOptions, 'output'>): Promise<Told[]> {
  const files = [workload, ...options.harness, ...(options.scenario === undefined ? [] : [options.scenario])].filter(isFile)
  const loadings = await Promise.all([loadObjects(files), loadObjects(options.library), loadObjects(libraryFolders(PACKAGE))])
  const problems = loadings.flatMap((loading) => loading.problems)
  if (problems.length > 0) throw new CliError(EXIT.invalidExperiment, problems.map(formatProblem).join('\n'))
  const objects = loadings.flatMap((loading) => loading.objects)
  const profile = pick(objects, 'WorkloadProfile', workload)
  const spec = parsed(WorkloadProfileSpec, profile, objects)
  const scenario = options.scenario === undefined ? undefined : parsed(ScenarioSpec, pick(objects, 'Scenario', options.scenario), objects)
  const library = new Map(objects.filter(({ kind }) => kind === 'Harness').toReversed().map(({ name, spec: harness }) => [name, harness]))
  const chosen = options.harness.length > 0 ? options.harness.map((name) => pick(objects, 'Harness', name)) : [...library.keys()].toSorted().map((name) => pick(objects, 'Harness', name))
  const sample = await sampleRequests(spec, dirname(resolve(profile.file)))
  return chosen.map((object) => explainHarness({ name: object.name, harness: parsed(HarnessSpec, object, objects), workload: spec, library, ...(scenario && { scenario }), ...(sample && { sample }) }))
}

/** The one object of a file, or the first of that name. */
function pick(objects: readonly LoadedObject[], kind: KindName, chosen: string): LoadedObject {
  const ofKind = objects.filter((object) => object.kind === kind)
  const found = isFile(chosen) ? ofKind.filter(({ file }) => file === chosen) : ofKind.filter(({ name }) => name === chosen).slice(0, 1)
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  if (isFile(chosen)) throw new CliError(EXIT.usage, `${chosen} holds ${found.length} objects of kind ${kind}; expected one`)
  const [guess] = nearest(chosen, ofKind.map(({ name }) => name))
  throw new CliError(EXIT.usage, `there is no ${kind} "${chosen}", neither as a file nor in the library${guess === undefined ? '' : `; did you mean ${guess}?`}`)
}

function parsed<T>(schema: z.ZodType<T>, object: LoadedObject, objects: readonly LoadedObject[]): T {
  const result = parseStrict(schema, object.spec, { at: 'spec', object: `${object.kind}/${object.name}` })
  if (result.ok) return result.value
  throw new CliError(EXIT.invalidExperiment, result.problems.map((problem) => formatProblem(locate(problem, object, objects))).join('\n'))
}

// SPDX-License-Identifier: Apache-2.0
/** What `run` was given: Experiments, and the library objects that they may refer to, nearest first. It checks them without a cluster. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Prices } from '../../core/model/budget.ts'
import { type Checked, type Problem, refused, valid } from '../../core/model/problem.ts'
import { buildPlan, type Plan } from '../../core/plan/plan.ts'
import type { Library } from '../../core/plan/resolve.ts'
import { checkGate } from '../../core/report/gate-rule.ts'
import { libraryFolders, loadObjects, type LoadedObject, locate, shelve } from '../library.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'
import { leaveOutMeasured, type MeasuredOptions, readMeasuredRows } from './measured.ts'
import { pricedSpec } from './price-table.ts'
import { say } from './say.ts'

export interface RunFiles {
  readonly files: readonly string[]
  readonly library: readonly string[]
  /** Another name for the only Experiment. */
  readonly name?: string
}
export interface RunInput {
  readonly experiments: readonly LoadedObject[]
  /** The user's own first, then the library's: the first of a name counts. */
  readonly objects: readonly LoadedObject[]
  readonly isOwn: (object: LoadedObject) => boolean
  readonly library: Library
}

/** Folder of the package, three levels up from here. */
const PACKAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

export async function readInput({ files, library, name }: RunFiles): Promise<RunInput> {
  const [own, others] = await Promise.all([loadObjects(files), libraryObjects(library)])
  const objects = [...own.objects, ...others]
  const shelves = shelve(objects)
  const problems = [...own.problems, ...shelves.problems]
  if (problems.length > 0) throw invalidInput(problems)
  const found = own.objects.filter((o) => o.kind === 'Experiment')
  if (found.length === 0) throw new CliError(EXIT.invalidExperiment, `there is no Experiment in ${files.join(', ')}`, 'an Experiment has apiVersion: assay.dev/v1alpha1 and kind: Experiment')
  if (name !== undefined && found.length > 1) throw new CliError(EXIT.usage, `--name is for one Experiment; there are ${found.length} in ${files.join(', ')}`)
  const mine = new Set(own.objects)
  return { experiments: found.map((e) => (name === undefined ? e : { ...e, name })), objects, isOwn: (o) => mine.has(o), library: shelves.library }
}

/** The objects of libraries: those that were named, then those that come with Assay. */
export async function libraryObjects(paths: readonly string[]): Promise<readonly LoadedObject[]> {
  const loadings = await Promise.all([loadObjects(paths), loadObjects(libraryFolders(PACKAGE))])
  const problems = loadings.flatMap((l) => l.problems)
  if (problems.length > 0) throw invalidInput(problems)
  return loadings.flatMap((l) => l.objects)
}

interface PlanContext { readonly library: Library; readonly among: readonly LoadedObject[]; readonly run: number }

/** The plan as the operator will make it, or every problem with its file and line; `among` are the objects whose files it may lie in. */
export function checkPlan(experiment: LoadedObject, { library, among, run }: PlanContext): Checked<Plan> {
  const { name, namespace, spec } = experiment
  const result = buildPlan({ experiment: { name, namespace, spec, run }, library })
  const located = (problems: readonly Problem[]) => refused(...problems.map((p) => locate(p, experiment, among)))
  if (!result.ok) return located(result.problems)
  const { gate } = result.plan.experiment
  const problems = gate === undefined ? [] : checkGate(gate)
  return problems.length === 0 ? valid(result.plan) : located(problems)
}

/** The Experiment with the rows of a price table that it needs; one whose references are not known yet stays as it is. */
export function withPrices(experiment: LoadedObject, prices: Prices, library: Library): LoadedObject {
  const { name, namespace } = experiment
  return { ...experiment, spec: pricedSpec(experiment.spec, prices, (spec) => buildPlan({ experiment: { name, namespace, spec, run: 1 }, library })) }
}

/** Refuses what no cluster could mend: everything but references, which the namespace may know. */
export function checkOffline({ experiments, objects, library }: RunInput): void {
  const checks = experiments.map((experiment) => checkPlan(experiment, { library, among: objects, run: 1 }))
  const problems = checks.flatMap((checked) => (checked.ok ? [] : checked.problems)).filter((p) => p.reason !== 'MissingReference')
  if (problems.length > 0) throw invalidInput(problems)
}

/** Without treatments that were measured already, and without Experiments of which nothing is left; what is left out is said. */
export async function withoutMeasured(input: RunInput, { measured, skipFailed }: MeasuredOptions): Promise<RunInput> {
  if (measured.length === 0) return input
  const rows = await readMeasuredRows(measured)
  const remaining = input.experiments.map((experiment) => {
    const checked = checkPlan(experiment, { library: input.library, among: input.objects, run: 1 })
    // What only the namespace knows cannot be compared with what was measured.
    if (!checked.ok) throw invalidInput(checked.problems)
    return leaveOutMeasured(experiment, checked.value, { rows, skipFailed })
  })
  for (const line of remaining.flatMap((r) => r.lines)) say(line)
  return { ...input, experiments: remaining.flatMap((r) => r.object ?? []) }
}

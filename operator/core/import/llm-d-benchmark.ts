// SPDX-License-Identifier: Apache-2.0
/** Files of llm-d-benchmark as our objects, and what of them cannot be expressed. */
import type { z } from 'zod'
import { ExperimentSpec } from '../model/experiment.ts'
import { formatProblem } from '../model/problem.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { parseStrict } from '../plan/strict.ts'
import { bare, convertExperiment } from './experiment.ts'
import { type ExperimentFile, fileName, type ForeignFile, type Names, namesOf, objectName, type ProfileFile, recognise, type ScenarioFile } from './foreign-files.ts'
import type { Outcome, Remark } from './ledger.ts'
import { type Pairing, pairExperiment } from './pair-experiment.ts'
import { convertProfile } from './profile.ts'
import { convertScenario } from './scenario.ts'

export interface ImportedObject extends Outcome {
  readonly kind: 'Scenario' | 'WorkloadProfile' | 'Experiment'
  readonly name: string
  /** The file that it comes from. */
  readonly from: string
  /** Undefined when nothing of the file can be expressed. */
  readonly spec?: Readonly<Record<string, unknown>>
}
export interface ImportOptions {
  /** Harnesses that there are: an Experiment keeps its tool where it is one of them. */
  readonly harnesses: readonly string[]
  /** Names of Scenario and WorkloadProfile for experiments whose files are not among those given. */
  readonly scenario?: string
  readonly workload?: string
}
export interface ImportResult {
  readonly objects: readonly ImportedObject[]
  /** Files that are none of the three kinds. */
  readonly passedOver: readonly string[]
}

export function importFiles(files: readonly ForeignFile[], options: ImportOptions): ImportResult {
  const read = files.map((file) => ({ file, known: recognise(file) }))
  const known = read.flatMap((r) => (r.known === undefined ? [] : [r.known]))
  const profiles = known.filter((k) => k.kind === 'profile')
  const scenarios = known.filter((k) => k.kind === 'scenario')
  const experiments = known.filter((k) => k.kind === 'experiment')
  const names = namesOf(scenarios, profiles, experiments)
  const objects = [
    ...scenarios.flatMap((scenario) => scenarioObjects(scenario, names)), ...profiles.map((profile) => profileObject(profile, names)),
    ...experiments.map((experiment) => experimentObject(experiment, { pairing: pairExperiment(experiment, scenarios, profiles), names, options })),
  ]
  return { objects: objects.map(checked), passedOver: read.flatMap((r) => (r.known === undefined ? [r.file.path] : [])) }
}

function scenarioObjects({ file, stacks, dropped }: ScenarioFile, names: Names): ImportedObject[] {
  return stacks.map((stack, i) => {
    const converted = convertScenario(stack)
    return { kind: 'Scenario', name: names(file, i), from: file, spec: converted.spec, dropped: [...dropped, ...converted.dropped], notes: converted.notes }
  })
}

function profileObject({ file, tool, value }: ProfileFile, names: Names): ImportedObject {
  return { kind: 'WorkloadProfile', name: names(file), from: file, ...convertProfile(tool, value) }
}

interface Context { readonly pairing: Pairing; readonly names: Names; readonly options: ImportOptions }

function experimentObject({ file, value }: ExperimentFile, { pairing, names: nameOf, options }: Context): ImportedObject {
  const { scenario, profile, wanted, tool, profiles } = pairing
  const name = nameOf(file)
  const harness = harnessFor(tool, options.harnesses)
  const names = {
    scenario: options.scenario ?? (scenario === undefined ? name : nameOf(scenario.file)), harness: harness.name,
    workload: options.workload ?? (profile === undefined ? objectName(bare(wanted ?? name)) : nameOf(profile.file)),
  }
  const { spec, dropped, notes } = convertExperiment({ value, stack: scenario?.stacks[0], tool, profiles, profile: profile === undefined ? wanted : fileName(profile.file), names })
  return { kind: 'Experiment', name, from: file, ...(spec === undefined ? {} : { spec }), dropped: [...missingFiles(pairing, names, options), ...dropped], notes: [...harness.notes, ...notes] }
}

/** What an Experiment refers to and is neither among the files nor named. */
function missingFiles({ scenario, profile, wanted }: Pairing, names: { readonly scenario: string; readonly workload: string }, options: ImportOptions): Remark[] {
  const remarks: Remark[] = []
  if (scenario === undefined && options.scenario === undefined) remarks.push({ path: 'scenario', reason: `no scenario file was given with it: scenarioRef names ${names.scenario}, which has to be written (or name one with --scenario)` })
  if (profile === undefined && options.workload === undefined) remarks.push({ path: `profile: ${wanted ?? 'none named'}`, reason: `its file was not given: workloadRef names ${names.workload} (give the one profile that it is for, too)` })
  return remarks
}

/** The same tool where Assay has it, else the one that comes with Assay. */
const SAME_TOOL: Readonly<Record<string, readonly string[]>> = { 'vllm-benchmark': ['vllm-bench', 'vllm-bench-serve', 'vllm-benchmark'], inferencemax: ['inferencemax', 'vllm-bench', 'vllm-bench-serve'] }

function harnessFor(tool: string, harnesses: readonly string[]): { readonly name: string; readonly notes: Outcome['notes'] } {
  const found = (SAME_TOOL[tool] ?? [tool]).find((name) => harnesses.includes(name))
  return found === undefined ? { name: 'native', notes: [{ path: `harness: ${tool}`, reason: 'Assay has no harness for this tool: native sends the same load' }] } : { name: found, notes: [] }
}

const SCHEMAS: Readonly<Record<ImportedObject['kind'], z.ZodType>> = { Scenario: ScenarioSpec, WorkloadProfile: WorkloadProfileSpec, Experiment: ExperimentSpec }

/** An object that our own schema would refuse is none: what is wrong with it stands in its place. */
function checked(object: ImportedObject): ImportedObject {
  if (object.spec === undefined) return object
  const result = parseStrict(SCHEMAS[object.kind], object.spec, { at: 'spec', object: `${object.kind}/${object.name}` })
  if (result.ok) return object
  const { spec: _, ...rest } = object
  return { ...rest, dropped: [...object.dropped, ...result.problems.map((problem) => ({ path: 'the whole file', reason: formatProblem(problem) }))] }
}

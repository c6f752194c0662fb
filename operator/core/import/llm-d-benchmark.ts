// SPDX-License-Identifier: Apache-2.0
/** Files of llm-d-benchmark as our objects: what each file is, which belong together, and what of them cannot be expressed. */
import { parseAllDocuments } from 'yaml'
import type { z } from 'zod'
import { isObject } from '../design/path.ts'
import { ExperimentSpec } from '../model/experiment.ts'
import { formatProblem } from '../model/problem.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { parseStrict } from '../plan/strict.ts'
import { bare, convertExperiment } from './experiment.ts'
import { type Outcome, valueAt } from './ledger.ts'
import { convertProfile, PROFILE_TOOLS, toolOf } from './profile.ts'
import { convertScenario, hoisted } from './scenario.ts'
import { stacksOfEnvironment } from './scenario-env.ts'

export interface ForeignFile { readonly path: string; readonly text: string }
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

type Known =
  | { readonly kind: 'scenario'; readonly file: string; readonly stacks: readonly Record<string, unknown>[]; readonly dropped: Outcome['dropped'] }
  | { readonly kind: 'profile'; readonly file: string; readonly tool: string; readonly value: unknown }
  | { readonly kind: 'experiment'; readonly file: string; readonly value: unknown }

export function importFiles(files: readonly ForeignFile[], options: ImportOptions): ImportResult {
  const read = files.map((file) => ({ file, known: recognise(file) }))
  const known = read.flatMap((r) => (r.known === undefined ? [] : [r.known]))
  const profiles = known.filter((k) => k.kind === 'profile')
  const scenarios = known.filter((k) => k.kind === 'scenario')
  const experiments = known.filter((k) => k.kind === 'experiment')
  const names = namesOf(scenarios, profiles, experiments)
  const objects = [
    ...scenarios.flatMap((scenario) => scenarioObjects(scenario, names)), ...profiles.map((profile) => profileObject(profile, names)),
    ...experiments.map((experiment) => experimentObject(experiment, { scenarios, profiles, names, options })),
  ]
  return { objects: objects.map(checked), passedOver: read.flatMap((r) => (r.known === undefined ? [r.file.path] : [])) }
}

const MAX_ALIASES = 100

/** The first document of a YAML text; undefined when it is none. Placeholders stand unquoted in templates, which YAML takes for text. */
function parsed(text: string): unknown {
  try {
    const [document] = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false }).filter((d) => 'contents' in d && d.contents !== null)
    return document === undefined || !('errors' in document) || document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    return undefined
  }
}

function recognise({ path, text }: ForeignFile): Known | undefined {
  if (/^\s*(export\s+)?LLMDBENCH_[A-Z0-9_]+=/m.test(text)) return { kind: 'scenario', file: path, ...stacksOfEnvironment(text) }
  const value = parsed(text)
  if (!isObject(value)) return undefined
  if (Array.isArray(value['scenario'])) return { kind: 'scenario', file: path, stacks: stacksOf(value), dropped: [] }
  const tool = PROFILE_TOOLS.find((name) => path.includes(`profiles/${name}/`)) ?? toolOf(value)
  if (tool !== undefined) return { kind: 'profile', file: path, tool, value }
  return ['treatments', 'setup', 'run', 'design'].some((key) => key in value) ? { kind: 'experiment', file: path, value } : undefined
}

function stacksOf({ scenario, shared }: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  return (Array.isArray(scenario) ? scenario : []).map((stack: unknown) => ({ ...(isObject(shared) ? shared : {}), ...hoisted(stack) }))
}

const MAX_NAME = 40

/** A name that Kubernetes takes. */
export function objectName(text: string, longest = 63): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+/, '').slice(0, longest).replace(/-+$/, '') || 'imported'
}

const fileName = (path: string) => path.replace(/^.*\//, '').replace(/\.(ya?ml(\.in)?|sh)$/, '')

type ScenarioFile = Extract<Known, { kind: 'scenario' }>
type ProfileFile = Extract<Known, { kind: 'profile' }>
type ExperimentFile = Extract<Known, { kind: 'experiment' }>

function scenarioObjects({ file, stacks, dropped }: ScenarioFile, names: Names): ImportedObject[] {
  return stacks.map((stack, i) => {
    const converted = convertScenario(stack)
    return { kind: 'Scenario', name: names(file, i), from: file, spec: converted.spec, dropped: [...dropped, ...converted.dropped], notes: converted.notes }
  })
}

function profileObject({ file, tool, value }: ProfileFile, names: Names): ImportedObject {
  return { kind: 'WorkloadProfile', name: names(file), from: file, ...convertProfile(tool, value) }
}

/** Name of the object that comes from a file, or from one stack of it. */
type Names = (file: string, index?: number) => string

/** Scenarios are called as they call themselves; of profiles of one name in several folders, all but the first have the tool's name, too. */
function namesOf(scenarios: readonly ScenarioFile[], profiles: readonly ProfileFile[], experiments: readonly ExperimentFile[]): Names {
  const known = new Map<string, string>()
  const taken = new Set<string>()
  const give = (key: string, [wanted, other]: readonly [string, string], longest?: number) => {
    const free = [wanted, other, ...Array.from({ length: 1000 }, (_, i) => `${other.slice(0, 34)}-${i + 2}`)].map((name) => objectName(name, longest)).find((name) => !taken.has(name)) ?? wanted
    taken.add(free)
    known.set(key, free)
  }
  for (const { file, stacks } of scenarios) for (const [i, { name }] of stacks.entries()) give(`${file}#${i}`, [typeof name === 'string' ? name : fileName(file), fileName(file)])
  taken.clear()
  for (const { file, tool } of profiles) give(`${file}#0`, [fileName(file), `${fileName(file)}-${tool}`])
  taken.clear()
  for (const { file, value } of experiments) give(`${file}#0`, [text(valueAt(value, 'experiment.name')) ?? fileName(file), fileName(file)], MAX_NAME)
  return (file, index = 0) => known.get(`${file}#${index}`) ?? objectName(fileName(file))
}

interface Context { readonly scenarios: readonly ScenarioFile[]; readonly profiles: readonly ProfileFile[]; readonly names: Names; readonly options: ImportOptions }

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** Of several files of one name, that with which it shares most folders. */
function nearestTo(file: string, candidates: readonly ScenarioFile[]): ScenarioFile | undefined {
  const shared = (other: string) => {
    const [a, b] = [file.split('/'), other.split('/')]
    const differ = a.findIndex((part, i) => part !== b[i])
    return differ < 0 ? a.length : differ
  }
  return candidates.toSorted((a, b) => shared(b.file) - shared(a.file))[0]
}

/** An experiment names its tool and profile, or the scenario of the same name does. */
function experimentObject({ file, value }: ExperimentFile, { scenarios, profiles, names: nameOf, options }: Context): ImportedObject {
  const name = nameOf(file)
  const pair = nearestTo(file, scenarios.filter((s) => fileName(s.file) === fileName(file))) ?? (scenarios.length === 1 ? scenarios[0] : undefined)
  const stack = pair?.stacks[0]
  const defaults = stack === undefined ? undefined : convertScenario(stack)
  const wanted = text(valueAt(value, 'experiment.profile')) ?? defaults?.profile
  const tool = text(valueAt(value, 'experiment.harness')) ?? defaults?.tool ?? (profiles.length === 1 ? profiles[0]?.tool : undefined) ?? 'inference-perf'
  const own = profiles.filter((p) => p.tool === tool)
  const profile = own.find((p) => fileName(p.file) === bare(wanted ?? '')) ?? (wanted === undefined && own.length === 1 ? own[0] : undefined)
  const harness = harnessFor(tool, options.harnesses)
  const names = {
    scenario: options.scenario ?? (pair === undefined ? name : nameOf(pair.file)),
    workload: options.workload ?? (profile === undefined ? objectName(bare(wanted ?? name)) : nameOf(profile.file)), harness: harness.name,
  }
  const converted = convertExperiment({ value, stack, tool, profiles: new Map(own.map((p) => [fileName(p.file), p.value])), profile: profile === undefined ? wanted : fileName(profile.file), names })
  const missing = [
    ...(pair === undefined && options.scenario === undefined ? [{ path: 'scenario', reason: `no scenario file was given with it: scenarioRef names ${names.scenario}, which has to be written (or name one with --scenario)` }] : []),
    ...(profile === undefined && options.workload === undefined ? [{ path: `profile: ${wanted ?? 'none named'}`, reason: `its file was not given: workloadRef names ${names.workload} (give the one profile that it is for, too)` }] : []),
  ]
  return { kind: 'Experiment', name, from: file, ...(converted.spec === undefined ? {} : { spec: converted.spec }), dropped: [...missing, ...converted.dropped], notes: [...harness.notes, ...converted.notes] }
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

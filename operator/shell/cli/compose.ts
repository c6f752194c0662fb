// SPDX-License-Identifier: Apache-2.0
/** From choices to an Experiment, as if somebody had written its file: names are looked up, the rest is the plan's to check. */
import { canonicalJson } from '../../core/design/canonical.ts'
import { sha256Hex } from '../../core/design/identity.ts'
import { isObject } from '../../core/design/path.ts'
import type { Part } from '../../core/design/path-schema.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { type Library, PART_INFO } from '../../core/plan/resolve.ts'
import { type LoadedObject, loadObjects, shelve } from '../library.ts'
import { type Choices, DEFAULTS } from './choices.ts'
import { CliError, invalidInput } from './cli-error.ts'
import { choosePart, chooseScenario, type Fallback, type InNamespace, isFile, nameOf, objectNameOf, type PartChoice, type Shelf } from './compose-parts.ts'
import { EXIT } from './exit-codes.ts'
import { checkPlan, libraryObjects, type RunInput } from './run-input.ts'

export interface Composed {
  readonly experiment: LoadedObject
  readonly input: RunInput
  /** What was chosen, for people. */
  readonly names: Readonly<Record<Part, string>>
}

export interface Composing {
  readonly choices: Choices
  readonly fallback: Fallback
  /** The fallback counts also where a given Experiment names a Scenario. */
  readonly insist?: boolean
  readonly inNamespace: InNamespace
  readonly name?: string
}

export async function composeExperiment({ choices, fallback, insist, inNamespace, name }: Composing): Promise<Composed> {
  const shelf = await readShelf(choices, inNamespace)
  const given = choices.experiments === undefined ? undefined : await readExperiment(choices.experiments)
  const base = isObject(given?.spec) ? given.spec : {}
  const usual = (part: 'workload' | 'harness') => choosePart(part, { chosen: choices[part], shelf, base, otherwise: { ref: DEFAULTS[part] } })
  const parts = { scenario: chooseScenario(choices, { shelf, fallback, base: insist === true ? {} : base }), workload: usual('workload'), harness: usual('harness') }
  const names = { scenario: nameOf(parts.scenario), workload: nameOf(parts.workload), harness: nameOf(parts.harness) }
  const written = given ?? { kind: 'Experiment', name: shortName(`${names.scenario}-${names.workload}`, MADE_NAME), annotations: {}, file: 'the command line', where: (path: string) => `the command line (${path})` }
  const experiment: LoadedObject = { ...written, name: name ?? written.name, spec: specOf(base, parts, choices.set) }
  const { library } = shelve(shelf.objects)
  return { experiment, names, input: { experiments: [experiment], objects: shelf.objects, isOwn: (o) => shelf.own.has(o), library } }
}

/** The plan of a composed Experiment, for what needs resolved specifications. */
export function planComposed({ experiment, input }: Pick<Composed, 'experiment' | 'input'>, library: Library = input.library): Plan {
  const checked = checkPlan(experiment, { library, among: input.objects, run: 1 })
  if (!checked.ok) throw invalidInput(checked.problems)
  return checked.value
}

/** Longest name that we make: a Helm release is `<name>-<run>-<8 digits>-s<replicate>-<release>`, and may have 53 characters. */
const MADE_NAME = 28
const DIGEST = 6

const shortName = (words: string, length: number) => objectNameOf(words).slice(0, length).replace(/-+$/, '')

/** The same choices make the same name, so that a repetition is another run of the same Experiment; others make another one. */
export function nameFor(words: string, spec: unknown): string {
  return `${shortName(words, MADE_NAME - DIGEST - 1)}-${sha256Hex(canonicalJson(spec)).slice(0, DIGEST)}`
}

/** Files that were named, then the library. */
async function readShelf({ scenario, workload, harness, library }: Choices, inNamespace: InNamespace): Promise<Shelf> {
  const files = [scenario, workload, harness].filter((f): f is string => f !== undefined && isFile(f))
  const [own, others] = await Promise.all([loadObjects(files), libraryObjects(library)])
  if (own.problems.length > 0) throw invalidInput(own.problems)
  return { objects: [...own.objects, ...others], own: new Set(own.objects), inNamespace }
}

async function readExperiment(file: string): Promise<LoadedObject> {
  const { objects, problems } = await loadObjects([file])
  if (problems.length > 0) throw invalidInput(problems)
  const [found, ...others] = objects.filter((o) => o.kind === 'Experiment')
  if (found === undefined || others.length > 0) throw new CliError(EXIT.usage, `--experiments: ${file} holds ${found === undefined ? 'no Experiment' : 'several Experiments'}; expected one`)
  return found
}

/** What was given, with the parts in place of its own; one treatment, unless a design was given; --set holds in all treatments. */
function specOf(base: Readonly<Record<string, unknown>>, parts: Readonly<Record<Part, PartChoice>>, set: Choices['set']): unknown {
  const names = Object.keys(parts) as Part[]
  const replaced = new Set(names.flatMap((part) => [part, PART_INFO[part].ref] as string[]))
  const kept = Object.entries(base).filter(([member]) => !replaced.has(member))
  const chosen = names.map((part) => { const choice = parts[part]; return 'ref' in choice ? [PART_INFO[part].ref, { name: choice.ref }] : [part, choice.spec] })
  const design = isObject(base['design']) ? base['design'] : { treatments: [{ name: 'only', set: {} }] }
  const constants = isObject(design['constants']) ? design['constants'] : {}
  return { ...Object.fromEntries([...kept, ...chosen]) as object, design: Object.keys(set).length === 0 ? design : { ...design, constants: { ...constants, ...set } } }
}

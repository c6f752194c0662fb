// SPDX-License-Identifier: Apache-2.0
/** An experiment file of llm-d-benchmark over its scenario and its profile, as an Experiment. */
import { canonicalJson } from '../design/canonical.ts'
import { isObject } from '../design/path.ts'
import { factorsFromTreatments, type NamedSpec } from './factors-from-treatments.ts'
import { asNumber, openLedger, type Outcome, type Remark, valueAt } from './ledger.ts'
import { convertProfile } from './profile.ts'
import { convertScenario } from './scenario.ts'
import { placeOf } from './scenario-env.ts'
import { specDifference } from './spec-difference.ts'
import { type ForeignSide, type ForeignTreatment, readTreatmentsFile } from './treatments.ts'

/** What the experiment is over: their files, and the names of ours. */
export interface ExperimentInput {
  readonly value: unknown
  /** The stack, hoisted; undefined when there is no scenario file. */
  readonly stack?: unknown
  readonly tool: string
  /** Profiles of that tool by file name, without endings. */
  readonly profiles: ReadonlyMap<string, unknown>
  /** Name of the profile to start from. */
  readonly profile?: string
  readonly names: { readonly scenario: string; readonly workload: string; readonly harness: string }
}
export interface ConvertedExperiment extends Outcome {
  /** Undefined when treatments change a profile that is not there: without them it would be another experiment. */
  readonly spec?: Record<string, unknown>
}

export function convertExperiment(input: ExperimentInput): ConvertedExperiment {
  const { value, stack, names } = input
  const { setup, run } = readTreatmentsFile(value)
  const setups = sideSpecs(setup, { part: 'scenario', base: stack ?? {}, convert: (foreign) => convertScenario(foreign).spec, remarks: (foreign) => convertScenario(foreign).dropped })
  const profile = (name: string | undefined) => input.profiles.get(bare(name ?? input.profile ?? '')) ?? {}
  const runs = sideSpecs(run, { part: 'workload', base: profile(undefined), started: (t) => (t.profile === undefined ? undefined : profile(t.profile)), convert: (foreign) => convertProfile(input.tool, foreign).spec, remarks: (foreign) => convertProfile(input.tool, foreign).dropped })
  const settings = settingsOf(value)
  const dropped = [...setup.dropped, ...run.dropped, ...setups.dropped, ...runs.dropped, ...settings.dropped]
  if (runs.lost) return { dropped: [...dropped, { path: `${run.treatments.length} treatments`, reason: 'they change a profile that is not given or cannot be expressed' }], notes: settings.notes }
  const factors = [...setups.factors, ...runs.factors]
  const constants = { ...setups.constants, ...runs.constants }
  return {
    spec: {
      scenarioRef: { name: names.scenario }, workloadRef: { name: names.workload }, harnessRef: { name: names.harness },
      design: { ...(factors.length === 0 ? { treatments: [{ name: 'only', set: {} }] } : { fullFactorial: { factors } }), ...(Object.keys(constants).length === 0 ? {} : { constants }) },
      ...settings.spec,
    },
    dropped, notes: settings.notes,
  }
}

/** Name of a profile without folder and endings. */
export const bare = (name: string) => name.replace(/^.*\//, '').replace(/\.ya?ml(\.in)?$/, '')

interface SideInput {
  readonly part: 'scenario' | 'workload'
  readonly base: unknown
  /** Another file that a treatment starts from. */
  readonly started?: (treatment: ForeignTreatment) => unknown
  readonly convert: (foreign: unknown) => unknown
  readonly remarks: (foreign: unknown) => readonly Remark[]
}

interface SideSpecs {
  readonly factors: readonly object[]
  readonly constants: Record<string, unknown>
  readonly dropped: readonly Remark[]
  /** Whether there are treatments of something that cannot be expressed at all. */
  readonly lost: boolean
}

/** Every treatment is converted as a whole, so that what follows from its values follows here as well; what differs becomes factors. */
function sideSpecs({ constants, treatments }: ForeignSide, { part, base, started, convert, remarks }: SideInput): SideSpecs {
  const known = new Set(remarks(base).map((r) => r.path))
  const dropped: Remark[] = []
  const convertWith = (foreign: unknown, overrides: ReadonlyMap<string, unknown>, where: string) => {
    const laid = layOver(foreign, overrides)
    dropped.push(...laid.missed.map((path) => ({ path: `${where}${path}`, reason: 'it leads nowhere in the file that it overrides, or is nothing that can be set' })))
    dropped.push(...remarks(laid.value).filter((r) => !known.has(r.path)).map((r) => ({ ...r, path: `${where}${r.path}` })))
    return { foreign: laid.value, spec: convert(laid.value) }
  }
  const fixed = convertWith(base, constants, 'constants: ')
  const specs = treatments.map((treatment): NamedSpec => {
    const start = started?.(treatment)
    const from = start === undefined ? fixed.foreign : layOver(start, constants).value
    return { name: treatment.name, spec: convertWith(from, treatment.overrides, `treatment ${treatment.name}: `).spec }
  })
  const factors = factorsFromTreatments(part, fixed.spec, specs)
  const lost = treatments.length > 0 && [fixed, ...specs].some(({ spec }) => spec === undefined)
  if (!lost) dropped.push(...alike(part, specs))
  return { factors, constants: Object.fromEntries(specDifference(part, convert(base), fixed.spec)), dropped: onceEach(dropped), lost }
}

/** Treatments that no longer differ, because what they differ in is not expressed. */
function alike(part: string, specs: readonly NamedSpec[]): Remark[] {
  const groups = [...Map.groupBy(specs, ({ spec }) => canonicalJson(spec)).values()].filter((group) => group.length > 1)
  return groups.map((group) => ({ path: `treatments ${group.map(({ name }) => name).join(', ')}`, reason: `for the ${part} they come to the same: what they differ in is not expressed, or not used` }))
}

const onceEach = (remarks: readonly Remark[]) => [...new Map(remarks.map((r) => [r.path, r])).values()]

/** A copy with values set by dotted path. Variables of the older form lead to where later files say the same, short names to the one place that has it. */
function layOver(foreign: unknown, overrides: ReadonlyMap<string, unknown>): { readonly value: unknown; readonly missed: readonly string[] } {
  const value: unknown = structuredClone(foreign ?? {})
  const missed: string[] = []
  for (const [key, given] of overrides) {
    const places = key.startsWith('LLMDBENCH_') ? placeOf(key, String(given)) : [[placeIn(value, key), given] as const]
    if (places === undefined) missed.push(`${key}: ${String(given)}`)
    for (const [path, placed] of places ?? []) setAt(value, path.split('.'), placed)
  }
  return { value, missed }
}

/** A name without dots may be that of a leaf somewhere below, when only one has it. */
function placeIn(root: unknown, key: string): string {
  if (key.includes('.') || valueAt(root, key) !== undefined) return key
  const found = leavesCalled(root, key, '')
  return found.length === 1 ? (found[0] ?? key) : key
}

function leavesCalled(value: unknown, key: string, path: string): string[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const own = path === '' ? name : `${path}.${name}`
    return name === key ? [own] : leavesCalled(member, key, own)
  })
}

function setAt(root: unknown, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined || typeof root !== 'object' || root === null) return
  const members = root as Record<string, unknown>
  if (rest.length === 0) {
    members[key] = value
    return
  }
  if (typeof members[key] !== 'object' || members[key] === null) members[key] = {}
  setAt(members[key], rest, value)
}

function settingsOf(value: unknown): Outcome & { readonly spec: Record<string, unknown> } {
  const ledger = openLedger(value)
  ledger.handled('experiment', 'setup', 'run', 'treatments', 'constants', 'design', 'validate_failures')
  const attempts = asNumber(ledger.take('treatment_max_attempts'))
  if (attempts !== undefined) ledger.note('treatment_max_attempts', 'a trial is repeated after transient failures only')
  const execution = {
    ...(ledger.take('reset_caches') === true ? { caches: 'Reset' } : {}), ...(attempts === undefined ? {} : { retries: Math.min(10, Math.max(0, attempts - 1)) }),
    ...(ledger.take('treatment_stop_on_error') === true ? { maxFailedTrials: 0 } : {}),
  }
  return { spec: Object.keys(execution).length === 0 ? {} : { execution }, ...ledger.close() }
}

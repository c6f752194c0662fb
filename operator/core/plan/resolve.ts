// SPDX-License-Identifier: Apache-2.0
/** From an Experiment and the library to the three specifications that it is based on. References are found or refused here. */
import type { z } from 'zod'
import { nearest } from '../model/nearest.ts'
import type { Bases, Part, PartBase, Shelf } from '../design/path-schema.ts'
import type { ExperimentSpec } from '../model/experiment.ts'
import { HarnessSpec } from '../model/harness.ts'
import type { Checked, Problem } from '../model/problem.ts'
import { ScenarioSpec } from '../model/scenario.ts'
import { WorkloadProfileSpec } from '../model/workload-profile.ts'
import { parseStrict } from './strict.ts'

/** Specifications by name, as they were written; they are checked when they are used. */
export interface Library {
  readonly scenarios: ReadonlyMap<string, unknown>
  readonly workloads: ReadonlyMap<string, unknown>
  readonly harnesses: ReadonlyMap<string, unknown>
}

interface PartInfo { readonly kind: string; readonly schema: z.ZodType; readonly ref: 'scenarioRef' | 'workloadRef' | 'harnessRef'; readonly shelf: keyof Library }
export const PART_INFO: Readonly<Record<Part, PartInfo>> = {
  scenario: { kind: 'Scenario', schema: ScenarioSpec, ref: 'scenarioRef', shelf: 'scenarios' },
  workload: { kind: 'WorkloadProfile', schema: WorkloadProfileSpec, ref: 'workloadRef', shelf: 'workloads' },
  harness: { kind: 'Harness', schema: HarnessSpec, ref: 'harnessRef', shelf: 'harnesses' },
}

/** The base of every part, or all problems of all three. */
export function resolveBases(spec: ExperimentSpec, library: Library): Checked<Bases> {
  const scenario = resolvePart('scenario', spec, library)
  const workload = resolvePart('workload', spec, library)
  const harness = resolvePart('harness', spec, library)
  if (scenario.ok && workload.ok && harness.ok) return { ok: true, value: { scenario: scenario.value, workload: workload.value, harness: harness.value } }
  return { ok: false, problems: [scenario, workload, harness].flatMap((part) => (part.ok ? [] : part.problems)) }
}

function resolvePart(part: Part, spec: ExperimentSpec, library: Library): Checked<PartBase> {
  const { kind, schema, ref, shelf: place } = PART_INFO[part]
  const name = spec[ref]?.name
  const known = library[place]
  const shelf = shelfOf(part, known)
  if (name === undefined) return { ok: true, value: { schema, value: spec[part], object: `inline ${part}`, shelf } }
  if (!known.has(name)) return { ok: false, problems: [missing({ kind, name, ref, known: [...known.keys()] })] }
  const object = `${kind}/${name}`
  const parsed = parseStrict(schema, known.get(name), { at: 'spec', object })
  return parsed.ok ? { ok: true, value: { schema, value: parsed.value, object, shelf } } : parsed
}

/** The library as a factor sees it whose levels are names; each object is read once. */
function shelfOf(part: Part, known: ReadonlyMap<string, unknown>): Shelf {
  const { kind, schema } = PART_INFO[part]
  const read = new Map<string, Checked<unknown>>()
  return {
    kind, names: [...known.keys()],
    read: (name) => {
      if (!known.has(name)) return undefined
      const found = read.get(name) ?? parseStrict(schema, known.get(name), { at: 'spec', object: `${kind}/${name}` })
      read.set(name, found)
      return found
    },
  }
}

interface Missing { readonly kind: string; readonly name: string; readonly ref: string; readonly known: readonly string[] }

const LISTED = 12

function missing({ kind, name, ref, known }: Missing): Problem {
  const listed = known.slice(0, LISTED).join(', ') + (known.length > LISTED ? ` and ${known.length - LISTED} more` : '')
  return {
    reason: 'MissingReference', path: `spec.${ref}.name`, message: `there is no ${kind} called ${name}`, found: name,
    expected: known.length > 0 ? `one of ${listed}` : `a ${kind} in the same namespace; there is none`, nearest: nearest(name, known)[0],
  }
}

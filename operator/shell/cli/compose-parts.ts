// SPDX-License-Identifier: Apache-2.0
/** What stands for scenario, workload and harness: what was named, what a given Experiment says, or the usual. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { isObject } from '../../core/design/path.ts'
import type { Part } from '../../core/design/path-schema.ts'
import { nearest } from '../../core/model/nearest.ts'
import { PART_INFO } from '../../core/plan/resolve.ts'
import type { LoadedObject } from '../library.ts'
import { type Choices, DEFAULTS } from './choices.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

/** What the namespace has, by kind and name; empty without a cluster. */
export type InNamespace = (part: Part) => ReadonlyMap<string, unknown>
export interface Shelf { readonly objects: readonly LoadedObject[]; readonly own: ReadonlySet<LoadedObject>; readonly inNamespace: InNamespace }

/** By name, or written out. */
export type PartChoice = { readonly ref: string } | { readonly name: string; readonly spec: unknown }
/** The Scenario where none is chosen: the name of one, or its specification. */
export type Fallback = string | { readonly name: string; readonly spec: unknown }

export const nameOf = (part: PartChoice): string => ('ref' in part ? part.ref : part.name)

/** `base`: the specification of a given Experiment. */
interface PartContext { readonly chosen: string | undefined; readonly shelf: Shelf; readonly base: Readonly<Record<string, unknown>>; readonly otherwise: PartChoice }

export function choosePart(part: Part, { chosen, shelf, base, otherwise }: PartContext): PartChoice {
  if (chosen !== undefined) return { ref: pick(part, chosen, shelf) }
  const ref: unknown = base[PART_INFO[part].ref]
  if (isObject(ref) && typeof ref['name'] === 'string') return { ref: ref['name'] }
  return base[part] === undefined ? otherwise : { name: part, spec: base[part] }
}

interface ScenarioContext { readonly shelf: Shelf; readonly base: Readonly<Record<string, unknown>>; readonly fallback: Fallback }

/** The usual Scenario serves the usual model, whichever it is. */
export function chooseScenario(choices: Choices, { shelf, base, fallback }: ScenarioContext): PartChoice {
  const chosen = choices.scenario ?? choices.method
  const isUsual = chosen === undefined && base['scenarioRef'] === undefined && base['scenario'] === undefined && typeof fallback === 'string'
  const part = choosePart('scenario', { chosen, shelf, base, otherwise: typeof fallback === 'string' ? { ref: fallback } : fallback })
  const model = choices.model ?? (isUsual ? DEFAULTS.model : undefined)
  return model === undefined ? part : withModel(part, model, shelf)
}

/** Another model makes it another Scenario, written out; what else is said of the old model is true of that only. */
function withModel(part: PartChoice, name: string, shelf: Shelf): PartChoice {
  const spec = 'spec' in part ? part.spec : shelf.inNamespace('scenario').get(part.ref) ?? shelf.objects.find((o) => o.kind === 'Scenario' && o.name === part.ref)?.spec
  if (!isObject(spec) || !isObject(spec['model']) || spec['model']['name'] === name) return part
  const { maxLength, dtype } = spec['model']
  return { name: nameOf(part), spec: { ...spec, model: { name, maxLength, dtype } } }
}

/** A name as people write it, `sanity_random.yaml` too, for an object that there is. */
function pick(part: Part, chosen: string, { objects, own, inNamespace }: Shelf): string {
  const { kind } = PART_INFO[part]
  if (isFile(chosen)) {
    const named = [...own].filter((o) => o.kind === kind && o.file === chosen)
    if (named.length === 1 && named[0] !== undefined) return named[0].name
    throw new CliError(EXIT.usage, `${chosen} holds ${named.length} objects of kind ${kind}; expected one`)
  }
  const known = new Set([...objects.filter((o) => o.kind === kind).map((o) => o.name), ...inNamespace(part).keys()])
  const name = known.has(chosen) ? chosen : objectNameOf(basename(chosen).replace(/\.(ya?ml|json)(\.in)?$/, ''))
  if (known.has(name)) return name
  const [guess] = nearest(name, known)
  throw new CliError(EXIT.invalidExperiment, `there is no ${kind} "${chosen}"${guess === undefined ? '' : `; did you mean ${guess}?`}`, `there are ${[...known].sort().join(', ')}`)
}

/** `sanity.yaml` may be a file here, or the name of a profile as people know it. */
export const isFile = (text: string): boolean => (text.includes('/') || /\.(ya?ml|json)$/.test(text)) && existsSync(text)

/** Lower-case letters, digits and hyphens. */
export function objectNameOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-').replaceAll(/^[^a-z0-9]+|-+$/g, '').slice(0, 40).replace(/-+$/, '')
}

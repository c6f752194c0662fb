// SPDX-License-Identifier: Apache-2.0
/** Brings the library objects that an Experiment refers to into its namespace. What is there and differs belongs to somebody: it stays, and we say so. */
import { relative } from 'node:path'
import type { z } from 'zod'
import { specHash } from '../../core/design/identity.ts'
import type { Part } from '../../core/design/path-schema.ts'
import { API_VERSION } from '../../core/model/kinds.ts'
import { type Library, PART_INFO } from '../../core/plan/resolve.ts'
import type { NamedObject } from '../../core/plan/named-objects.ts'
import { isConflict } from '../kube/api-error.ts'
import type { ApiResource, KubeObject } from '../kube/api-resource.ts'
import { HARNESSES, SCENARIOS, WORKLOAD_PROFILES } from '../kube/assay-resources.ts'
import type { LoadedObject } from '../library.ts'
import { CLI_MANAGER, type Cluster } from './cluster.ts'


type LibraryObject = KubeObject & { readonly spec: unknown }
export const LIBRARY_RESOURCES: Readonly<Record<Part, ApiResource<LibraryObject>>> = { scenario: SCENARIOS, workload: WORKLOAD_PROFILES, harness: HARNESSES }

/** One reference with what the namespace has for it and what we would bring. */
export interface Resolution {
  readonly reference: NamedObject
  readonly there: LibraryObject | undefined
  readonly ours: LoadedObject | undefined
  readonly action: LibraryAction
}
/** `keep`: the namespace's is used although ours differs. */
export type LibraryAction = 'none' | 'create' | 'replace' | 'keep'

interface Choice {
  readonly there: { readonly spec: unknown; readonly metadata?: KubeObject['metadata'] } | undefined
  readonly ours: { readonly spec: unknown } | undefined
  /** Of the user's own files. */
  readonly isOwn: boolean
  readonly force: boolean
}

/** Objects of the user's own files are meant to be applied; those of the library fill what is missing, and follow the library while nobody else has touched them. */
export function chooseAction(schema: z.ZodType, { there, ours, isOwn, force }: Choice): LibraryAction {
  if (ours === undefined) return 'none'
  if (there === undefined) return 'create'
  if (sameSpec(schema, there.spec, ours.spec)) return 'none'
  return isOwn || force || isUntouched(there) ? 'replace' : 'keep'
}

/** Whether only we ever wrote it. */
function isUntouched({ metadata }: NonNullable<Choice['there']>): boolean {
  const { managedFields = [] } = (metadata ?? {}) as { readonly managedFields?: readonly { readonly manager?: string }[] }
  return managedFields.length > 0 && managedFields.every((field) => field.manager === CLI_MANAGER)
}

/** Whether two specifications mean the same, once defaults are filled in. */
export function sameSpec(schema: z.ZodType, a: unknown, b: unknown): boolean {
  const [left, right] = [schema.safeParse(a), schema.safeParse(b)]
  return left.success && right.success && specHash(schema, left.data) === specHash(schema, right.data)
}

interface Resolving { readonly objects: readonly LoadedObject[]; readonly isOwn: (object: LoadedObject) => boolean; readonly force: boolean }

export async function resolveReferences({ api, namespace }: Cluster, references: readonly NamedObject[], { objects, isOwn, force }: Resolving): Promise<Resolution[]> {
  return Promise.all(references.map(async (reference): Promise<Resolution> => {
    const { kind, schema } = PART_INFO[reference.part]
    const ours = objects.find((o) => o.kind === kind && o.name === reference.name)
    const there = await api.find(LIBRARY_RESOURCES[reference.part], { namespace, name: reference.name })
    return { reference, there, ours, action: chooseAction(schema, { there, ours, isOwn: ours !== undefined && isOwn(ours), force }) }
  }))
}

/** The library as the operator will see it once ours is applied. */
export function overlay(library: Library, resolutions: readonly Resolution[]): Library {
  const shelves = { scenarios: new Map(library.scenarios), workloads: new Map(library.workloads), harnesses: new Map(library.harnesses) }
  for (const { reference, there, ours, action } of resolutions) {
    // Where both mean the same, ours has the lines that problems are found on.
    const counts = action === 'keep' || (action === 'none' && ours === undefined)
    if (there !== undefined && counts) shelves[PART_INFO[reference.part].shelf].set(reference.name, there.spec)
  }
  return shelves
}

/** Applies what is to be applied; returns what to tell. */
export async function applyLibrary(cluster: Cluster, resolutions: readonly Resolution[], force: boolean): Promise<string[]> {
  const said = await Promise.all(resolutions.map((resolution) => applyOne(cluster, resolution, force)))
  return said.flat()
}

async function applyOne({ api, namespace }: Cluster, { reference, ours, action }: Resolution, force: boolean): Promise<string[]> {
  const { kind } = PART_INFO[reference.part]
  const name = `${kind}/${reference.name}`
  if (ours === undefined || action === 'none') return []
  if (action === 'keep') return [`${name} of namespace ${namespace} differs from ${shown(ours.file)} and is used as it is (--force replaces it)`]
  try {
    const object = { apiVersion: API_VERSION, kind, metadata: { name: ours.name, namespace, annotations: textual(ours.annotations) }, spec: ours.spec }
    await api.apply(LIBRARY_RESOURCES[reference.part], object, { fieldManager: CLI_MANAGER, force })
    return [`${name} ${action === 'create' ? 'created' : 'changed'} from ${shown(ours.file)}`]
  } catch (error) {
    if (!isConflict(error)) throw error
    return [`${name} of namespace ${namespace} is managed by somebody else and stays as it is (--force takes it over): ${(error as Error).message}`]
  }
}

/** A path as people would type it here. */
function shown(file: string): string {
  const short = relative(process.cwd(), file)
  return short === '' || short.startsWith('..') ? file : short
}

export function textual(annotations: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, String(value)]))
}

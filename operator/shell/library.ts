// SPDX-License-Identifier: Apache-2.0
/** Reads our objects from files and folders, each with the line that a path of it stands on. It checks the envelope; the plan checks the rest. */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text as readStream } from 'node:stream/consumers'
import { isObject } from '../core/design/path.ts'
import { API_VERSION, GROUP, type KindName, KINDS } from '../core/model/kinds.ts'
import { nearest } from '../core/model/nearest.ts'
import type { Problem } from '../core/model/problem.ts'
import type { Library } from '../core/plan/resolve.ts'
import { readYaml, type YamlSource } from './yaml-source.ts'

export interface LoadedObject {
  readonly kind: KindName
  readonly name: string
  readonly namespace?: string
  readonly annotations: Readonly<Record<string, unknown>>
  readonly spec: unknown
  readonly file: string
  /** file:line of a dotted path within the object, such as spec.design.constraints[0]. */
  readonly where: (path: string) => string
}
export interface Loading { readonly objects: readonly LoadedObject[]; readonly problems: readonly Problem[] }

const MAX_FILE_BYTES = 8 * 1024 * 1024
const OURS = /\.(ya?ml|json)$/
/** Folders below a library that hold no objects: charts have templates, test data is broken on purpose. */
const PASSED_OVER = new Set(['node_modules', 'testdata', 'templates', '.git'])

/** The library that comes with Assay, below the folder of its package. */
export const libraryFolders = (root: string) => ['scenarios', 'workload-profiles', 'harnesses'].map((folder) => join(root, folder))

/** All objects of the files and, for folders, of the YAML files below them; `-` is standard input. Objects of others are passed over. */
export async function loadObjects(paths: readonly string[]): Promise<Loading> {
  const loadings = await Promise.all(paths.map(loadPath))
  return { objects: loadings.flatMap((l) => l.objects), problems: loadings.flatMap((l) => l.problems) }
}

async function loadPath(path: string): Promise<Loading> {
  try {
    if (path === '-') return readObjects(await readStream(process.stdin), 'standard input')
    const info = await stat(path)
    if (info.isDirectory()) return await loadFolder(path)
    if (info.size > MAX_FILE_BYTES) return unreadable(path, `the file has ${info.size} bytes; at most ${MAX_FILE_BYTES} are read`)
    return readObjects(await readFile(path, 'utf8'), path)
  } catch (error) {
    return unreadable(path, error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file or folder' : String(error))
  }
}

const unreadable = (path: string, message: string): Loading => ({ objects: [], problems: [{ reason: 'BadFile', path: '', message, where: path }] })

async function loadFolder(folder: string): Promise<Loading> {
  const entries = await readdir(folder, { withFileTypes: true })
  const below = entries.filter((e) => (e.isDirectory() ? !PASSED_OVER.has(e.name) : OURS.test(e.name))).map((e) => join(folder, e.name))
  return loadObjects(below.sort())
}

/** The objects of one text. */
export function readObjects(text: string, file: string): Loading {
  const { sources, problems } = readYaml(text, file)
  const read = sources.filter(isOurs).map((source) => readObject(source, file))
  return { objects: read.flatMap((r) => ('object' in r ? [r.object] : [])), problems: [...problems, ...read.flatMap((r) => ('problem' in r ? [r.problem] : []))] }
}

function isOurs({ value }: YamlSource): boolean {
  return isObject(value) && typeof value['apiVersion'] === 'string' && value['apiVersion'].split('/')[0] === GROUP
}

const KIND_NAMES = Object.keys(KINDS) as KindName[]
const ENVELOPE = ['apiVersion', 'kind', 'metadata', 'spec', 'status']

function readObject({ value, where }: YamlSource, file: string): { readonly object: LoadedObject } | { readonly problem: Problem } {
  const { apiVersion, kind, metadata, spec, ...rest } = value as Readonly<Record<string, unknown>>
  const problem = (path: string, details: Omit<Problem, 'path' | 'where'>) => ({ problem: { ...details, path, where: where(path) } })
  if (apiVersion !== API_VERSION) return problem('apiVersion', { reason: 'InvalidValue', message: 'this version is not known', found: String(apiVersion), expected: API_VERSION })
  const known = KIND_NAMES.find((k) => k === kind)
  if (known === undefined) return problem('kind', { reason: 'InvalidValue', message: 'this kind is not known', found: String(kind), expected: `one of ${KIND_NAMES.join(', ')}`, nearest: nearest(String(kind), KIND_NAMES)[0] })
  const stray = Object.keys(rest).find((key) => !ENVELOPE.includes(key))
  if (stray !== undefined) return problem(stray, { reason: 'UnknownField', message: `an object has no member "${stray}"`, found: stray, expected: `one of ${ENVELOPE.join(', ')}`, nearest: nearest(stray, ENVELOPE)[0] })
  const { name, namespace, annotations } = isObject(metadata) ? metadata : {}
  if (typeof name !== 'string' || name === '') return problem('metadata.name', { reason: 'WrongType', message: 'every object needs a name', expected: 'text' })
  return { object: { kind: known, name, namespace: typeof namespace === 'string' ? namespace : undefined, annotations: isObject(annotations) ? annotations : {}, spec, file, where } }
}

/** Shelves by name. Earlier objects win over later ones of the same name; two of one file are a problem. */
export function shelve(objects: readonly LoadedObject[]): { readonly library: Library; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const shelf = (kind: KindName) => {
    const found = new Map<string, LoadedObject>()
    for (const object of objects.filter((o) => o.kind === kind)) {
      const known = found.get(object.name)
      if (known === undefined) found.set(object.name, object)
      else if (known.file === object.file) problems.push({ reason: 'DuplicateName', path: 'metadata.name', object: `${kind}/${object.name}`, message: `this file has two of them (the other at ${known.where('')})`, where: object.where('metadata.name') })
    }
    return new Map([...found].map(([name, object]) => [name, object.spec]))
  }
  return { library: { scenarios: shelf('Scenario'), workloads: shelf('WorkloadProfile'), harnesses: shelf('Harness') }, problems }
}

/** The problem with its file and line: in the object that it names, else in the one that is planned. */
export function locate(problem: Problem, planned: LoadedObject, objects: readonly LoadedObject[]): Problem {
  if (problem.where !== undefined) return problem
  const named = objects.find((o) => `${o.kind}/${o.name}` === problem.object)
  if (named !== undefined) return { ...problem, where: named.where(problem.path) }
  const part = /^inline (\w+)$/.exec(problem.object ?? '')?.[1]
  return { ...problem, where: planned.where(part === undefined ? problem.path : problem.path.replace(/^spec/, `spec.${part}`)) }
}

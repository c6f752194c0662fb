// SPDX-License-Identifier: Apache-2.0
/** Reads a workload profile from a file, with the line of everything that is wrong in it. It runs nothing. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isNode, LineCounter, parseAllDocuments, type Document } from 'yaml'
import { itemIndex, parsePath } from '../../core/design/path.ts'
import { API_VERSION } from '../../core/model/kinds.ts'
import { nearest } from '../../core/model/nearest.ts'
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import { loadKind, WorkloadProfileSpec, type DataSource } from '../../core/model/workload-profile.ts'
import { parseStrict } from '../../core/plan/strict.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface ProfileFile {
  readonly name: string
  readonly spec: WorkloadProfileSpec
  /** Folder that relative paths in the profile start from. */
  readonly folder: string
}

const KIND = 'WorkloadProfile'

/** A WorkloadProfile object, alone or among others, or the bare specification. */
export async function readProfile(path: string): Promise<ProfileFile> {
  const lines = new LineCounter()
  const documents = parseAllDocuments(await readText(path), { lineCounter: lines })
  for (const document of documents) {
    const [error] = document.errors
    if (error !== undefined) throw invalid(`${path}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0] ?? ''}`)
  }
  const document = chosen(path, documents)
  const value = document.toJS() as Readonly<Record<string, unknown>>
  const isObject = value['kind'] === KIND
  const parsed = parseStrict(WorkloadProfileSpec, isObject ? value['spec'] : value, { at: isObject ? 'spec' : '' })
  if (!parsed.ok) throw invalid(parsed.problems.map((problem) => formatProblem({ ...problem, where: `${path}:${lineOf(document, lines, problem)}` })).join('\n'))
  const { name } = (value['metadata'] ?? {}) as { readonly name?: string }
  return { name: name ?? path, spec: parsed.value, folder: dirname(resolve(path)) }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CliError(EXIT.usage, `${path} cannot be read: ${(error as Error).message}`)
  }
}

function invalid(message: string): CliError {
  return new CliError(EXIT.invalidExperiment, message)
}

function chosen(path: string, documents: readonly Document[]): Document {
  const profiles = documents.filter((document) => document.get('kind') === KIND)
  const [profile] = profiles
  if (profiles.length > 1) throw invalid(`${path}: expected one ${KIND}, found ${profiles.length}`)
  if (profile !== undefined) return profile
  const [only] = documents
  if (only === undefined || documents.length > 1 || only.has('kind')) {
    throw invalid(`${path}:1: expected a ${KIND} of ${API_VERSION}, found ${documents.map(kindOf).join(', ') || 'nothing'}`)
  }
  return only
}

function kindOf(document: Document): string {
  const kind = document.get('kind')
  return typeof kind === 'string' ? kind : 'no kind'
}

/** Line of what the problem speaks of, or of the nearest thing above it that is there. */
function lineOf(document: Document, lines: LineCounter, problem: Problem): number {
  const parsed = parsePath(problem.path)
  let value: unknown = document.toJS()
  let offset = 0
  const path: (string | number)[] = []
  for (const segment of parsed.ok ? parsed.segments : []) {
    const step: string | number = Array.isArray(value) ? itemIndex(value, segment) : segment.kind === 'key' ? segment.key : -1
    path.push(step)
    value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[step]
    const node = document.getIn(path, true)
    if (!isNode(node) || node.range == null) break
    offset = node.range[0]
  }
  return lines.linePos(offset).line
}

/** Only the stages of these names. Loads that have one stage know it by the kind of load. */
export function withStages(spec: WorkloadProfileSpec, wanted: readonly string[]): WorkloadProfileSpec {
  if (wanted.length === 0) return spec
  const kind = loadKind(spec.load)
  const member = kind === 'toolProfile' ? undefined : spec.load[kind]
  if (member === undefined || !('stages' in member)) {
    if (wanted.every((name) => name === kind)) return spec
    throw new CliError(EXIT.usage, `--stage ${wanted.join(' ')}: a load of kind ${kind} has no stages to choose from`)
  }
  const names = member.stages.map((stage) => stage.name)
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const guess = nearest(unknown, names)[0]
    throw new CliError(EXIT.usage, `--stage ${unknown}: expected one of ${names.join(', ')}${guess === undefined ? '' : `; did you mean ${guess}?`}`)
  }
  return { ...spec, load: { ...spec.load, [kind]: { ...member, stages: member.stages.filter((stage) => wanted.includes(stage.name)) } } }
}

/** Where the content of a source lies for the command line; inline content has no path. Only a cluster has the others. */
export function sourcePath(source: DataSource | undefined, { folder }: Pick<ProfileFile, 'folder'>, what: string): string | undefined {
  if (source === undefined || source.inline !== undefined) return undefined
  if (source.path !== undefined) return resolve(folder, source.path)
  throw new CliError(EXIT.usage, `${what}: a ConfigMap or volume is only there in a cluster`, `set ${what}.path to a file beside the profile`)
}

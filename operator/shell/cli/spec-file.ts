// SPDX-License-Identifier: Apache-2.0
/** Reads one resource from a file that may hold others, with the line of everything that is wrong in it. It knows no cluster. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { isNode, LineCounter, parseAllDocuments, type Document } from 'yaml'
import type { z } from 'zod'
import { itemIndex, parsePath } from '../../core/design/path.ts'
import { API_VERSION } from '../../core/model/kinds.ts'
import { formatProblem, type Problem } from '../../core/model/problem.ts'
import { parseStrict } from '../../core/plan/strict.ts'
import { CliError } from './cli-error.ts'
import { EXIT } from './exit-codes.ts'

export interface SpecFile<T> {
  readonly name: string
  readonly spec: T
  /** Folder that relative paths in it start from. */
  readonly folder: string
}

/** An object of that kind, alone or among others, or the bare specification. */
export async function readSpecFile<T>(path: string, kind: string, schema: z.ZodType<T>): Promise<SpecFile<T>> {
  const lines = new LineCounter()
  const documents = parseAllDocuments(await readText(path), { lineCounter: lines })
  for (const document of documents) {
    const [error] = document.errors
    if (error !== undefined) throw invalid(`${path}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0] ?? ''}`)
  }
  const document = chosen({ path, kind }, documents)
  const value = document.toJS() as Readonly<Record<string, unknown>>
  const isObject = value['kind'] === kind
  const parsed = parseStrict(schema, isObject ? value['spec'] : value, { at: isObject ? 'spec' : '' })
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

function chosen({ path, kind }: { readonly path: string; readonly kind: string }, documents: readonly Document[]): Document {
  const objects = documents.filter((document) => document.get('kind') === kind)
  const [object] = objects
  if (objects.length > 1) throw invalid(`${path}: expected one ${kind}, found ${objects.length}`)
  if (object !== undefined) return object
  const [only] = documents
  if (only === undefined || documents.length > 1 || only.has('kind')) {
    throw invalid(`${path}:1: expected a ${kind} of ${API_VERSION}, found ${documents.map(kindOf).join(', ') || 'nothing'}`)
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

// SPDX-License-Identifier: Apache-2.0
/** Checks a factor's path against the schema and the base value: does it exist, what may stand there, what was probably meant. */
import type { z } from 'zod'
import type { Checked, Problem } from '../model/problem.ts'
import { showFound } from '../model/problem.ts'
import { nearest } from '../model/nearest.ts'
import { formatPath, getAt, isObject, itemIndex, memberKey, parsePath, type Segment, setAt } from './path.ts'
import { describeExpected, isOptional, shapeOf, unwrap } from './schema-walk.ts'
import { nearestPath } from './path-search.ts'

export const PARTS = ['scenario', 'workload', 'harness'] as const
export type Part = (typeof PARTS)[number]

/** Objects of the library that can stand in for a whole part, by name. */
export interface Shelf {
  readonly kind: string
  readonly names: readonly string[]
  /** Undefined where there is none of that name. */
  readonly read: (name: string) => Checked<unknown> | undefined
}

/** One half of the base: its schema, its resolved value, and its name for messages. */
export interface PartBase {
  readonly schema: z.ZodType
  readonly value: unknown
  /** Such as WorkloadProfile/quickstart. */
  readonly object: string
  readonly shelf?: Shelf
}
export type Bases = Readonly<Record<Part, PartBase>>

/** A path that exists: list items by name, so that equal places have equal text. */
export interface ResolvedPath {
  readonly text: string
  readonly part: Part
  /** Steps below the part. */
  readonly segments: readonly Segment[]
  readonly schema: z.core.$ZodType
  /** Of a path that is a whole part: its levels may be names. */
  readonly shelf?: Shelf
}
export type PathResult = { readonly ok: true; readonly path: ResolvedPath } | { readonly ok: false; readonly problem: Problem }

/** Where in the Experiment the path was written, for messages. */
export function resolvePath(text: string, bases: Bases, at: string): PathResult {
  const parsed = parsePath(text)
  if (!parsed.ok) return miss({ reason: 'BadPath', path: at, message: `"${text}" is not a path: ${parsed.error.message} (at character ${parsed.error.at + 1})` })
  const [root, ...segments] = parsed.segments
  const part = PARTS.find((p) => root?.kind === 'key' && root.key === p)
  if (part === undefined) return miss(unknownRoot(text, bases, at))
  const walked = walk(bases[part], segments)
  if (walked.kind === 'found') {
    const { shelf } = segments.length === 0 ? bases[part] : {}
    return { ok: true, path: { text: formatPath([{ kind: 'key', key: part }, ...walked.segments]), part, segments: walked.segments, schema: walked.schema, ...(shelf && { shelf }) } }
  }
  const found = formatPath(parsed.segments.slice(0, walked.depth + 2))
  const whole = `${part}${walked.where === '' ? '' : walked.where.startsWith('[') ? walked.where : `.${walked.where}`}`
  const nearest = nearestPath({ part, base: bases[part], segments, failedAt: walked.depth })
  return miss({ reason: 'UnknownPath', path: at, message: `${text}: ${walked.message(whole)}`, found, expected: walked.expected, nearest })
}

const miss = (problem: Problem): PathResult => ({ ok: false, problem })

function unknownRoot(text: string, bases: Bases, at: string): Problem {
  const root = /^[^.[]*/.exec(text)?.[0] ?? ''
  const near = nearest(root, PARTS)[0]
  const fixed = near === undefined ? PARTS.map((p) => `${p}.${text}`).find((t) => resolvePath(t, bases, at).ok) : `${near}${text.slice(root.length)}`
  return { reason: 'UnknownPath', path: at, message: `"${text}" starts with none of ${PARTS.join(', ')}`, found: root, expected: 'scenario.…, workload.… or harness.…', nearest: fixed }
}

type Walked =
  | { readonly kind: 'found'; readonly segments: readonly Segment[]; readonly schema: z.core.$ZodType }
  | { readonly kind: 'missed'; readonly depth: number; readonly where: string; readonly message: (place: string) => string; readonly expected: string }

function walk(base: PartBase, segments: readonly Segment[]): Walked {
  let schema: z.core.$ZodType = base.schema
  const done: Segment[] = []
  for (const [depth, segment] of segments.entries()) {
    const step = stepInto(schema, getAt(base.value, done), segment)
    if ('message' in step) return { kind: 'missed', depth, where: formatPath(done), ...step, ...absentParent(base.value, done) }
    schema = step.schema
    done.push(step.segment)
  }
  return { kind: 'found', segments: done, schema }
}

/** When a parent is not set, its set siblings are the news: "load.poisson is not set; load has constant". */
function absentParent(value: unknown, done: readonly Segment[]): { expected: string } | undefined {
  const missing = done.findIndex((_, depth) => getAt(value, done.slice(0, depth + 1)) === undefined)
  if (missing < 0) return undefined
  const parent = getAt(value, done.slice(0, missing))
  const there = isObject(parent) ? Object.keys(parent).filter((key) => parent[key] !== undefined) : []
  return { expected: `one of the members that are set: ${there.join(', ') || 'none'}` }
}

interface Miss { readonly message: (place: string) => string; readonly expected: string }
type StepResult = { readonly schema: z.core.$ZodType; readonly segment: Segment } | Miss

function stepInto(schema: z.core.$ZodType, value: unknown, segment: Segment): StepResult {
  const shape = shapeOf(schema)
  const key = memberKey(segment)
  switch (shape.kind) {
    case 'object': {
      const member = Object.hasOwn(shape.members, key) ? shape.members[key] : undefined
      return member === undefined ? { message: (place) => `${place} has no member "${key}"`, expected: `one of ${Object.keys(shape.members).join(', ')}` } : { schema: member, segment: { kind: 'key', key } }
    }
    case 'map':
      return { schema: shape.value, segment: { kind: 'key', key } }
    case 'list':
      return stepIntoList(shape.element, value, segment)
    case 'any':
      return { schema: unwrap(schema), segment: Array.isArray(value) ? segment : { kind: 'key', key } }
    case 'leaf':
      return { message: (place) => `${place} has no members`, expected: describeExpected(schema) }
  }
}

function stepIntoList(element: z.core.$ZodType, value: unknown, segment: Segment): StepResult {
  if (!Array.isArray(value)) return { message: (place) => `${place} is not set, so it has no item "${memberKey(segment)}"`, expected: 'a list that is set' }
  const index = itemIndex(value, segment)
  if (index < 0) return { message: (place) => `${place} has no item "${memberKey(segment)}"`, expected: itemNames(value) }
  const item: unknown = value[index]
  const name = isObject(item) ? item['name'] : undefined
  return { schema: element, segment: typeof name === 'string' ? { kind: 'item', name } : { kind: 'index', index } }
}

function itemNames(list: readonly unknown[]): string {
  const names = list.flatMap((item) => (isObject(item) && typeof item['name'] === 'string' ? [item['name']] : []))
  return names.length > 0 ? `one of ${names.join(', ')}` : `a position from 0 to ${list.length - 1}`
}

/** Whether a level may stand at the path; null takes an optional member out. */
export function checkLevel(path: ResolvedPath, level: unknown, context: { readonly factor: string; readonly at: string }): Problem | undefined {
  if (isUnset(path, level)) return undefined
  if (path.shelf !== undefined && typeof level === 'string') return checkName(path.shelf, level, context)
  const result = (path.schema as z.ZodType).safeParse(level)
  if (result.success) return undefined
  const [first] = result.error.issues
  const below = first === undefined || first.path.length === 0 ? '' : ` (at ${first.path.join('.')}: ${first.message})`
  return {
    reason: 'WrongType', path: context.at, message: `factor ${context.factor}: this level does not fit ${path.text}${below}`,
    found: showFound(level), expected: describeExpected(path.schema), nearest: nearestEnum(path.schema, level),
  }
}

function checkName({ kind, names, read }: Shelf, name: string, { factor, at }: { readonly factor: string; readonly at: string }): Problem | undefined {
  const found = read(name)
  if (found === undefined) return { reason: 'MissingReference', path: at, message: `factor ${factor}: there is no ${kind} called ${name}`, found: name, expected: names.length > 0 ? `one of ${names.join(', ')}` : `a ${kind}; there is none`, nearest: nearest(name, names)[0] }
  return found.ok ? undefined : found.problems[0]
}

/** null takes a member out that may be left out; in an open map it is a value of its own (it removes what a chart sets). */
function isUnset(path: ResolvedPath, level: unknown): boolean {
  return level === null && isOptional(path.schema)
}

function nearestEnum(schema: z.core.$ZodType, level: unknown): string | undefined {
  const values = unwrap(schema)._zod.values
  return typeof level === 'string' && values !== undefined ? nearest(level, [...values].map(String))[0] : undefined
}

/** The base of one part with a level set. */
export function applyLevel(value: unknown, path: ResolvedPath, level: unknown): unknown {
  if (path.shelf !== undefined && typeof level === 'string') {
    const named = path.shelf.read(level)
    return named?.ok === true ? named.value : value
  }
  return setAt(value, path.segments, isUnset(path, level) ? undefined : level)
}

// SPDX-License-Identifier: Apache-2.0
/** Parses a value against a zod schema and refuses members that the schema does not know; says what was found, expected and meant. */
import type { z } from 'zod'
import { nearest } from '../model/nearest.ts'
import { formatPath, getAt, isObject, type Segment } from '../design/path.ts'
import { describeExpected, shapeOf } from '../design/schema-walk.ts'
import { type Checked, type Problem, showFound } from '../model/problem.ts'

export interface StrictContext {
  /** Path of the value within its object, such as spec. */
  readonly at: string
  /** Such as Scenario/simulator. */
  readonly object?: string
}

/** The parsed value with defaults filled in, or every problem that it has. */
export function parseStrict<T>(schema: z.ZodType<T>, value: unknown, context: StrictContext): Checked<T> {
  const unknown: Problem[] = []
  findUnknown(schema, value, { at: [], unknown })
  const parsed = schema.safeParse(value)
  if (parsed.success && unknown.length === 0) return { ok: true, value: parsed.data }
  const issues = parsed.success ? [] : parsed.error.issues.map((issue) => issueProblem({ schema, value, issue }))
  return { ok: false, problems: [...unknown, ...issues].map((problem) => within(problem, context)) }
}

/** A problem whose path starts at the value itself. */
function within(problem: Problem, { at, object }: StrictContext): Problem {
  const path = problem.path === '' ? at : problem.path.startsWith('[') || at === '' ? `${at}${problem.path}` : `${at}.${problem.path}`
  return object === undefined ? { ...problem, path } : { ...problem, path, object }
}

interface Search { readonly at: readonly Segment[]; readonly unknown: Problem[] }

function findUnknown(schema: z.core.$ZodType, value: unknown, { at, unknown }: Search): void {
  if (typeof value !== 'object' || value === null) return
  const shape = shapeOf(schema)
  if (shape.kind === 'list' && Array.isArray(value)) for (const [index, item] of value.entries()) findUnknown(shape.element, item, { at: [...at, itemSegment(item, index)], unknown })
  if ((shape.kind !== 'object' && shape.kind !== 'map') || !isObject(value)) return
  for (const [key, member] of Object.entries(value)) {
    const known = shape.kind === 'map' ? shape.value : Object.hasOwn(shape.members, key) ? shape.members[key] : undefined
    if (known !== undefined) findUnknown(known, member, { at: [...at, { kind: 'key', key }], unknown })
    else if (shape.kind === 'object') unknown.push(unknownMember({ key, members: shape.members, at }))
  }
}

interface Unknown { readonly key: string; readonly members: Readonly<Record<string, z.core.$ZodType>>; readonly at: readonly Segment[] }

function unknownMember({ key, members, at }: Unknown): Problem {
  const names = Object.keys(members)
  const place = at.length === 0 ? 'this object' : formatPath(at)
  return {
    reason: 'UnknownField', path: formatPath([...at, { kind: 'key', key }]), message: `${place} has no member "${key}"`,
    found: key, expected: `one of ${names.join(', ')}`, nearest: deeperMember(key, members) ?? nearest(key, names)[0],
  }
}

/** `serving.tensor` was meant to be serving.parallelism.tensor: the same name one or two levels below. */
function deeperMember(key: string, members: Readonly<Record<string, z.core.$ZodType>>, depth = 2): string | undefined {
  for (const [name, member] of Object.entries(members)) {
    const shape = shapeOf(member)
    if (shape.kind !== 'object') continue
    if (Object.hasOwn(shape.members, key)) return `${name}.${key}`
    const below = depth > 1 ? deeperMember(key, shape.members, depth - 1) : undefined
    if (below !== undefined) return `${name}.${below}`
  }
  return undefined
}

interface Issue { readonly schema: z.core.$ZodType; readonly value: unknown; readonly issue: z.core.$ZodIssue }

function issueProblem({ schema, value, issue }: Issue): Problem {
  const segments = issueSegments(value, issue.path)
  const found = getAt(value, segments)
  const path = formatPath(segments)
  if (issue.code === 'custom' || issue.code === 'invalid_format') return { reason: 'InvalidValue', path, message: issue.message, found: showFound(found) }
  const there = schemaAt(schema, segments)
  const missing = found === undefined
  const known = issue.code === 'invalid_value' && typeof found === 'string' ? nearest(found, issue.values.map(String)) : []
  return {
    reason: issue.code === 'invalid_type' ? 'WrongType' : 'InvalidValue', path, message: missing ? 'this is missing' : plainMessage(issue),
    found: showFound(found), expected: there === undefined ? undefined : describeExpected(there), nearest: known[0],
  }
}

function plainMessage(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong type'
    case 'invalid_value':
      return 'not one of the known values'
    case 'too_big':
      return `too ${issue.origin === 'string' || issue.origin === 'array' ? 'long' : 'large'}: at most ${issue.maximum}`
    case 'too_small':
      return `too ${issue.origin === 'string' || issue.origin === 'array' ? 'short' : 'small'}: ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
    default:
      return issue.message
  }
}

/** zod's path, with list items by name where they have one. */
function issueSegments(value: unknown, path: readonly PropertyKey[]): Segment[] {
  const segments: Segment[] = []
  for (const step of path) {
    const parent = getAt(value, segments)
    if (typeof step === 'number' && Array.isArray(parent)) segments.push(itemSegment(parent[step], step))
    else segments.push({ kind: 'key', key: String(step) })
  }
  return segments
}

function itemSegment(item: unknown, index: number): Segment {
  return isObject(item) && typeof item['name'] === 'string' && /^[^[\]"'\s]+$/.test(item['name']) ? { kind: 'item', name: item['name'] } : { kind: 'index', index }
}

function schemaAt(schema: z.core.$ZodType, segments: readonly Segment[]): z.core.$ZodType | undefined {
  let current: z.core.$ZodType = schema
  for (const segment of segments) {
    const shape = shapeOf(current)
    if (shape.kind === 'object' && segment.kind === 'key' && Object.hasOwn(shape.members, segment.key)) current = shape.members[segment.key] ?? current
    else if (shape.kind === 'map') current = shape.value
    else if (shape.kind === 'list') current = shape.element
    else return undefined
  }
  return current
}

// SPDX-License-Identifier: Apache-2.0
/** Renders the string leaves of a parsed value. A leaf that is one expression keeps its type; one that is not set is left out of its object. */
import type { z } from 'zod'
import { formatPath, type Segment } from '../design/path.ts'
import { isOptional, shapeOf } from '../design/schema-walk.ts'
import type { Problem } from '../model/problem.ts'
import { checkNames } from './template-check.ts'
import { type Budget, isSpent, nearestMember, newBudget, runTemplate, TemplateError } from './template-run.ts'
import { type Expression, parseTemplate, type TemplateNode } from './template-syntax.ts'

export interface TemplateContext {
  /** What names there are; checked also in branches that are not taken. */
  readonly schema: z.core.$ZodType
  readonly value: unknown
  readonly budget: Budget
  readonly problems: Problem[]
  /** Such as Scenario/simulator, for messages. */
  readonly object?: string
}

export const newContext = (schema: z.core.$ZodType, value: unknown, object?: string): TemplateContext => ({ schema, value, object, budget: newBudget(), problems: [] })

const MAX_DEPTH = 32

/** Whether it is a template at all; most strings are not. */
export const isTemplate = (text: string) => text.includes('{{')

/** The value with all templates rendered; problems are added to the context's. */
export function renderTree(value: unknown, at: readonly Segment[], context: TemplateContext): unknown {
  if (typeof value === 'string') return renderLeaf(value, at, context)
  if (typeof value !== 'object' || value === null) return value
  if (at.length > MAX_DEPTH) {
    context.problems.push(problemAt(at, context, { message: `values are nested more than ${MAX_DEPTH} deep` }))
    return undefined
  }
  if (Array.isArray(value)) return value.map((item, index) => required(renderTree(item, [...at, { kind: 'index', index }], context), item, { at: [...at, { kind: 'index', index }], context }))
  const entries = Object.entries(value).map(([key, member]) => [key, renderTree(member, [...at, { kind: 'key', key }], context)] as const)
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined))
}

/** Leaving an item out of a list would move the others, so there it must be set. */
function required(rendered: unknown, source: unknown, { at, context }: { readonly at: readonly Segment[]; readonly context: TemplateContext }): unknown {
  if (rendered === undefined && typeof source === 'string' && !context.problems.some((p) => p.path === formatPath(at))) {
    context.problems.push(problemAt(at, context, { message: `${source} is not set`, found: source, expected: 'a value, as items of a list cannot be left out' }))
  }
  return rendered
}

/** One string; undefined when it is one expression whose value is known and not set. */
export function renderLeaf(text: string, at: readonly Segment[], context: TemplateContext): unknown {
  if (!isTemplate(text)) return text
  // Once the budget is spent, everything after it would fail for the same reason.
  if (isSpent(context.budget)) return undefined
  const parsed = parseTemplate(text)
  if (!parsed.ok) return fail(at, context, { message: parsed.message, found: text, nearest: parsed.nearest })
  const unknown = checkNames(parsed.nodes, context.schema)
  if (unknown.length > 0) {
    context.problems.push(...unknown.map((name) => problemAt(at, context, name)))
    return undefined
  }
  try {
    const value = runTemplate(parsed.nodes, context.value, context.budget)
    return value === undefined ? unset(parsed.nodes, at, context) : value
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return fail(at, context, { message: error.message, found: text, nearest: error.nearest })
  }
}

/** A known member that is not set is left out; a key that an open map does not have is a mistake. */
function unset([only]: readonly TemplateNode[], at: readonly Segment[], context: TemplateContext): undefined {
  const expression = only?.kind === 'output' ? only.value : undefined
  if (expression === undefined || isDeclared(expression, context.schema)) return undefined
  const near = expression.kind === 'path' ? nearestMember(expression, context.value) : undefined
  const name = expression.kind === 'path' ? expression.original : 'what is looked up'
  return fail(at, context, { message: `${name} is not there: use {{#if …}} or {{default …}} where it may be absent`, found: name, nearest: near })
}

/** Whether the schema lets it be absent: by itself, or with something above it. */
function isDeclared(expression: Expression, schema: z.core.$ZodType): boolean {
  if (expression.kind !== 'path') return expression.kind === 'call' && expression.helper !== 'lookup'
  let here = schema
  let optional = false
  for (const part of expression.parts) {
    const shape = shapeOf(here)
    const member = shape.kind === 'object' && Object.hasOwn(shape.members, part) ? shape.members[part] : undefined
    if (member === undefined) return false
    optional ||= isOptional(member)
    here = member
  }
  return optional
}

function fail(at: readonly Segment[], context: TemplateContext, details: Pick<Problem, 'message' | 'found' | 'nearest'>): undefined {
  context.problems.push(problemAt(at, context, details))
  return undefined
}

export function problemAt(at: readonly Segment[], { object }: TemplateContext, details: Pick<Problem, 'message' | 'found' | 'expected' | 'nearest'>): Problem {
  return { reason: 'BadTemplate', path: formatPath(at), ...(object !== undefined && { object }), ...details }
}

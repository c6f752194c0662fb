// SPDX-License-Identifier: Apache-2.0
/** Runs a checked template over its context: own members only, every step and every character counted. It compiles no code. */
import { nearest } from '../model/nearest.ts'
import { callHelper, FORGIVING, isTruthy as truthy, memberOf } from './template-helpers.ts'
import type { Expression, TemplateNode } from './template-syntax.ts'

/** What one rendering may cost, all its templates together. */
export interface Budget { steps: number; characters: number }
export const newBudget = (): Budget => ({ steps: 200_000, characters: 1_048_576 })
export const isSpent = ({ steps, characters }: Budget) => steps < 0 || characters < 0

/** A template that cannot be rendered with these values; caught where the leaf is rendered. */
export class TemplateError extends Error {
  readonly nearest: string | undefined
  constructor(message: string, near?: string) {
    super(message)
    this.nearest = near
  }
}

interface Frame {
  readonly here: unknown
  readonly outer: readonly unknown[]
  readonly names: Readonly<Record<string, unknown>>
  readonly data: Readonly<Record<string, unknown>>
  readonly budget: Budget
}

/** The value of a template: of its one expression, whose type it keeps, else text. `undefined`: a known value that is not set. */
export function runTemplate(nodes: readonly TemplateNode[], context: unknown, budget: Budget): unknown {
  const frame: Frame = { here: context, outer: [], names: {}, data: { root: context }, budget }
  const [only, ...others] = nodes
  if (only?.kind === 'output' && others.length === 0) return spent(evaluate(only.value, frame), budget)
  return textOf(nodes, frame)
}

function spent(value: unknown, budget: Budget): unknown {
  if (typeof value === 'string') pay(budget, value.length)
  return value
}

function pay(budget: Budget, characters: number): void {
  budget.steps -= 1
  budget.characters -= characters
  if (budget.steps < 0) throw new TemplateError('the template takes too many steps')
  if (budget.characters < 0) throw new TemplateError('the template writes too much')
}

function textOf(nodes: readonly TemplateNode[], frame: Frame): string {
  let text = ''
  for (const node of nodes) {
    const part = partOf(node, frame)
    pay(frame.budget, node.kind === 'text' || node.kind === 'output' ? part.length : 0)
    text += part
  }
  return text
}

function partOf(node: TemplateNode, frame: Frame): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'output':
      return writable(evaluate(node.value, frame), node.value)
    case 'if':
      return textOf(truthy(evaluate(node.test, frame)) === node.negate ? node.otherwise : node.body, frame)
    case 'with': {
      const value = evaluate(node.value, frame)
      return truthy(value) ? textOf(node.body, inner(frame, { here: value, names: node.names.slice(0, 1), values: [value] })) : textOf(node.otherwise, frame)
    }
    case 'each':
      return eachText(node, frame)
  }
}

function eachText(node: TemplateNode & { readonly kind: 'each' | 'with' }, frame: Frame): string {
  const value = evaluate(node.value, frame)
  const entries: (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value ?? {})
  if (entries.length === 0) return textOf(node.otherwise, frame)
  return entries.map(([key, item], i) => textOf(node.body, inner(frame, {
    here: item, names: node.names, values: [item, key], data: { index: i, key, first: i === 0, last: i === entries.length - 1 },
  }))).join('')
}

interface Inner { readonly here: unknown; readonly names: readonly string[]; readonly values: readonly unknown[]; readonly data?: Readonly<Record<string, unknown>> }

function inner(frame: Frame, { here, names, values, data = {} }: Inner): Frame {
  pay(frame.budget, 0)
  const bound = Object.fromEntries(names.map((name, i) => [name, values[i]]))
  return { here, outer: [frame.here, ...frame.outer], names: { ...frame.names, ...bound }, data: { ...frame.data, ...data }, budget: frame.budget }
}

function writable(value: unknown, from: Expression): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const name = from.kind === 'path' ? from.original : from.kind === 'call' ? `(${from.helper} …)` : 'this'
  if (value === undefined || value === null) throw new TemplateError(`${name} is not set: use {{#if ${name}}}, or {{default ${name} …}}`)
  throw new TemplateError(`${name} is ${Array.isArray(value) ? 'a list' : 'an object'}: write {{json ${name}}} or {{yaml ${name}}}`)
}

function evaluate(expression: Expression, frame: Frame): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'path':
      return resolve(expression, frame)
    case 'call':
      return call(expression, frame)
  }
}

function call({ helper, args, options }: Expression & { readonly kind: 'call' }, frame: Frame): unknown {
  pay(frame.budget, 0)
  const values = args.map((argument) => evaluate(argument, frame))
  const missing = FORGIVING.has(helper) ? -1 : values.indexOf(undefined)
  const unset = args[missing]
  if (unset?.kind === 'path') throw new TemplateError(`${unset.original} is not set, so {{${helper}}} has nothing to write: use {{#if ${unset.original}}}`)
  try {
    return callHelper(helper, { args: values, options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, evaluate(value, frame)])) })
  } catch (error) {
    throw new TemplateError(`{{${helper}}}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function resolve({ parts, up, data }: Expression & { readonly kind: 'path' }, frame: Frame): unknown {
  const [first, ...rest] = parts
  const named = !data && up === 0 && first !== undefined && Object.hasOwn(frame.names, first)
  const start = data ? frame.data : named ? frame.names : up === 0 ? frame.here : frame.outer[up - 1]
  let value = start
  for (const part of first === undefined ? rest : [first, ...rest]) value = memberOf(value, part)
  return value
}

/** The nearest key of an open map, for a sole expression that led nowhere. */
export function nearestMember({ parts }: Expression & { readonly kind: 'path' }, context: unknown): string | undefined {
  let value = context
  for (const [i, part] of parts.entries()) {
    const next = memberOf(value, part)
    if (next !== undefined) {
      value = next
      continue
    }
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
    const near = nearest(part, keys)[0]
    return near === undefined ? undefined : [...parts.slice(0, i), near, ...parts.slice(i + 1)].join('.')
  }
  return undefined
}

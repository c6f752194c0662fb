// SPDX-License-Identifier: Apache-2.0
/** Checks every name of a template against the schema of its context, in branches that are taken and in those that are not. */
import type { z } from 'zod'
import { shapeOf } from '../design/schema-walk.ts'
import { nearest } from '../model/nearest.ts'
import type { Expression, TemplateNode } from './template-syntax.ts'

/** A schema, or undefined where anything may be. */
type Known = z.core.$ZodType | undefined
interface Scope { readonly here: Known; readonly outer: readonly Known[]; readonly names: ReadonlyMap<string, Known> }

export interface UnknownName { readonly message: string; readonly found: string; readonly expected: string; readonly nearest?: string }

/** Answers by schema and by parsed template, which is kept: rows of a file ask the same again for every request. */
const answers = new WeakMap<z.core.$ZodType, WeakMap<readonly TemplateNode[], readonly UnknownName[]>>()

/** Every name that the context does not have; open maps and unknown values take any. */
export function checkNames(nodes: readonly TemplateNode[], context: z.core.$ZodType): readonly UnknownName[] {
  const known = answers.get(context) ?? new WeakMap<readonly TemplateNode[], readonly UnknownName[]>()
  answers.set(context, known)
  const found = known.get(nodes) ?? findUnknown(nodes, context)
  known.set(nodes, found)
  return found
}

function findUnknown(nodes: readonly TemplateNode[], context: z.core.$ZodType): UnknownName[] {
  const found: UnknownName[] = []
  visit(nodes, { here: context, outer: [], names: new Map() }, found)
  return found
}

function visit(nodes: readonly TemplateNode[], scope: Scope, found: UnknownName[]): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'text':
        break
      case 'output':
        typeOf(node.value, scope, found)
        break
      case 'if':
        typeOf(node.test, scope, found)
        visit(node.body, scope, found)
        visit(node.otherwise, scope, found)
        break
      case 'each':
      case 'with': {
        const value = typeOf(node.value, scope, found)
        const here = node.kind === 'each' ? elementOf(value) : value
        const [name] = node.names
        const names = new Map([...scope.names, ...node.names.slice(1).map((n) => [n, undefined] as const), ...(name === undefined ? [] : [[name, here] as const])])
        visit(node.body, { here, outer: [scope.here, ...scope.outer], names }, found)
        visit(node.otherwise, scope, found)
        break
      }
    }
  }
}

function elementOf(value: Known): Known {
  const shape = value === undefined ? undefined : shapeOf(value)
  if (shape?.kind === 'list') return shape.element
  return shape?.kind === 'map' ? shape.value : undefined
}

function typeOf(expression: Expression, scope: Scope, found: UnknownName[]): Known {
  switch (expression.kind) {
    case 'literal':
      return undefined
    case 'call':
      for (const argument of [...expression.args, ...Object.values(expression.options)]) typeOf(argument, scope, found)
      return undefined
    case 'path':
      return pathType(expression, scope, found)
  }
}

const DATA = ['root', 'index', 'key', 'first', 'last']

function pathType(path: Expression & { readonly kind: 'path' }, scope: Scope, found: UnknownName[]): Known {
  const [first, ...rest] = path.parts
  if (path.data) {
    if (first === 'root') return follow({ start: scope.outer.at(-1) ?? scope.here, parts: rest, path, found })
    if (!DATA.includes(first ?? '')) found.push({ message: `unknown name @${first}`, found: path.original, expected: `one of ${DATA.map((d) => `@${d}`).join(', ')}`, nearest: nearest(first ?? '', DATA).map((d) => `@${d}`)[0] })
    return undefined
  }
  if (path.up === 0 && first !== undefined && scope.names.has(first)) return follow({ start: scope.names.get(first), parts: rest, path, found })
  if (path.up > scope.outer.length) {
    found.push({ message: `${path.original} leads out of the template`, found: path.original, expected: `at most ${scope.outer.length} ../` })
    return undefined
  }
  return follow({ start: path.up === 0 ? scope.here : scope.outer[path.up - 1], parts: path.parts, path, found })
}

interface Walk { readonly start: Known; readonly parts: readonly string[]; readonly path: Expression & { readonly kind: 'path' }; readonly found: UnknownName[] }

function follow({ start, parts, path, found }: Walk): Known {
  let here = start
  for (const part of parts) {
    const step = stepInto(here, part)
    if (step.known) {
      here = step.schema
      continue
    }
    const near = nearest(part, step.names)[0]
    found.push({
      message: `unknown name "${part}" in {{${path.original}}}`, found: path.original, expected: step.names.length > 0 ? `one of ${step.names.join(', ')}` : 'a value without members',
      nearest: near === undefined ? undefined : path.original.replace(part, near),
    })
    return undefined
  }
  return here
}

type Step = { readonly known: true; readonly schema: Known } | { readonly known: false; readonly names: readonly string[] }

function stepInto(schema: Known, part: string): Step {
  const shape = schema === undefined ? undefined : shapeOf(schema)
  switch (shape?.kind) {
    case undefined:
    case 'any':
      return { known: true, schema: undefined }
    case 'map':
      return { known: true, schema: shape.value }
    case 'list':
      return /^[0-9]+$/.test(part) ? { known: true, schema: shape.element } : part === 'length' ? { known: true, schema: undefined } : { known: false, names: ['0', 'length'] }
    case 'object':
      return Object.hasOwn(shape.members, part) ? { known: true, schema: shape.members[part] } : { known: false, names: Object.keys(shape.members) }
    case 'leaf':
      return { known: false, names: [] }
  }
}

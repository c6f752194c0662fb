// SPDX-License-Identifier: Apache-2.0
/** Reads a Handlebars template into a small tree of its own: values, if, unless, each, with and known helpers; nothing else gets through. */
import Handlebars from 'handlebars'
import { nearest } from '../model/nearest.ts'
import { BLOCKS, HELPER_NAMES, isHelper } from './template-helpers.ts'

export type Expression =
  | { readonly kind: 'path'; readonly original: string; readonly up: number; readonly data: boolean; readonly parts: readonly string[] }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'call'; readonly helper: string; readonly args: readonly Expression[]; readonly options: Readonly<Record<string, Expression>> }

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly value: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly negate: boolean; readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] }
  | { readonly kind: 'each' | 'with'; readonly value: Expression; readonly names: readonly string[]; readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] }

export type ParsedTemplate = { readonly ok: true; readonly nodes: readonly TemplateNode[] } | { readonly ok: false; readonly message: string; readonly nearest?: string }

const MAX_TEMPLATE_LENGTH = 65_536
const MAX_DEPTH = 16
const MAX_TAGS = 1000

/** A thing that templates must not do; caught where the template is parsed. */
class Refusal extends Error {
  readonly nearest: string | undefined
  constructor(message: string, near?: string) {
    super(message)
    this.nearest = near
  }
}

const CACHED = 500
const parsed = new Map<string, ParsedTemplate>()

export function parseTemplate(text: string): ParsedTemplate {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const result = parseAnew(text)
  const [oldest] = parsed.keys()
  if (parsed.size >= CACHED && oldest !== undefined) parsed.delete(oldest)
  parsed.set(text, result)
  return result
}

function parseAnew(text: string): ParsedTemplate {
  const excess = excessOf(text)
  if (excess !== undefined) return { ok: false, message: excess }
  try {
    return { ok: true, nodes: nodesOf(Handlebars.parse(text), 0) }
  } catch (error) {
    return error instanceof Refusal ? { ok: false, message: error.message, nearest: error.nearest } : { ok: false, message: syntaxMessage(error) }
  }
}

/** What is too large to be handed to the parser, whose time grows faster than its input: seconds for a few thousand nested brackets. */
function excessOf(text: string): string | undefined {
  if (text.length > MAX_TEMPLATE_LENGTH) return `the template has ${text.length} characters; at most ${MAX_TEMPLATE_LENGTH} are allowed`
  let [tags, blocks, brackets] = [0, 0, 0]
  for (const [token] of text.matchAll(/\{\{[~{]?\s*[#^/]?|\}\}|[()]/g)) {
    if (token === '(') brackets += 1
    else if (token === ')') brackets -= 1
    else if (token === '}}') brackets = 0
    else {
      tags += 1
      blocks += token.endsWith('/') ? -1 : /[#^]$/.test(token) ? 1 : 0
    }
    if (blocks > MAX_DEPTH || brackets > MAX_DEPTH) return `blocks or brackets are nested more than ${MAX_DEPTH} deep`
  }
  return tags > MAX_TAGS ? `the template has ${tags} tags; at most ${MAX_TAGS} are allowed` : undefined
}

/** Handlebars draws the place over several lines; its last line lists what it expected by token names. */
function syntaxMessage(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n')
  const [first = ''] = lines
  return lines.length > 1 ? `${first.replace(/:$/, '')} near "${(lines[1] ?? '').trim()}"` : first
}

function nodesOf(program: hbs.AST.Program | undefined, depth: number): TemplateNode[] {
  if (depth > MAX_DEPTH) throw new Refusal(`blocks or brackets are nested more than ${MAX_DEPTH} deep`)
  return (program?.body ?? []).flatMap((statement) => nodeOf(statement, depth))
}

function nodeOf(statement: hbs.AST.Statement, depth: number): TemplateNode[] {
  switch (statement.type) {
    case 'ContentStatement':
      return [{ kind: 'text', text: (statement as hbs.AST.ContentStatement).value }]
    case 'CommentStatement':
      return []
    case 'MustacheStatement':
      return [{ kind: 'output', value: invocation(statement as hbs.AST.MustacheStatement) }]
    case 'BlockStatement':
      return [blockOf(statement as hbs.AST.BlockStatement, depth)]
    case 'PartialStatement':
    case 'PartialBlockStatement':
      throw new Refusal('partials ({{> …}}) are not allowed')
    default:
      throw new Refusal('decorators ({{* …}}) are not allowed')
  }
}

function blockOf(block: hbs.AST.BlockStatement, depth: number): TemplateNode {
  const name = block.path.original
  const [value, ...more] = block.params.map(expressionOf)
  const body = nodesOf(block.program, depth + 1)
  const otherwise = nodesOf(block.inverse, depth + 1)
  const known = BLOCKS.find((b) => b === name)
  if (known === undefined) throw new Refusal(`there is no block {{#${name}}}; known are ${BLOCKS.join(', ')}`, nearest(name, BLOCKS)[0])
  if (value === undefined || more.length > 0) throw new Refusal(`{{#${name}}} takes exactly one value`)
  const names = block.program?.blockParams ?? []
  if (known === 'if' || known === 'unless') return { kind: 'if', test: value, negate: known === 'unless', body, otherwise }
  return { kind: known, value, names, body, otherwise }
}

function invocation({ path, params, hash }: Pick<hbs.AST.MustacheStatement, 'path' | 'params' | 'hash'>): Expression {
  if (params.length === 0 && hash === undefined) return expressionOf(path)
  const helper = (path as hbs.AST.PathExpression).original
  if (!isHelper(helper)) throw new Refusal(`there is no helper "${helper}"; known are ${HELPER_NAMES.join(', ')}`, nearest(helper, HELPER_NAMES)[0])
  const options = Object.fromEntries((hash?.pairs ?? []).map((pair) => [pair.key, expressionOf(pair.value)]))
  return { kind: 'call', helper, args: params.map(expressionOf), options }
}

function expressionOf(node: hbs.AST.Expression): Expression {
  switch (node.type) {
    case 'PathExpression':
      return pathOf(node as hbs.AST.PathExpression)
    case 'SubExpression':
      return invocation(node as unknown as hbs.AST.MustacheStatement)
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral':
      return { kind: 'literal', value: (node as hbs.AST.StringLiteral).value }
    case 'NullLiteral':
    case 'UndefinedLiteral':
      return { kind: 'literal', value: null }
    default:
      throw new Refusal(`${node.type} is not allowed in templates`)
  }
}

function pathOf(path: hbs.AST.PathExpression): Expression {
  return { kind: 'path', original: path.original, up: path.depth, data: path.data, parts: path.parts.map(String) }
}

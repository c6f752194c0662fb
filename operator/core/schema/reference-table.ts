// SPDX-License-Identifier: Apache-2.0
/** A schema as a Markdown table of its fields; it knows nothing of where the table stands. */
import { type JsonSchema, splitNullable } from './json-schema.ts'

export interface TableOptions {
  readonly path: string
  /** A page that tells of this schema, when it is that of another kind. */
  readonly linkOf: (schema: JsonSchema) => string | undefined
}

/** One row a field: path, type with its bounds, default, description. */
export function fieldTable(schema: JsonSchema, options: TableOptions): string {
  return table(['field', 'type', 'default', 'description'], rows(schema, options))
}

export function table(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (words: readonly string[]) => `| ${words.map((word) => word.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`
  return `${[line(titles), line(titles.map(() => '---')), ...cells.map(line)].join('\n')}\n`
}

export const code = (text: string): string => `\`${text}\``

function rows(input: JsonSchema, options: TableOptions): string[][] {
  const { schema } = splitNullable(input)
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const path = `${options.path}.${name}`
    const link = options.linkOf(member)
    const required = schema.required?.includes(name) === true ? ' **required**' : ''
    const row = [code(path), `${link === undefined ? typeText(member) : `[${link}](${link.toLowerCase()}.md) spec`}${required}`, defaultText(member), member.description ?? '']
    return link === undefined ? [row, ...below(member, { ...options, path })] : [row]
  })
}

function below(input: JsonSchema, options: TableOptions): string[][] {
  const { schema } = splitNullable(input)
  if (schema.properties !== undefined) return rows(schema, options)
  return schema.items === undefined || Array.isArray(schema.items) ? [] : below(schema.items as JsonSchema, { ...options, path: `${options.path}[]` })
}

/** A default that says what happens; `{}` only says that the members have defaults. */
function defaultText(schema: JsonSchema): string {
  if (schema.default === undefined || (schema.type === 'object' && JSON.stringify(schema.default) === '{}')) return ''
  return code(JSON.stringify(schema.default))
}

/** The type in a few words, such as `integer, 1–64` or `list of string, ≤ 8`. */
export function typeText(input: JsonSchema): string {
  const { schema, nullable } = splitNullable(input)
  return [kindText(schema), boundsText(schema), nullable ? 'or null' : ''].filter(Boolean).join(', ')
}

function kindText(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => code(String(value))).join(' | ')
  if (schema.const !== undefined) return code(JSON.stringify(schema.const))
  switch (schema.type) {
    case 'array': return `list of ${schema.items === undefined || Array.isArray(schema.items) ? 'values' : kindText(schema.items as JsonSchema)}`
    case 'object': return schema.properties === undefined ? 'open map' : 'object'
    case 'string': return schema.format === 'date-time' ? 'time' : patternText(schema.pattern)
    case undefined: return schema.anyOf === undefined ? 'any value' : schema.anyOf.map(kindText).join(' | ')
    default: return String(schema.type)
  }
}

/** The patterns that come again and again have a name. */
function patternText(pattern: string | undefined): string {
  if (pattern?.includes('(ms|s|m|h|d)')) return 'duration'
  if (pattern?.includes('Ki|Mi|Gi')) return 'quantity'
  return 'string'
}

function boundsText(schema: JsonSchema): string {
  const { minimum = schema.exclusiveMinimum, maximum = schema.exclusiveMaximum } = schema
  if (schema.type === 'array') return range(schema.minItems, schema.maxItems)
  if (schema.type === 'string') return schema.enum === undefined && schema.format === undefined && patternText(schema.pattern) === 'string' ? range(undefined, schema.maxLength) : ''
  const text = range(minimum === 0 && schema.exclusiveMinimum === undefined ? undefined : minimum, maximum)
  return schema.exclusiveMinimum === undefined ? text : text.replace('≥', '>')
}

function range(least: number | undefined, most: number | undefined): string {
  const show = (bound: number) => bound.toLocaleString('en-US').replaceAll(',', '\u202F')
  if (least !== undefined && most !== undefined) return `${show(least)}–${show(most)}`
  if (most !== undefined) return `≤ ${show(most)}`
  return least === undefined ? '' : `≥ ${show(least)}`
}

// SPDX-License-Identifier: Apache-2.0
/** The helpers that templates may call: values in, a value out. They see nothing but their arguments. */
import { stringify } from 'yaml'
import { durationMs } from '../model/common.ts'

export const BLOCKS = ['if', 'unless', 'each', 'with'] as const

export interface HelperCall {
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
}
type Helper = (call: HelperCall) => unknown

const HELPERS: Readonly<Record<string, Helper>> = {
  /** {{json value}}: one line of JSON, which is YAML too. */
  json: ({ args: [value] }) => JSON.stringify(value ?? null),
  /** {{yaml value indent=4}}: block YAML; lines after the first are indented. */
  yaml: ({ args: [value], options }) => indented(stringify(value ?? null, { lineWidth: 0 }).trimEnd(), options['indent']),
  /** {{shell value}}: one word of a shell's command line, quoted where need be; objects as JSON. */
  shell: ({ args: [value] }) => shellWord(typeof value === 'string' ? value : JSON.stringify(value)),
  /** {{default value other}}: the other one where the first is not set. */
  default: ({ args: [value, other] }) => value ?? other,
  /** {{when test value other}}: the value where the test holds, else the other; nothing where that is not given. */
  when: ({ args: [test, value, other] }) => (isTruthy(test) ? value : other),
  /** {{seconds workload.load.warmup}}: a duration as a number of seconds, which is what most tools take. */
  seconds: ({ args: [value] }) => (value === undefined || value === null ? value : durationMs(text(value)) / 1000),
  /** {{lookup map key}}: a member whose name is itself a value. */
  lookup: ({ args: [container, key] }) => memberOf(container, text(key)),
  /** {{count value}}: members of a list or a map, characters of a text; 0 of nothing. */
  count: ({ args: [value] }) => sizeOf(value),
  /** {{merge a b key=value}}: one map of all; the later wins. */
  merge: ({ args, options }) => Object.assign({}, ...args.map(mapOf), options) as unknown,
  /** {{entry key value}}: a map of one member. */
  entry: ({ args: [key, value] }) => ({ [text(key)]: value }),
  /** {{join list ","}} */
  join: ({ args: [list, by] }) => listOf(list).map(plain).join(typeof by === 'string' ? by : ','),
  /** {{list a b}}: a list of its arguments. */
  list: ({ args }) => [...args],
  /** {{compact a b}}: a list of those that are set. */
  compact: ({ args }) => args.filter((value) => value !== undefined && value !== null),
  /** {{repeat value n}}: a list of n times the value. */
  repeat: ({ args: [value, n] }) => Array.from({ length: Math.min(1_000_000, Math.max(0, Math.round(number(n)))) }, () => value ?? null),
  /** {{#if (eq a b)}} and the like. */
  eq: ({ args: [a, b] }) => a === b,
  ne: ({ args: [a, b] }) => a !== b,
  gt: ({ args: [a, b] }) => number(a) > number(b),
  ge: ({ args: [a, b] }) => number(a) >= number(b),
  lt: ({ args: [a, b] }) => number(a) < number(b),
  le: ({ args: [a, b] }) => number(a) <= number(b),
  and: ({ args }) => args.every(isTruthy),
  or: ({ args }) => args.some(isTruthy),
  not: ({ args: [value] }) => !isTruthy(value),
  add: ({ args }) => rounded(args.reduce<number>((sum, value) => sum + number(value), 0)),
  sub: ({ args: [a, b] }) => rounded(number(a) - number(b)),
  mul: ({ args }) => rounded(args.reduce<number>((product, value) => product * number(value), 1)),
  div: ({ args: [a, b] }) => rounded(number(a) / divisor(b)),
  pow: ({ args: [a, b] }) => rounded(number(a) ** number(b)),
  exp: ({ args: [a] }) => rounded(Math.exp(number(a))),
  round: ({ args: [a] }) => Math.round(number(a)),
  floor: ({ args: [a] }) => Math.floor(number(a)),
  ceil: ({ args: [a] }) => Math.ceil(number(a)),
  min: ({ args }) => Math.min(...args.map(number)),
  max: ({ args }) => Math.max(...args.map(number)),
}

/** Helpers whose arguments may be unset; the others say so where a value is missing. */
export const FORGIVING: ReadonlySet<string> = new Set(['default', 'when', 'eq', 'ne', 'and', 'or', 'not', 'lookup', 'seconds', 'count', 'merge', 'compact'])

export const HELPER_NAMES = Object.keys(HELPERS)
export const isHelper = (name: string) => Object.hasOwn(HELPERS, name)

/** Throws where the arguments make no sense; the template's error names the helper. */
export function callHelper(name: string, call: HelperCall): unknown {
  return HELPERS[name]?.(call)
}

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw new RangeError(`${JSON.stringify(value)} is not text`)
}

/** As Handlebars has it: an empty list is false, an empty object is not. */
export function isTruthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function number(value: unknown): number {
  if (typeof value === 'number') return value
  throw new RangeError(`${JSON.stringify(value)} is not a number`)
}

function divisor(value: unknown): number {
  if (number(value) === 0) throw new RangeError('nothing can be divided by 0')
  return number(value)
}

/** Fifteen digits, so that 0.1 + 0.2 is written as 0.3. */
const rounded = (value: number) => Number(value.toPrecision(15))

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new RangeError(`${JSON.stringify(value)} is not a list`)
}

function mapOf(value: unknown): object {
  if (value === undefined || value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value
  throw new RangeError(`${JSON.stringify(value)} is not a map`)
}

const plain = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

function sizeOf(value: unknown): number {
  if (value === undefined || value === null) return 0
  return typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(mapOf(value)).length
}

/** Words that mean nothing to a shell stay as they are, so that command lines read well. */
const HARMLESS_WORD = /^[-\w@%+=:,./]+$/
function shellWord(word: string): string {
  return HARMLESS_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

function indented(text: string, by: unknown): string {
  return typeof by === 'number' ? text.replaceAll('\n', `\n${' '.repeat(Math.min(64, Math.max(0, by)))}`) : text
}

/** Own members only: no prototype is ever reached. */
export function memberOf(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return /^[0-9]{1,9}$/.test(key) ? container[Number(key)] : key === 'length' ? container.length : undefined
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined
  return (container as Readonly<Record<string, unknown>>)[key]
}

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
  /** {{default value other}}: the other one where the first is not set. */
  default: ({ args: [value, other] }) => value ?? other,
  /** {{#if (eq a b)}} */
  eq: ({ args: [a, b] }) => a === b,
  /** {{seconds workload.load.warmup}}: a duration as a number of seconds, which is what most tools take. */
  seconds: ({ args: [value] }) => (value === undefined || value === null ? value : durationMs(text(value)) / 1000),
  /** {{lookup map key}}: a member whose name is itself a value. */
  lookup: ({ args: [container, key] }) => memberOf(container, text(key)),
}

/** Helpers whose arguments may be unset; the others say so where a value is missing. */
export const FORGIVING: ReadonlySet<string> = new Set(['default', 'eq', 'lookup', 'seconds'])

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

function indented(text: string, by: unknown): string {
  return typeof by === 'number' ? text.replaceAll('\n', `\n${' '.repeat(Math.min(64, Math.max(0, by)))}`) : text
}

/** Own members only: no prototype is ever reached. */
export function memberOf(container: unknown, key: string): unknown {
  if (Array.isArray(container)) return /^[0-9]{1,9}$/.test(key) ? container[Number(key)] : key === 'length' ? container.length : undefined
  if (typeof container !== 'object' || container === null || !Object.hasOwn(container, key)) return undefined
  return (container as Readonly<Record<string, unknown>>)[key]
}

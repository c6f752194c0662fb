// SPDX-License-Identifier: Apache-2.0
/** Values as Python's json module writes them: floats with a point, NaN, everything else in ASCII. It knows no tool. */

/** A number that Python holds as a float: 63 is written 63.0. */
export interface Float { readonly float: number }
export type PythonValue = string | number | boolean | null | Float | readonly PythonValue[] | { readonly [key: string]: PythonValue }

export const float = (value: number): Float => ({ float: value })

/** What a mean of nothing is in pandas, and how Python writes it into JSON. */
export const NAN = float(Number.NaN)

/** On one line without `indent`. */
export function pythonJson(value: PythonValue, indent?: number, depth = 0): string {
  if (typeof value === 'string') return asciiString(value)
  if (value === null || typeof value !== 'object') return String(value)
  if (isFloat(value)) return floatText(value.float)
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', (value as readonly PythonValue[]).map((item) => pythonJson(item, indent, depth + 1))] as const
    : ['{', '}', Object.entries(value).map(([key, item]) => `${asciiString(key)}: ${pythonJson(item, indent, depth + 1)}`)] as const
  if (items.length === 0) return open + close
  if (indent === undefined) return open + items.join(', ') + close
  const [inner, outer] = [' '.repeat(indent * (depth + 1)), ' '.repeat(indent * depth)]
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${outer}${close}`
}

/** A list that may be longer than the longest string, a piece a row. */
export function* pythonRows(rows: Iterable<PythonValue>, indent: number): Generator<string> {
  let any = false
  for (const row of rows) {
    yield `${any ? ',' : '['}\n${' '.repeat(indent)}${pythonJson(row, indent, 1)}`
    any = true
  }
  yield any ? '\n]' : '[]'
}

function isFloat(value: object): value is Float {
  return 'float' in value && typeof value.float === 'number'
}

/** As repr does, but for the place from which on exponents are used: any parser reads both. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

export function asciiString(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

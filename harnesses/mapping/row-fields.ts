// SPDX-License-Identifier: Apache-2.0
/** Values of one row by the fields of a mapping, with messages that name file, row, field, path and what was expected. It knows which fields no row has. */
import { didYouMean } from '../../operator/core/model/nearest.ts'
import { TIME_UNITS, type MappedFields, type RowCondition } from '../../operator/core/model/result-mapping.ts'
import { leafPaths, parseFieldPath, valueAt } from './field-path.ts'

export type FieldName = keyof MappedFields
type Step = string | number

export const UNIT_MS: Readonly<Record<(typeof TIME_UNITS)[number], number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000 }

/** A time as it is written, and the milliseconds of its unit: nanoseconds since 1970 lose digits when they are scaled. */
export interface RawTime { readonly value: number; readonly unitMs: number }

export interface RowReader {
  readonly text: (row: unknown, field: FieldName, place: string) => string | undefined
  readonly number: (row: unknown, field: FieldName, place: string) => number | undefined
  readonly time: (row: unknown, field: FieldName, place: string) => RawTime | undefined
  readonly gapsMs: (row: unknown, place: string) => number[] | undefined
  readonly holds: (row: unknown, conditions: readonly RowCondition[]) => boolean
  /** To be called with every row that succeeded. */
  readonly sawSuccess: (row: unknown) => void
  /** Fields that no successful row has, in words; without some of them nothing can be measured. */
  readonly neverSeen: () => { readonly essential: boolean; readonly message: string }[]
}

interface Field { readonly path: string; readonly steps: readonly Step[]; readonly unit?: keyof typeof UNIT_MS; seen: boolean }

const ESSENTIAL: ReadonlySet<string> = new Set(['sent', 'end'])
/** Fields that a success need not have. */
const OF_FAILURES: ReadonlySet<string> = new Set(['error', 'httpStatus'])

export function createRowReader(fields: MappedFields): RowReader {
  const known = new Map<string, Field>()
  for (const [name, mapped] of Object.entries(fields)) {
    if (mapped === undefined) continue
    known.set(name, { path: mapped.path, steps: parseFieldPath(mapped.path, `mapping.fields.${name}.path`), unit: 'unit' in mapped ? mapped.unit : undefined, seen: false })
  }
  const conditions = new Map<string, readonly Step[]>()
  let example: unknown
  const number = (row: unknown, name: FieldName, place: string): number | undefined => {
    const field = known.get(name)
    const value = field === undefined ? undefined : valueAt(row, field.steps)
    if (field === undefined || isEmpty(value)) return undefined
    const read = typeof value === 'string' ? Number(value) : value
    if (typeof read !== 'number' || !Number.isFinite(read)) throw wrong(place, name, { path: field.path, value, expected: 'a number' })
    return read
  }
  return {
    number,
    text(row, name) {
      const field = known.get(name)
      const value = field === undefined ? undefined : valueAt(row, field.steps)
      return isEmpty(value) ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
    },
    time(row, name, place) {
      const value = number(row, name, place)
      return value === undefined ? undefined : { value, unitMs: UNIT_MS[known.get(name)?.unit ?? 'ms'] }
    },
    gapsMs: (row, place) => gapsOf(known.get('gaps'), row, place),
    holds: (row, all) => all.every((condition) => holdsOne(valueAt(row, stepsOf(conditions, condition.path)), condition)),
    sawSuccess(row) {
      example ??= row
      for (const field of known.values()) field.seen ||= !isEmpty(valueAt(row, field.steps))
    },
    neverSeen: () => (example === undefined ? [] : [...known].filter(([name, f]) => !f.seen && !OF_FAILURES.has(name))
      .map(([name, { path }]) => ({ essential: ESSENTIAL.has(name), message: `mapping.fields.${name}: no successful row has "${path}"${didYouMean(path, leafPaths(example), 2)}` }))),
  }
}

/** Lists in CSV cells are JSON. */
function gapsOf(field: Field | undefined, row: unknown, place: string): number[] | undefined {
  const value = field === undefined ? undefined : valueAt(row, field.steps)
  if (field === undefined || isEmpty(value)) return undefined
  const list: unknown = typeof value === 'string' && value.startsWith('[') ? JSON.parse(value) : value
  if (!Array.isArray(list) || !list.every((gap) => typeof gap === 'number')) throw wrong(place, 'gaps', { path: field.path, value, expected: 'a list of numbers' })
  return list.map((gap: number) => gap * UNIT_MS[field.unit ?? 'ms'])
}

function stepsOf(cache: Map<string, readonly Step[]>, path: string): readonly Step[] {
  const steps = cache.get(path) ?? parseFieldPath(path, 'mapping: a condition')
  cache.set(path, steps)
  return steps
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

function holdsOne(value: unknown, { equals, is }: RowCondition): boolean {
  if (equals !== undefined) return equals.includes(typeof value === 'string' ? value : JSON.stringify(value))
  switch (is) {
    case 'empty':
      return isEmpty(value)
    case 'present':
      return !isEmpty(value)
    case 'positive':
      return Number(value) > 0
    case 'true':
      return value === true || value === 'true' || value === 'True'
    case undefined:
      return true
  }
}

interface Found { readonly path: string; readonly value: unknown; readonly expected: string }

function wrong(place: string, field: string, { path, value, expected }: Found): Error {
  return new Error(`${place}: mapping.fields.${field}: "${path}" is ${JSON.stringify(value)?.slice(0, 60)}, expected ${expected}`)
}

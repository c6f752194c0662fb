// SPDX-License-Identifier: Apache-2.0
/** Dotted paths such as workload.load.poisson.stages[high].rate: parsed, written, read and set. It knows no schema. */

/** One step: a member by key, a list item by its name, or a list item by its position. */
export type Segment =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'item'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }

interface PathError {
  readonly message: string
  /** Position in the text, from 0. */
  readonly at: number
}
export type ParsedPath = { readonly ok: true; readonly segments: readonly Segment[] } | { readonly ok: false; readonly error: PathError }

const KEY = /[^.[\]"'\s]+/y
const INDEX = /^(?:0|[1-9][0-9]{0,8})$/

/** Keys are separated by dots; brackets hold an item's name, a position, or a quoted key: args["a.b"]. */
export function parsePath(text: string): ParsedPath {
  const segments: Segment[] = []
  let at = 0
  while (at < text.length) {
    const step = text[at] === '[' ? bracketAt(text, at) : keyAt(text, at, segments.length === 0)
    if ('message' in step) return { ok: false, error: step }
    segments.push(step.segment)
    at = step.end
  }
  return segments.length > 0 ? { ok: true, segments } : { ok: false, error: { message: 'the path is empty', at: 0 } }
}

type Step = { readonly segment: Segment; readonly end: number } | PathError

function keyAt(text: string, at: number, first: boolean): Step {
  if (!first && text[at] !== '.') return { message: `expected "." or "[" after "${text.slice(0, at)}"`, at }
  const start = first ? at : at + 1
  KEY.lastIndex = start
  const key = KEY.exec(text)?.[0]
  return key === undefined ? { message: first ? 'expected a name' : 'expected a name after "."', at: start } : { segment: { kind: 'key', key }, end: start + key.length }
}

function bracketAt(text: string, at: number): Step {
  const quote = text[at + 1]
  if (quote === '"' || quote === "'") return quotedAt(text, at, quote)
  const close = text.indexOf(']', at)
  if (close < 0) return { message: 'this "[" is never closed', at }
  const inner = text.slice(at + 1, close)
  if (inner === '' || /["'[\s]/.test(inner)) return { message: 'expected the name of an item, a position, or a quoted key between "[" and "]"', at: at + 1 }
  return { segment: INDEX.test(inner) ? { kind: 'index', index: Number(inner) } : { kind: 'item', name: inner }, end: close + 1 }
}

/** A backslash takes the next character as it is, so that quotes can be keys too. */
function quotedAt(text: string, at: number, quote: string): Step {
  let key = ''
  for (let i = at + 2; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) key += text[++i]
    else if (text[i] !== quote) key += text[i]
    else return text[i + 1] === ']' ? { segment: { kind: 'key', key }, end: i + 2 } : { message: 'expected "]" after the quoted key', at: i + 1 }
  }
  return { message: 'this quote is never closed', at: at + 1 }
}

/** The text of a path; parsePath reads it back. */
export function formatPath(segments: readonly Segment[]): string {
  let text = ''
  for (const segment of segments) {
    if (segment.kind === 'key' && isPlainKey(segment.key)) text += text === '' ? segment.key : `.${segment.key}`
    else text += `[${bracketed(segment)}]`
  }
  return text
}

function bracketed(segment: Segment): string {
  if (segment.kind === 'index') return String(segment.index)
  return segment.kind === 'item' ? segment.name : `"${segment.key.replaceAll(/[\\"]/g, String.raw`\$&`)}"`
}

const isPlainKey = (key: string) => /^[^.[\]"'\s]+$/.test(key)

function stepText(segment: Segment): string {
  if (segment.kind === 'index') return String(segment.index)
  return segment.kind === 'item' ? segment.name : segment.key
}

/** Position of the item that a segment means in a list; -1 when there is none. `stages[high]`, `stages.high` and `stages[1]` all work. */
export function itemIndex(list: readonly unknown[], segment: Segment): number {
  const name = stepText(segment)
  const byName = list.findIndex((item) => isObject(item) && item['name'] === name)
  if (byName >= 0 || !INDEX.test(name)) return byName
  return Number(name) < list.length ? Number(name) : -1
}

/** Key that a segment means in a map: args[x] is args.x. */
export const memberKey = stepText

/** The value at a path; undefined when a step leads nowhere. Only own members count. */
export function getAt(value: unknown, segments: readonly Segment[]): unknown {
  let current = value
  for (const segment of segments) {
    if (Array.isArray(current)) current = current[itemIndex(current, segment)]
    else current = isObject(current) && Object.hasOwn(current, stepText(segment)) ? current[stepText(segment)] : undefined
  }
  return current
}

/**
 * The value with one place set; what is not on the way is shared with the old one. `undefined` takes a member out.
 * Missing objects on the way are made; a list item that is not there is a RangeError, which schema checks rule out.
 */
export function setAt(value: unknown, segments: readonly Segment[], level: unknown): unknown {
  const [segment, ...rest] = segments
  if (segment === undefined) return level
  if (Array.isArray(value)) {
    const index = itemIndex(value, segment)
    if (index < 0) throw new RangeError(`there is no item "${stepText(segment)}" to set`)
    return value.with(index, setAt(value[index], rest, level))
  }
  const key = stepText(segment)
  const object = isObject(value) ? value : {}
  const next = setAt(Object.hasOwn(object, key) ? object[key] : undefined, rest, level)
  return withMember(object, key, next)
}

function withMember(object: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  if (value !== undefined) return { ...object, [key]: value }
  const { [key]: _, ...others } = object
  return others
}

/** Whether it is an object with members, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

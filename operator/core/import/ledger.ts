// SPDX-License-Identifier: Apache-2.0
/** Reads a foreign file and keeps book: whatever was not read, moved or explained at the end is named as not expressed. */
import { isObject } from '../design/path.ts'

/** Something of a foreign file that our objects do not say, or say differently. */
export interface Remark {
  /** Where it stands in the foreign file. */
  readonly path: string
  readonly reason: string
}
export interface Outcome {
  /** What is not expressed. */
  readonly dropped: readonly Remark[]
  /** What is expressed, but means something a little different. */
  readonly notes: readonly Remark[]
}

export interface Ledger {
  /** The value at a dotted path; it and everything below count as read. */
  readonly take: (path: string) => unknown
  readonly number: (path: string) => number | undefined
  readonly text: (path: string) => string | undefined
  /** The value at a dotted path, not counted as read. */
  readonly peek: (path: string) => unknown
  /** Whether something stands there, read or not. */
  readonly has: (path: string) => boolean
  /** What Assay does itself, so that nothing is lost. */
  readonly handled: (...paths: readonly string[]) => void
  /** Not expressed, and why. */
  readonly drop: (path: string, reason: string) => void
  /** Something that has to be filled in, whether or not the foreign file says anything of it. */
  readonly missing: (path: string, reason: string) => void
  /** Expressed, with a difference. */
  readonly note: (path: string, reason: string) => void
  /** A setting that only this tool knows: it goes into the profile's overrides. */
  readonly keep: (path: string) => void
  readonly kept: () => Readonly<Record<string, unknown>>
  /** Everything that was not accounted for is dropped, by the reason of the longest path that begins it. */
  readonly close: (reasons?: Readonly<Record<string, string>>) => Outcome
}

const UNKNOWN = 'Assay has no such setting'

export function openLedger(root: unknown): Ledger {
  const read: string[] = []
  const dropped: Remark[] = []
  const notes: Remark[] = []
  const kept: Record<string, unknown> = {}
  const take = (path: string) => {
    read.push(path)
    return valueAt(root, path)
  }
  return {
    take,
    number: (path) => asNumber(take(path)),
    text: (path) => asText(take(path)),
    peek: (path) => valueAt(root, path),
    has: (path) => valueAt(root, path) !== undefined,
    handled: (...paths) => void read.push(...paths),
    drop: (path, reason) => {
      const value = take(path)
      if (value !== undefined) dropped.push({ path: shown(path, value), reason })
    },
    missing: (path, reason) => {
      dropped.push({ path: shown(path, take(path)), reason })
    },
    note: (path, reason) => {
      const value = valueAt(root, path)
      notes.push({ path: (asText(value) ?? '').length > LONGEST || typeof value === 'object' ? path : shown(path, value), reason })
    },
    keep: (path) => {
      const value = take(path)
      if (value !== undefined && value !== null) place(kept, path.split('.'), value)
    },
    kept: () => kept,
    close: (reasons = {}) => ({
      notes,
      dropped: [...dropped, ...unread(root, '', new Set(read)).map((path) => ({ path: shown(path, valueAt(root, path)), reason: reasonFor(path, reasons) }))],
    }),
  }
}

/** Members by key and items by number. */
export function valueAt(root: unknown, path: string): unknown {
  return path === '' ? root : path.split('.').reduce<unknown>((value, key) => (Array.isArray(value) ? value[Number(key)] : isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), root)
}

/** The highest paths below which nothing was read. */
function unread(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (read.has(path) || isEmpty(value)) return []
  const members = Array.isArray(value) ? value.map((item, i) => [String(i), item] as const) : isObject(value) ? Object.entries(value) : []
  const touched = path === '' || [...read].some((other) => other.startsWith(`${path}.`))
  if (!touched) return [path]
  return members.flatMap(([key, member]) => unread(member, path === '' ? key : `${path}.${key}`, read))
}

/** Says nothing: null, no members, or members that say nothing, or something that is switched off. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  return isObject(value) && (value['enabled'] === false || Object.values(value).every(isEmpty))
}

function reasonFor(path: string, reasons: Readonly<Record<string, string>>): string {
  const known = Object.keys(reasons).filter((prefix) => path === prefix || path.startsWith(`${prefix}.`)).sort((a, b) => b.length - a.length)[0]
  return known === undefined ? UNKNOWN : (reasons[known] ?? UNKNOWN)
}

const LONGEST = 60

function shown(path: string, value: unknown): string {
  if (value === undefined) return path
  const text = asText(value) ?? JSON.stringify(value)
  return `${path}: ${text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text}`.replaceAll(/\s+/g, ' ')
}

export const asNumber = (value: unknown) => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}
export const asText = (value: unknown) => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined)

/** Sets a value within plain objects, which are made on the way. */
export function place(root: Record<string, unknown>, [key, ...rest]: readonly string[], value: unknown): void {
  if (key === undefined) return
  if (rest.length === 0) {
    root[key] = value
    return
  }
  const below = root[key]
  const next: Record<string, unknown> = isObject(below) ? { ...below } : {}
  root[key] = next
  place(next, rest, value)
}

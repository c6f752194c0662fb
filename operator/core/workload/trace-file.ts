// SPDX-License-Identifier: Apache-2.0
/** Reads published trace formats into entries with times and lengths. It makes no prompts. */
import type { TraceData } from '../model/workload-profile.ts'
import { dataError, dataLines, jsonItems, type DataText } from './data-text.ts'
import type { z } from 'zod'

export interface TraceEntry {
  /** From the first entry, in milliseconds. */
  readonly atMs: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Blocks of 512 tokens that requests with the same id share. */
  readonly hashIds?: readonly number[]
  readonly prompt?: string
}
type TraceFormat = z.infer<typeof TraceData>['format']

export interface TraceOptions {
  readonly format: TraceFormat
  readonly limit?: number
  readonly note: (text: string) => void
}

/** Entries by time. Those without an answer, which stand for failed requests in published traces, are left out and counted. */
export function readTrace(file: DataText, { format, limit, note }: TraceOptions): TraceEntry[] {
  const entries: TraceEntry[] = []
  let unanswered = 0
  for (const entry of READERS[format](file)) {
    if (entries.length >= (limit ?? Number.POSITIVE_INFINITY)) break
    if (entry.outputTokens > 0) entries.push(entry)
    else unanswered++
  }
  if (unanswered > 0) note(`${file.name}: ${unanswered} entries without output tokens were left out`)
  if (entries.length === 0) throw dataError({ file: file.name, line: 1, found: 'none', expected: `entries of a ${format} trace` })
  entries.sort((a, b) => a.atMs - b.atMs)
  const first = entries[0]?.atMs ?? 0
  return entries.map((entry) => ({ ...entry, atMs: Number((entry.atMs - first).toFixed(3)) }))
}

const READERS: Readonly<Record<TraceFormat, (file: DataText) => Iterable<TraceEntry>>> = {
  azure: (file) => csvTrace(file, { at: ['TIMESTAMP'], input: ['ContextTokens'], output: ['GeneratedTokens'] }, dateMs),
  burstgpt: (file) => csvTrace(file, { at: ['Timestamp'], input: ['Request tokens'], output: ['Response tokens'] }, (text) => Number(text) * 1000),
  mooncake: (file) => jsonTrace(file, { at: 'timestamp', unitMs: 1, input: 'input_length', output: 'output_length' }),
  jsonl: (file) => jsonTrace(file, { at: 'at', unitMs: 1000, input: 'input', output: 'output' }),
}

type Columns = Readonly<Record<'at' | 'input' | 'output', readonly string[]>>

function* csvTrace(file: DataText, columns: Columns, timeMs: (text: string) => number): Generator<TraceEntry> {
  let at: ((name: keyof Columns) => number) | undefined
  for (const { text, line } of dataLines(file)) {
    const cells = text.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
    if (at === undefined) {
      at = columnsOf(file, cells, columns)
      continue
    }
    const place = { file: file.name, line }
    const cell = (name: keyof Columns) => ({ ...place, column: (at?.(name) ?? 0) + 1, text: cells[at?.(name) ?? 0] ?? '' })
    yield { atMs: time(cell('at'), timeMs), inputTokens: tokens(cell('input')), outputTokens: tokens(cell('output')) }
  }
}

function columnsOf(file: DataText, header: readonly string[], columns: Columns): (name: keyof Columns) => number {
  const indexes = Object.fromEntries(Object.entries(columns).map(([key, names]) => [key, header.findIndex((title) => names.includes(title))]))
  for (const [key, index] of Object.entries(indexes)) {
    const expected = `a header with the column ${columns[key as keyof Columns].join(' or ')}`
    if (index < 0) throw dataError({ file: file.name, line: 1, found: header.join(','), expected })
  }
  return (name) => indexes[name] ?? -1
}

interface Cell { readonly file: string; readonly line: number; readonly column?: number; readonly text: string }

function time(cell: Cell, timeMs: (text: string) => number): number {
  const value = timeMs(cell.text)
  if (cell.text === '' || !Number.isFinite(value)) throw dataError({ ...cell, found: `"${cell.text}"`, expected: 'a time stamp' })
  return value
}

function tokens(cell: Cell): number {
  const value = Number(cell.text)
  if (cell.text === '' || !Number.isInteger(value) || value < 0) throw dataError({ ...cell, found: `"${cell.text}"`, expected: 'a number of tokens' })
  return value
}

/** `2023-11-16 18:17:03.9799600` or with a zone; Date would drop what is below a millisecond. */
function dateMs(text: string): number {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text)
  if (match === null) return Number.NaN
  const [, day, clock, fraction = '0', zone = 'Z'] = match
  return Date.parse(`${day}T${clock}${zone}`) + Number(fraction) * 1000
}

interface JsonFields { readonly at: string; readonly unitMs: number; readonly input: string; readonly output: string }

function* jsonTrace(file: DataText, fields: JsonFields): Generator<TraceEntry> {
  for (const { value, line } of jsonItems(file)) {
    const place = { file: file.name, line }
    if (typeof value !== 'object' || value === null) throw dataError({ ...place, found: JSON.stringify(value), expected: 'a JSON object' })
    const item = value as Readonly<Record<string, unknown>>
    const prompt = typeof item['prompt'] === 'string' ? item['prompt'] : undefined
    yield {
      atMs: numberOf(place, item, fields.at) * fields.unitMs,
      inputTokens: prompt === undefined ? numberOf(place, item, fields.input) : 0,
      outputTokens: numberOf(place, item, fields.output),
      hashIds: hashIdsOf(place, item['hash_ids']),
      prompt,
    }
  }
}

function numberOf(place: { file: string; line: number }, item: Readonly<Record<string, unknown>>, name: string): number {
  const value = item[name]
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  throw dataError({ ...place, found: value === undefined ? `the members ${Object.keys(item).join(', ')}` : JSON.stringify(value), expected: `a number ${name}` })
}

function hashIdsOf(place: { file: string; line: number }, value: unknown): number[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((id): id is number => typeof id === 'number')) return value
  throw dataError({ ...place, found: JSON.stringify(value), expected: 'hash_ids, a list of numbers' })
}

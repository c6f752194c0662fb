// SPDX-License-Identifier: Apache-2.0
/** Rows of a leaderboard + tables of published scores → rows with scores, and in words every model that has none and why. */
import { nearest } from '../model/nearest.ts'
import { type Message, message } from '../report/messages.ts'
import type { BoardRow } from './board.ts'
import type { Configuration } from './configuration.ts'
import type { QualityRow, QualityScores, QualityTable } from './quality-table.ts'

export interface Joined { readonly rows: readonly BoardRow[]; readonly notes: readonly Message[] }

export function joinQuality(rows: readonly BoardRow[], tables: readonly QualityTable[]): Joined {
  if (tables.length === 0) return { rows, notes: [] }
  const notes = new Map<string, Message>()
  const formats = new Map<string, Mismatch>()
  const joined = rows.map((row) => {
    const quality = qualityOf(row.configuration, tables, { notes, formats })
    return quality === undefined ? row : { ...row, quality }
  })
  const used = tables.filter((table) => joined.some((row) => row.quality?.scores.some((s) => s.table === table.name)))
  const sources = used.map((table) => message('board.quality.from', { columns: table.columns.join(', '), table: table.name }))
  const others = [...formats.values()].map(({ ours, ...known }) => message('board.quality.otherPrecision', { ...known, ours: [...ours].join(', ') }))
  return { rows: joined, notes: [...sources, ...notes.values(), ...others] }
}

/** A score of another number format than ours. */
interface Mismatch { readonly model: string; readonly table: string; readonly theirs: string; readonly ours: Set<string> }
/** What there is to be said. */
interface Said { readonly notes: Map<string, Message>; readonly formats: Map<string, Mismatch> }

/** Each thing once. */
function note({ notes }: Said, said: Message): void {
  notes.set(JSON.stringify(said), said)
}

function qualityOf(configuration: Configuration, tables: readonly QualityTable[], said: Said): QualityScores | undefined {
  const found = tables.flatMap((table) => {
    const row = rowOf(configuration, table, said)
    return row === undefined ? [] : [{ table, row }]
  })
  if (found.length === 0) return undefined
  return {
    scores: found.flatMap(({ table, row }) => table.columns.flatMap((column) => (row.scores[column] === undefined ? [] : [{ table: table.name, column, value: row.scores[column] }]))),
    about: Object.assign({}, ...found.toReversed().map(({ row }) => row.about)) as Readonly<Record<string, string>>,
  }
}

/** The row that speaks of this very model, by its exact name, else by its name in other capitals. */
function rowOf({ model = '', ...configuration }: Configuration, table: QualityTable, said: Said): QualityRow | undefined {
  const exact = table.rows.filter((r) => r.model === model)
  const named = exact.length > 0 ? exact : table.rows.filter((r) => r.model.toLowerCase() === model.toLowerCase())
  if (named.length === 0) {
    const [name] = nearest(model, table.rows.map((r) => r.model))
    note(said, message('board.quality.unmatched', { model, table: table.name, nearest: name === undefined ? '' : message('board.quality.nearest', { name }) }))
    return undefined
  }
  if (exact.length === 0) note(said, message('board.quality.inexact', { model, table: table.name, name: named[0]?.model ?? '' }))
  return onlyOne(named, { model, configuration, table, said })
}

interface Choosing { readonly model: string; readonly configuration: Configuration; readonly table: QualityTable; readonly said: Said }

/** A model may be scored once for each number format. Scores that are all alike need no choice. */
function onlyOne(named: readonly QualityRow[], { model, configuration, table: { name: table }, said }: Choosing): QualityRow | undefined {
  const ours = precisionOf(configuration)
  const own = named.filter((r) => r.precision !== undefined && sameFormat(r.precision, ours))
  const [first] = own.length > 0 ? own : named
  const candidates = own.length > 0 ? own : named
  const alike = new Set(candidates.map((r) => JSON.stringify(r.scores))).size === 1
  if (first === undefined || !alike) {
    note(said, message('board.quality.ambiguous', { model, precision: ours || '–', count: candidates.length, table, lines: candidates.map((r) => r.line).join(', ') }))
    return undefined
  }
  if (own.length === 0 && first.precision !== undefined && ours !== '') {
    const key = `${table}\n${model}\n${first.precision}`
    const known = said.formats.get(key) ?? { model, table, theirs: first.precision, ours: new Set<string>() }
    said.formats.set(key, known)
    known.ours.add(ours)
  }
  return first
}

/** What a row was measured with: a quantised model is no model of its number format. */
const precisionOf = ({ dtype, quantization }: Configuration) => quantization ?? dtype ?? ''

const SHORT: Readonly<Record<string, string>> = { fp16: 'float16', half: 'float16', bf16: 'bfloat16', fp32: 'float32', float: 'float32', '4bit': 'bnb', '8bit': 'bnb' }
const plain = (format: string) => SHORT[format.toLowerCase()] ?? format.toLowerCase()
const sameFormat = (a: string, b: string) => plain(a) === plain(b)

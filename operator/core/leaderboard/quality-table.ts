// SPDX-License-Identifier: Apache-2.0
/** A table of published scores → scores by model. It knows the columns of both Open LLM Leaderboards, and takes other tables by their numbers. */
import { readTable, type Table, type TableRow } from '../analysis/table.ts'
import { nearest } from '../model/nearest.ts'
import { type Checked, refused, valid } from '../model/problem.ts'

export interface QualityRow {
  readonly line: number
  readonly model: string
  readonly precision?: string
  /** By column of the table. */
  readonly scores: Readonly<Record<string, number>>
  /** Columns that tell of the model and score nothing: parameters, architecture. */
  readonly about: Readonly<Record<string, string>>
}
export interface QualityTable {
  readonly name: string
  /** Columns that hold scores, the leading one first. */
  readonly columns: readonly string[]
  readonly rows: readonly QualityRow[]
}
/** Scores of one row of a leaderboard, and where they were taken from. */
export interface QualityScores {
  readonly scores: readonly { readonly table: string; readonly column: string; readonly value: number }[]
  readonly about: Readonly<Record<string, string>>
}

/** In the order of preference: the plain name before cells that are links. */
const MODEL_COLUMNS = ['fullname', 'Model', 'model', 'model_name', 'Model Name', 'config.backend.model', 'model_name_or_path', 'eval_name']
const PRECISION_COLUMNS = ['Precision', 'precision', 'dtype', 'config.backend.torch_dtype']
const ABOUT = ['#Params (B)', 'Architecture', 'Type', 'Precision', 'Hub License', 'Model sha']
/** Both eras; the average leads. */
const KNOWN = [
  'Average ⬆️', 'Average', 'IFEval', 'BBH', 'MATH Lvl 5', 'GPQA', 'MUSR', 'MMLU-PRO', 'ARC', 'HellaSwag', 'MMLU', 'TruthfulQA', 'Winogrande', 'GSM8K', 'DROP',
]
/** Numbers of a table that score nothing. */
const NO_SCORES = /param|size|like|❤|co₂|co2|cost|sha|date|length|raw$|rank|n_shot|downloads|available|merged|flagged|moe|generation|upload|submission/i

export function readQualityTable(text: string, name: string): Checked<QualityTable> {
  const read = readTable(text, name)
  if (!read.ok) return read
  const table = read.value
  const modelColumn = MODEL_COLUMNS.find((column) => table.columns.includes(column))
  if (modelColumn === undefined) {
    const close = table.columns.find((column) => nearest(column, MODEL_COLUMNS).length > 0)
    return refused({
      reason: 'BadFile', path: '', where: name, message: `no column holds the model's name: ${shortList(table.columns)}`, expected: `a column ${MODEL_COLUMNS.slice(0, 4).join(', ')}`,
      ...(close === undefined ? {} : { nearest: `${nearest(close, MODEL_COLUMNS)[0] ?? ''} for "${close}"` }),
    })
  }
  const columns = scoreColumns(table, modelColumn)
  if (columns.length === 0) return refused({ reason: 'BadFile', path: '', where: name, message: `no column holds scores: ${shortList(table.columns)}`, expected: 'Average, or another column of numbers' })
  const bad = table.rows.flatMap(({ line, cells }) => columns.filter((c) => cells[c] !== '' && !isNumber(cells[c])).map((column) => ({ line, column, text: cells[column] ?? '' })))[0]
  if (bad !== undefined) return refused({ reason: 'BadFile', path: '', where: `${name}:${bad.line}`, message: `"${bad.text}" in column ${bad.column} is no number`, expected: 'a number, or nothing' })
  return valid({ name, columns, rows: table.rows.map((row) => qualityRow(row, { table, modelColumn, columns })) })
}

const MISSING = /^(|nan|none|null|n\/a|-)$/i
const isNumber = (text: string | undefined) => text !== undefined && (MISSING.test(text) || Number.isFinite(Number(text)))
const shortList = (columns: readonly string[]) => `it has ${columns.slice(0, 12).join(', ')}${columns.length > 12 ? ', …' : ''}`

function scoreColumns({ columns, rows }: Table, modelColumn: string): string[] {
  const known = KNOWN.filter((column) => columns.includes(column))
  if (known.length > 0) return known
  const numeric = (column: string) => rows.every((r) => isNumber(r.cells[column])) && rows.some((r) => !MISSING.test(r.cells[column] ?? ''))
  const others = columns.filter((column) => column !== modelColumn && !PRECISION_COLUMNS.includes(column) && !NO_SCORES.test(column) && numeric(column))
  return others.sort((a, b) => Number(/average|score/i.test(b)) - Number(/average|score/i.test(a)))
}

interface Reading { readonly table: Table; readonly modelColumn: string; readonly columns: readonly string[] }

function qualityRow({ line, cells }: TableRow, { table, modelColumn, columns }: Reading): QualityRow {
  const precisionColumn = PRECISION_COLUMNS.find((column) => table.columns.includes(column))
  const precision = precisionColumn === undefined ? '' : (cells[precisionColumn] ?? '')
  return {
    line, model: plainName(cells[modelColumn] ?? ''), ...(precision === '' ? {} : { precision: precision.replace(/^torch\./, '') }),
    scores: Object.fromEntries(columns.flatMap((column) => (MISSING.test(cells[column] ?? '') ? [] : [[column, Number(cells[column])]]))),
    about: Object.fromEntries(ABOUT.flatMap((column) => (cells[column] === undefined || cells[column] === '' ? [] : [[column, cells[column]]]))),
  }
}

/** A cell may be a link, as markup or as Markdown. */
function plainName(cell: string): string {
  return (/>([^<>]+)<\/a>/.exec(cell)?.[1] ?? /^\[([^\]]+)\]\(/.exec(cell)?.[1] ?? cell).trim()
}

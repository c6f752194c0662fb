// SPDX-License-Identifier: Apache-2.0
/** A leaderboard as one table of texts, with what each cell is sorted by. Renderers draw it. */
import { formatMeasured, formatNumber, intervalMarks, MARKS, type Mark, markText, valueMarks } from '../report/format.ts'
import { message, type Part, type Texts } from '../report/messages.ts'
import type { Cell } from '../report/results.ts'
import type { BoardRow, Leaderboard } from './board.ts'
import { type BoardMeasure, boardMeasures } from './board-measures.ts'
import { CONFIGURATION_KEYS, type ConfigurationKey } from './configuration.ts'
import { type LeadingQuality, leadingQuality, measuredScores, qualityColumns } from './leading-quality.ts'

export interface BoardColumn {
  readonly title: string
  readonly unit: string
  readonly isNumber: boolean
}
/** `sort` is empty where nothing was measured. */
export interface BoardCell { readonly text: string; readonly sort: string }
export interface BoardTable {
  readonly columns: readonly BoardColumn[]
  readonly rows: readonly (readonly BoardCell[])[]
  /** What the table means, and what its marks mean. */
  readonly notes: readonly string[]
  readonly failures: readonly { readonly row: readonly string[]; readonly reason: string; readonly traceback: string }[]
  /** Columns of failures before reason and traceback. */
  readonly failureColumns: readonly string[]
}

interface Column extends BoardColumn { readonly of: (row: BoardRow) => BoardCell }

const EMPTY: BoardCell = { text: '–', sort: '' }
const UNITS: Readonly<Partial<Record<ConfigurationKey, string>>> = { input: 'tokens', output: 'tokens' }

export function boardTable(board: Leaderboard, texts: Texts): BoardTable {
  const { textOf } = texts
  const measured = board.rows.filter((row) => row.failure === undefined)
  const failed = board.rows.filter((row) => row.failure !== undefined)
  const names = nameColumns(board.rows, texts)
  const columns = [...names, ...qualityOf(measured), countColumn(texts), ...boardMeasures(measured).map((measure) => measureColumn(measure, measured, texts))]
  return {
    columns, rows: measured.map((row) => columns.map((column) => column.of(row))), notes: notesOf(board, measured).map(textOf),
    failureColumns: names.map((c) => c.title),
    failures: failed.map((row) => ({ row: names.map((c) => c.of(row).text), reason: row.failure?.reason ?? '', traceback: row.failure?.traceback ?? '' })),
  }
}

/** What differs between rows, the model always; levels that no configuration tells stand beside it. */
function nameColumns(rows: readonly BoardRow[], { say }: Texts): Column[] {
  const distinct = (of: (row: BoardRow) => string) => new Set(rows.map(of)).size
  const several = (of: (row: BoardRow) => string) => distinct(of) > 1
  const keys = CONFIGURATION_KEYS.filter((key) => rows.some((r) => r.configuration[key] !== undefined) && (key === 'model' || several((r) => r.configuration[key] ?? '')))
  /** Each level goes with one value of that column, and the other way round: the same in other words. */
  const told = (name: string) => keys.some((key) => {
    const [level, value] = [(r: BoardRow) => r.levels[name] ?? '', (r: BoardRow) => r.configuration[key] ?? '']
    return distinct(level) === distinct(value) && distinct(level) === distinct((r) => JSON.stringify([level(r), value(r)]))
  })
  const levels = [...new Set(rows.flatMap((r) => Object.keys(r.levels)))].filter((name) => !told(name) && several((r) => r.levels[name] ?? ''))
  return [
    ...(several((r) => r.experiment) ? [textColumn(say('board.column.experiment'), (r) => r.experiment)] : []),
    ...keys.map((key) => textColumn(say(`board.column.${key}`), (r) => r.configuration[key] ?? '', UNITS[key])),
    ...levels.map((name) => textColumn(name, (r) => r.levels[name] ?? '')),
    ...(several((r) => r.hardware) ? [textColumn(say('board.column.hardware'), (r) => r.hardware)] : []),
  ]
}

const textColumn = (title: string, of: (row: BoardRow) => string, unit = ''): Column => ({ title, unit, isNumber: false, of: (row) => ({ text: of(row) || '–', sort: of(row) }) })

/** The leading one, then what else was scored: of a table a few, since it may have twenty. */
const MOST_SCORES = 4
function qualityOf(rows: readonly BoardRow[]): Column[] {
  return [...qualityColumns(rows).slice(0, MOST_SCORES), ...measuredScores(rows).slice(0, MOST_SCORES)].map(scoreColumn)
}

function scoreColumn({ label, of }: LeadingQuality): Column {
  const shown = (row: BoardRow): BoardCell => {
    const found = of(row)
    if (found === undefined) return EMPTY
    return { text: `${formatNumber(found.value)}${found.stderr === undefined ? '' : ` ± ${formatNumber(found.stderr)}`}`, sort: String(found.value) }
  }
  return { title: label, unit: '', isNumber: true, of: shown }
}

function countColumn({ say }: Texts): Column {
  const of = ({ stacks, trials, cells, lost }: BoardRow): BoardCell => {
    const widest = cells.reduce<Cell | undefined>((most, c) => (c.trials > (most?.trials ?? 0) ? c : most), undefined)
    return { text: `${stacks}/${trials.length}${lost > 0 ? ` (−${lost})` : ''}${widest === undefined ? '' : markText(intervalMarks(widest))}`, sort: String(trials.length) }
  }
  return { title: say('board.column.n'), unit: say('board.column.nUnit'), isNumber: true, of }
}

/** What all numbers of a column have in common is said once, at its head. */
function measureColumn({ title, unit, of }: BoardMeasure, rows: readonly BoardRow[], { textOf }: Texts): Column {
  const cells = rows.flatMap((row) => of(row) ?? [])
  const common = (Object.keys(MARKS) as Mark[]).filter((mark) => cells.every((cell) => valueMarks(cell).includes(mark)))
  const shown = (row: BoardRow): BoardCell => {
    const cell = of(row)
    if (cell === undefined) return EMPTY
    const own = valueMarks(cell).filter((mark) => !common.includes(mark))
    return { text: `${formatMeasured(cell)}${markText(own)}`, sort: String(Number(cell.mean.toPrecision(6))) }
  }
  return { title: `${textOf(title)}${markText(common)}`, unit, isNumber: true, of: shown }
}

function notesOf({ notes }: Leaderboard, rows: readonly BoardRow[]): Part[] {
  const shown = boardMeasures(rows).flatMap((m) => rows.flatMap((row) => m.of(row) ?? []))
  const seen = new Set<Mark>(shown.flatMap((cell) => [...valueMarks(cell), ...intervalMarks(cell)]))
  const leading = leadingQuality(rows)
  const partly = rows.filter((row) => row.lost > 0)
  return [
    message('board.note'),
    message('board.order', { by: message(leading === undefined ? 'board.by.throughput' : 'board.by.quality') }),
    ...(leading?.measured === undefined ? [] : [message('board.quality.score', leading.measured)]),
    ...notes,
    ...(partly.length > 0 ? [message('board.lost')] : []),
    ...(Object.keys(MARKS) as Mark[]).filter((mark) => seen.has(mark)).map((mark) => message(`mark.${mark}`, { mark: MARKS[mark] })),
  ]
}

// SPDX-License-Identifier: Apache-2.0
/** What somebody asks of a table, checked against it: the response as numbers, factors, blocks and whole plots with their levels. */
import { type Checked, type Problem, refused, showFound, valid } from '../model/problem.ts'
import type { SumsOfSquares } from '../stats/anova/stratum.ts'
import type { TrendCost } from '../stats/anova/strata.ts'
import type { Factor } from '../stats/anova/terms.ts'
import { type FactorColumn, isNumber, readLevels } from './levels.ts'
import { filterRows, type Table, type TableRow, unknownColumns } from './table.ts'

export interface AnalysisRequest {
  readonly response: string
  readonly factors: readonly string[]
  readonly blocks?: readonly string[]
  /** Columns whose combination names a whole plot, such as the stack a run was made on. */
  readonly wholePlot?: readonly string[]
  readonly where?: readonly { readonly column: string; readonly value: string }[]
  readonly categorical?: readonly string[]
  /** Highest order of interactions; by default all that the data can carry. */
  readonly order?: number
  readonly sums?: SumsOfSquares
  readonly model?: 'factorial' | 'quadratic'
  readonly log?: boolean
  /** Column with the order or time of the runs; by default the order of the rows. */
  readonly runOrder?: string
  readonly level?: number
  /** A line over the order of the runs, from 0 at the first to 1 at the last, was taken out of the response: variance of its slope, degrees of freedom that it cost. */
  readonly trend?: Pick<TrendCost, 'variance' | 'runs' | 'wholePlots'>
}

export interface CheckedRequest {
  readonly request: AnalysisRequest
  readonly table: string
  /** Rows in the order of the runs. */
  readonly y: readonly number[]
  readonly lines: readonly number[]
  /** Places in the order of the runs, from 0 to 1. */
  readonly order: readonly number[]
  readonly factors: readonly FactorColumn[]
  readonly blocks: readonly Factor[]
  readonly wholePlots: Factor | undefined
  readonly leftOut: readonly { readonly line: number; readonly reason: string }[]
}

const FEWEST_ROWS = 3
const MOST_SHOWN = 5
/** A factor of so many levels is a name or a measurement, and its columns would take long. */
const MOST_LEVELS = 200

export function checkRequest(given: Table, request: AnalysisRequest): Checked<CheckedRequest> {
  const { response, factors, blocks = [], wholePlot = [], categorical = [], where = [], runOrder } = request
  const asked = [
    { column: response, as: '--response' }, ...factors.map((column) => ({ column, as: '--factors' })), ...blocks.map((column) => ({ column, as: '--block' })),
    ...wholePlot.map((column) => ({ column, as: '--whole-plot' })), ...categorical.map((column) => ({ column, as: '--categorical' })),
    ...where.map(({ column }) => ({ column, as: '--where' })), ...(runOrder === undefined ? [] : [{ column: runOrder, as: '--run-order' }]),
  ]
  const wrong = [...unknownColumns(given, asked), ...clashes(request)]
  if (wrong.length > 0) return refused(...wrong)
  const filtered = filterRows(given, where)
  if (!filtered.ok) return filtered
  const measured = readResponse(filtered.value, response, request.log === true)
  if (!measured.ok) return measured
  const rows = runOrder === undefined ? valid(measured.value.rows) : inOrder(filtered.value, measured.value.rows, runOrder)
  if (!rows.ok) return rows
  return withLevels({ table: filtered.value, request, rows: rows.value, leftOut: measured.value.leftOut })
}

function clashes({ response, factors, blocks = [], wholePlot = [] }: AnalysisRequest): Problem[] {
  const each = (columns: readonly string[], as: string) => columns.map((column) => ({ column, as }))
  const roles = [...each([response], 'the response'), ...each(factors, 'a factor'), ...each(blocks, 'a block')]
  const twice = roles.filter(({ column }, i) => roles.findIndex((r) => r.column === column) < i)
  const bad = (column: string, message: string): Problem => ({ reason: 'DuplicateName', path: column, message })
  return [
    ...(factors.length === 0 ? [bad('--factors', 'there is no factor')] : []),
    ...twice.map(({ column, as }) => bad(column, `it is ${as} and already ${roles.find((r) => r.column === column)?.as ?? ''}`)),
    ...wholePlot.filter((column) => column === response).map((column) => bad(column, 'the response cannot name whole plots')),
  ]
}

interface MeasuredRow { readonly row: TableRow; readonly value: number }
interface Measured { readonly rows: readonly MeasuredRow[]; readonly leftOut: CheckedRequest['leftOut'] }
const MISSING = /^(|na|n\/a|nan|null|none|-)$/i

function readResponse(table: Table, response: string, log: boolean): Checked<Measured> {
  const isMissing = ({ cells }: TableRow) => MISSING.test(cells[response] as string)
  const present = table.rows.filter((row) => !isMissing(row))
  const leftOut = table.rows.filter(isMissing).map(({ line, cells }) => ({ line, reason: `${response} is ${cells[response] || 'empty'}` }))
  const bad = (row: TableRow, message: string, expected: string): Problem =>
    ({ reason: 'WrongType', path: response, where: `${table.name}:${row.line}`, message, found: showFound(row.cells[response]), expected })
  const odd = present.filter((row) => !isNumber(row.cells[response] as string) || !Number.isFinite(Number(row.cells[response])))
  const decimal = 'a decimal number with a point, without its unit; an empty cell or NA where it is missing'
  if (odd.length > 0) return refused(...odd.slice(0, MOST_SHOWN).map((row) => bad(row, 'the response is no number', decimal)))
  const rows = present.map((row) => ({ row, value: Number(row.cells[response]) }))
  const low = log ? rows.filter(({ value }) => !(value > 0)) : []
  if (low.length > 0) return refused(...low.slice(0, MOST_SHOWN).map(({ row }) => bad(row, 'it has no logarithm', 'values above 0 for --log')))
  const whole = (message: string): Problem => ({ reason: 'InvalidValue', path: response, where: table.name, message })
  const have = rows.length === 1 ? 'row has' : 'rows have'
  if (rows.length < FEWEST_ROWS) return refused(whole(`${rows.length} ${have} a response; an analysis needs ${FEWEST_ROWS} or more`))
  const [first] = rows
  const constant = `the response is ${first?.value} in all ${rows.length} rows: there is no variation to explain`
  if (rows.every(({ value }) => value === first?.value)) return refused(whole(constant))
  return valid({ rows: log ? rows.map(({ row, value }) => ({ row, value: Math.log(value) })) : rows, leftOut })
}

/** Numbers, or times that sort as such. */
function inOrder(table: Table, rows: readonly MeasuredRow[], column: string): Checked<readonly MeasuredRow[]> {
  const at = ({ row }: MeasuredRow) => placeOf(row, column)
  const odd = rows.find((row) => Number.isNaN(at(row)))
  if (odd === undefined) return valid(rows.toSorted((a, b) => at(a) - at(b)))
  const { line, cells } = odd.row
  const expected = 'a number or a time such as 2026-01-31T12:00:00Z'
  const message = 'no place in the order of runs'
  return refused({ reason: 'WrongType', path: column, where: `${table.name}:${line}`, message, found: showFound(cells[column]), expected })
}

const placeOf = ({ cells }: TableRow, column: string) => (isNumber(cells[column] as string) ? Number(cells[column]) : Date.parse(cells[column] as string))

/** Rows are in their order already. */
function placesOf(rows: readonly TableRow[], column: string | undefined): number[] {
  const at = rows.map((row, i) => (column === undefined ? i : placeOf(row, column)))
  const [first = 0, last = 0] = [at[0], at.at(-1)]
  return at.map((place) => (last > first ? (place - first) / (last - first) : 0))
}

interface Unlevelled extends Measured { readonly table: Table; readonly request: AnalysisRequest }

function withLevels({ table, request, rows, leftOut }: Unlevelled): Checked<CheckedRequest> {
  const { factors, blocks = [], wholePlot = [], categorical = [] } = request
  const own = rows.map(({ row }) => row)
  const read = (column: string, labels: boolean) => readLevels(column, own, { table: table.name, categorical: labels })
  const factorColumns = factors.map((f) => read(f, categorical.includes(f)))
  const [blockColumns, plotColumns] = [blocks.map((b) => read(b, true)), wholePlot.map((w) => read(w, true))]
  const problems = [...factorColumns, ...blockColumns].flatMap((c) => (c.ok ? [] : c.problems))
  const emptyPlot = plotColumns.flatMap((c) => (c.ok ? [] : c.problems)).filter((p) => p.message.startsWith('no level'))
  const tooMany = request.model === 'quadratic' ? [] : factorColumns.flatMap((c) => (c.ok ? tooManyLevels(table, c.value, rows.length) : []))
  const wrong = [...problems, ...emptyPlot, ...tooMany]
  if (wrong.length > 0) return refused(...wrong)
  const values = <T>(columns: readonly Checked<T>[]) => columns.flatMap((c) => (c.ok ? [c.value] : []))
  return valid({
    request, table: table.name, y: rows.map((r) => r.value), lines: own.map((r) => r.line), order: placesOf(own, request.runOrder), factors: values(factorColumns), blocks: values(blockColumns),
    wholePlots: wholePlot.length === 0 ? undefined : wholePlotsOf(own, [...blocks, ...wholePlot]), leftOut,
  })
}

function tooManyLevels(table: Table, { name, numbers, levels }: FactorColumn, rows: number): Problem[] {
  if (levels.length < rows && levels.length <= MOST_LEVELS) return []
  const many = `it has ${levels.length} levels; a factor may have ${MOST_LEVELS}`
  const message = levels.length === rows ? 'every row has its own level, so that nothing can be compared' : many
  const expected = `a column whose levels repeat${numbers === undefined ? '' : ', or --model quadratic for a numeric factor'}`
  return [{ reason: 'BadFactor', path: name, where: table.name, message, expected }]
}

/** A label that comes back in another block is another whole plot. */
function wholePlotsOf(rows: readonly TableRow[], columns: readonly string[]): Factor {
  const keys = rows.map((row) => columns.map((c) => row.cells[c]).join(' / '))
  const levels = [...new Set(keys)]
  const position = new Map(levels.map((level, i) => [level, i]))
  return { name: columns.join(', '), levels, codes: keys.map((key) => position.get(key) as number) }
}

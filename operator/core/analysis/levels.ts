// SPDX-License-Identifier: Apache-2.0
/** Cells of a factor's column → its levels in their order, low first, and the level of each row. */
import { type Checked, type Problem, refused, showFound, valid } from '../model/problem.ts'
import type { Factor } from '../stats/anova/terms.ts'
import type { TableRow } from './table.ts'

export interface FactorColumn extends Factor {
  /** Values of the levels where all are numbers. */
  readonly numbers?: readonly number[]
}

export interface LevelOptions {
  readonly table: string
  /** Levels are labels, whatever they look like. */
  readonly categorical: boolean
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
/** A level that does not apply; numbers and this are no mixture. */
const NOT_APPLICABLE = /^(na|n\/a)$/i

export const isNumber = (text: string): boolean => NUMBER.test(text)

export function readLevels(column: string, rows: readonly TableRow[], { table, categorical }: LevelOptions): Checked<FactorColumn> {
  const cells = rows.map((row) => row.cells[column] as string)
  const problem = problemOf(column, rows, { table, categorical })
  if (problem !== undefined) return refused(problem)
  const numeric = !categorical && cells.some(isNumber)
  // 1 and 1.0 are one level of a number, and two labels.
  const key = (cell: string) => (numeric && isNumber(cell) ? String(Number(cell)) : cell)
  const shown = new Map(cells.toReversed().map((cell) => [key(cell), cell]))
  const keys = [...shown.keys()].sort(numeric ? byNumber : byLabel)
  const position = new Map(keys.map((k, i) => [k, i]))
  const numbers = numeric && keys.every(isNumber) ? { numbers: keys.map(Number) } : {}
  const codes = cells.map((cell) => position.get(key(cell)) as number)
  return valid({ name: column, levels: keys.map((k) => shown.get(k) as string), codes, ...numbers })
}

function problemOf(column: string, rows: readonly TableRow[], { table, categorical }: LevelOptions): Problem | undefined {
  const at = (row: TableRow) => ({ reason: 'BadFactor' as const, path: column, where: `${table}:${row.line}` })
  const empty = rows.filter((row) => row.cells[column] === '')
  if (empty[0] !== undefined) {
    return { ...at(empty[0]), message: `no level in ${countRows(empty.length)}`, expected: 'a level in every row; write NA where the factor does not apply' }
  }
  const applying = rows.filter((row) => !NOT_APPLICABLE.test(row.cells[column] as string))
  const [first] = applying
  const numeric = (row: TableRow) => isNumber(row.cells[column] as string)
  const odd = categorical || first === undefined ? undefined : applying.find((row) => numeric(row) !== numeric(first))
  if (odd !== undefined && first !== undefined) {
    const [a, b] = [first.cells[column] as string, odd.cells[column] as string]
    const expected = `numbers alone or texts alone; --categorical ${column} takes them all as labels`
    return { ...at(odd), message: 'levels of mixed type', found: `${showFound(a)} in line ${first.line} and ${showFound(b)}`, expected }
  }
  return new Set(rows.map((row) => row.cells[column])).size < 2 && first !== undefined
    ? { ...at(first), message: `it has one level, ${showFound(first.cells[column])}, in all rows`, expected: 'two levels or more' } : undefined
}

/** Whether a factor is the same in all rows of each whole plot. */
export function standsStill(codes: readonly number[], plots: readonly number[]): boolean {
  const first = new Map<number, number>()
  return codes.every((code, row) => {
    const plot = plots[row] as number
    if (!first.has(plot)) first.set(plot, code)
    return first.get(plot) === code
  })
}

const countRows = (n: number) => `${n} ${n === 1 ? 'row' : 'rows'}`

/** NA after all numbers. */
const byNumber = (a: string, b: string) => (isNumber(a) && isNumber(b) ? Number(a) - Number(b) : Number(!isNumber(a)) - Number(!isNumber(b)))

/** Words that say which of them is low; in this order. */
const ORDERS = [
  ['-', '0', '+'], ['−', '0', '+'], ['low', 'mid', 'middle', 'medium', 'high'], ['l', 'm', 'h'], ['small', 'medium', 'large'],
  ['off', 'on'], ['no', 'yes'], ['false', 'true'], ['without', 'with'], ['base', 'new'], ['none'],
]

function byLabel(a: string, b: string): number {
  const known = ORDERS.find((order) => order.includes(a.toLowerCase()) && (order.length === 1 || order.includes(b.toLowerCase())))
  if (known !== undefined) return known.length === 1 ? -1 : known.indexOf(a.toLowerCase()) - known.indexOf(b.toLowerCase())
  return b.toLowerCase() === 'none' ? 1 : naturalOrder(a, b)
}

/** tp2 before tp10. */
function naturalOrder(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => text.split(/(\d+)/)) as [string[], string[]]
  const at = x.findIndex((part, i) => part !== y[i])
  if (at < 0) return x.length - y.length
  const [p, q] = [x[at] as string, y[at] ?? '']
  return at % 2 === 1 && q !== '' && Number(p) !== Number(q) ? Number(p) - Number(q) : p < q ? -1 : 1
}

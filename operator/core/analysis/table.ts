// SPDX-License-Identifier: Apache-2.0
/** A table with named columns, and its rows by line of the file. It knows nothing of what the columns mean. */
import { didYouMean, nearest } from '../model/nearest.ts'
import { type Checked, type Problem, refused, valid } from '../model/problem.ts'
import { readCsv } from './csv.ts'

export interface TableRow {
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}
export interface Table {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
}

export function readTable(text: string, name: string): Checked<Table> {
  const lines = readCsv(text, name)
  if (!lines.ok) return lines
  const [heading, ...body] = lines.value
  const bad = (message: string, line?: number): Problem => ({ reason: 'BadFile', path: '', where: line === undefined ? name : `${name}:${line}`, message })
  if (heading === undefined) return refused(bad('the table is empty'))
  const columns = heading.cells.map((c) => c.trim())
  const twice = columns.find((c, i) => columns.indexOf(c) !== i)
  if (columns.includes('')) return refused(bad(`column ${columns.indexOf('') + 1} of the heading has no name`, heading.line))
  if (twice !== undefined) return refused(bad(`two columns are called "${twice}"`, heading.line))
  const ragged = body.filter(({ cells }) => cells.length !== columns.length)
  if (ragged.length > 0) return refused(...ragged.slice(0, 5).map(({ cells, line }) => bad(`${cells.length} cells, but the heading has ${columns.length}`, line)))
  if (body.length === 0) return refused(bad('the table has a heading and no rows'))
  const named = (cells: readonly string[]) => Object.fromEntries(columns.map((c, i) => [c, (cells[i] as string).trim()]))
  return valid({ name, columns, rows: body.map(({ cells, line }) => ({ line, cells: named(cells) })) })
}

/** Problems for names that are no columns. */
export function unknownColumns({ name, columns }: Table, asked: readonly { readonly column: string; readonly as: string }[]): Problem[] {
  return asked.filter(({ column }) => !columns.includes(column)).map(({ column, as }) => ({
    reason: 'MissingReference', path: as, where: name, message: `there is no column "${column}"`, expected: `one of ${columns.join(', ')}`,
    ...(nearest(column, columns)[0] === undefined ? {} : { nearest: `"${nearest(column, columns)[0] as string}"` }),
  }))
}

/** Rows that have one of the wanted values in each named column. */
export function filterRows(table: Table, where: readonly { readonly column: string; readonly value: string }[]): Checked<Table> {
  const wanted = Map.groupBy(where, (w) => w.column)
  const bad = (message: string): Problem => ({ reason: 'InvalidValue', path: '--where', where: table.name, message })
  const nowhere = where.filter(({ column, value }) => !table.rows.some((row) => row.cells[column] === value))
  if (nowhere.length > 0) {
    return refused(...nowhere.map(({ column, value }) => {
      const values = [...new Set(table.rows.map((row) => row.cells[column] as string))]
      const some = `${values.slice(0, 8).join(', ')}${values.length > 8 ? ', …' : ''}`
      return bad(`no row has ${column}=${value}; it has ${some}${didYouMean(value, values)}`)
    }))
  }
  const rows = table.rows.filter(({ cells }) => [...wanted].every(([column, any]) => any.some(({ value }) => cells[column] === value)))
  if (rows.length === 0) return refused(bad(`no row has all of ${where.map((w) => `${w.column}=${w.value}`).join(', ')}`))
  return valid({ ...table, rows })
}

// SPDX-License-Identifier: Apache-2.0
/** A table as pandas' to_json writes it by default: column by column, ten decimals, slashes escaped. It knows no tool. */
import { asciiString } from './python-json.ts'

type Cell = string | number
const DECIMALS = 10

/** In pieces of one cell. */
export function* pandasColumns<C extends string>(columns: readonly C[], rows: readonly Readonly<Record<C, Cell>>[]): Generator<string> {
  yield '{'
  for (const [index, column] of columns.entries()) {
    yield `${index === 0 ? '' : ','}${asciiString(column)}:{`
    // A column in which one value has a fraction is one of floats.
    const floats = rows.some((row) => typeof row[column] === 'number' && !Number.isInteger(row[column]))
    for (const [i, row] of rows.entries()) yield `${i === 0 ? '' : ','}"${i}":${cellText(row[column], floats)}`
    yield '}'
  }
  yield '}'
}

function cellText(value: Cell, floats: boolean): string {
  if (typeof value === 'string') return asciiString(value).replaceAll('/', '\\/')
  if (!Number.isFinite(value)) return 'null'
  if (!floats) return String(value)
  const text = Number(value.toFixed(DECIMALS)).toString()
  return text.includes('.') || text.includes('e') ? text : `${text}.0`
}

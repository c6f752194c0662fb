// SPDX-License-Identifier: Apache-2.0
/** Tables as kubectl prints them, and the same as Markdown. Widths count what a terminal shows, not code units. */
import stringWidth from 'string-width'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => string | number
  /** Numbers stand to the right. */
  readonly align?: 'left' | 'right'
}

const GAP = '   '

/** Lines of a table, the heading first; nothing for no columns. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const cells = [columns.map((c) => heading(c.title)), ...cellsOf(columns, rows)]
  const widths = columns.map((_, c) => Math.max(...cells.map((line) => stringWidth(line[c] ?? ''))))
  return cells.map((line) => line.map((cell, c) => pad(cell, widths[c] ?? 0, columns[c]?.align)).join(GAP).trimEnd())
}

/** Capitals, but a unit in parentheses stays as it is: RATE (req/s). */
const heading = (title: string) => title.replace(/^[^(]*/, (name) => name.toUpperCase())

/** The same as a Markdown table. */
export function markdownTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const escape = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return [
    line(columns.map((c) => escape(c.title))), line(columns.map((c) => (c.align === 'right' ? '---:' : '---'))),
    ...cellsOf(columns, rows).map((cells) => line(cells.map(escape))),
  ]
}

function cellsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[][] {
  return rows.map((row) => columns.map((column) => String(column.value(row))))
}

function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return align === 'right' ? `${space}${text}` : `${text}${space}`
}

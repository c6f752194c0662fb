// SPDX-License-Identifier: Apache-2.0
/** The results as tidy CSV: RFC 4180, UTF-8. */
import type { ExperimentResults } from './results.ts'
import { type Field, type TidyTable, tidyTable } from './tidy-table.ts'

export function toCsv(results: ExperimentResults): string {
  return csvOf(tidyTable(results))
}

export function csvOf({ columns, rows }: TidyTable): string {
  return [columns.map((c) => c.name), ...rows].map((line) => `${line.map(field).join(',')}\r\n`).join('')
}

/** Quoted where it must be; a text that a spreadsheet would run as a formula is made text. */
function field(value: Field): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

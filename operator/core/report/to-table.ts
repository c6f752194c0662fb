// SPDX-License-Identifier: Apache-2.0
/** The results as a table for terminals: fixed columns, no colours, no borders. */
import stringWidth from 'string-width'
import { markText } from './format.ts'
import { type CapacityTable, capacityTable } from './capacity-table.ts'
import { resultTable, startupTable, type ResultRow, type ResultTable, type ResultValue } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { SCORE_NOTE, scoreTable } from './score-table.ts'
import { intervalNote } from './table-note.ts'

/** Result table, start-up times where nothing else was measured, scores, and what the marks mean; no line ends in blanks. */
export function toTable(results: ExperimentResults): string {
  const table = resultTable(results)
  const shown = table.rows.length > 0 ? table : startupTable(results)
  const scores = scoreTable(results)
  const capacity = capacityTable(results)
  const parts = [
    ...(capacity.rows.length === 0 ? [] : [drawCapacity(capacity)]),
    ...(shown.rows.length === 0 ? [] : [[...drawTable(shown), '', intervalNote(shown), ...shown.notes]]),
    ...(scores.rows.length === 0 ? [] : [[...drawLines(scores.head, scores.rows, scores.firstNumber), '', SCORE_NOTE]]),
    ...(results.designNotes === undefined ? [] : [results.designNotes]),
  ]
  return parts.length === 0 ? 'No trial left usable results.\n' : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Doubts are sentences, the last column: below the table they are read, beside it they would be cut. */
function drawCapacity({ head, rows, firstNumber, note }: CapacityTable): string[] {
  const doubts = rows.filter((row) => row.at(-1) !== '').map((row) => `? ${head.slice(0, firstNumber - 1).map((name, i) => `${name}=${row[i]}`).join(' ')}: ${row.at(-1)}`)
  return [...drawLines(head.slice(0, -1), rows.map((row) => row.slice(0, -1)), firstNumber), ...(doubts.length === 0 ? [] : ['', ...doubts]), '', note]
}

function drawTable({ factors, hasStages, columns, rows }: ResultTable): string[] {
  const withUnit = (name: string, unit: string | undefined) => (unit === undefined ? name : `${name} [${unit}]`)
  const names = [...factors.map((f) => withUnit(f.name, f.unit)), ...(hasStages ? ['stage'] : []), 'n']
  const head = [...names, ...columns.map((c) => withUnit(c.title, c.unit))]
  const value = (v: ResultValue | null) => (v === null ? '–' : `${v.text}${markText(v.marks)}`)
  const count = ({ replicates, marks }: ResultRow) => `${replicates}${markText(marks)}`
  const body = rows.map((r) => [...r.levels, ...(hasStages ? [r.stage] : []), count(r), ...r.values.map(value)])
  return drawLines(head, body, factors.length + Number(hasStages))
}

function drawLines(head: readonly string[], body: readonly (readonly string[])[], firstNumber: number): string[] {
  const widths = head.map((title, i) => Math.max(stringWidth(title), ...body.map((line) => stringWidth(line[i] ?? ''))))
  const draw = (line: readonly string[]) => line.map((text, i) => pad(text, widths[i] as number, i >= firstNumber)).join('  ').trimEnd()
  return [draw(head), ...body.map(draw)]
}

function pad(text: string, width: number, right: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)))
  return right ? blanks + text : text + blanks
}

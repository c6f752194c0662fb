// SPDX-License-Identifier: Apache-2.0
/** The results as a table for terminals: fixed columns, no colours, no borders. */
import stringWidth from 'string-width'
import { markText } from './format.ts'
import { type CapacityTable, capacityTable } from './capacity-table.ts'
import { resultTable, startupTable, type ResultRow, type ResultTable, type ResultValue } from './result-table.ts'
import type { Texts } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import type { ExperimentResults } from './results.ts'
import { type ScoreTable, scoreTable } from './score-table.ts'
import { intervalNote } from './table-note.ts'

/** Result table, start-up times where nothing else was measured, scores, and what the marks mean; no line ends in blanks. */
export function toTable(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const table = resultTable(results)
  const shown = table.rows.length > 0 ? table : startupTable(results)
  const scores = scoreTable(results)
  const capacity = capacityTable(results)
  const parts = [
    ...(capacity.rows.length === 0 ? [] : [drawCapacity(capacity, texts)]),
    ...(shown.rows.length === 0 ? [] : [[...drawTable(shown, texts), '', textOf(intervalNote(shown)), ...shown.notes.map(textOf)]]),
    ...(scores.rows.length === 0 ? [] : [[...drawTexts(scores, texts), '', say('score.note')]]),
    ...(results.designNotes === undefined ? [] : [results.designNotes.map(textOf)]),
  ]
  return parts.length === 0 ? `${say('page.none')}\n` : `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function drawCapacity({ doubts, note, ...table }: CapacityTable, texts: Texts): string[] {
  const { textOf } = texts
  return [...drawTexts(table, texts), ...(doubts.length === 0 ? [] : ['', ...doubts.map((d) => `? ${textOf(d)}`)]), '', textOf(note)]
}

function drawTexts({ head, rows, firstNumber }: ScoreTable, { textOf }: Texts): string[] {
  return drawLines(head.map(textOf), rows.map((row) => row.map(textOf)), firstNumber)
}

function drawTable({ factors, hasStages, columns, rows }: ResultTable, { say, textOf }: Texts): string[] {
  const withUnit = (name: string, unit: string | undefined) => (unit === undefined ? name : `${name} [${unit}]`)
  const names = [...factors.map((f) => withUnit(f.name, f.unit)), ...(hasStages ? [say('table.stage')] : []), 'n']
  const head = [...names, ...columns.map((c) => withUnit(textOf(c.title), c.unit))]
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

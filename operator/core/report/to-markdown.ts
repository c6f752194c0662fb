// SPDX-License-Identifier: Apache-2.0
/** The results as Markdown, for pull requests and summaries of pipelines. */
import { capacityTable } from './capacity-table.ts'
import { markText } from './format.ts'
import { noteLines, whose } from './note-lines.ts'
import { headline, tallyVerdicts, type ObjectionLine } from './outcome.ts'
import { reproduction } from './provenance.ts'
import { resultTable, startupTable, type ResultRow, type ResultTable, type ResultValue } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { SCORE_NOTE, type ScoreTable, scoreTable } from './score-table.ts'
import { tableNote } from './table-note.ts'

const MOST_OBJECTIONS = 20
const MOST_NOTES = 30
/** Rows that a page of a pull request can hold. */
const MOST_ROWS = 200

export function toMarkdown(results: ExperimentResults): string {
  const table = resultTable(results)
  const startup = startupTable(results)
  const sections = [
    [`# ${escape(results.name)}`, '', headline(results).text],
    objectionSection(tallyVerdicts(results)),
    gateSection(results),
    capacitySection(results),
    table.rows.length === 0 ? [] : ['## Results', '', ...drawTable(table), '', ...notes(table)],
    startup.rows.length === 0 ? [] : ['## Start-up', '', ...drawTable(startup), '', ...notes(startup)],
    scoreSection(results),
    (results.designNotes ?? []).map((note) => `- ${escape(note)}`),
    noteSection(results),
    ['## Reproduce', '', ...reproduction(results).map((line) => `    ${line}`)],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}

function noteSection(results: ExperimentResults): string[] {
  const lines = noteLines(results)
  if (lines.length === 0) return []
  const shown = lines.slice(0, MOST_NOTES).map(({ text, trials }) => `- ${escape(text)} — ${escape(whose(trials))}`)
  return ['## Notes', '', ...shown, ...(lines.length > MOST_NOTES ? [`- and ${lines.length - MOST_NOTES} more`] : [])]
}

function capacitySection(results: ExperimentResults): string[] {
  const table = capacityTable(results)
  return table.rows.length === 0 ? [] : ['## Capacity', '', ...textTable(table), table.note]
}

function scoreSection(results: ExperimentResults): string[] {
  const table = scoreTable(results)
  return table.rows.length === 0 ? [] : ['## Quality', '', ...textTable(table), SCORE_NOTE]
}

function textTable({ head, firstNumber, rows }: ScoreTable): string[] {
  const lines = [head.map(escape), head.map((_, i) => (i >= firstNumber ? '--:' : '---')), ...rows.slice(0, MOST_ROWS).map((row) => row.map(escape))].map((line) => `| ${line.join(' | ')} |`)
  return [...lines, '', ...(rows.length > MOST_ROWS ? [`The first ${MOST_ROWS} of ${rows.length} rows.`, ''] : [])]
}

function gateSection({ gate }: ExperimentResults): string[] {
  if (gate === undefined) return []
  const rules = gate.rules.map((r) => `| ${escape(r.name)} | ${r.result} | ${escape(r.message)} |`)
  return ['## Gate', '', '| rule | result | measured |', '|---|---|---|', ...rules]
}

function objectionSection(objections: readonly ObjectionLine[]): string[] {
  if (objections.length === 0) return []
  const lines = objections.slice(0, MOST_OBJECTIONS).map(({ severity, reason, stage, message, trials }) => {
    return `- **${severity}** ${reason}${stage === undefined ? '' : ` (stage ${escape(stage)})`}: ${escape(message)} — ${escape(whose(trials))}`
  })
  const more = objections.length - lines.length
  return ['## Failures and doubts', '', ...lines, ...(more > 0 ? [`- and ${more} more`] : [])]
}

function drawTable({ factors, hasStages, columns, rows }: ResultTable): string[] {
  const names = factors.map((f) => (f.unit === undefined ? f.name : `${f.name}, ${f.unit}`))
  const head = [...names, ...(hasStages ? ['stage'] : []), 'n', ...columns.map((c) => `${c.title}, ${c.unit}`)]
  const align = head.map((_, i) => (i >= factors.length + Number(hasStages) ? '--:' : '---'))
  const value = (v: ResultValue | null) => (v === null ? '–' : `${bold(v.text, v.best)}${escape(markText(v.marks))}`)
  const count = ({ replicates, marks }: ResultRow) => `${replicates}${escape(markText(marks))}`
  const body = rows.map((r) => [...r.levels.map(escape), ...(hasStages ? [r.stage] : []), count(r), ...r.values.map(value)])
  const lines = [head.map(escape), align, ...body.slice(0, MOST_ROWS)].map((line) => `| ${line.join(' | ')} |`)
  return body.length > MOST_ROWS ? [...lines, '', `The first ${MOST_ROWS} of ${body.length} rows.`] : lines
}

function bold(text: string, best: boolean): string {
  return best ? `**${text}**` : text
}

function notes(table: ResultTable): string[] {
  return [tableNote(table), ...(table.notes.length > 0 ? [''] : []), ...table.notes.map((note) => `- ${escape(note)}`)]
}

/** What Markdown would read as markup. */
function escape(text: string): string {
  return text.replaceAll(/[\\|*_`<>[\]]/g, (c) => `\\${c}`).replaceAll(/\r?\n/g, ' ')
}

// SPDX-License-Identifier: Apache-2.0
/** The results as Markdown, for pull requests and summaries of pipelines. */
import { capacityTable } from './capacity-table.ts'
import { markText } from './format.ts'
import { adviceLines, agreementLines, effectLines } from './markdown-findings.ts'
import { escapeMarkdown } from './markdown-text.ts'
import { modelLines } from './models/models-markdown.ts'
import { noteLines, whose } from './note-lines.ts'
import { headline, tallyVerdicts } from './outcome.ts'
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
  const sections = [
    [`# ${escapeMarkdown(results.name)}`, '', headline(results).text],
    titled('Failures and doubts', objectionLines(results)),
    titled('Gate', gateLines(results)),
    titled('What to take from it', adviceLines(results)),
    titled('Capacity', capacityLines(results)),
    titled('Results', resultLines(results)),
    (results.designNotes ?? []).map((note) => `- ${escapeMarkdown(note)}`),
    titled('Models', modelLines(results)),
    titled('Do the tools agree?', agreementLines(results)),
    titled('Effects', effectLines(results)),
    titled('Start-up', startupLines(results)),
    titled('Quality', scoreLines(results)),
    titled('Notes', notedLines(results)),
    ['## Reproduce', '', ...reproduction(results).map((line) => `    ${line}`)],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines]
}

function notedLines(results: ExperimentResults): string[] {
  const lines = noteLines(results)
  const shown = lines.slice(0, MOST_NOTES).map(({ text, trials }) => `- ${escapeMarkdown(text)} — ${escapeMarkdown(whose(trials))}`)
  return [...shown, ...(lines.length > MOST_NOTES ? [`- and ${lines.length - MOST_NOTES} more`] : [])]
}

function capacityLines(results: ExperimentResults): string[] {
  const table = capacityTable(results)
  return table.rows.length === 0 ? [] : [...textTable(table), ...(table.doubts.length === 0 ? [] : [...table.doubts.map((d) => `- ${escapeMarkdown(d)}`), '']), table.note]
}

function scoreLines(results: ExperimentResults): string[] {
  const table = scoreTable(results)
  return table.rows.length === 0 ? [] : [...textTable(table), SCORE_NOTE]
}

function textTable({ head, firstNumber, rows }: ScoreTable): string[] {
  const align = head.map((_, i) => (i >= firstNumber ? '--:' : '---'))
  const body = rows.slice(0, MOST_ROWS).map((row) => row.map(escapeMarkdown))
  const lines = [head.map(escapeMarkdown), align, ...body].map((line) => `| ${line.join(' | ')} |`)
  return [...lines, '', ...(rows.length > MOST_ROWS ? [`The first ${MOST_ROWS} of ${rows.length} rows.`, ''] : [])]
}

/** Every rule with its result; nothing where there is no gate. */
export function gateLines({ gate }: ExperimentResults): string[] {
  if (gate === undefined) return []
  const rules = gate.rules.map((r) => `| ${escapeMarkdown(r.name)} | ${r.result} | ${escapeMarkdown(r.message)} |`)
  return ['| rule | result | measured |', '|---|---|---|', ...rules]
}

export function resultLines(results: ExperimentResults): string[] {
  const table = resultTable(results)
  return table.rows.length === 0 ? [] : [...drawTable(table), '', ...notes(table)]
}

function startupLines(results: ExperimentResults): string[] {
  const table = startupTable(results)
  return table.rows.length === 0 ? [] : [...drawTable(table), '', ...notes(table)]
}

/** What speaks against the numbers, worst first. */
export function objectionLines(results: ExperimentResults): string[] {
  const objections = tallyVerdicts(results)
  const lines = objections.slice(0, MOST_OBJECTIONS).map(({ severity, reason, stage, message, trials }) => {
    const where = stage === undefined ? '' : ` (stage ${escapeMarkdown(stage)})`
    return `- **${severity}** ${reason}${where}: ${escapeMarkdown(message)} — ${escapeMarkdown(whose(trials))}`
  })
  const more = objections.length - lines.length
  return [...lines, ...(more > 0 ? [`- and ${more} more`] : [])]
}

function drawTable({ factors, hasStages, columns, rows }: ResultTable): string[] {
  const names = factors.map((f) => (f.unit === undefined ? f.name : `${f.name}, ${f.unit}`))
  const head = [...names, ...(hasStages ? ['stage'] : []), 'n', ...columns.map((c) => `${c.title}, ${c.unit}`)]
  const align = head.map((_, i) => (i >= factors.length + Number(hasStages) ? '--:' : '---'))
  const value = (v: ResultValue | null) => (v === null ? '–' : `${bold(v.text, v.best)}${escapeMarkdown(markText(v.marks))}`)
  const count = ({ replicates, marks }: ResultRow) => `${replicates}${escapeMarkdown(markText(marks))}`
  const body = rows.map((r) => [...r.levels.map(escapeMarkdown), ...(hasStages ? [r.stage] : []), count(r), ...r.values.map(value)])
  const lines = [head.map(escapeMarkdown), align, ...body.slice(0, MOST_ROWS)].map((line) => `| ${line.join(' | ')} |`)
  return body.length > MOST_ROWS ? [...lines, '', `The first ${MOST_ROWS} of ${body.length} rows.`] : lines
}

function bold(text: string, best: boolean): string {
  return best ? `**${text}**` : text
}

function notes(table: ResultTable): string[] {
  return [tableNote(table), ...(table.notes.length > 0 ? [''] : []), ...table.notes.map((note) => `- ${escapeMarkdown(note)}`)]
}

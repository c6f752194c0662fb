// SPDX-License-Identifier: Apache-2.0
/** The results as Markdown, for pull requests and summaries of pipelines. */
import { boardLines } from '../leaderboard/board-markdown.ts'
import { capacityTable } from './capacity-table.ts'
import { markText } from './format.ts'
import { adviceLines, agreementLines, effectLines } from './markdown-findings.ts'
import { escapeMarkdown } from './markdown-text.ts'
import type { MessageKey, Part, Texts } from './messages.ts'
import { ENGLISH } from './messages/languages.ts'
import { modelLines } from './models/models-markdown.ts'
import { noteLines, whose } from './note-lines.ts'
import { headline, reasonText, ruleText, tallyVerdicts } from './outcome.ts'
import { reproduction } from './provenance.ts'
import { resultTable, startupTable, type ResultRow, type ResultTable, type ResultValue } from './result-table.ts'
import type { ExperimentResults, RuleOutcome } from './results.ts'
import { type ScoreTable, scoreTable } from './score-table.ts'
import { tableNote } from './table-note.ts'

const MOST_OBJECTIONS = 20
const MOST_NOTES = 30
/** Rows that a page of a pull request can hold. */
const MOST_ROWS = 200

export function toMarkdown(results: ExperimentResults, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const titled = (key: `section.${string}` & MessageKey, lines: readonly string[]) => (lines.length === 0 ? [] : [`## ${say(key)}`, '', ...lines])
  const sections = [
    [`# ${escapeMarkdown(results.name)}`, '', textOf(headline(results).text)],
    titled('section.doubts', objectionLines(results, texts)),
    titled('section.gate', gateLines(results, texts)),
    titled('section.advice', adviceLines(results, texts)),
    titled('section.capacity', capacityLines(results, texts)),
    titled('section.results', resultLines(results, texts)),
    (results.designNotes ?? []).map((note) => `- ${escapeMarkdown(textOf(note))}`),
    titled('section.models', modelLines(results, texts)),
    titled('section.leaderboard', boardLines(results.leaderboard, texts)),
    titled('section.agreement', agreementLines(results, texts)),
    titled('section.effects', effectLines(results, texts)),
    titled('section.startup', startupLines(results, texts)),
    titled('section.quality', scoreLines(results, texts)),
    titled('section.notes', notedLines(results, texts)),
    [`## ${say('section.reproduce')}`, '', ...reproduction(results, texts).map((line) => `    ${line}`)],
  ]
  return `${sections.filter((s) => s.length > 0).map((s) => s.join('\n')).join('\n\n')}\n`
}

function notedLines(results: ExperimentResults, texts: Texts): string[] {
  const lines = noteLines(results)
  const shown = lines.slice(0, MOST_NOTES).map(({ text, trials }) => `- ${escapeMarkdown(texts.textOf({ stored: text }))} — ${escapeMarkdown(texts.textOf(whose(trials)))}`)
  return [...shown, ...(lines.length > MOST_NOTES ? [`- ${texts.say('page.more', { count: lines.length - MOST_NOTES })}`] : [])]
}

function capacityLines(results: ExperimentResults, texts: Texts): string[] {
  const table = capacityTable(results)
  return table.rows.length === 0 ? [] : [...textTable(table, texts), ...(table.doubts.length === 0 ? [] : [...table.doubts.map((d) => `- ${escapeMarkdown(texts.textOf(d))}`), '']), texts.textOf(table.note)]
}

function scoreLines(results: ExperimentResults, texts: Texts): string[] {
  const table = scoreTable(results)
  return table.rows.length === 0 ? [] : [...textTable(table, texts), texts.say('score.note')]
}

function textTable({ head, firstNumber, rows }: ScoreTable, { say, textOf }: Texts): string[] {
  const text = (part: Part) => escapeMarkdown(textOf(part))
  const align = head.map((_, i) => (i >= firstNumber ? '--:' : '---'))
  const body = rows.slice(0, MOST_ROWS).map((row) => row.map(text))
  const lines = [head.map(text), align, ...body].map((line) => `| ${line.join(' | ')} |`)
  return [...lines, '', ...(rows.length > MOST_ROWS ? [say('page.firstRowsShort', { shown: MOST_ROWS, total: rows.length }), ''] : [])]
}

/** Every rule with its result; nothing where there is no gate. */
export function gateLines({ gate }: ExperimentResults, { say, textOf }: Texts, signs?: Readonly<Record<RuleOutcome['result'], string>>): string[] {
  if (gate === undefined) return []
  const rules = gate.rules.map((r) => `| ${escapeMarkdown(r.name)} | ${signs === undefined ? '' : `${signs[r.result]} `}${say(`rule.${r.result}`)} | ${escapeMarkdown(textOf(ruleText(r)))} |`)
  return [`| ${say('table.rule')} | ${say('table.result')} | ${say('table.measured')} |`, '|---|---|---|', ...rules]
}

export function resultLines(results: ExperimentResults, texts: Texts): string[] {
  const table = resultTable(results)
  return table.rows.length === 0 ? [] : [...drawTable(table, texts), '', ...notes(table, texts)]
}

function startupLines(results: ExperimentResults, texts: Texts): string[] {
  const table = startupTable(results)
  return table.rows.length === 0 ? [] : [...drawTable(table, texts), '', ...notes(table, texts)]
}

/** What speaks against the numbers, worst first. */
export function objectionLines(results: ExperimentResults, texts: Texts): string[] {
  const { say, textOf } = texts
  const objections = tallyVerdicts(results)
  const lines = objections.slice(0, MOST_OBJECTIONS).map(({ severity, reason, stage, message: text, trials }) => {
    const what = stage === undefined ? textOf(reasonText(reason)) : say('objection.stage', { reason: reasonText(reason), stage: escapeMarkdown(stage) })
    return `- ${say('objection.line', { severity: `**${say(`verdict.${severity}`)}**`, what, message: escapeMarkdown(textOf({ stored: text })), trials: escapeMarkdown(textOf(whose(trials))) })}`
  })
  const more = objections.length - lines.length
  return [...lines, ...(more > 0 ? [`- ${say('page.more', { count: more })}`] : [])]
}

function drawTable({ factors, hasStages, columns, rows }: ResultTable, { say }: Texts): string[] {
  const names = factors.map((f) => (f.unit === undefined ? f.name : `${f.name}, ${f.unit}`))
  const head = [...names, ...(hasStages ? [say('table.stage')] : []), 'n', ...columns.map((c) => say('of.column', { title: c.title, unit: c.unit }))]
  const align = head.map((_, i) => (i >= factors.length + Number(hasStages) ? '--:' : '---'))
  const value = (v: ResultValue | null) => (v === null ? '–' : `${bold(v.text, v.best)}${escapeMarkdown(markText(v.marks))}`)
  const count = ({ replicates, marks }: ResultRow) => `${replicates}${escapeMarkdown(markText(marks))}`
  const body = rows.map((r) => [...r.levels.map(escapeMarkdown), ...(hasStages ? [r.stage] : []), count(r), ...r.values.map(value)])
  const lines = [head.map(escapeMarkdown), align, ...body.slice(0, MOST_ROWS)].map((line) => `| ${line.join(' | ')} |`)
  return body.length > MOST_ROWS ? [...lines, '', say('page.firstRowsShort', { shown: MOST_ROWS, total: body.length })] : lines
}

function bold(text: string, best: boolean): string {
  return best ? `**${text}**` : text
}

function notes(table: ResultTable, { textOf }: Texts): string[] {
  return [textOf(tableNote(table)), ...(table.notes.length > 0 ? [''] : []), ...table.notes.map((note) => `- ${escapeMarkdown(textOf(note))}`)]
}

// SPDX-License-Identifier: Apache-2.0
/** The tables of the HTML report. */
import type { Findings, StageFindings } from '../model/findings.ts'
import { levelText } from '../plan/labels.ts'
import { formatNumber, markText, valueMarks } from './format.ts'
import { html, type Html } from './html.ts'
import type { Part, Texts } from './messages.ts'
import { type NoteLine, whose } from './note-lines.ts'
import { type ObjectionLine, reasonText, ruleText } from './outcome.ts'
import type { ResultRow, ResultTable, ResultValue } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { type ScoreTable } from './score-table.ts'
import { tableNote } from './table-note.ts'

/** Rows of a table that a page can carry; all are in the files beside it. */
const MOST_ROWS = 300
const MOST_NAMED = 4
const MOST_NOTES = 30

const firstOf = (rows: number, { say }: Texts) =>
  (rows > MOST_ROWS ? html`<p class="notes">${say('page.firstRows', { shown: MOST_ROWS, total: rows })}</p>` : html``)

const titled = (title: string, unit?: string) => (unit === undefined ? html`${title}` : html`${title}<small>${unit}</small>`)
const headCell = (title: string, unit?: string) => html`<th scope="col">${titled(title, unit)}</th>`
const headNumber = (title: string, unit?: string) => html`<th scope="col" class="n">${titled(title, unit)}</th>`

export function resultTableHtml(table: ResultTable, texts: Texts): Html {
  const { say, textOf } = texts
  const { factors, hasStages, columns, rows, notes } = table
  const names = [...factors.map((f) => headCell(f.name, f.unit ?? '')), ...(hasStages ? [headCell(say('table.stage'), '')] : [])]
  const numbers = [headNumber('n', say('table.stacksTrials')), ...columns.map((c) => headNumber(textOf(c.title), c.unit))]
  return html`<div class="scroll"><table class="sortable"><thead><tr>
${names}${numbers}
</tr></thead><tbody>
${rows.slice(0, MOST_ROWS).map((row) => html`<tr>${resultCells(row, hasStages)}</tr>
`)}</tbody></table></div>
${firstOf(rows.length, texts)}<div class="notes"><p>${textOf(tableNote(table))}</p>${notes.map((n) => html`<p>${textOf(n)}</p>`)}</div>`
}

function resultCells({ levels, stage, replicates, marks, values }: ResultRow, hasStages: boolean): Html[] {
  const texts = [...levels, ...(hasStages ? [stage] : [])]
  const count = html`<td class="n">${replicates}${markText(marks)}</td>`
  return [...texts.map((text) => html`<td>${text}</td>`), count, ...values.map(resultCell)]
}

function resultCell(value: ResultValue | null): Html {
  if (value === null) return html`<td class="n" data-v="">–</td>`
  return html`<td class="n${value.best ? ' best' : ''}" data-v="${Number(value.cell.mean.toPrecision(6))}">
    ${value.text}${markText(value.marks)}
  </td>`
}

export interface NotedTable extends ScoreTable { readonly note: Part; readonly doubts?: readonly Part[] }

export function textTableHtml({ head, firstNumber, rows, note, doubts = [] }: NotedTable, texts: Texts): Html {
  const { textOf } = texts
  const cell = (text: Part, i: number) => (i >= firstNumber ? html`<td class="n">${textOf(text)}</td>` : html`<td>${textOf(text)}</td>`)
  return html`<div class="scroll"><table><thead><tr>${head.map((title, i) => (i >= firstNumber ? headNumber(textOf(title)) : headCell(textOf(title))))}</tr></thead><tbody>
${rows.slice(0, MOST_ROWS).map((row) => html`<tr>${row.map(cell)}</tr>
`)}</tbody></table></div>
${firstOf(rows.length, texts)}${doubts.length === 0 ? '' : html`<ul class="said">${doubts.map((d) => html`<li>${textOf(d)}</li>`)}</ul>`}<div class="notes"><p>${textOf(note)}</p></div>`
}

export function objectionTable(objections: readonly ObjectionLine[], texts: Texts): Html {
  const { say, textOf } = texts
  const row = ({ severity, reason, stage, message: text, trials }: ObjectionLine) => html`<tr>
<td class="tag ${severity}">${say(`verdict.${severity}`)}</td><td>${textOf(reasonText(reason))}</td><td>${stage ?? ''}</td>
<td class="text">${textOf({ stored: text })}</td><td>${names(trials, texts)}</td>
</tr>
`
  return html`<div class="scroll"><table><thead><tr>${['', say('table.reason'), say('table.stage'), say('table.what'), say('table.trials')].map((t) => headCell(t))}</tr></thead><tbody>
${objections.map(row)}</tbody></table></div>`
}

export function noteList(lines: readonly NoteLine[], { say, textOf }: Texts): Html {
  const more = lines.length - MOST_NOTES
  return html`<ul class="notes">${lines.slice(0, MOST_NOTES).map(({ text, trials }) => html`<li>${textOf({ stored: text })} — <span class="muted">${textOf(whose(trials))}</span></li>
`)}${more > 0 ? html`<li>${say('page.moreInFindings', { count: more })}</li>` : html``}</ul>`
}

export function gateTable({ rules }: NonNullable<ExperimentResults['gate']>, { say, textOf }: Texts): Html {
  return html`<div class="scroll"><table><thead><tr>${[say('table.rule'), say('table.result'), say('table.measured')].map((t) => headCell(t))}</tr></thead><tbody>
${rules.map((r) => html`<tr><td>${r.name}</td><td class="tag ${r.result}">${say(`rule.${r.result}`)}</td><td class="text">${textOf(ruleText(r))}</td></tr>
`)}</tbody></table></div>`
}

function names(trials: readonly string[], { say }: Texts): string {
  const shown = trials.slice(0, MOST_NAMED).join(', ')
  return trials.length > MOST_NAMED ? say('page.whose', { first: shown, count: trials.length - MOST_NAMED }) : shown
}

const TRIAL_NUMBERS = [
  ['table.sent', ''], ['table.errors', '%'], ['column.ttft.p50', 'ms'], ['column.ttft.p99', 'ms'], ['table.output', 'tokens/s'],
] as const

/** A row for every trial and stage, failed trials last. */
export function trialTable({ trials, failed, factors }: ExperimentResults, texts: Texts): Html {
  const { say, textOf } = texts
  const rows = trials.flatMap((findings) => trialRows(findings, factors.map((f) => f.name), texts))
  const head = [
    headCell(say('table.trial'), ''),
    headCell(say('table.verdict'), ''),
    ...factors.map((f) => headCell(f.name, f.unit ?? '')),
    headCell(say('table.start'), 'UTC'),
    headCell(say('table.stage'), ''),
    headCell(say('table.stack'), say('table.replicate')),
    headCell(say('table.run'), say('table.replicate')),
    headCell(say('table.took'), 's'),
    ...TRIAL_NUMBERS.map(([title, unit]) => headCell(say(title), unit)),
  ]
  const lost = failed.map(({ trial, reason }) => html`<tr class="lost">
<td>${trial}</td><td class="tag failed">${say('verdict.failed')}</td><td colspan="${head.length - 2}">${textOf(reasonText(reason))}</td></tr>
`)
  return html`<div class="scroll"><table class="sortable trials"><thead><tr>
${head}
</tr></thead><tbody>
${rows.slice(0, MOST_ROWS)}${lost.slice(0, MOST_ROWS)}</tbody></table></div>
${firstOf(rows.length, texts)}`
}

function trialRows({ trial, verdict, treatment, replicate, time, stages }: Findings, factors: readonly string[], { say }: Texts): Html[] {
  const seconds = (Date.parse(time.end) - Date.parse(time.start)) / 1000
  const levels = factors.map((f) => html`<td>${Object.hasOwn(treatment, f) ? levelText(treatment[f]) : ''}</td>`)
  const head = html`<td>${trial.name}</td>
    <td class="tag ${verdict.result}">${say(`verdict.${verdict.result}`)}</td>
    ${levels}
    <td>${time.start.slice(0, 19).replace('T', ' ')}</td>`
  const counts = [replicate.stack, replicate.run, seconds].map((value) => number(value, { decimals: 0 }))
  const row = (stage: string, values: readonly Html[]) => html`<tr>${head}<td>${stage}</td>${counts}${values}</tr>
`
  return stages.length === 0 ? [row('–', TRIAL_NUMBERS.map(() => number(null)))] : stages.map((s) => row(s.stage, stageNumbers(s)))
}

/** In the order of TRIAL_NUMBERS. */
function stageNumbers({ requests, distributions, scalars, claimed = [] }: StageFindings): Html[] {
  const errors = scalars['error_rate']?.value
  const ttft = distributions['ttft']
  const shown = (metric: string, weak = false): Shown =>
    ({ marks: markText(valueMarks({ weak, ...(claimed.includes(metric) ? { claimed: true } : {}) })) })
  return [
    number(requests.total, { decimals: 0 }),
    number(typeof errors === 'number' ? errors * 100 : null, shown('error_rate')),
    number(ttft?.p50, shown('ttft')),
    number(ttft?.p99, shown('ttft', ttft?.weak.includes('p99'))),
    number(scalars['output_throughput']?.value, shown('output_throughput')),
  ]
}

interface Shown { readonly decimals?: number; readonly marks?: string }

/** To the right by the style of its table: a class for each cell would be a tenth of the page. */
function number(value: number | null | undefined, { decimals, marks = '' }: Shown = {}): Html {
  if (typeof value !== 'number') return html`<td data-v="">–</td>`
  return html`<td>${decimals === undefined ? formatNumber(value) : value.toFixed(decimals)}${marks}</td>`
}

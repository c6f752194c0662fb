// SPDX-License-Identifier: Apache-2.0
/** The tables of the HTML report. */
import type { Findings } from '../model/findings.ts'
import { levelText } from '../plan/labels.ts'
import { formatNumber, markText } from './format.ts'
import { html, type Html } from './html.ts'
import type { ObjectionLine } from './outcome.ts'
import type { ResultTable, ResultValue } from './result-table.ts'
import type { ExperimentResults } from './results.ts'
import { tableNote } from './table-note.ts'

/** Rows of the table of trials that a page can carry; all are in the CSV. */
const MOST_TRIALS = 400
const MOST_NAMED = 4

const headCell = (title: string, unit?: string) => html`<th scope="col">${title}${unit === undefined ? '' : html`<small>${unit}</small>`}</th>`
const headNumber = (title: string, unit?: string) => html`<th scope="col" class="n">${title}${unit === undefined ? '' : html`<small>${unit}</small>`}</th>`

export function resultTableHtml(table: ResultTable): Html {
  const value = (v: ResultValue | null) => (v === null
    ? html`<td class="n" data-v="">–</td>`
    : html`<td class="n${v.best ? ' best' : ''}" data-v="${v.cell.mean}">${v.text}${markText(v.marks)}</td>`)
  return html`<div class="scroll"><table class="sortable"><thead><tr>
${table.factors.map((f) => headCell(f.name, f.unit ?? ''))}${table.hasStages ? headCell('stage', '') : ''}${headNumber('n', 'stacks/trials')}${table.columns.map((c) => headNumber(c.title, c.unit))}
</tr></thead><tbody>
${table.rows.map((r) => html`<tr>${r.levels.map((l) => html`<td>${l}</td>`)}${table.hasStages ? html`<td>${r.stage}</td>` : ''}<td class="n">${r.replicates}${markText(r.marks)}</td>${r.values.map(value)}</tr>
`)}</tbody></table></div>
<div class="notes"><p>${tableNote(table)}</p>${table.notes.map((n) => html`<p>${n}</p>`)}</div>`
}

export function objectionTable(objections: readonly ObjectionLine[]): Html {
  return html`<div class="scroll"><table><thead><tr>${['', 'reason', 'stage', 'what', 'trials'].map((t) => headCell(t))}</tr></thead><tbody>
${objections.map((o) => html`<tr><td class="tag ${o.severity}">${o.severity}</td><td>${o.reason}</td><td>${o.stage ?? ''}</td><td class="text">${o.message}</td><td>${names(o.trials)}</td></tr>
`)}</tbody></table></div>`
}

export function gateTable({ rules }: NonNullable<ExperimentResults['gate']>): Html {
  return html`<div class="scroll"><table><thead><tr>${['rule', 'result', 'measured'].map((t) => headCell(t))}</tr></thead><tbody>
${rules.map((r) => html`<tr><td>${r.name}</td><td class="tag ${r.result}">${r.result}</td><td class="text">${r.message}</td></tr>
`)}</tbody></table></div>`
}

function names(trials: readonly string[]): string {
  const shown = trials.slice(0, MOST_NAMED).join(', ')
  return trials.length > MOST_NAMED ? `${shown} and ${trials.length - MOST_NAMED} more` : shown
}

/** A row for every trial and stage, failed trials last. */
export function trialTable({ trials, failed, factors }: ExperimentResults): Html {
  const rows = trials.flatMap((findings) => trialRows(findings, factors.map((f) => f.name)))
  const numbers = [['sent', ''], ['errors', '%'], ['TTFT p50', 'ms'], ['TTFT p99', 'ms'], ['output', 'tokens/s']] as const
  const columns = 7 + factors.length + numbers.length
  return html`<div class="scroll"><table class="sortable"><thead><tr>
${headCell('trial', '')}${headCell('verdict', '')}${factors.map((f) => headCell(f.name, f.unit ?? ''))}${headNumber('stack', 'replicate')}${headNumber('run', 'replicate')}
${headCell('start', 'UTC')}${headNumber('took', 's')}${headCell('stage', '')}${numbers.map(([title, unit]) => headNumber(title, unit))}
</tr></thead><tbody>
${rows.slice(0, MOST_TRIALS)}${failed.map((f) => html`<tr><td>${f.trial}</td><td class="tag failed">failed</td><td colspan="${columns - 2}">${f.reason}</td></tr>
`)}</tbody></table></div>
${rows.length > MOST_TRIALS ? html`<p class="notes">The first ${MOST_TRIALS} of ${rows.length} rows; the CSV has all of them.</p>` : ''}`
}

function trialRows({ trial, verdict, treatment, replicate, time, stages }: Findings, factors: readonly string[]): Html[] {
  const seconds = (Date.parse(time.end) - Date.parse(time.start)) / 1000
  const head = html`<td>${trial.name}</td><td class="tag ${verdict.result}">${verdict.result}</td>
${factors.map((f) => html`<td>${Object.hasOwn(treatment, f) ? levelText(treatment[f]) : ''}</td>`)}<td class="n">${replicate.stack}</td><td class="n">${replicate.run}</td>
<td data-v="${time.start}">${time.start.slice(0, 19).replace('T', ' ')}</td>${number(seconds, 0)}`
  if (stages.length === 0) return [html`<tr>${head}<td>–</td>${Array.from({ length: 5 }, () => number(null))}</tr>
`]
  return stages.map(({ stage, requests, distributions, scalars }) => {
    const errors = scalars['error_rate']?.value
    const ttft = distributions['ttft']
    return html`<tr>${head}<td>${stage}</td>${number(requests.total, 0)}${number(typeof errors === 'number' ? errors * 100 : null)}${number(ttft?.p50)}
${number(ttft?.p99, undefined, ttft?.weak.includes('p99'))}${number(scalars['output_throughput']?.value)}</tr>
`
  })
}

function number(value: number | null | undefined, decimals?: number, weak = false): Html {
  if (typeof value !== 'number') return html`<td class="n" data-v="">–</td>`
  return html`<td class="n">${decimals === undefined ? formatNumber(value) : value.toFixed(decimals)}${weak ? '*' : ''}</td>`
}

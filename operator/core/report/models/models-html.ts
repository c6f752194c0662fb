// SPDX-License-Identifier: Apache-2.0
/** The comparison of models as a section of the HTML report. */
import type { Figure } from '../figure-style.ts'
import { html, type Html } from '../html.ts'
import type { ExperimentResults } from '../results.ts'
import { adviceSentences } from './advice-sentences.ts'
import { modelFigures } from './figure-models.ts'
import { comparedSentences, formSentences, lawSentences } from './finding-sentences.ts'
import type { Message, Texts } from '../messages.ts'
import { modelsOf } from './model-study.ts'
import { formTable, lawTable, modelTables, type ModelTable } from './tables.ts'

interface ModelsSection { readonly id: string; readonly title: string; readonly body: Html }

/** null where fewer than two models were measured. How a figure is drawn is the page's matter. */
export function modelsSection(results: ExperimentResults, texts: Texts, draw: (figure: Figure) => Html): ModelsSection | null {
  const found = modelsOf(results)
  if (found === null) return null
  const { study, laws, forms } = found
  const tables = modelTables(study, texts)
  const [law, form, figures, formsSaid, lawSaid] = [lawTable(laws, texts), formTable(forms, texts), modelFigures(laws, texts), formSentences(forms), lawSentences(laws)]
  const notes = [...new Set(tables.flatMap((t) => t.notes))]
  return {
    id: 'models', title: texts.say('section.models'),
    body: html`${list([...comparedSentences(found), ...adviceSentences(found)], texts)}
${tables.map((t) => html`<h3>${t.title}</h3>${tableHtml(t, texts, 'sortable')}`)}
${tables.length === 0 ? '' : html`<div class="notes"><p>${texts.say('models.tableNote')}</p>${notes.map((n) => html`<p>${n}</p>`)}</div>`}
${lawSaid.length === 0 ? '' : html`<h3>${texts.say('models.head.scaling')}</h3>${list(lawSaid, texts)}`}
${law === null ? '' : html`${tableHtml(law, texts)}<p class="notes">${texts.say('models.law.note')}</p>`}
${figures.length === 0 ? '' : html`<div class="figures">${figures.map(draw)}</div>`}
${formsSaid.length === 0 ? '' : html`<h3>${texts.say('models.head.forms')}</h3>${list(formsSaid, texts)}`}
${form === null ? '' : tableHtml(form, texts)}`,
  }
}

const list = (sentences: readonly Message[], { textOf }: Texts) => html`<ul class="said">${sentences.map((s) => html`<li>${textOf(s)}</li>`)}</ul>`

/** Rows of a table that a page can carry. */
const MOST_ROWS = 200

function tableHtml({ head, firstNumber, rows }: ModelTable, { say }: Texts, kind = ''): Html {
  const number = (i: number) => (i >= firstNumber ? html` class="n"` : html``)
  return html`<div class="scroll"><table class="${kind}"><thead><tr>${head.map(({ title, unit }, i) => html`<th scope="col"${number(i)}>${title}${unit === undefined ? '' : html`<small>${unit}</small>`}</th>`)}</tr></thead><tbody>
${rows.slice(0, MOST_ROWS).map((row) => html`<tr>${row.map((cell, i) => (i >= firstNumber ? html`<td class="n" data-v="${sortKey(cell)}">${cell}</td>` : html`<td>${cell}</td>`))}</tr>
`)}</tbody></table></div>
${rows.length > MOST_ROWS ? html`<p class="notes">${say('page.firstRowsShort', { shown: MOST_ROWS, total: rows.length })}</p>` : ''}`
}

/** `12.3 ± 0.4` is sorted by what it begins with. */
function sortKey(cell: string): string {
  const number = Number.parseFloat(cell.replace('−', '-'))
  return Number.isNaN(number) ? '' : String(number)
}

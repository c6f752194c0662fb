// SPDX-License-Identifier: Apache-2.0
/** What the numbers come to, as sections of the HTML report: recommendations with their ranking, and the effects of factors. */
import { adviceSentences } from './advice/advice-sentences.ts'
import { rankingTable } from './advice/ranking-table.ts'
import { effectSentences } from './effects/effect-sentences.ts'
import { type AgreementTable, type AgreementText, agreementTables } from './agreement/agreement-table.ts'
import { agreementSentences } from './agreement/agreement-sentences.ts'
import { type EffectCell, type EffectTable, effectTables } from './effects/effect-table.ts'
import { effectFigures } from './effects/figure-effects.ts'
import type { Figure } from './figure-style.ts'
import { html, type Html } from './html.ts'
import { joined, message, type Part, type Texts } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** How a figure and its legend are drawn is the page's matter. */
export interface FigureDrawer { readonly figure: (figure: Figure) => Html; readonly legend: (labels: readonly string[]) => Html }

/** null where there is nothing to choose between. */
export function adviceHtml(results: ExperimentResults, texts: Texts): Html | null {
  const sentences = adviceSentences(results)
  if (sentences.length === 0) return null
  const ranking = rankingTable(results)
  if (ranking === null) return list(sentences, texts)
  const { columns, rows } = ranking
  return html`${list(sentences, texts)}
    <div class="scroll">
      <table class="ranking">
        <thead>
          <tr>
            ${columns.map((c, i) => html`<th scope="col"${numeric(i)}>${texts.textOf(c)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell, i) => html`<td${numeric(i)}>${texts.textOf(cell)}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="notes">${texts.say('advice.rankingNote')}</p>`
}

/** All but configuration, load and verdict are numbers. */
const numeric = (column: number) => (column < 3 ? html`` : html` class="n"`)

const list = (sentences: readonly Part[], { textOf }: Texts) => html`<ul class="said">${sentences.map((s) => html`<li>${textOf(s)}</li>`)}</ul>`

/** null where one tool measured everything. */
export function agreementHtml(results: ExperimentResults, texts: Texts): Html | null {
  const tables = agreementTables(results)
  if (tables.length === 0) return null
  return html`${list(agreementSentences(results), texts)}${tables.map((table) => agreementTable(table, texts))}<p class="notes">${texts.say('agreement.lead')}</p>`
}

function agreementTable({ where, columns, rows }: AgreementTable, texts: Texts): Html {
  return html`<div class="scroll"><table class="effects"><thead><tr>
<th scope="col">${texts.textOf(where)}</th>${columns.map((c) => html`<th scope="col" class="n">${texts.textOf(c)}</th>`)}
</tr></thead><tbody>
${rows.map(({ tool, cells }) => html`<tr><th scope="row">${tool}</th>${cells.map((cell) => agreementCell(cell, texts))}</tr>
`)}</tbody></table></div>`
}

function agreementCell(text: AgreementText | null, { textOf }: Texts): Html {
  if (text === null) return html`<td class="n">–</td>`
  return html`<td class="n${text.standing === 'differs' ? ' best' : ''}">${text.value}<small>${text.against.map(textOf).join(' · ')}</small></td>`
}

/** null where nothing is varied. */
export function effectsHtml(results: ExperimentResults, draw: FigureDrawer, texts: Texts): Html | null {
  const sentences = effectSentences(results)
  const tables = effectTables(results)
  if (sentences.length === 0 && tables.length === 0) return null
  const blocks = new Set(results.standUps.map((s) => `${s.block}/${s.replicate}`)).size > 1 ? message('effects.methodBlocks') : ''
  const method = html`<div class="notes">
    <p>${texts.textOf(joined([message('effects.lead'), message('effects.leadLog')], 'list.sentence'))}</p>
    <p>${texts.say('effects.method', { blocks })}</p>
  </div>`
  return html`${list(sentences, texts)}${tables.map((table) => effectTable(table, texts))}${tables.length === 0 ? '' : method}
  ${effectFigures(results, texts).map(
    ({ title, figures }) =>
      html`<div class="together">
        <h3>${texts.textOf(title)}</h3>
        <div class="figures">
          ${figures.map((f) => html`<div class="figure${f.wide ? ' wide' : ''}">${draw.figure(f)}${f.series === undefined ? '' : draw.legend(f.series)}</div>`)}
        </div>
      </div>`,
  )}`
}

function effectTable({ stage, columns, rows, hidden }: EffectTable, texts: Texts): Html {
  return html`<div class="scroll"><table class="effects"><thead><tr>
<th scope="col">${stage === '' ? '' : texts.say('effects.stage', { stage })}</th>${columns.map((c) => html`<th scope="col" class="n">${texts.textOf(c)}</th>`)}
</tr></thead><tbody>
${rows.map(({ term, cells }) => html`<tr><th scope="row">${texts.textOf(term)}</th>${cells.map((cell) => effectCell(cell, texts))}</tr>
`)}</tbody></table></div>
${hidden > 0 ? html`<p class="notes">${texts.say('effects.hidden', { count: hidden })}</p>` : ''}`
}

function effectCell(cell: EffectCell | null, { textOf }: Texts): Html {
  if (cell === null) return html`<td class="n">–</td>`
  const below = [cell.share, textOf(cell.p)].filter((t) => t !== '').join(' · ')
  return html`<td class="n${cell.shown ? ' best' : ''}">
    ${cell.size === '' ? below : html`${cell.size}<small>${cell.interval}</small><small>${below}</small>`}
  </td>`
}

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
import { type Message, say, textOf } from './messages.ts'
import type { ExperimentResults } from './results.ts'

/** How a figure and its legend are drawn is the page's matter. */
export interface FigureDrawer { readonly figure: (figure: Figure) => Html; readonly legend: (labels: readonly string[]) => Html }

/** null where there is nothing to choose between. */
export function adviceHtml(results: ExperimentResults): Html | null {
  const sentences = adviceSentences(results)
  if (sentences.length === 0) return null
  const ranking = rankingTable(results)
  if (ranking === null) return list(sentences)
  const { columns, rows } = ranking
  return html`${list(sentences)}
    <div class="scroll">
      <table class="ranking">
        <thead>
          <tr>
            ${columns.map((c, i) => html`<th scope="col"${numeric(i)}>${c}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row) =>
              html`<tr>
                ${row.map((cell, i) => html`<td${numeric(i)}>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="notes">${say('advice.rankingNote')}</p>`
}

/** All but configuration, load and verdict are numbers. */
const numeric = (column: number) => (column < 3 ? html`` : html` class="n"`)

const list = (sentences: readonly Message[]) => html`<ul class="said">${sentences.map((s) => html`<li>${textOf(s)}</li>`)}</ul>`

/** null where one tool measured everything. */
export function agreementHtml(results: ExperimentResults): Html | null {
  const tables = agreementTables(results)
  if (tables.length === 0) return null
  return html`${list(agreementSentences(results))}${tables.map(agreementTable)}<p class="notes">${say('agreement.lead')}</p>`
}

function agreementTable({ where, columns, rows }: AgreementTable): Html {
  return html`<div class="scroll"><table class="effects"><thead><tr>
<th scope="col">${where.trim()}</th>${columns.map((c) => html`<th scope="col" class="n">${c}</th>`)}
</tr></thead><tbody>
${rows.map(({ tool, cells }) => html`<tr><th scope="row">${tool}</th>${cells.map(agreementCell)}</tr>
`)}</tbody></table></div>`
}

function agreementCell(text: AgreementText | null): Html {
  if (text === null) return html`<td class="n">–</td>`
  return html`<td class="n${text.standing === 'differs' ? ' best' : ''}">${text.value}<small>${text.against}</small></td>`
}

/** null where nothing is varied. */
export function effectsHtml(results: ExperimentResults, draw: FigureDrawer): Html | null {
  const sentences = effectSentences(results)
  const tables = effectTables(results)
  if (sentences.length === 0 && tables.length === 0) return null
  const blocks = new Set(results.standUps.map((s) => `${s.block}/${s.replicate}`)).size > 1 ? say('effects.methodBlocks') : ''
  const method = html`<div class="notes">
    <p>${say('effects.lead')} ${say('effects.leadLog')}</p>
    <p>${say('effects.method', { blocks })}</p>
  </div>`
  return html`${list(sentences)}${tables.map(effectTable)}${tables.length === 0 ? '' : method}
  ${effectFigures(results).map(
    ({ title, figures }) =>
      html`<div class="together">
        <h3>${title}</h3>
        <div class="figures">
          ${figures.map((f) => html`<div class="figure">${draw.figure(f)}${f.series === undefined ? '' : draw.legend(f.series)}</div>`)}
        </div>
      </div>`,
  )}`
}

function effectTable({ stage, columns, rows, hidden }: EffectTable): Html {
  return html`<div class="scroll"><table class="effects"><thead><tr>
<th scope="col">${stage === '' ? '' : say('effects.stage', { stage })}</th>${columns.map((c) => html`<th scope="col" class="n">${c}</th>`)}
</tr></thead><tbody>
${rows.map(({ term, cells }) => html`<tr><th scope="row">${term}</th>${cells.map(effectCell)}</tr>
`)}</tbody></table></div>
${hidden > 0 ? html`<p class="notes">${say('effects.hidden', { count: hidden })}</p>` : ''}`
}

function effectCell(cell: EffectCell | null): Html {
  if (cell === null) return html`<td class="n">–</td>`
  const below = [cell.share, cell.p].filter((t) => t !== '').join(' · ')
  return html`<td class="n${cell.shown ? ' best' : ''}">
    ${cell.size === '' ? below : html`${cell.size}<small>${cell.interval}</small><small>${below}</small>`}
  </td>`
}

// SPDX-License-Identifier: Apache-2.0
/** A leaderboard as a section of a page: a table that sorts, what failed and why, and the figures. How a figure is drawn is the page's matter. */
import { html, type Html } from '../report/html.ts'
import type { Figure } from '../report/figure-style.ts'
import type { Texts } from '../report/messages.ts'
import type { Leaderboard } from './board.ts'
import { type BoardCell, type BoardColumn, boardTable, type BoardTable } from './board-table.ts'
import { lastWords } from './last-words.ts'
import { boardFigures } from './figure-board.ts'

export interface BoardDrawer {
  readonly figure: (figure: Figure) => Html
  readonly legendItem: (label: string, symbol: number, series: number) => Html
}

/** Rows that a page can carry; the data set has all of them. */
const MOST_ROWS = 300
/** A configuration's own series repeats a colour after eight. */
const MOST_SERIES = 24

export function boardHtml(board: Leaderboard, draw: BoardDrawer, texts: Texts): Html {
  const table = boardTable(board, texts)
  const { figures, series, missing } = boardFigures(board, texts)
  const legend = series.slice(0, MOST_SERIES).map(({ label, symbol }, i) => draw.legendItem(label, symbol, i))
  return html`${tableHtml(table)}
<div class="notes">${table.notes.map((note) => html`<p>${note}</p>`)}</div>
${failuresHtml(table, board, texts)}${missing === undefined ? '' : html`<p class="notes">${texts.textOf(missing)}</p>`}
${legend.length === 0 ? '' : html`<ul class="legend">${legend}</ul>`}${figures.map((figure) => draw.figure(figure))}`
}

function tableHtml({ columns, rows }: BoardTable): Html {
  if (rows.length === 0) return html``
  return html`<div class="scroll"><table class="sortable"><thead><tr>${columns.map(head)}</tr></thead><tbody>
${rows.slice(0, MOST_ROWS).map((row) => html`<tr>${row.map((value, i) => cell(value, columns[i]))}</tr>
`)}</tbody></table></div>`
}

function head({ title, unit, isNumber }: BoardColumn): Html {
  const inner = html`${title}<small>${unit}</small>`
  return isNumber ? html`<th scope="col" class="n">${inner}</th>` : html`<th scope="col">${inner}</th>`
}

function cell({ text, sort }: BoardCell, column: BoardColumn | undefined): Html {
  return column?.isNumber === true ? html`<td class="n" data-v="${sort}">${text}</td>` : html`<td>${text}</td>`
}

function failuresHtml({ failures, failureColumns }: BoardTable, { rows }: Leaderboard, { say }: Texts): Html {
  if (failures.length === 0) return html``
  return html`<h3>${say('board.failures', { count: failures.length, total: rows.length })}</h3>
<div class="scroll"><table><thead><tr>${[...failureColumns, say('board.reason'), say('board.traceback')].map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>
${failures.map(({ row, reason, traceback }) => html`<tr>${row.map((text) => html`<td>${text}</td>`)}<td>${reason}</td><td class="text">${tracebackHtml(traceback)}</td></tr>
`)}</tbody></table></div>`
}

/** What was raised tells most; the whole opens by a click. */
function tracebackHtml(traceback: string): Html {
  const last = lastWords(traceback)
  return traceback.trimEnd() === last ? html`${last}` : html`<details><summary>${last}</summary><pre>${traceback}</pre></details>`
}

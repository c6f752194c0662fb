// SPDX-License-Identifier: Apache-2.0
/** Trends as one HTML file that needs nothing else: it opens offline, reads without a script, in light and dark, and is the same bytes each time. */
import { html, raw, type Html } from '../report/html.ts'
import { htmlPage } from '../report/html-page.ts'
import type { Figure } from '../report/figure-style.ts'
import type { Part, Texts } from '../report/messages.ts'
import { ENGLISH } from '../report/messages/languages.ts'
import { trendFigure } from './figure-trend.ts'
import { type Column, ENVIRONMENT_COLUMNS, environmentRows, OPEN_COLUMNS, openRows, SHIFT_COLUMNS, type ShiftRow, shiftRows, STEADY_COLUMNS, steadyRows } from './rows.ts'
import type { SeriesTrend, Trends } from './trends.ts'
import { methodTexts, stateOf, subtitle, trendHeadline } from './words.ts'

interface Section { readonly id: string; readonly title: string; readonly body: Html }

const OWN_STYLE = `
details{margin:40px 0 0}
summary{font-size:19px;font-weight:650;padding-bottom:4px;border-bottom:1px solid var(--rule);cursor:pointer}
#changes :is(td,th):is(:nth-child(3),:nth-child(7)){white-space:nowrap}
.tag.worse{color:var(--bad)}.tag.better{color:var(--good)}.tag.changed{color:var(--doubt)}
`.trim()
/** Figures that a page can carry. */
const MOST_FIGURES = 60

export function trendsHtml(trends: Trends, texts: Texts = ENGLISH): string {
  const { say, textOf } = texts
  const { level, text } = trendHeadline(trends)
  const rows = shiftRows(trends)
  const sections = [
    rows.length === 0 ? null : changes(rows, trends, texts), environment(trends, texts), open(trends, texts), steady(trends, texts),
    { id: 'method', title: say('trend.section.method'), body: html`<ul class="said">${methodTexts(trends).map((line) => html`<li>${textOf(line)}</li>`)}</ul>` },
  ].filter((s) => s !== null)
  return htmlPage({
    title: say('trend.title'), style: OWN_STYLE,
    header: html`<h1>${say('trend.title')}</h1>
<p class="muted">${textOf(subtitle(trends))}</p>
<div class="banner ${level}" role="status">${textOf(text)}</div>`,
    main: html`${sections.map(sectionHtml)}`,
  }, texts)
}

/** What did not change, and how all was decided, is folded; nothing is missing on paper or without a script. */
function sectionHtml({ id, title, body }: Section): Html {
  if (id === 'steady' || id === 'method') return html`<details id="${id}"><summary>${title}</summary>
${body}
</details>
`
  return html`<section id="${id}">
<h2>${title}</h2>
${body}
</section>
`
}

function changes(rows: readonly ShiftRow[], trends: Trends, texts: Texts): Section {
  const order = [...new Set(rows.map((r) => r.series))]
  const row = ({ shift, cells }: ShiftRow) => html`<tr><td class="tag ${shift.isRecent ? shift.effect : ''}">${texts.textOf(cells[0] ?? '')}</td>${cells.slice(1).map((text) => html`<td>${texts.textOf(text)}</td>`)}</tr>
`
  return {
    id: 'changes', title: texts.say('trend.section.changes'),
    body: html`<div class="scroll"><table><thead><tr>${SHIFT_COLUMNS.map((key) => head(key, texts))}</tr></thead><tbody>
${rows.map(row)}</tbody></table></div>
${figures(order, trends, texts)}`,
  }
}

function environment(trends: Trends, texts: Texts): Section | null {
  const rows = environmentRows(trends)
  return rows.length === 0 ? null : { id: 'environment', title: texts.say('trend.section.environment'), body: html`<p class="muted">${texts.say('trend.environment.lead')}</p>${table(ENVIRONMENT_COLUMNS, rows, texts)}` }
}

function open(trends: Trends, texts: Texts): Section | null {
  const rows = openRows(trends)
  const own = trends.series.filter((s) => stateOf(s) === 'open')
  return rows.length === 0 ? null : { id: 'open', title: texts.say('trend.section.open'), body: html`${table(OPEN_COLUMNS, rows, texts)}${figures(own, trends, texts)}` }
}

function steady(trends: Trends, texts: Texts): Section | null {
  const rows = steadyRows(trends)
  const own = trends.series.filter((s) => stateOf(s) === 'steady')
  return rows.length === 0 ? null : {
    id: 'steady', title: texts.say('trend.section.steady'),
    body: html`<p class="muted">${texts.say('trend.steady.lead', { count: rows.length })}</p>${table(STEADY_COLUMNS, rows, texts)}${figures(own, trends, texts)}`,
  }
}

function figures(series: readonly SeriesTrend[], trends: Trends, texts: Texts): Html {
  const shown = series.slice(0, MOST_FIGURES).map((s) => trendFigure(s, trends, texts))
  const left = series.length - shown.length
  return html`<p class="notes">${texts.say('trend.figure.legend')}</p>
<div class="figures">${shown.map((figure) => drawn(figure, texts))}</div>${left > 0 ? html`<p class="notes">${texts.say('trend.figure.more', { count: left })}</p>` : ''}`
}

const drawn = ({ title, svg }: Figure, { textOf }: Texts): Html => html`<figure class="small">
<h3>${textOf(title)}</h3>
${raw(svg)}
</figure>
`

const head = (key: Column, { say }: Texts): Html => html`<th scope="col">${say(key)}</th>`

function table(columns: readonly Column[], rows: readonly (readonly Part[])[], texts: Texts): Html {
  return html`<div class="scroll"><table><thead><tr>${columns.map((key) => head(key, texts))}</tr></thead><tbody>
${rows.map((row) => html`<tr>${row.map((text) => html`<td>${texts.textOf(text)}</td>`)}</tr>
`)}</tbody></table></div>`
}

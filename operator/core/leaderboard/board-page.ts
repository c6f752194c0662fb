// SPDX-License-Identifier: Apache-2.0
/** A leaderboard over several Experiments as one HTML file that needs nothing else, in the style of reports. */
import { figureHtml, legendItem } from '../report/figure-html.ts'
import { html } from '../report/html.ts'
import { script } from '../report/html-script.ts'
import { htmlPage } from '../report/html-page.ts'
import { SYMBOL_SIGNS } from '../report/figures.ts'
import type { Texts } from '../report/messages.ts'
import type { Leaderboard } from './board.ts'
import { boardHtml, type BoardDrawer } from './board-html.ts'

const drawer = (texts: Texts): BoardDrawer => ({
  figure: (figure) => figureHtml(figure, texts),
  legendItem: (label, symbol, series) => legendItem(label, SYMBOL_SIGNS[symbol] ?? '', series),
})

export function boardPage(board: Leaderboard, experiments: readonly string[], texts: Texts): string {
  const title = texts.say('section.leaderboard')
  return htmlPage({
    title, script: script(texts.say('page.sort')),
    header: html`<h1>${title}</h1>
<p class="muted">${experiments.join(' · ')}</p>`,
    main: html`${boardHtml(board, drawer(texts), texts)}
`,
  }, texts)
}

// SPDX-License-Identifier: Apache-2.0
/** A leaderboard over several Experiments as one HTML file that needs nothing else, in the style of reports. */
import { html, raw } from '../report/html.ts'
import { script } from '../report/html-script.ts'
import { styleIn } from '../report/html-style.ts'
import { SYMBOL_SIGNS } from '../report/figures.ts'
import type { Texts } from '../report/messages.ts'
import type { Leaderboard } from './board.ts'
import { boardHtml, type BoardDrawer } from './board-html.ts'

/** Every page fetches nothing: scripts and styles are only those within it. */
const POLICY = 'default-src \'none\'; style-src \'unsafe-inline\'; script-src \'unsafe-inline\'; img-src data:'

const drawer = ({ textOf }: Texts): BoardDrawer => ({
  figure: ({ title, note, svg }) => html`<figure class="wide"><h3>${textOf(title)}</h3>${raw(svg)}${note === undefined ? '' : html`<figcaption>${textOf(note)}</figcaption>`}</figure>`,
  legendItem: (label, symbol, series) => html`<li><span class="sign" style="color:var(--s${series % 8})" aria-hidden="true">${SYMBOL_SIGNS[symbol] ?? ''}</span>${label}</li>`,
})

export function boardPage(board: Leaderboard, experiments: readonly string[], texts: Texts): string {
  return html`<!doctype html>
<html lang="${texts.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${raw(POLICY)}">
<title>${texts.say('section.leaderboard')}</title>
<style>${raw(styleIn(texts.tag))}</style>
</head>
<body>
<header>
<h1>${texts.say('section.leaderboard')}</h1>
<p class="muted">${experiments.join(' · ')}</p>
</header>
<main>
${boardHtml(board, drawer(texts), texts)}
</main>
<script>${raw(script(texts.say('page.sort')))}</script>
</body>
</html>
`.markup
}

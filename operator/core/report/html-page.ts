// SPDX-License-Identifier: Apache-2.0
/** What every page is around its content: one file that fetches nothing, in the style and language of reports. */
import { html, type Html, raw } from './html.ts'
import { styleIn } from './html-style.ts'
import type { Texts } from './messages.ts'

export interface Page {
  readonly title: string
  readonly header: Html
  readonly main: Html
  /** Beside the style of all pages. */
  readonly style?: string
  /** Without one the page may run nothing. */
  readonly script?: string
}

/** Scripts and styles are only those within the page. */
const POLICY = { still: 'default-src \'none\'; style-src \'unsafe-inline\'', scripted: 'default-src \'none\'; style-src \'unsafe-inline\'; script-src \'unsafe-inline\'; img-src data:' }

export function htmlPage({ title, header, main, style, script }: Page, { tag }: Texts): string {
  return html`<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${raw(script === undefined ? POLICY.still : POLICY.scripted)}">
<title>${title}</title>
<style>${raw([styleIn(tag), ...(style === undefined ? [] : [style])].join('\n'))}</style>
</head>
<body>
<header>
${header}
</header>
<main>
${main}</main>
${script === undefined ? '' : html`<script>${raw(script)}</script>
`}</body>
</html>
`.markup
}

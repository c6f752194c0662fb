// SPDX-License-Identifier: Apache-2.0
/** A figure and an item of its legend as a page shows them. */
import type { Figure } from './figure-style.ts'
import { html, raw, type Html } from './html.ts'
import type { Texts } from './messages.ts'

export function figureHtml({ title, note, svg, wide }: Figure, { textOf }: Texts, titled = true): Html {
  return html`<figure class="${wide ? 'wide' : 'small'}">
${titled ? html`<h3>${textOf(title)}</h3>` : ''}
${raw(svg)}
${note === undefined ? '' : html`<figcaption>${textOf(note)}</figcaption>`}
</figure>
`
}

export function legendItem(label: string, sign: string, series: number): Html {
  return html`<li><span class="sign" style="color:var(--s${series % 8})" aria-hidden="true">${sign}</span>${label}</li>`
}

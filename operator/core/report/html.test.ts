// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest'
import { html, raw } from './html.ts'

it.each([
  ['text', html`<b>${'<i> & "x"'}</b>`, '<b>&lt;i&gt; &amp; &quot;x&quot;</b>'],
  ['lists and markup', html`<ul>${[html`<li>${1}</li>`, raw('<hr>'), null]}</ul>`, '<ul><li>1</li><hr></ul>'],
])('escapes %s unless it is markup', (_, { markup }, expected) => expect(markup).toBe(expected))

it('leaves out what indents the source, and keeps words apart', () => {
  const rows = ['a', 'b']
  expect(html`<table>
    <tr>
      ${rows.map((r) => html`<td>${r}</td>`)}
    </tr>
  </table>`.markup).toBe('<table><tr><td>a</td><td>b</td></tr></table>')
  expect(html`<p class="x"
    id="y">two
    words ${'in\n  a value'}</p>`.markup).toBe('<p class="x" id="y">two words in\n  a value</p>')
})

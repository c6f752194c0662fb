// SPDX-License-Identifier: Apache-2.0
/** A template tag that escapes whatever is put into markup, so that no name or message can become markup. */

export interface Html { readonly markup: string }
type Content = Html | string | number | null | undefined | readonly Content[]

/** Markup with its values escaped; values that are markup already, and lists of it, go in as they are. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return { markup: tight(parts).reduce((text, part, i) => text + render(values[i - 1]) + part) }
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>()

/** Indentation is for who reads the source: in a page of a thousand cells it would be a third of the bytes. Away from tags it is a space. */
function tight(parts: TemplateStringsArray): readonly string[] {
  const before = known.get(parts)
  if (before !== undefined) return before
  const own = parts.map((part) => part.replaceAll(/(?<=>)\n +|\n +(?=<)/g, '').replaceAll(/\n +/g, ' '))
  known.set(parts, own)
  return own
}

/** Text that is markup already, such as a figure. */
export function raw(markup: string): Html {
  return { markup }
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\'': '&#39;' }

function render(value: Content): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value.replaceAll(/[&<>"']/g, (c) => ESCAPES[c] as string)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(render).join('')
}

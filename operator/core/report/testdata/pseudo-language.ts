// SPDX-License-Identifier: Apache-2.0
/** A language that is made up: every text of the catalogue stands in brackets, so that what a page says past the catalogue stands out. */
import { parseHTML } from 'linkedom'
import { METRICS } from '../../model/metric.ts'
import { type MessageKey, textsOf } from '../messages.ts'
import { EN } from '../messages/english.ts'

const [OPEN, CLOSE] = ['⟦', '⟧']
const marked = Object.fromEntries(Object.entries(EN).map(([key, text]) => [key, /[a-z]/i.test(text) ? `${OPEN}${text}${CLOSE}` : text])) as Record<MessageKey, string>
export const XX = textsOf({ tag: 'xx', table: marked })

/** What stands in no brackets. */
function bare(text: string): string {
  let [rest, depth] = ['', 0]
  for (const character of text) {
    if (character === OPEN) depth++
    else if (character === CLOSE) depth--
    else if (depth === 0) rest += character
  }
  return rest
}

const words = (text: string): string[] => text.replaceAll('\\', '').match(/[A-Za-z_]{2,}/g) ?? []

/** Values of the data, which are the same in every language; sentences that it holds are none of them. */
function namesIn(value: unknown, ours: ReadonlySet<string>): string[] {
  if (typeof value === 'string') return words(value)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (ours.has(key) ? [] : namesIn(inner, ours)))
}
const UNITS = Object.values(METRICS).flatMap(({ unit }) => words(unit))

/** Texts that say something past the catalogue: a word in no brackets that is neither a unit nor a name in the data. */
export function strangersTo(texts: readonly string[], data: unknown, { ours, others }: { readonly ours: ReadonlySet<string>; readonly others: readonly string[] }): string[] {
  const known = new Set([...namesIn(data, ours), ...UNITS, ...others])
  return [...new Set(texts.flatMap((text) => (words(bare(text)).some((word) => !known.has(word)) ? [text] : [])))]
}

const TEXT = 3
/** As much as is asked of a node of a document. */
interface Seen {
  readonly nodeType: number
  readonly nodeName: string
  readonly textContent: string | null
  readonly childNodes: Iterable<Seen>
  readonly getAttribute?: (name: string) => string | null
}

/** What a reader of a page sees, or is told by the reader of the screen; commands are the same in every language. */
export function textsOfPage(page: string): string[] {
  const { document } = parseHTML(page)
  const walk = (node: Seen): string[] => {
    if (/^(?:style|script)$/i.test(node.nodeName)) return []
    if (/^pre$/i.test(node.nodeName)) return comments(node.textContent ?? '')
    const said = ['aria-label', 'title', 'alt'].map((name) => node.getAttribute?.(name) ?? '')
    return [...said, ...runsOf([...node.childNodes]).flatMap((run) => (typeof run === 'string' ? [run] : walk(run)))]
  }
  return walk(document as unknown as Seen).map((text) => text.trim()).filter((text) => text !== '')
}

/** The parser ends a text at every escaped sign: what stands beside each other is one text. */
function runsOf(nodes: readonly Seen[]): (string | Seen)[] {
  const runs: (string | Seen)[] = []
  for (const node of nodes) {
    const last = runs.at(-1)
    if (node.nodeType !== TEXT) runs.push(node)
    else if (typeof last === 'string') runs[runs.length - 1] = last + (node.textContent ?? '')
    else runs.push(node.textContent ?? '')
  }
  return runs
}

const comments = (text: string): string[] => text.split('\n').filter((line) => line.trim().startsWith('#'))
/** Of Markdown and plain text; commands are indented. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => !/^ {4}\S/.test(line) || line.trim().startsWith('#')).map((line) => line.replaceAll(/<\/?(?:details|summary)>/g, ''))

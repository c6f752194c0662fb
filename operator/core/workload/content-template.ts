// SPDX-License-Identifier: Apache-2.0
/** Recognises events that differ from a known one in their text alone, so that most of a stream needs no JSON parser. It guesses nothing. */

export interface ContentTemplate {
  /** What stands before and after the text. */
  readonly head: string
  readonly tail: string
  /** The text of an event of the known form, undefined for any other. */
  readonly match: (data: string) => string | undefined
}

const MARKERS = ['"content":"', '"content": "', '"text":"', '"text": "'] as const
const SENTINEL = 'sentinel-7f3a'

interface Chunk { readonly choices?: readonly { readonly text?: unknown; readonly delta?: { readonly content?: unknown } | null }[] }

/** A template of an event, or undefined when its text cannot be told from the rest with certainty. */
export function contentTemplate(data: string, chunk: Chunk): ContentTemplate | undefined {
  for (const marker of MARKERS) {
    const from = data.indexOf(marker) + marker.length
    const end = data.indexOf('"', from)
    if (from < marker.length || end < 0 || data[end - 1] === '\\') continue
    const [head, tail] = [data.slice(0, from), data.slice(end)]
    if (isOnlyText(head, tail, chunk)) return { head, tail, match: matcher(head, tail) }
  }
  return undefined
}

/** Another text in its place must come out as the content, and leave everything else as it was. */
function isOnlyText(head: string, tail: string, chunk: Chunk): boolean {
  const [choice, ...others] = chunk.choices ?? []
  if (choice === undefined || others.length > 0) return false
  const replaced = choice.delta?.content === undefined
    ? { ...chunk, choices: [{ ...choice, text: SENTINEL }] }
    : { ...chunk, choices: [{ ...choice, delta: { ...choice.delta, content: SENTINEL } }] }
  return JSON.stringify(JSON.parse(head + SENTINEL + tail)) === JSON.stringify(replaced)
}

/** A text without quotes and without a backslash is itself in JSON; any other goes to the parser. */
function matcher(head: string, tail: string): ContentTemplate['match'] {
  const around = head.length + tail.length
  return (data) => {
    if (data.length <= around || !data.startsWith(head) || !data.endsWith(tail)) return undefined
    const text = data.slice(head.length, data.length - tail.length)
    return text.includes('"') || text.includes('\\') ? undefined : text
  }
}

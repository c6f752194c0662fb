// SPDX-License-Identifier: Apache-2.0
/**
 * Sentences before they have a language: a key of the catalogue and its parameters, which may be sentences themselves; and how they get
 * one. It knows no language: tables are in `messages/`, and whoever renders hands in the texts of one.
 */
import type { Catalogue } from './messages/english.ts'
import { readStored } from './messages/stored.ts'

export type MessageKey = keyof Catalogue
type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never
type Params<Key extends MessageKey> = Readonly<Record<Names<Catalogue[Key]>, Part>>
type Given<Key extends MessageKey> = [Names<Catalogue[Key]>] extends [never] ? [] : [Params<Key>]

/** Names and numbers are the same in every language. */
export type Part = string | number | Message | Joined | Stored

export interface Message {
  readonly key: MessageKey
  readonly params: Readonly<Record<string, Part>>
}
/** A sentence that came with the data, in English: translated where the catalogue has it. */
export interface Stored { readonly stored: string }
export interface Joined {
  readonly items: readonly Part[]
  readonly by: 'list.comma' | 'list.name' | 'list.semicolon' | 'list.sentence' | 'list.and'
}

/** The key and its parameters are checked against the catalogue by the compiler. */
export function message<Key extends MessageKey>(key: Key, ...[params]: Given<Key>): Message {
  return { key, params: params ?? {} }
}

export function joined(items: readonly Part[], by: Joined['by']): Joined {
  return { items, by }
}

/** `a`, `a and b`, `a, b and c`; of many the first few. */
export function listed(items: readonly Part[], most = 8): Part {
  const shown = items.slice(0, most)
  if (items.length > most) return message('list.more', { list: joined(shown, 'list.comma'), count: items.length - most })
  const last = shown.at(-1)
  return last === undefined || shown.length < 2 ? last ?? '' : message('list.last', { list: joined(shown.slice(0, -1), 'list.comma'), last })
}

/** One language, bound: what every renderer is handed. */
export interface Texts {
  /** For the page's `lang`. */
  readonly tag: string
  readonly say: <Key extends MessageKey>(key: Key, ...params: Given<Key>) => string
  readonly textOf: (part: Part) => string
}

export interface Language {
  readonly tag: string
  readonly table: Readonly<Record<MessageKey, string>>
  /** What stands between two pieces of a sentence, where that is not what the table has. */
  readonly between?: (left: string, right: string, blank: boolean) => string
}

export function textsOf({ tag, table, between }: Language): Texts {
  const textOf = (part: Part): string => {
    if (typeof part !== 'object') return String(part)
    if ('stored' in part) return storedText(part.stored)
    if ('items' in part) return part.items.map(textOf).filter((text) => text !== '').join(table[part.by])
    // Names of parameters are at odd places.
    const pieces = table[part.key].split(/\{(\w+)\}/).map((piece, i) => (i % 2 === 0 ? piece : filling(part, piece)))
    return between === undefined ? pieces.join('') : glued(pieces, between)
  }
  const filling = ({ params }: Message, name: string) => (Object.hasOwn(params, name) ? textOf(params[name] as Part) : `{${name}}`)
  const storedText = (text: string): string => {
    const read = readStored(text)
    return read === null ? text : textOf(read)
  }
  return { tag, textOf, say: (key, ...params) => textOf(message(key, ...params)) }
}

function glued(pieces: readonly string[], between: NonNullable<Language['between']>): string {
  let [text, blank] = ['', false]
  for (const piece of pieces) {
    const core = piece.trim()
    if (core !== '') text = text === '' ? core : `${text}${between(text, core, blank || piece.startsWith(' '))}${core}`
    blank = core === '' ? blank || piece !== '' : piece.endsWith(' ')
  }
  return text
}

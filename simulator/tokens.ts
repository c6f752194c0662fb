// SPDX-License-Identifier: Apache-2.0
/** Tokens of a text: approximately, like the word pieces of GPT-like tokenizers, or exactly with a given tokenizer. It reads no file. */
import { keyOfText } from './random.ts'
import { createVocabulary } from './vocabulary.ts'
import type { Vocabulary } from './vocabulary.ts'

export type Tokenizer = {
  /** `special` adds what the tokenizer itself puts around a plain prompt, such as a begin-of-text token. */
  readonly encode: (text: string, special: boolean) => number[]
  readonly decode: (tokens: readonly number[]) => string
  /** Words that are one token each, so that an answer that comes back as a prompt has the tokens that were generated. */
  readonly vocabulary: Vocabulary
}

/** What is needed of a real tokenizer. */
export type ExactEncoder = {
  encode: (text: string, options?: { add_special_tokens?: boolean }) => { readonly ids: readonly number[] }
  decode: (tokens: number[]) => string
}

const VOCABULARY_SIZE = 128_000
/** Letters of one piece; longer words are cut, about as learned vocabularies do. */
const PIECE_LETTERS = 8
const REMEMBERED = 200_000
const PIECES = /<\|[^|\s]{1,64}\|>|'(?:[sdmt]|ll|ve|re)\b| ?\p{L}[\p{L}\p{M}]*| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]{1,4}|[\r\n]+|\s+(?!\S)|\s+/gu

/** Splits as most byte-pair tokenizers pre-split, then cuts long words; ids are hashes of the pieces. */
export function approximateTokenizer(script: 'ascii' | 'mixed'): Tokenizer {
  const pieceOf = new Map<number, string>()
  const vocabulary = createVocabulary(script, (text) => pieces(text).length === 1 ? idOf(text) : undefined)
  for (const word of [...vocabulary.bare, ...vocabulary.spaced]) pieceOf.set(idOf(word.text), word.text)
  const fallback = vocabulary.spaced
  return {
    vocabulary,
    encode: (text) => pieces(text).map((piece) => {
      const id = idOf(piece)
      if (pieceOf.size < REMEMBERED) pieceOf.set(id, piece)
      return id
    }),
    decode: (tokens) => tokens.map((id) => pieceOf.get(id) ?? fallback[id % fallback.length]?.text ?? '').join(''),
  }
}

/** Counts as the model would. */
export function exactTokenizer(encoder: ExactEncoder, script: 'ascii' | 'mixed'): Tokenizer {
  const singleToken = (text: string) => {
    const { ids } = encoder.encode(text, { add_special_tokens: false })
    return ids.length === 1 ? ids[0] : undefined
  }
  return {
    vocabulary: createVocabulary(script, singleToken),
    encode: (text, special) => [...encoder.encode(text, { add_special_tokens: special }).ids],
    decode: (tokens) => encoder.decode([...tokens]),
  }
}

export type ChatMessage = { readonly role: string; readonly content: string }

/** The prompt text of a conversation; a declared pattern stands for the model's chat template. */
export function renderChat(messages: readonly ChatMessage[], template: { readonly message: string; readonly generation: string }): string {
  const fill = (message: ChatMessage) => template.message.replace(/\{(role|content)\}/g, (_, field: 'role' | 'content') => message[field])
  return messages.map(fill).join('') + template.generation
}

function pieces(text: string): string[] {
  const found: string[] = []
  for (const [piece] of text.matchAll(PIECES)) {
    if (piece.length <= PIECE_LETTERS + 1 || piece.startsWith('<|')) found.push(piece)
    else for (let i = 0; i < piece.length; i += PIECE_LETTERS) found.push(piece.slice(i, i + PIECE_LETTERS))
  }
  return found
}

function idOf(piece: string): number {
  return keyOfText(piece) % VOCABULARY_SIZE
}

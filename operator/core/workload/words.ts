// SPDX-License-Identifier: Apache-2.0
/** Finds words that are one token each wherever they stand, so that a text of n of them has n tokens. It makes no prompts. */
import type { Tokenizer } from './tokenize.ts'

export interface WordPool {
  /** Words that may begin a text: without a space, so that a template that trims changes nothing. */
  readonly first: readonly string[]
  /** Words that follow others; each begins with a space. */
  readonly next: readonly string[]
}

/** Enough for any prompt to be its own: 2,000 words give 10⁵² beginnings of 16 tokens. */
const WANTED = 2000
/** Below this a tokenizer cannot make distinct prompts; it is no tokenizer of words. */
const LEAST = 16
const WORD = /^[A-Za-z]{2,}$/

const pools = new WeakMap<Tokenizer, WordPool>()

export function wordPool(tokenizer: Tokenizer): WordPool {
  const known = pools.get(tokenizer)
  if (known !== undefined) return known
  const pool = findWords(tokenizer)
  pools.set(tokenizer, pool)
  return pool
}

function findWords(tokenizer: Tokenizer): WordPool {
  const words = new Set<string>()
  for (const id of tokenizer.ids()) {
    const word = tokenizer.decode([id]).trim()
    if (WORD.test(word)) words.add(word)
  }
  const next: string[] = []
  const first: string[] = []
  for (const word of words) {
    if (next.length >= WANTED && first.length >= WANTED) break
    if (next.length < WANTED && isOneToken(tokenizer, word)) next.push(` ${word}`)
    if (first.length < WANTED && tokenizer.count(word) === 1 && tokenizer.count(`${word} ${word}`) === 2) first.push(word)
  }
  const starters = first.length >= LEAST ? first : next
  if (next.length < LEAST) throw tooFewWords(tokenizer, next.length)
  return { first: starters, next }
}

/** One token after itself and after a line break, the two places where a word can stand in our prompts. */
function isOneToken(tokenizer: Tokenizer, word: string): boolean {
  const base = tokenizer.count(`${word} ${word}`)
  return tokenizer.count(`${word} ${word} ${word}`) === base + 1 && tokenizer.count(`${word} ${word} ${word} ${word}`) === base + 2
}

function tooFewWords(tokenizer: Tokenizer, found: number): Error {
  return Object.assign(new Error(`tokenizer ${tokenizer.name}: found ${found} words that are one token each, expected at least ${LEAST}`), {
    code: 'TokenizerUnsuitable',
    hint: 'prompts of exact length are built from such words; use data.prompts, or a tokenizer of the served model',
  })
}

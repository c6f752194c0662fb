// SPDX-License-Identifier: Apache-2.0
/** Lines of a text in an order of the seed, again in another order when they run out; without a text, lines of generated words. It knows no prompts. */
import { dataError, dataLines } from './data-text.ts'
import type { ExpandInput } from './expand-input.ts'
import { randomStream, type Random } from './random.ts'
import type { Tokenizer } from './tokenize.ts'
import { wordPool } from './words.ts'

/** As many as a book of sonnets has, of as many words. */
const GENERATED_LINES = 2000
const WORDS = { min: 6, max: 10 } as const

/** The lines of the file that are not blank; where there is no file, generated ones. */
export function linesOf({ file }: Pick<ExpandInput, 'file'>, { seed, tokenizer }: { readonly seed: number; readonly tokenizer: Tokenizer }): readonly string[] {
  if (file === undefined) return generated(tokenizer, randomStream(seed, 'generated lines'))
  const lines = [...dataLines(file)].map(({ text }) => text)
  if (lines.length === 0) throw dataError({ file: file.name, line: 1, found: 'nothing', expected: 'lines of text' })
  return lines
}

function generated(tokenizer: Tokenizer, random: Random): string[] {
  const pool = wordPool(tokenizer)
  const pick = (from: readonly string[]) => from[random.integer(0, from.length - 1)] ?? ''
  return Array.from({ length: GENERATED_LINES }, () => {
    const words = random.integer(WORDS.min, WORDS.max)
    return pick(pool.first) + Array.from({ length: words - 1 }, () => pick(pool.next)).join('')
  })
}

/** One line after another, none twice before all were given (Fisher and Yates, as far as it is needed). */
export function lineSource(lines: readonly string[], random: Random): () => string {
  const order = [...lines]
  let given = order.length
  return () => {
    if (given >= order.length) given = 0
    const at = random.integer(given, order.length - 1)
    const line = order[at] ?? ''
    order[at] = order[given] ?? ''
    order[given] = line
    given++
    return line
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Makes texts of exactly n tokens from a seed: prompts, shared prefixes and blocks of traces. It knows no requests. */
import { randomStream } from './random.ts'
import type { Tokenizer } from './tokenize.ts'
import { wordPool } from './words.ts'

/** A piece of a prompt: which random text, and how many tokens of it. Equal names share their beginning. */
export interface Segment {
  readonly name: readonly (string | number)[]
  readonly tokens: number
}

export interface PromptMaker {
  /** The segments one after another: exactly the sum of their tokens. */
  readonly make: (segments: readonly Segment[]) => string
}

/** Counting is the dear part: the first tokens are all counted, then a sample, unless one was off. */
const COUNTED_TOKENS = 1_000_000
const SAMPLE_EVERY = 32

export function promptMaker(tokenizer: Tokenizer, seed: number, alwaysCounted = COUNTED_TOKENS): PromptMaker {
  const pool = wordPool(tokenizer)
  let countedTokens = 0
  let made = 0
  let repairs = 0

  const words = (segment: Segment, starts: boolean): string => {
    const random = randomStream(seed, 'text', ...segment.name)
    let text = ''
    for (let i = 0; i < segment.tokens; i++) {
      const from = starts && i === 0 ? pool.first : pool.next
      text += from[random.integer(0, from.length - 1)] ?? ''
    }
    return text
  }
  const mustCount = (tokens: number) => {
    if (repairs === 0 && countedTokens >= alwaysCounted && ++made % SAMPLE_EVERY !== 0) return false
    countedTokens += tokens
    return true
  }

  return {
    make(segments) {
      const wanted = segments.reduce((sum, segment) => sum + segment.tokens, 0)
      const text = segments.reduce((sum, segment) => sum + words(segment, sum === ''), '')
      const checked = mustCount(wanted) ? exactText(text, wanted, tokenizer) : text
      if (checked !== text) repairs++
      return checked
    },
  }
}

/** Most tokenizers need no repair. Those that merge across words get words less or more at the end, where no prefix is shared. */
export function exactText(text: string, wanted: number, tokenizer: Tokenizer): string {
  const pool = wordPool(tokenizer)
  let repaired = text
  for (let attempt = 0; attempt < 8; attempt++) {
    const found = tokenizer.count(repaired)
    if (found === wanted) return repaired
    repaired = found > wanted ? dropWords(repaired, found - wanted) : repaired + (pool.next[attempt % pool.next.length] ?? '').repeat(wanted - found)
  }
  throw Object.assign(new Error(`tokenizer ${tokenizer.name}: no text of exactly ${wanted} tokens was found, the nearest has ${tokenizer.count(repaired)}`), { code: 'TokenizerUnsuitable' })
}

function dropWords(text: string, count: number): string {
  return text.split(' ').slice(0, -count).join(' ')
}

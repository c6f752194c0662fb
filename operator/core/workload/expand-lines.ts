// SPDX-License-Identifier: Apache-2.0
/** Expands data.lines: an instruction and lines of a text, to exact lengths, in an order of the seed. It knows no loads. */
import type { z } from 'zod'
import type { PlannedRequest } from '../model/request.ts'
import { type Lines, LINES_INSTRUCTION } from '../model/workload-profile.ts'
import { textOf, type ExpandInput } from './expand-input.ts'
import { lengthSource } from './lengths.ts'
import { lineSource, linesOf } from './line-source.ts'
import { originalLines } from './original-prompts.ts'
import { exactText } from './prompts.ts'
import { randomStream } from './random.ts'
import type { Tokenizer } from './tokenize.ts'

/** So many draws in a row that are shorter than the instruction are a mistake in the profile. */
const MOST_DRAWS = 10_000

export function* expandLines(input: ExpandInput, data: z.infer<typeof Lines>): Generator<PlannedRequest> {
  const { tokenizer, seed, need, api } = input
  if (!Number.isFinite(need.count)) throw new RangeError('data.lines has no end of its own: load.trace needs data.trace')
  if (data.originalSeed !== undefined) return yield* originalLines(input, data, data.originalSeed)
  const draw = lengthSource(data.input, randomStream(seed, 'input'))
  const output = lengthSource(data.output, randomStream(seed, 'output'))
  const fill = filler(linesOf(input, { seed, tokenizer }), tokenizer, seed)
  let raised = 0
  for (let i = 0; i < need.count; i++) {
    const outputTokens = Math.max(1, output())
    const head = `${(data.instruction ?? LINES_INSTRUCTION).replaceAll('{tokens}', String(outputTokens))}\n\n`
    const least = tokenizer.count(head)
    const drawn = data.input.outside === 'redraw' ? atLeast(least, draw) : draw()
    if (drawn < least) raised++
    const inputTokens = Math.max(least, drawn)
    yield { id: `r${i + 1}`, ...textOf(api, fill(head, inputTokens, least)), inputTokens, outputTokens }
  }
  if (raised > 0) input.note(`${raised} prompts are longer than was drawn for them: their instruction alone is`)
}

function atLeast(least: number, draw: () => number): number {
  for (let i = 0; i < MOST_DRAWS; i++) {
    const tokens = draw()
    if (tokens >= least) return tokens
  }
  throw new RangeError(`data.lines.input: ${MOST_DRAWS} lengths in a row were below the ${least} tokens of the instruction: expected longer prompts`)
}

type Fill = (head: string, wanted: number, headTokens: number) => string

/** Whole lines as long as they fit, then the beginning of one more, cut between tokens. */
function filler(lines: readonly string[], tokenizer: Tokenizer, seed: number): Fill {
  const next = lineSource(lines, randomStream(seed, 'lines'))
  const known = new Map<string, number>()
  const tokensOf = (line: string) => {
    const tokens = known.get(line) ?? tokenizer.count(line)
    known.set(line, tokens)
    return tokens
  }
  return (head, wanted, headTokens) => {
    let text = head
    let left = wanted - headTokens
    for (;;) {
      const line = `${next()}\n`
      const tokens = tokensOf(line)
      if (tokens > left) return exactText(text + beginning(line, left, tokenizer), wanted, tokenizer)
      text += line
      left -= tokens
    }
  }
}

/** A cut through a character that is several tokens leaves a mark in its place. */
function beginning(line: string, tokens: number, tokenizer: Tokenizer): string {
  return tokenizer.decode(tokenizer.encode(line).slice(0, tokens)).replace(/\uFFFD+$/, '')
}

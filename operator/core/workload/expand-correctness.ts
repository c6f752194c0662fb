// SPDX-License-Identifier: Apache-2.0
/** Expands data.correctness: numbers in words, each with the answer that is right, and lines of a text where they are wanted. It scores nothing. */
import type { PlannedRequest } from '../model/request.ts'
import type { Correctness } from '../model/workload-profile.ts'
import { textOf, type ExpandInput } from './expand-input.ts'
import { lengthSource } from './lengths.ts'
import { lineSource, linesOf } from './line-source.ts'
import { questionOf } from './number-words.ts'
import { originalQuestions } from './original-prompts.ts'
import { randomStream } from './random.ts'

/** Ranges up to this are drawn without repeating a number before all were asked, so that requests in flight differ. */
const MOST_REMEMBERED = 1_000_000

export function* expandCorrectness(input: ExpandInput, data: Correctness): Generator<PlannedRequest> {
  const { tokenizer, seed, need, api } = input
  if (!Number.isFinite(need.count)) throw new RangeError('data.correctness has no end of its own: load.trace needs data.trace')
  const output = data.output === undefined ? () => 0 : lengthSource(data.output, randomStream(seed, 'output'))
  if (data.originalSeed !== undefined) return yield* originalQuestions(input, data, { seed: data.originalSeed, outputTokens: output })
  const number = numberSource(data.numbers, seed)
  const lines = data.lines === undefined ? undefined : lineAsker(input, data.lines)
  for (let i = 0; i < need.count; i++) {
    const wanted = number()
    const prompt = `${questionOf(wanted)}${lines?.() ?? ''}`
    yield { id: `r${i + 1}`, ...textOf(api, prompt), inputTokens: tokenizer.count(prompt), outputTokens: output(), expected: String(wanted) }
  }
}

function numberSource(numbers: Correctness['numbers'], seed: number): () => number {
  const [min, max] = [Math.min(numbers.min, numbers.max), Math.max(numbers.min, numbers.max)]
  const random = randomStream(seed, 'numbers')
  const size = max - min + 1
  if (size > MOST_REMEMBERED) return () => random.integer(min, max)
  // Fisher and Yates as far as it is needed: what was moved is remembered, the rest is where it was.
  const moved = new Map<number, number>()
  let given = 0
  return () => {
    if (given === size) {
      given = 0
      moved.clear()
    }
    const at = random.integer(given, size - 1)
    const value = moved.get(at) ?? at
    moved.set(at, moved.get(given) ?? given)
    given++
    return min + value
  }
}

function lineAsker(input: ExpandInput, { min, max, required }: NonNullable<Correctness['lines']>): () => string {
  const { seed, tokenizer } = input
  const all = linesOf(input, { seed, tokenizer })
  const random = randomStream(seed, 'number of lines')
  const next = lineSource(all, randomStream(seed, 'lines'))
  const [fewest, most] = [Math.min(min, max, all.length), Math.min(Math.max(min, max), all.length)]
  if (Math.max(min, max) > all.length) input.note(`${input.file?.name ?? 'the text'} has ${all.length} lines: prompts have at most as many, not ${Math.max(min, max)}`)
  return () => ` Then pick ${required} lines from these poem lines:\n${Array.from({ length: random.integer(fewest, most) }, next).join('\n')}`
}

// SPDX-License-Identifier: Apache-2.0
/** The prompts of LLMPerf and llmval, one for one, from the seed of their generator. What they get wrong is kept: docs/guides/llmperf.md names it. */
import type { z } from 'zod'
import type { PlannedRequest } from '../model/request.ts'
import { type Correctness, type Lengths, type Lines, LINES_INSTRUCTION } from '../model/workload-profile.ts'
import { dataError, type DataText } from './data-text.ts'
import type { ExpandInput } from './expand-input.ts'
import { questionOf } from './number-words.ts'
import { pythonRandom, type PythonRandom } from './python-random.ts'
import type { Tokenizer } from './tokenize.ts'

/** So many draws in a row that do not fit are a mistake in the profile; the original would draw for ever. */
const MOST_DRAWS = 100_000
/** llmval's words, its spelling included. */
const LLMVAL_SYSTEM = 'You are a helpful assistant that respeonds with the answer in the most concise possible way.'

/** LLMPerf's load test: for each request the length of its answer, its own, and an order of the whole text are drawn. */
export function* originalLines(input: ExpandInput, data: z.infer<typeof Lines>, seed: number): Generator<PlannedRequest> {
  const { tokenizer, need, note } = input
  note(sameForAll('LLMPerf', seed))
  const random = pythonRandom(seed)
  const text = fileLines(input.file)
  const tokensOf = tokenCounter(tokenizer)
  for (let i = 0; i < need.count; i++) {
    const outputTokens = drawAtLeast(1, data.output, random)
    const head = `${(data.instruction ?? LINES_INSTRUCTION).replaceAll('{tokens}', String(outputTokens))}\n\n`
    const wanted = drawAtLeast(tokensOf(head), data.input, random)
    const prompt = head + linesUpTo(wanted - tokensOf(head), random.shuffled(text), tokensOf)
    // The original counts what it drew; here stands what is sent.
    yield { id: `r${i + 1}`, ...said(input.api, prompt, ''), inputTokens: tokenizer.count(prompt), outputTokens }
  }
}

/** LLMPerf's correctness test, and with lines llmval's prompts. */
export function* originalQuestions(input: ExpandInput, data: Correctness, { seed, outputTokens }: { readonly seed: number; readonly outputTokens: () => number }): Generator<PlannedRequest> {
  const { tokenizer, need, note } = input
  note(sameForAll(data.lines === undefined ? 'LLMPerf' : 'llmval', seed))
  const random = pythonRandom(seed)
  const { min, max } = data.numbers
  const [least, most] = [Math.min(min, max), Math.max(min, max)]
  const poem = data.lines === undefined ? undefined : poemAsker(fileLines(input.file), data.lines, random)
  for (let i = 0; i < need.count; i++) {
    const number = random.range(least, most + 1)
    const prompt = `${questionOf(number)}${poem?.() ?? ''}`
    yield { id: `r${i + 1}`, ...said(input.api, prompt, poem === undefined ? '' : LLMVAL_SYSTEM), inputTokens: tokenizer.count(prompt), outputTokens: outputTokens(), expected: String(number) }
  }
}

const sameForAll = (tool: string, seed: number) => `prompts are those of ${tool} after the seed ${seed}: the same in every trial, so a cache that outlives a trial holds them`

/** Both send a message of the system; LLMPerf's is empty. */
function said(api: ExpandInput['api'], prompt: string, system: string): Pick<PlannedRequest, 'prompt' | 'messages'> {
  return api === 'chat' ? { messages: [{ role: 'system', content: system }, { role: 'user', content: prompt }] } : { prompt }
}

/** As Python reads them: each with its end, blank ones too. */
function fileLines(file: DataText | undefined): readonly string[] {
  const content = file === undefined ? '' : [...file.chunks()].join('').replaceAll(/\r\n?/g, '\n')
  const lines = content.match(/[^\n]*\n|[^\n]+$/g)
  if (lines === null) throw dataError({ file: file?.name ?? 'data', line: 1, found: 'nothing', expected: 'lines of text' })
  return lines
}

/** Special tokens are counted with every text, as encode() of the original's tokenizer adds them. */
function tokenCounter(tokenizer: Tokenizer): (text: string) => number {
  const known = new Map<string, number>()
  return (text) => {
    const tokens = known.get(text) ?? tokenizer.count(text) + tokenizer.specials
    known.set(text, tokens)
    return tokens
  }
}

/** Whole and positive; the fraction is cut off. */
function drawAtLeast(least: number, { normal }: Lengths, random: PythonRandom): number {
  if (normal === undefined) throw new RangeError('lengths: the original\'s are normal')
  for (let i = 0; i < MOST_DRAWS; i++) {
    const tokens = Math.trunc(random.gauss(normal.mean, normal.stddev))
    if (tokens >= least && tokens > 0) return tokens
  }
  throw new RangeError(`lengths: ${MOST_DRAWS} in a row were below ${least} tokens: expected longer ones`)
}

/** Lines in their order, again and again; of the first that does not fit, as many characters as tokens are left. */
function linesUpTo(tokens: number, lines: readonly string[], tokensOf: (text: string) => number): string {
  let text = ''
  let left = tokens
  for (let i = 0; ; i = (i + 1) % lines.length) {
    const line = lines[i] ?? ''
    if (tokensOf(line) > left) return text + Array.from(line).slice(0, left).join('')
    text += line
    left -= tokensOf(line)
  }
}

/** The greatest number of lines is never reached, and every line brings its own end beside the one that joins them. */
function poemAsker(lines: readonly string[], { min, max, required }: NonNullable<Correctness['lines']>, random: PythonRandom): () => string {
  const stop = Math.min(max, lines.length)
  if (min >= stop) throw new RangeError(`data.correctness.lines: llmval draws from min up to but without max, or the ${lines.length} lines of the text: expected min below ${stop}, found ${min}`)
  return () => ` Then pick ${required} lines from these poem lines:\n${random.sample(lines, random.range(min, stop)).join('\n')}`
}

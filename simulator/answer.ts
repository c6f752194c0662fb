// SPDX-License-Identifier: Apache-2.0
/** Decides what one answer will be before it begins: how many tokens, which words, why it ends. It writes nothing. */
import type { FailureModel } from './config-failures.ts'
import type { PlantedFailures } from './failures.ts'
import { naturalTokens } from './latency-model.ts'
import type { LatencyLaws } from './latency-model.ts'
import { STREAMS } from './random.ts'
import type { Draws } from './random.ts'
import type { GenerationRequest } from './request.ts'
import type { Vocabulary, Word } from './vocabulary.ts'

type FinishReason = 'stop' | 'length'

export type AnswerPlan = {
  readonly tokens: number
  readonly finishReason: FinishReason
  /** The stop string that ended it, if one did. */
  readonly stopReason: string | null
  readonly tokenAt: (index: number) => number
  /** JSON text (without quotes) of tokens [from, to). */
  readonly jsonOf: (from: number, to: number) => string
}

export type AnswerContext = {
  readonly request: GenerationRequest
  readonly laws: LatencyLaws
  readonly vocabulary: Vocabulary
  readonly draws: Draws
  readonly promptTokens: number
  readonly maxLength: number
  readonly planted: PlantedFailures
  readonly failures: FailureModel
}

type Stop = { readonly tokens: number; readonly visible: number; readonly reason: string }

export function planAnswer(context: AnswerContext): AnswerPlan {
  const { request, planted, failures } = context
  const limit = Math.min(request.maxTokens ?? Infinity, context.maxLength - context.promptTokens)
  const natural = request.ignoreEos ? Infinity : Math.max(request.minTokens, naturalTokens(context.laws, { draws: context.draws, index: 0 }))
  const words = wordsOf(context)
  const asked = Math.min(limit, natural)
  const kept = planted.shortAnswer ? Math.max(1, Math.floor(asked * failures.shortAnswer.keep)) : asked
  const stop = request.stop.length > 0 ? findStop(words, kept, request) : undefined
  return {
    tokens: stop?.tokens ?? kept,
    finishReason: stop || kept < limit ? 'stop' : 'length',
    stopReason: stop?.reason ?? null,
    tokenAt: (index) => words(index).token,
    jsonOf: stop ? visibleText(words, stop) : (from, to) => joined(words, from, to),
  }
}

function wordsOf({ request, draws, vocabulary }: AnswerContext): (index: number) => Word {
  const { bare, spaced } = vocabulary
  // an answer to a chat begins without a space, so that it has the same tokens when it comes back in the next turn
  const first = request.api === 'chat' ? bare : spaced
  return (index) => {
    const list = index === 0 ? first : spaced
    const word = list[draws.bits(STREAMS.words, index) % list.length]
    if (!word) throw new RangeError('answer: the vocabulary is empty')
    return word
  }
}

function joined(words: (index: number) => Word, from: number, to: number): string {
  let json = words(from).json
  for (let i = from + 1; i < to; i++) json += words(i).json
  return json
}

/** The first token at which a stop string is complete. */
function findStop(words: (index: number) => Word, tokens: number, request: GenerationRequest): Stop | undefined {
  const longest = Math.max(...request.stop.map((text) => text.length))
  let text = ''
  for (let i = 0; i < tokens; i++) {
    const from = Math.max(0, text.length - longest)
    text += words(i).text
    if (i + 1 < request.minTokens) continue
    const hits = request.stop.map((reason) => ({ reason, at: text.indexOf(reason, from) })).filter((hit) => hit.at >= 0)
    const first = hits.sort((a, b) => a.at - b.at)[0]
    if (first) return { tokens: i + 1, visible: request.includeStop ? first.at + first.reason.length : first.at, reason: first.reason }
  }
  return undefined
}

/** Text up to the stop string; tokens that are part of it show nothing. */
function visibleText(words: (index: number) => Word, stop: Stop): AnswerPlan['jsonOf'] {
  const ends: number[] = []
  let text = ''
  for (let i = 0; i < stop.tokens; i++) {
    text += words(i).text
    ends.push(Math.min(text.length, stop.visible))
  }
  return (from, to) => JSON.stringify(text.slice(from === 0 ? 0 : ends[from - 1], ends[to - 1])).slice(1, -1)
}

// SPDX-License-Identifier: Apache-2.0
/** What is sent next: the next turn of a session whose answer is there, with the real history, or the first of another. It sends nothing. */
import type { PlannedRequest } from '../../operator/core/model/request.ts'
import type { Client, ClientRequest, Exchange, PreparedRequest } from './client.ts'
import type { Conversation, RequestSource } from './requests.ts'

/** One request that is ready to be sent. */
export interface Turn {
  readonly planned: PlannedRequest
  readonly prepared: PreparedRequest
  readonly conversation: Conversation
  /** Place within the conversation, from 0. */
  readonly index: number
  /** Tokens of the history before this turn, by the counts of answers; null when they are not known. */
  readonly historyTokens: number | null
}

export interface Turns {
  /** The next turn at this time: sessions that wait come before new ones, so that a rate counts requests whatever they belong to. */
  readonly take: (nowMs: number) => Turn
  /** The first turn of a session of its own. */
  readonly begin: () => Turn
  /** Turn after this one with its answer in the history; undefined after the last turn or a failure. */
  readonly following: (turn: Turn, exchange: Exchange) => Turn | undefined
  /** Puts a turn where `take` finds it, when its think time has passed. */
  readonly queue: (turn: Turn, atMs: number) => void
  /** Sessions that ended early, because a turn of theirs failed. */
  readonly broken: () => number
}

export function createTurns(source: RequestSource, client: Client, api: 'completions' | 'chat'): Turns {
  const waiting: { turn: Turn; atMs: number }[] = []
  let broken = 0
  const begin = (): Turn => {
    const conversation = source.next()
    const [planned] = conversation.turns
    if (planned === undefined) throw new RangeError('a conversation without turns')
    return { planned, prepared: conversation.first, conversation, index: 0, historyTokens: 0 }
  }
  return {
    begin,
    take: (nowMs) => (waiting[0] !== undefined && waiting[0].atMs <= nowMs ? waiting.shift()?.turn : undefined) ?? begin(),
    // Think time is the same for all, so the order of answers is the order of readiness.
    queue: (turn, atMs) => waiting.push({ turn, atMs }),
    broken: () => broken,
    following: (turn, exchange) => {
      const planned = turn.conversation.turns[turn.index + 1]
      if (planned === undefined) return undefined
      if (exchange.metrics.status !== 'ok') {
        broken++
        return undefined
      }
      const request = withHistory(planned, exchange, api)
      const answered = exchange.metrics.usage?.outputTokens
      const historyTokens = answered === undefined || answered === null || turn.historyTokens === null ? null : turn.historyTokens + turn.planned.inputTokens + answered
      return { planned, prepared: client.prepare(request), conversation: turn.conversation, index: turn.index + 1, historyTokens }
    },
  }
}

/** What was asked and really answered before, then the new text. Completions have no roles: a line break separates them. */
function withHistory(planned: PlannedRequest, { request, text }: Exchange, api: 'completions' | 'chat'): ClientRequest {
  const { id, outputTokens } = planned
  if (api === 'completions') return { id, outputTokens, prompt: `${request.prompt ?? ''}${text}\n${planned.prompt ?? ''}` }
  const fresh = planned.messages ?? [{ role: 'user', content: planned.prompt ?? '' }]
  return { id, outputTokens, messages: [...(request.messages ?? []), { role: 'assistant', content: text }, ...fresh] }
}

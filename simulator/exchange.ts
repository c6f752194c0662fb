// SPDX-License-Identifier: Apache-2.0
/** One generation request on its way through the server: its answers, what is noted of them, and when it is over. */
import type { ServerResponse } from 'node:http'
import type { AnswerPlan } from './answer.ts'
import type { Run, Sequence } from './engine.ts'
import type { PlantedFailures } from './failures.ts'
import type { GenerationRequest } from './request.ts'
import type { Serving } from './serving.ts'
import type { ResponseIdentity, Usage } from './sse.ts'
import type { Outcome } from './truth.ts'

/** One answer (choice) while it is made. */
export type Track = {
  readonly choice: number
  readonly plan: AnswerPlan
  readonly sequence: Sequence
  run?: Run
  ended: boolean
  readonly eventNs: number[]
  readonly eventTokens: number[]
}

export type Exchange = {
  readonly serving: Serving
  readonly request: GenerationRequest
  readonly response: ServerResponse
  readonly identity: ResponseIdentity
  readonly requestId: string
  readonly ordinal: number
  readonly arrivedNs: number
  readonly planted: PlantedFailures
  readonly tracks: readonly Track[]
}

/** How answers reach the client; the two ways are in delivery.ts. */
export type Delivery = {
  /** Hands over tokens [from, to) of an answer and returns when that was. */
  readonly event: (track: Track, from: number, to: number) => number
  /** All answers are complete. */
  readonly complete: () => void
  /** Cuts the connection. */
  readonly cut: () => void
}

/** Submits all answers and sees them to their end. */
export function run(exchange: Exchange, delivery: Delivery): void {
  const { serving, response, tracks } = exchange
  response.on('close', () => giveUp(exchange, 'cancelled'))
  for (const track of tracks) {
    track.run = serving.scheduler.submit(track.sequence, {
      onTokens: (run, count) => deliver(exchange, delivery, { track, run, count }),
      onEnd: (run) => {
        conclude(exchange, track, { run, outcome: track.plan.finishReason })
        if (tracks.every((other) => other.ended)) delivery.complete()
      },
    }, exchange.arrivedNs)
  }
}

/** Usage over all answers, as the last event and whole answers state it. */
export function totalUsage(exchange: Exchange): Usage {
  const { serving, request, tracks } = exchange
  const oneForEachPrompt = tracks.filter((track) => track.choice % request.n === 0)
  return {
    prompt: oneForEachPrompt.reduce((sum, track) => sum + track.sequence.promptTokens, 0),
    completion: claimed(exchange, tracks.reduce((sum, track) => sum + track.plan.tokens, 0)),
    ...(serving.config.server.promptTokensDetails
      ? { cached: oneForEachPrompt.reduce((sum, track) => sum + (track.run?.cachedTokens ?? 0), 0) } : {}),
  }
}

/** Tokens as usage claims them: the truth, unless a failure is planted. */
export function claimed({ planted, serving }: Exchange, tokens: number): number {
  return planted.wrongUsage ? Math.round(tokens * serving.config.failures.wrongUsage.factor) : tokens
}

function deliver(exchange: Exchange, delivery: Delivery, { track, run, count }: { track: Track; run: Run; count: number }): void {
  const { serving, planted, arrivedNs } = exchange
  const { dropConnection, hang } = serving.config.failures
  const from = run.generated - count
  if (planted.dropConnection && from >= dropConnection.afterTokens) {
    giveUp(exchange, 'dropped')
    return delivery.cut()
  }
  if (planted.hang && from >= hang.afterTokens) return giveUp(exchange, 'hung')
  const at = delivery.event(track, from, run.generated)
  const previous = track.eventNs.at(-1)
  track.eventNs.push(at)
  track.eventTokens.push(count)
  serving.metrics.generated(count)
  if (previous === undefined) serving.metrics.firstToken((at - arrivedNs) / 1e9, { tokens: track.sequence.promptTokens, cached: run.cachedTokens })
  else serving.metrics.gap((at - previous) / 1e9)
}

/** Ends all answers that are still going on. */
function giveUp(exchange: Exchange, outcome: Outcome): void {
  for (const track of exchange.tracks) {
    if (track.ended || !track.run) continue
    exchange.serving.scheduler.abort(track.run)
    conclude(exchange, track, { run: track.run, outcome })
  }
}

function conclude(exchange: Exchange, track: Track, { run, outcome }: { run: Run; outcome: Outcome }): void {
  const { serving, request, requestId, ordinal, arrivedNs } = exchange
  const { eventNs, eventTokens, sequence, choice } = track
  const endNs = serving.clock.nowNs()
  const queueMs = run.admittedAt - run.submittedAt
  track.ended = true
  serving.truth.add({
    requestId, ordinal, choice, status: 200, outcome, streamed: request.stream, arrivalNs: arrivedNs, eventNs, eventTokens, endNs,
    promptTokens: sequence.promptTokens, cachedTokens: run.cachedTokens, preemptions: run.preemptions,
    queueMs: Number.isNaN(queueMs) ? (endNs - arrivedNs) / 1e6 : queueMs,
  })
  const first = eventNs[0]
  serving.metrics.answered({
    reason: outcome === 'stop' || outcome === 'length' ? outcome : outcome === 'cancelled' ? 'abort' : 'error',
    promptTokens: sequence.promptTokens, cachedTokens: run.cachedTokens, outputTokens: run.generated,
    maxTokens: request.maxTokens ?? serving.config.model.maxLength, n: request.n, preemptions: run.preemptions,
    e2eSeconds: (endNs - arrivedNs) / 1e9,
    ...(Number.isNaN(queueMs) ? {} : { queueSeconds: queueMs / 1e3 }),
    ...(first === undefined ? {} : {
      prefillSeconds: Math.max(0, (first - arrivedNs) / 1e9 - queueMs / 1e3),
      decodeSeconds: ((eventNs.at(-1) ?? first) - first) / 1e9,
    }),
  })
}

// SPDX-License-Identifier: Apache-2.0
/** The two ways an answer reaches the client: event by event, or whole. It stamps each hand-over and decides nothing. */
import { openEventStream } from './event-writer.ts'
import { claimed, totalUsage } from './exchange.ts'
import type { Delivery, Exchange } from './exchange.ts'
import { wholeAnswer } from './responses.ts'
import { createFrames, DONE } from './sse.ts'

export function streamedDelivery(exchange: Exchange): Delivery {
  const { request, response, identity, serving: { clock } } = exchange
  const writer = openEventStream(response)
  const frames = createFrames(identity)
  return {
    event: (track, from, to) => {
      const { plan, choice, sequence } = track
      const usage = { prompt: sequence.promptTokens, completion: claimed(exchange, to) }
      if (from === 0 && request.api === 'chat') writer.write(frames.role(choice, { ...usage, completion: 0 }))
      const json = plan.jsonOf(from, to)
      const event = to < plan.tokens
        ? frames.token(choice, json, usage)
        : frames.last(choice, { json, finishReason: plan.finishReason, stopReason: plan.stopReason }, usage)
      const at = clock.nowNs()
      writer.write(event)
      return at
    },
    complete: () => writer.end(request.includeUsage ? [frames.usage(totalUsage(exchange)), DONE] : [DONE]),
    cut: writer.cut,
  }
}

export function wholeDelivery(exchange: Exchange): Delivery {
  const { response, identity, tracks, serving: { clock } } = exchange
  return {
    event: () => clock.nowNs(),
    complete: () => {
      const choices = tracks.map(({ plan }) => ({ json: plan.jsonOf(0, plan.tokens), finishReason: plan.finishReason, stopReason: plan.stopReason }))
      const body = wholeAnswer(identity, choices, totalUsage(exchange))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      response.end(body)
    },
    cut: () => void response.socket?.destroy(),
  }
}

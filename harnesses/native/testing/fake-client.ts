// SPDX-License-Identifier: Apache-2.0
/** A client that answers as the test says, in this process; it also shows that any client will do. */
import type { Client, ClientRequest, Exchange, ExchangeMetrics, Sending } from '../client.ts'

export interface FakeClient extends Client {
  readonly sent: ClientRequest[]
  /** Most requests that were running at once. */
  readonly most: () => number
}

export type FakeAnswer = Partial<ExchangeMetrics> & { readonly text?: string; readonly afterMs?: number }

export function fakeClient(answer: (request: ClientRequest, index: number) => FakeAnswer | undefined): FakeClient {
  const sent: ClientRequest[] = []
  let running = 0
  let most = 0
  return {
    sent,
    most: () => most,
    prepare: (request) => ({ request, payload: undefined, bytes: 100 }),
    send({ request }, { now, onRead }): Sending {
      const sentMs = now()
      const { promise, resolve } = Promise.withResolvers<Exchange>()
      most = Math.max(most, ++running)
      const end = (text: string, metrics: ExchangeMetrics) => {
        running--
        resolve({ text, request, metrics })
      }
      const said = answer(request, sent.push(request) - 1)
      // no answer: it runs until it is cancelled
      if (said !== undefined) {
        const { text = 'ok', afterMs = 0, ...metrics } = said
        setTimeout(() => {
          const at = now()
          onRead(1)
          end(text, { status: 'ok', sentMs, eventsMs: [at], endMs: at, usage: { inputTokens: 5, outputTokens: 1, cachedTokens: null }, ...metrics })
        }, afterMs)
      }
      return { done: promise, cancel: (why) => end('', { status: 'cancelled', sentMs, endMs: now(), error: { class: 'cancelled', message: why } }) }
    },
    close: () => Promise.resolve(),
  }
}

// SPDX-License-Identifier: Apache-2.0
/** The results server's events as one stream without end: it connects again and asks for what it missed. */
import type { Readable } from 'node:stream'
import { backoffMs } from '../kube/backoff.ts'
import { type Clock, sleep } from '../kube/clock.ts'
import { DeliveredEvent, LiveEvent, type ResultsEvent } from './api.ts'
import { type Caller, ResultsError } from './client-http.ts'

export interface Listening {
  readonly signal: AbortSignal
  /** Told of every connection that failed or ended. */
  readonly onProblem?: (problem: ResultsError) => void
}

/** The server sends something at least every 15 s. */
const SILENCE_MS = 45_000

/** A `reset` says that events may have been missed. Ends when the signal is aborted, and only then. */
export async function* listen(
  { call, clock, random }: { readonly call: Caller; readonly clock: Clock; readonly random: () => number },
  { signal, onProblem }: Listening,
): AsyncGenerator<ResultsEvent, void, undefined> {
  let lastId: string | undefined
  for (let failures = 0; !signal.aborted;) {
    try {
      const answer = await call({
        method: 'GET',
        path: '/v1/events',
        signal,
        timeoutMs: SILENCE_MS,
        headers: lastId === undefined ? {} : { 'last-event-id': lastId },
      })
      for await (const message of messages(answer.body)) {
        failures = 0
        lastId = message.id ?? lastId
        yield* eventOf(message)
      }
    } catch (cause) {
      if (signal.aborted) return
      onProblem?.(
        cause instanceof ResultsError
          ? cause
          : new ResultsError({ status: 0, code: 'StreamEnded', message: 'the stream of events ended', cause }),
      )
    }
    failures++
    await sleep(clock, backoffMs(failures, { baseMs: 100, maxMs: 5000, jitter: 0.5, random }), signal)
  }
}

interface Message {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

/** Our server writes LF only and one data line an event, so that this is all of the framing. */
async function* messages(body: Readable): AsyncGenerator<Message, void, undefined> {
  let rest = ''
  body.setEncoding('utf8')
  for await (const chunk of body as AsyncIterable<string>) {
    const blocks = (rest + chunk).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
      const event = fields.get('event')
      if (event !== undefined) yield { event, data: fields.get('data') ?? '', id: fields.get('id') }
    }
  }
}

/** One event, or none: kinds that a newer server may send are passed over. */
function eventOf({ event, data }: Message): ResultsEvent[] {
  const value: unknown = JSON.parse(data)
  if (event === 'reset') return [{ kind: 'reset' }]
  if (event === 'delivered') return [{ kind: 'delivered', event: DeliveredEvent.parse(value) }]
  return event === 'live' ? [{ kind: 'live', event: LiveEvent.parse(value) }] : []
}

// SPDX-License-Identifier: Apache-2.0
/** One request from dispatch to its end: stamps in the transport's own callbacks, then what it all meant. It knows neither load nor schedule. */
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { AnswerReader } from '../../operator/core/workload/openai-events.ts'
import type { Protocol } from '../../operator/core/workload/protocols/protocol.ts'
import type { SseParser } from '../../operator/core/workload/sse.ts'
import type { ClientRequest, Exchange, ExchangeMetrics, SendHooks, Sending } from './client.ts'
import { knownChunk, type KnownChunk } from './known-chunk.ts'
import { retryAfterMs, statusFailure, transportFailure, type Failure } from './failures.ts'

type Controller = Dispatcher.DispatchController

/** What is known of a request so far. */
interface Progress {
  readonly hooks: SendHooks
  readonly protocol: Protocol
  readonly reader: AnswerReader
  readonly eventsMs: number[]
  controller: Controller | undefined
  sentMs: number | null
  httpStatus: number | undefined
  retryAfterMs: number | undefined
  /** Set when the answer is a stream of events; anything else is collected as a body. */
  stream: SseParser | undefined
  /** Recognises most reads without parsing them, once one has shown the form; so many tries are left. */
  known: KnownChunk | undefined
  lessons: number
  body: Uint8Array[]
  bodyBytes: number
  /** Content events in the read that is being parsed, and when it came. */
  readMs: number
  readEvents: number
  silentEvents: number
}

/** Bodies of answers that are not streamed are kept whole; of errors only the beginning is of use. */
const MAX_ERROR_BODY = 16_384
const MOST_LESSONS = 3

export interface SendBy {
  /** How the answer is read. */
  readonly protocol: Protocol
  readonly dispatch: (handler: Dispatcher.DispatchHandler) => void
}

export function sendOne(request: ClientRequest, hooks: SendHooks, { protocol, dispatch }: SendBy): Sending {
  const progress = begin(hooks, protocol)
  const { promise, resolve } = Promise.withResolvers<Exchange>()
  let ended = false
  const end = (status: ExchangeMetrics['status'], failure?: Failure) => {
    if (ended) return
    ended = true
    clearTimeout(timer)
    const exchange = { request, ...conclude(progress, status, failure) }
    // The connection is free only two turns of the loop later; a successor that is sent before would open another one.
    if (status === 'ok') setImmediate(() => setImmediate(() => resolve(exchange)))
    else resolve(exchange)
  }
  const stop = (status: 'error' | 'cancelled', failure: Failure) => {
    end(status, failure)
    progress.controller?.abort(new Error(failure.message))
  }
  const timer = setTimeout(() => stop('error', { class: 'timeout', message: `no complete answer within ${hooks.timeoutMs} ms` }), hooks.timeoutMs)

  dispatch({
    onRequestStart(controller) {
      progress.controller = controller
      if (ended) controller.abort(new Error('ended before it was sent'))
      else progress.sentMs = hooks.now()
    },
    // The transport writes in one go between these two calls; the second is nearer to the moment in which the kernel has the first byte.
    onRequestSent() {
      if (!ended) progress.sentMs = hooks.now()
    },
    onResponseStart: (_, status, headers) => startAnswer(progress, status, headers),
    onResponseData: (_, chunk) => receive(progress, chunk),
    onResponseEnd: () => {
      const failure = finishAnswer(progress)
      end(failure === undefined ? 'ok' : 'error', failure)
    },
    onResponseError: (_, error) => end('error', transportFailure(error, { sent: progress.sentMs !== null, answered: progress.httpStatus !== undefined })),
  })
  return { done: promise, cancel: (why) => stop('cancelled', { class: 'cancelled', message: why }) }
}

function begin(hooks: SendHooks, protocol: Protocol): Progress {
  return {
    hooks, protocol, reader: protocol.reader(), eventsMs: [], controller: undefined, sentMs: null, httpStatus: undefined, retryAfterMs: undefined,
    stream: undefined, known: undefined, lessons: MOST_LESSONS, body: [], bodyBytes: 0, readMs: 0, readEvents: 0, silentEvents: 0,
  }
}

function startAnswer(progress: Progress, status: number, headers: IncomingHttpHeaders): void {
  if (status < 200) return
  progress.httpStatus = status
  progress.retryAfterMs = retryAfterMs(headers, Date.now())
  if (status < 300 && headers['content-type']?.startsWith(progress.protocol.streamType) === true) {
    progress.stream = progress.protocol.stream((data, type) => {
      if (progress.reader.event(data, type)) progress.readEvents++
      else if (isSilent(data)) progress.silentEvents++
    }, decode)
  }
}

/** Neither the end of the stream nor an event of usage alone: a server sends that one only because we ask for it. */
function isSilent(data: string): boolean {
  return data !== '[DONE]' && !/"choices":\s*\[\s*\]/.test(data)
}

/** Buffer's own decoder takes half the time of TextDecoder for texts of this size. */
function decode(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.isBuffer(bytes) ? bytes.toString('utf8', start, end) : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
}

/** The clock is read before anything else is done with the bytes. */
function receive(progress: Progress, chunk: Buffer): void {
  progress.readMs = progress.hooks.now()
  if (progress.stream === undefined) {
    if (isSuccess(progress) || progress.bodyBytes < MAX_ERROR_BODY) progress.body.push(Uint8Array.from(chunk))
    progress.bodyBytes += chunk.length
    return
  }
  const clean = progress.stream.clean()
  const text = clean ? progress.known?.(chunk) : undefined
  if (text === undefined) parse(progress, progress.stream, chunk, clean)
  else {
    progress.reader.say(text)
    progress.readEvents = 1
  }
  noteEvents(progress)
}

/** The full way; a read that was one event of a form that is known by now teaches the short one. */
function parse(progress: Progress, stream: SseParser, chunk: Buffer, fromClean: boolean): void {
  progress.readEvents = 0
  stream.push(chunk)
  const template = progress.reader.template()
  if (!fromClean || progress.readEvents !== 1 || template === undefined || progress.lessons === 0) return
  progress.lessons--
  progress.known = knownChunk(chunk, template)
}

function noteEvents(progress: Progress): void {
  if (progress.readEvents === 0) return
  for (let i = 0; i < progress.readEvents; i++) progress.eventsMs.push(progress.readMs)
  progress.hooks.onRead(progress.readEvents)
}

function isSuccess({ httpStatus }: Progress): boolean {
  return httpStatus !== undefined && httpStatus >= 200 && httpStatus < 300
}

/** The answer has ended as HTTP wants it; whether it is one is seen here. */
function finishAnswer(progress: Progress): Failure | undefined {
  const { stream, reader, httpStatus = 0 } = progress
  if (!isSuccess(progress)) return statusFailure(httpStatus, bodyText(progress))
  progress.readEvents = 0
  if (stream === undefined) {
    progress.readMs = progress.hooks.now()
    reader.body(bodyText(progress))
  } else {
    stream.end()
    noteEvents(progress)
  }
  const { problem, done, finishReason } = reader.answer()
  if (problem !== undefined) return { class: problem.class, message: problem.message.slice(0, 512) }
  if (stream !== undefined && !done && finishReason === undefined) return { class: 'stream', message: 'the stream ended without a finish reason or [DONE]' }
  return undefined
}

function bodyText({ body }: Progress): string {
  return Buffer.concat(body).toString('utf8')
}

function conclude(progress: Progress, status: ExchangeMetrics['status'], failure: Failure | undefined): Omit<Exchange, 'request'> {
  const answer = progress.reader.answer()
  const { eventsMs, hooks, stream } = progress
  const endMs = status === 'ok' ? (eventsMs.at(-1) ?? progress.readMs) : hooks.now()
  return {
    text: answer.text,
    metrics: {
      status, endMs, sentMs: progress.sentMs, eventsMs: stream === undefined ? undefined : eventsMs,
      silentEvents: stream === undefined ? undefined : progress.silentEvents,
      eventTokens: answer.eventTokens?.length === eventsMs.length ? answer.eventTokens : undefined,
      responseIds: answer.responseIds.length === 0 ? undefined : answer.responseIds,
      usage: answer.usage, finishReason: answer.finishReason, httpStatus: progress.httpStatus, retryAfterMs: progress.retryAfterMs, error: failure,
    },
  }
}

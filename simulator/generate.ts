// SPDX-License-Identifier: Apache-2.0
/** Turns the body of a generation request into answers that the engine makes, or into a refusal. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { planAnswer } from './answer.ts'
import { streamedDelivery, wholeDelivery } from './delivery.ts'
import { contextExceeded, plantedError, tooManyRequests } from './errors.ts'
import type { ApiError } from './errors.ts'
import { run } from './exchange.ts'
import type { Track } from './exchange.ts'
import { crashesAt, drawFailures } from './failures.ts'
import type { PlantedFailures } from './failures.ts'
import { sendError } from './http.ts'
import { hashPrompt } from './prefix-cache.ts'
import { createDraws, keyOfText, mix } from './random.ts'
import type { Draws } from './random.ts'
import { parseGeneration } from './request.ts'
import type { GenerationRequest, Prompt } from './request.ts'
import type { Serving } from './serving.ts'
import { renderChat } from './tokens.ts'

export type Incoming = {
  readonly api: GenerationRequest['api']
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: string
  readonly arrivedNs: number
  readonly requestId: string
}

type Prepared = { readonly request: GenerationRequest; readonly prompts: readonly (readonly number[])[]; readonly key: number; readonly ordinal: number }

export function generate(serving: Serving, incoming: Incoming): void {
  const parsed = parseGeneration(incoming.api, incoming.body, serving.names)
  if (!parsed.ok) return sendError(incoming.response, parsed.error)
  const { request } = parsed
  const ordinal = serving.ordinals.next()
  if (crashesAt(serving.config.failures, ordinal)) return serving.crash()
  const prompts = request.prompts.map((prompt) => tokensOf(serving, prompt))
  const key = keyOf(serving, incoming.requestId, { ordinal, prompts })
  const planted = drawFailures(serving.config.failures, drawsOf(serving, key))
  const refusal = lengthRefusal(serving, request, prompts) ?? plantedRefusal(serving, planted) ?? overload(serving)
  if (refusal) return refuse(serving, incoming, { refusal, ordinal })
  answer(serving, incoming, { request, prompts, key, ordinal }, planted)
}

function answer(serving: Serving, incoming: Incoming, prepared: Prepared, planted: PlantedFailures): void {
  const { request, prompts, ordinal } = prepared
  const { requestId, arrivedNs, response } = incoming
  const exchange = {
    serving, request, response, requestId, ordinal, arrivedNs, planted,
    tracks: prompts.flatMap((prompt, index) => Array.from({ length: request.n }, (_, i) =>
      createTrack(serving, { prepared, planted, prompt, choice: index * request.n + i }))),
    identity: {
      api: request.api, model: request.model, fingerprint: serving.fingerprint, continuousUsage: request.continuousUsage,
      id: `${request.api === 'chat' ? 'chatcmpl' : 'cmpl'}-${requestId}`,
      createdSeconds: Math.floor(serving.clock.wallMs() / 1000),
    },
  }
  run(exchange, request.stream ? streamedDelivery(exchange) : wholeDelivery(exchange))
}

function createTrack(serving: Serving, { prepared, planted, prompt, choice }: {
  prepared: Prepared
  planted: PlantedFailures
  prompt: readonly number[]
  choice: number
}): Track {
  const { config } = serving
  const { request } = prepared
  const draws = drawsOf(serving, mix(prepared.key, choice))
  const plan = planAnswer({
    request, draws, planted, laws: config, failures: config.failures, vocabulary: serving.tokenizer.vocabulary,
    promptTokens: prompt.length, maxLength: config.model.maxLength,
  })
  const { blocks, hasher } = hashPrompt(prompt, config.cache.blockTokens, request.cacheSalt === '' ? 0 : keyOfText(request.cacheSalt))
  return {
    choice, plan, ended: false, eventNs: [], eventTokens: [],
    sequence: {
      draws, hasher, promptTokens: prompt.length, promptBlocks: blocks, outputTokens: plan.tokens, tokenAt: plan.tokenAt,
      extraFirstTokenMs: planted.slowFirstToken ? config.failures.slowFirstToken.extraMs : 0,
    },
  }
}

function tokensOf(serving: Serving, prompt: Prompt): readonly number[] {
  const { chatMessage, chatGeneration } = serving.config.model
  switch (prompt.kind) {
    case 'tokens': return prompt.tokens
    case 'text': return serving.tokenizer.encode(prompt.text, true)
    case 'chat': return serving.tokenizer.encode(renderChat(prompt.messages, { message: chatMessage, generation: chatGeneration }), false)
  }
}

function drawsOf(serving: Serving, key: number): Draws {
  return createDraws(serving.config.random.seed, key)
}

function keyOf(serving: Serving, requestId: string, { ordinal, prompts }: { ordinal: number; prompts: Prepared['prompts'] }): number {
  switch (serving.config.random.key) {
    case 'ordinal': return ordinal
    case 'requestId': return keyOfText(requestId)
    case 'prompt': return prompts.flat().reduce((key, token) => mix(key, token), 0x5bd1e995)
  }
}

function lengthRefusal(serving: Serving, request: GenerationRequest, prompts: Prepared['prompts']): ApiError | undefined {
  const context = serving.config.model.maxLength
  // an answer without a limit needs room for one token at least
  const output = request.maxTokens ?? 1
  const input = Math.max(...prompts.map((prompt) => prompt.length))
  return input + output > context ? contextExceeded({ input, output, context }) : undefined
}

function plantedRefusal(serving: Serving, planted: PlantedFailures): ApiError | undefined {
  const { rateLimit, httpError } = serving.config.failures
  if (planted.rateLimit) return tooManyRequests('Rate limit exceeded (planted).', rateLimit.retryAfterSeconds)
  return planted.httpError ? plantedError(httpError.status) : undefined
}

function overload(serving: Serving): ApiError | undefined {
  const { maxWaiting } = serving.config.batch
  if (maxWaiting === 0 || serving.engine.load().waiting < maxWaiting) return undefined
  serving.metrics.rejected()
  return tooManyRequests(`The queue is full: ${maxWaiting} requests are waiting.`, 1)
}

/** A refusal after the request had a number is part of the truth too, so that every request can be accounted for. */
function refuse(serving: Serving, incoming: Incoming, { refusal, ordinal }: { refusal: ApiError; ordinal: number }): void {
  serving.truth.add({
    requestId: incoming.requestId, ordinal, choice: 0, status: refusal.status, outcome: 'refused', streamed: false, arrivalNs: incoming.arrivedNs,
    eventNs: [], eventTokens: [], endNs: serving.clock.nowNs(), promptTokens: 0, cachedTokens: 0, queueMs: 0, preemptions: 0,
  })
  sendError(incoming.response, refusal)
}

/** The id that a client gave, or a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && given !== '' ? given.slice(0, 256) : randomBytes(8).toString('hex')
}

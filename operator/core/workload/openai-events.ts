// SPDX-License-Identifier: Apache-2.0
/** Reads the events and bodies of OpenAI-compatible answers: what carries content, usage, errors, the end. It knows no time and no transport. */
import { contentTemplate, type ContentTemplate } from './content-template.ts'
import { responseIds, type ResponseIds } from './response-ids.ts'

export interface Usage {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cachedTokens: number | null
}

export interface AnswerReader {
  /** Reads one event of a stream; true when it carried content, reasoning or a tool call. */
  readonly event: (data: string, type: string) => boolean
  /** The form of events that differ in their text alone, once it is known. */
  readonly template: () => ContentTemplate | undefined
  /** Takes the text of an event of that form, which the caller has recognised by its bytes. */
  readonly say: (text: string) => void
  /** Reads the whole body of an answer that is not streamed; true when it carried content. */
  readonly body: (text: string) => boolean
  readonly answer: () => Answer
}

export interface Answer {
  readonly usage: Usage | undefined
  /** Why the model stopped; undefined when the answer never said. */
  readonly finishReason: string | undefined
  /** `[DONE]` was seen. */
  readonly done: boolean
  /** An error that came within an answer of status 200, or an event that is no JSON. */
  readonly problem: { readonly class: 'stream' | 'protocol'; readonly message: string } | undefined
  /** Tokens of each event that carried content, when every one of them said so (continuous usage). */
  readonly eventTokens: readonly number[] | undefined
  /** The identifier of the answer; the first few where a stream mixes several. */
  readonly responseIds: readonly string[]
  /** What was said; empty unless text is kept. */
  readonly text: string
}

interface Delta {
  readonly content?: unknown
  readonly reasoning_content?: unknown
  readonly reasoning?: unknown
  readonly refusal?: unknown
  readonly tool_calls?: unknown
  readonly function_call?: unknown
}
interface Choice { readonly text?: unknown; readonly delta?: Delta | null; readonly message?: Delta | null; readonly finish_reason?: string | null }
interface Chunk {
  readonly id?: unknown
  readonly object?: unknown
  readonly message?: unknown
  readonly error?: unknown
  readonly choices?: readonly Choice[]
  readonly usage?: { prompt_tokens?: number; completion_tokens?: number; prompt_tokens_details?: { cached_tokens?: number } | null } | null
}

/** Servers that change more than the text from event to event are not worth learning from. */
const MOST_LESSONS = 3

interface Reading {
  usage: Usage | undefined
  finishReason: string | undefined
  done: boolean
  problem: Answer['problem']
  template: ContentTemplate | undefined
  lessons: number
  pieces: string[] | undefined
  readonly ids: ResponseIds
  eventTokens: number[] | undefined
  countedTokens: number
}

export function answerReader(keepText: boolean): AnswerReader {
  const reading: Reading = {
    usage: undefined, finishReason: undefined, done: false, problem: undefined, template: undefined, lessons: 0,
    pieces: keepText ? [] : undefined, eventTokens: [], countedTokens: 0, ids: responseIds(),
  }
  return {
    event: (data, type) => readKnown(reading, data, type) || readEvent(reading, data, type),
    template: () => reading.template,
    say: (text) => say(reading, text),
    body: (text) => {
      const chunk = parse(reading, text)
      return chunk !== undefined && understand(reading, chunk, '')
    },
    answer: () => ({
      usage: reading.usage, finishReason: reading.finishReason, done: reading.done, problem: reading.problem,
      eventTokens: reading.eventTokens !== undefined && reading.eventTokens.length > 0 ? reading.eventTokens : undefined,
      responseIds: reading.ids.seen(),
      text: reading.pieces?.join('') ?? '',
    }),
  }
}

/** The fast way, for events that differ from a known one in their text alone. */
function readKnown(reading: Reading, data: string, type: string): boolean {
  const text = type === '' ? reading.template?.match(data) : undefined
  if (text === undefined) return false
  say(reading, text)
  return true
}

/** An event that says nothing but a text, whose tokens are therefore not known. */
function say(reading: Reading, text: string): void {
  reading.eventTokens = undefined
  reading.ids.again()
  reading.pieces?.push(text)
}

function readEvent(reading: Reading, data: string, type: string): boolean {
  if (data === '[DONE]') {
    reading.done = true
    return false
  }
  const chunk = parse(reading, data)
  if (chunk === undefined) return false
  const carries = understand(reading, chunk, type)
  if (carries && isPlain(chunk) && reading.lessons++ < MOST_LESSONS) reading.template = contentTemplate(data, chunk)
  return carries
}

function parse(reading: Reading, text: string): Chunk | undefined {
  const chunk = parseObject(text)
  if (chunk === undefined) reading.problem ??= { class: 'protocol', message: `expected a JSON object, found ${text.slice(0, 200)}` }
  return chunk
}

function understand(reading: Reading, chunk: Chunk, type: string): boolean {
  const failure = errorOf(chunk, type)
  if (failure !== undefined) reading.problem ??= { class: 'stream', message: failure }
  reading.ids.add(chunk.id)
  let carries = false
  for (const choice of chunk.choices ?? []) {
    reading.finishReason = choice.finish_reason ?? reading.finishReason
    const text = textOf(choice)
    if (text !== '') reading.pieces?.push(text)
    carries ||= text !== '' || hasToolCall(choice)
  }
  countTokens(reading, chunk.usage, carries)
  return carries
}

function countTokens(reading: Reading, usage: Chunk['usage'], carries: boolean): void {
  if (carries) reading.eventTokens = addTokens(reading.eventTokens, usage?.completion_tokens, reading.countedTokens)
  if (usage == null) return
  reading.usage = usageOf(usage)
  reading.countedTokens = usage.completion_tokens ?? reading.countedTokens
}

/** An event that says nothing but one text: only of such ones a template may be made. */
function isPlain(chunk: Chunk): boolean {
  const [choice] = chunk.choices ?? []
  if (choice === undefined || choice.finish_reason != null || chunk.usage != null || errorOf(chunk, '') !== undefined) return false
  return textOf(choice) === (choice.delta?.content ?? choice.text) && !hasToolCall(choice)
}

function parseObject(text: string): Chunk | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What a choice says, whichever member says it. */
function textOf(choice: Choice): string {
  const delta = choice.delta ?? choice.message
  let text = ''
  for (const part of [choice.text, delta?.reasoning_content, delta?.reasoning, delta?.content, delta?.refusal]) {
    if (typeof part === 'string') text += part
    else if (Array.isArray(part) && part.length > 0) text += JSON.stringify(part)
  }
  return text
}

function hasToolCall(choice: Choice): boolean {
  const delta = choice.delta ?? choice.message
  return (Array.isArray(delta?.tool_calls) && delta.tool_calls.length > 0) || (typeof delta?.function_call === 'object' && delta.function_call !== null)
}

function usageOf(usage: NonNullable<Chunk['usage']>): Usage {
  return {
    inputTokens: usage.prompt_tokens ?? null,
    outputTokens: usage.completion_tokens ?? null,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? null,
  }
}

function addTokens(known: number[] | undefined, total: number | undefined, before: number): number[] | undefined {
  if (known === undefined || total === undefined) return undefined
  known.push(Math.max(0, total - before))
  return known
}

/** The message of an error, in any of the forms in which servers put one into a stream or body; undefined when there is none. */
function errorOf(chunk: Chunk, type: string): string | undefined {
  if (chunk.error != null) return errorMessage(chunk.error)
  if (chunk.object === 'error' || type === 'error') return errorMessage(chunk)
  return undefined
}

/** What an error body says, for people: the message within it, or its beginning. */
export function errorMessage(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'unknown'
  const { error, message, detail, Message } = value as Readonly<Record<string, unknown>>
  if (error != null && typeof error === 'object') return errorMessage(error)
  const said = [message, error, detail, Message].find((text) => typeof text === 'string')
  return typeof said === 'string' ? said : JSON.stringify(value)
}

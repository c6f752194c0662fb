// SPDX-License-Identifier: Apache-2.0
/** Reads the events and bodies of Anthropic's messages API, as Anthropic and Vertex AI speak it. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, member, objects, protocolReader, say, sum, tokensIn, type Json, type Reading } from './protocol-reader.ts'

/** Members of a delta that are said to somebody: an answer, a thought, arguments of a tool. A signature is none of them. */
const SAID = ['text', 'thinking', 'partial_json'] as const

export function anthropicReader(): AnswerReader {
  return protocolReader({ event, body })
}

function event(reading: Reading, json: Json): boolean {
  switch (json['type']) {
    case 'message_start':
      reading.ids.add(member(json, 'message')['id'])
      noteUsage(reading, member(member(json, 'message'), 'usage'))
      return false
    case 'content_block_start':
      return started(reading, member(json, 'content_block'))
    case 'content_block_delta': {
      const delta = member(json, 'delta')
      return SAID.some((name) => say(reading, delta[name]))
    }
    case 'message_delta':
      noteStop(reading, member(json, 'delta'))
      noteUsage(reading, member(json, 'usage'))
      return false
    case 'message_stop':
      reading.done = true
      return false
    case 'error':
      return fail(reading, errorMessage(json))
    // Pings, ends of blocks, and whatever comes to be added.
    case undefined:
    default:
      return false
  }
}

/** A block begins empty, but for the name of a tool, which is the first that is seen of a call. */
function started(reading: Reading, block: Json): boolean {
  return SAID.some((name) => say(reading, block[name])) || block['type'] === 'tool_use'
}

function body(reading: Reading, json: Json): boolean {
  if (json['type'] === 'error') return fail(reading, errorMessage(json))
  noteStop(reading, json)
  noteUsage(reading, member(json, 'usage'))
  return objects(json['content']).map((block) => started(reading, block)).includes(true)
}

function noteStop(reading: Reading, json: Json): void {
  const reason = json['stop_reason']
  if (typeof reason === 'string') reading.finishReason = reason
}

/** Input comes in three parts: read anew, written to the cache, read from it. Later events give totals, and may leave parts out. */
function noteUsage(reading: Reading, usage: Json): void {
  const cached = tokensIn(usage, 'cache_read_input_tokens')
  const input = sum(tokensIn(usage, 'input_tokens'), tokensIn(usage, 'cache_creation_input_tokens'), cached)
  const output = tokensIn(usage, 'output_tokens')
  if (input === null && output === null) return
  const before = reading.usage
  const whole = tokensIn(usage, 'input_tokens') === null ? null : input
  reading.usage = {
    inputTokens: whole ?? before?.inputTokens ?? null, outputTokens: output ?? before?.outputTokens ?? null, cachedTokens: cached ?? before?.cachedTokens ?? null,
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Reads the lines and bodies of Ollama's own API: /api/chat and /api/generate. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, member, protocolReader, say, tokensIn, type Json, type Reading } from './protocol-reader.ts'

export function ollamaReader(): AnswerReader {
  return protocolReader({ event })
}

/** A whole answer is one line that says everything. */
function event(reading: Reading, json: Json): boolean {
  if (json['error'] !== undefined) return fail(reading, errorMessage(json))
  const message = member(json, 'message')
  const said = [json['thinking'], message['thinking'], json['response'], message['content']].map((text) => say(reading, text)).includes(true)
  const calls = message['tool_calls']
  if (json['done'] === true) noteEnd(reading, json)
  return said || (Array.isArray(calls) && calls.length > 0)
}

/** A prompt that was wholly in the cache has no count: then it is not known. */
function noteEnd(reading: Reading, json: Json): void {
  const reason = json['done_reason']
  reading.done = true
  if (typeof reason === 'string') reading.finishReason = reason
  const [inputTokens, outputTokens] = [tokensIn(json, 'prompt_eval_count'), tokensIn(json, 'eval_count')]
  if (inputTokens !== null || outputTokens !== null) reading.usage = { inputTokens, outputTokens, cachedTokens: null }
}

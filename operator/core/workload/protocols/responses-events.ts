// SPDX-License-Identifier: Apache-2.0
/** Reads the events and bodies of OpenAI's responses API. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, isObject, member, objects, protocolReader, say, tokensIn, type Json, type Reading } from './protocol-reader.ts'

/** Events that bring a piece of text, a thought, a refusal or arguments of a call. */
const DELTAS = /^response\.(?:output_text|refusal|reasoning_text|reasoning_summary_text|function_call_arguments)\.delta$/
const ENDS = /^response\.(?:completed|incomplete|failed)$/

export function responsesReader(): AnswerReader {
  return protocolReader({ event, body, sentinel: '[DONE]' })
}

function event(reading: Reading, json: Json, eventType: string): boolean {
  const type = typeof json['type'] === 'string' ? json['type'] : eventType
  reading.ids.add(member(json, 'response')['id'])
  if (DELTAS.test(type)) return say(reading, json['delta'])
  if (type === 'error') return fail(reading, errorMessage(json))
  if (ENDS.test(type)) noteEnd(reading, member(json, 'response'))
  return false
}

function body(reading: Reading, json: Json): boolean {
  noteEnd(reading, json)
  return objects(json['output']).flatMap((item) => [
    ...objects(item['summary']).map((part) => say(reading, part['text'])),
    ...objects(item['content']).map((part) => say(reading, part['text']) || say(reading, part['refusal'])),
    item['type'] === 'function_call' && say(reading, item['arguments']),
  ]).includes(true)
}

function noteEnd(reading: Reading, response: Json): void {
  if (isObject(response['error'])) fail(reading, errorMessage(response['error']))
  const { status } = response
  const reason = member(response, 'incomplete_details')['reason']
  if (typeof status === 'string') reading.finishReason = typeof reason === 'string' ? reason : status
  reading.done = true
  if (!isObject(response['usage'])) return
  const { usage } = response
  reading.usage = {
    inputTokens: tokensIn(usage, 'input_tokens'), outputTokens: tokensIn(usage, 'output_tokens'),
    cachedTokens: tokensIn(member(usage, 'input_tokens_details'), 'cached_tokens'),
  }
}

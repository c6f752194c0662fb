// SPDX-License-Identifier: Apache-2.0
/** Reads the events and bodies of the text-generation task: TGI's own API, Hugging Face inference, and containers on SageMaker that speak it. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, isObject, member, protocolReader, say, tokensIn, type Json, type Reading } from './protocol-reader.ts'

export function tgiReader(): AnswerReader {
  const steps = tgiSteps()
  return protocolReader({ event: steps.event, body: wholeAnswer })
}

/** One reading's steps: tokens whose text has not come out yet (half a character) are counted with the event that brings it. */
export function tgiSteps(): { readonly event: (reading: Reading, json: Json) => boolean } {
  let silent = 0
  return {
    event(reading, json) {
      if (failed(reading, json)) return false
      const { token } = json
      noteEnd(reading, json)
      if (!isObject(token)) return false
      silent++
      if (token['special'] === true || !say(reading, token['text'])) return false
      reading.eventTokens ??= []
      reading.eventTokens.push(silent)
      silent = 0
      return true
    },
  }
}

function wholeAnswer(reading: Reading, json: Json): boolean {
  if (failed(reading, json)) return false
  noteEnd(reading, json)
  return say(reading, json['generated_text'])
}

function failed(reading: Reading, json: Json): boolean {
  const bad = json['error'] !== undefined && json['error'] !== null
  if (bad) fail(reading, errorMessage(json))
  return bad
}

/** The last event has the whole text, and says why it ended where details were asked for. */
function noteEnd(reading: Reading, json: Json): void {
  const details = member(json, 'details')
  const reason = details['finish_reason']
  if (typeof reason === 'string') reading.finishReason = reason
  if (typeof json['generated_text'] === 'string') reading.done = true
  const outputTokens = tokensIn(details, 'generated_tokens')
  if (outputTokens !== null) reading.usage = { inputTokens: tokensIn(details, 'input_length'), outputTokens, cachedTokens: null }
}

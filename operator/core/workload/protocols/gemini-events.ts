// SPDX-License-Identifier: Apache-2.0
/** Reads the events and bodies of Google's generateContent, as Vertex AI and the Gemini API speak it. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, isObject, member, objects, protocolReader, say, sum, tokensIn, type Json, type Reading } from './protocol-reader.ts'

export function geminiReader(): AnswerReader {
  return protocolReader({ event })
}

/** A whole answer has the form of one event. */
function event(reading: Reading, json: Json): boolean {
  if (json['error'] !== undefined) return fail(reading, errorMessage(json))
  reading.ids.add(json['responseId'])
  const blocked = member(json, 'promptFeedback')['blockReason']
  if (typeof blocked === 'string') return fail(reading, `the prompt was blocked: ${blocked}`)
  noteUsage(reading, member(json, 'usageMetadata'))
  return objects(json['candidates']).map((candidate) => readCandidate(reading, candidate)).includes(true)
}

function readCandidate(reading: Reading, candidate: Json): boolean {
  const reason = candidate['finishReason']
  if (typeof reason === 'string') reading.finishReason = reason
  return objects(member(candidate, 'content')['parts']).map((part) => say(reading, part['text']) || isObject(part['functionCall'])).includes(true)
}

/** Thoughts are generated and paid for as answers are, whether they are shown or not. */
function noteUsage(reading: Reading, usage: Json): void {
  const inputTokens = tokensIn(usage, 'promptTokenCount')
  const outputTokens = sum(tokensIn(usage, 'candidatesTokenCount'), tokensIn(usage, 'thoughtsTokenCount'))
  if (inputTokens === null && outputTokens === null) return
  reading.usage = { inputTokens, outputTokens: outputTokens ?? reading.usage?.outputTokens ?? null, cachedTokens: tokensIn(usage, 'cachedContentTokenCount') }
}

// SPDX-License-Identifier: Apache-2.0
/** Reads the body of Vertex AI's predict, which streams nothing and counts no tokens. */
import { errorMessage, type AnswerReader } from '../openai-events.ts'
import { fail, isObject, protocolReader, say, type Json, type Reading } from './protocol-reader.ts'

/** Where models put the text of a prediction that is not a text itself. */
const MEMBERS = ['content', 'generated_text', 'output', 'text'] as const

export function predictReader(): AnswerReader {
  return protocolReader({ event: body })
}

function body(reading: Reading, json: Json): boolean {
  if (json['error'] !== undefined) return fail(reading, errorMessage(json))
  const { predictions } = json
  if (!Array.isArray(predictions)) return fail(reading, `expected predictions, found ${Object.keys(json).join(', ').slice(0, 200) || 'nothing'}`, 'protocol')
  return predictions.map((prediction: unknown) => (isObject(prediction) ? MEMBERS.some((name) => say(reading, prediction[name])) : say(reading, prediction))).includes(true)
}

// SPDX-License-Identifier: Apache-2.0
/** What the readers of all protocols share: JSON objects in, one answer out. It knows no protocol, no time and no transport. */
import type { Answer, AnswerReader, Usage } from '../openai-events.ts'
import { responseIds, type ResponseIds } from '../response-ids.ts'

/** What is known of an answer so far; a protocol writes into it. */
export interface Reading {
  usage: Usage | undefined
  finishReason: string | undefined
  /** The protocol's own last event was seen. */
  done: boolean
  problem: Answer['problem']
  /** What was said, in pieces. */
  readonly pieces: string[]
  /** Tokens of each event that carried content; undefined where the protocol does not say so. */
  eventTokens: number[] | undefined
  /** Identifiers of the answer, where the protocol gives it one. */
  readonly ids: ResponseIds
}

export type Json = Readonly<Record<string, unknown>>

export interface ProtocolSteps {
  /** Reads one event; true when it carried content, reasoning or a tool call. */
  readonly event: (reading: Reading, json: Json, type: string) => boolean
  /** Reads a whole answer; as one event when not given. */
  readonly body?: (reading: Reading, json: Json) => boolean
  /** Text that ends a stream and is no JSON. */
  readonly sentinel?: string
}

export function protocolReader(steps: ProtocolSteps): AnswerReader {
  const reading: Reading = { usage: undefined, finishReason: undefined, done: false, problem: undefined, pieces: [], eventTokens: undefined, ids: responseIds() }
  const whole = steps.body ?? ((into: Reading, json: Json) => steps.event(into, json, ''))
  return {
    event(data, type) {
      if (data === steps.sentinel) {
        reading.done = true
        return false
      }
      const json = parse(reading, data)
      return json !== undefined && steps.event(reading, json, type)
    },
    template: () => undefined,
    say: (text) => reading.pieces.push(text),
    body(text) {
      const json = parse(reading, text)
      return json !== undefined && whole(reading, json)
    },
    answer: () => ({
      usage: reading.usage, finishReason: reading.finishReason, done: reading.done, problem: reading.problem,
      eventTokens: reading.eventTokens === undefined || reading.eventTokens.length === 0 ? undefined : reading.eventTokens,
      text: reading.pieces.join(''), responseIds: reading.ids.seen(),
    }),
  }
}

/** Notes a text; true when it is not empty. */
export function say(reading: Reading, text: unknown): boolean {
  if (typeof text !== 'string' || text === '') return false
  reading.pieces.push(text)
  return true
}

/** The first problem is the one to report: others follow from it. */
export function fail(reading: Pick<Reading, 'problem'>, message: string, kind: 'stream' | 'protocol' = 'stream'): false {
  reading.problem ??= { class: kind, message }
  return false
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that is an object, or an empty one: what is not there says nothing. */
export function member(json: Json, name: string): Json {
  const value = json[name]
  return isObject(value) ? value : {}
}

export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A count of tokens, or null where none is said. */
export function tokensIn(json: Json, name: string): number | null {
  const value = json[name]
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null
}

/** The sum of what is known; null when nothing is. */
export function sum(...counts: readonly (number | null)[]): number | null {
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0)
}

/** A list of one answer stands for it, as the Hugging Face task answers. */
function parse(reading: Reading, text: string): Json | undefined {
  const value = parseJson(text)
  const json: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value
  if (isObject(json)) return json
  fail(reading, `expected a JSON object, found ${text.slice(0, 200)}`, 'protocol')
  return undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

// SPDX-License-Identifier: Apache-2.0
/** What SageMaker wraps around a container's own stream: payload parts are joined and read as events or lines, exceptions are failures. */
import { answerReader, errorMessage, type AnswerReader } from '../openai-events.ts'
import { sseParser, type Decode, type OnEvent, type SseParser } from '../sse.ts'
import { eventStreamParser, type EventMessage } from './aws-event-stream.ts'
import { lineParser } from './lines.ts'
import { isObject, protocolReader, say, type Json, type Reading } from './protocol-reader.ts'
import { tgiReader } from './tgi-events.ts'

const decoder = new TextDecoder('utf-8')
const OPENING_BRACE = 123
/** White space that may come before the first event. */
const BLANKS = new Set([9, 10, 13, 32])
/** Type by which the framing hands its failures to the reader. */
const FAILURE = 'sagemaker-failure'

/** Containers answer as OpenAI, as the text-generation task, or with bare outputs; the first event shows which. */
export function sagemakerReader(): AnswerReader {
  let inner: AnswerReader | undefined
  const outputs = protocolReader({ event: readOutputs })
  const failures = answerReader(true)
  const readerFor = (text: string): AnswerReader => (inner ??= choose(text, outputs))
  return {
    event: (data, type) => (type === FAILURE ? failures.event(data, 'error') : readerFor(data).event(data, type)),
    template: () => inner?.template(),
    say: (text) => inner?.say(text),
    body: (text) => readerFor(text).body(text),
    answer: () => {
      const answer = (inner ?? failures).answer()
      return { ...answer, problem: failures.answer().problem ?? answer.problem }
    },
  }
}

function choose(text: string, outputs: AnswerReader): AnswerReader {
  if (text === '[DONE]') return answerReader(true)
  const json = parse(text)
  if (isObject(json) && 'outputs' in json) return outputs
  return isObject(json) && ('choices' in json || 'object' in json) ? answerReader(true) : tgiReader()
}

/** Bare outputs say neither why nor that they ended: that the stream ended well is all there is. */
function readOutputs(reading: Reading, json: Json): boolean {
  const { outputs } = json
  reading.done = true
  return (Array.isArray(outputs) ? outputs : [outputs]).map((text) => say(reading, text)).includes(true)
}

export function sagemakerStream(onEvent: OnEvent, decode?: Decode): SseParser {
  let parts: SseParser | undefined
  const fail = (message: string) => onEvent(JSON.stringify({ error: { message } }), FAILURE)
  const frames = eventStreamParser({
    onMessage(message) {
      const failure = failureOf(message)
      if (failure !== undefined) return fail(failure)
      if (message.headers[':event-type'] !== 'PayloadPart') return
      parts ??= innerParser(message.payload, onEvent, decode)
      parts?.push(message.payload)
    },
    onProblem: fail,
  })
  return {
    push: frames.push,
    // Known reads are recognised by whole events on the wire, which these never are.
    clean: () => false,
    end() {
      frames.end()
      parts?.end()
    },
  }
}

/** A container's stream is one of events, or of lines of JSON. A part of blanks alone decides nothing and says nothing. */
function innerParser(first: Uint8Array, onEvent: OnEvent, decode?: Decode): SseParser | undefined {
  const start = first.find((byte) => !BLANKS.has(byte))
  if (start === undefined) return undefined
  return start === OPENING_BRACE ? lineParser(onEvent, decode) : sseParser(onEvent, decode)
}

/** Exceptions of the model and errors of the service, in words. */
function failureOf({ headers, payload }: EventMessage): string | undefined {
  const type = headers[':message-type']
  if (type === 'error') return [headers[':error-code'], headers[':error-message']].filter(Boolean).join(': ')
  if (type !== 'exception') return undefined
  const text = decoder.decode(payload)
  const json = parse(text)
  const said = isObject(json) ? (json['Message'] ?? json['message']) : undefined
  return `${headers[':exception-type'] ?? 'exception'}: ${typeof said === 'string' ? said : errorMessage(json ?? text)}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

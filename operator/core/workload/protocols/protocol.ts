// SPDX-License-Identifier: Apache-2.0
/** How the answers of one protocol are read: which stream is parsed how, and what its events say. It sends nothing. */
import { answerReader, type AnswerReader } from '../openai-events.ts'
import { sseParser, type Decode, type OnEvent, type SseParser } from '../sse.ts'
import { anthropicReader } from './anthropic-events.ts'
import { geminiReader } from './gemini-events.ts'
import { lineParser } from './lines.ts'
import { ollamaReader } from './ollama-events.ts'
import { predictReader } from './predict-body.ts'
import { responsesReader } from './responses-events.ts'
import { sagemakerReader, sagemakerStream } from './sagemaker-stream.ts'
import { tgiReader } from './tgi-events.ts'

export interface Protocol {
  readonly reader: () => AnswerReader
  /** Beginning of the content type of a stream; an answer of another type is read as one body. */
  readonly streamType: string
  readonly stream: (onEvent: OnEvent, decode?: Decode) => SseParser
}

const sse = { streamType: 'text/event-stream', stream: sseParser } as const

export const PROTOCOLS = {
  openai: { ...sse, reader: () => answerReader(true) },
  responses: { ...sse, reader: responsesReader },
  anthropic: { ...sse, reader: anthropicReader },
  tgi: { ...sse, reader: tgiReader },
  gemini: { ...sse, reader: geminiReader },
  predict: { ...sse, reader: predictReader },
  ollama: { streamType: 'application/x-ndjson', stream: lineParser, reader: ollamaReader },
  sagemaker: { streamType: 'application/vnd.amazon.eventstream', stream: sagemakerStream, reader: sagemakerReader },
} as const satisfies Record<string, Protocol>

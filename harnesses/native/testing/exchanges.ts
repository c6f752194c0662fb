// SPDX-License-Identifier: Apache-2.0
/** Answers of every protocol, written down by us after its documentation: as a stream, as one body, and what they say. */
import type { PROTOCOLS } from '../../../operator/core/workload/protocols/protocol.ts'
import { payloadPart } from './aws-message.ts'
import { chatChunk, event, textChunk, usageChunk } from './scripted-server.ts'

interface Said {
  readonly text: string
  readonly usage: { readonly inputTokens: number | null; readonly outputTokens: number | null; readonly cachedTokens: number | null } | undefined
  readonly finishReason: string | undefined
}

export interface RecordedExchange {
  readonly protocol: keyof typeof PROTOCOLS
  /** Bytes of a streamed answer; none where the protocol has no streams. */
  readonly stream?: Uint8Array
  /** Events of the stream that carry content. */
  readonly events?: number
  readonly streamed?: Said
  /** Tokens of these events, where they are said. */
  readonly eventTokens?: readonly number[]
  readonly body: string
  readonly whole: Said
}

const TEXT = 'Hé, wörld 🌍'
const PIECES = ['Hé', ', wör', 'ld 🌍']
const usage = (inputTokens: number | null, outputTokens: number | null, cachedTokens: number | null = null) => ({ inputTokens, outputTokens, cachedTokens })
const bytes = (...parts: readonly string[]) => Buffer.from(parts.join(''))
const typed = (value: { readonly type: string; readonly [name: string]: unknown }) => `event: ${value.type}\n${event(value)}`

const anthropicUsage = { input_tokens: 9, cache_creation_input_tokens: 2, cache_read_input_tokens: 4, output_tokens: 1 }
const tgiToken = (text: string, more: object = {}) => ({ index: 1, token: { id: 5, text, logprob: -0.1, special: false }, generated_text: null, details: null, ...more })
const tgiEnd = { ...tgiToken('</s>', { generated_text: TEXT, details: { finish_reason: 'eos_token', generated_tokens: 4, seed: null } }), token: { id: 2, text: '</s>', logprob: 0, special: true } }
const ollamaEnd = { model: 'm', done: true, done_reason: 'length', total_duration: 9, prompt_eval_count: 9, eval_count: 3, eval_duration: 5 }
const geminiPart = (text: string, more: object = {}) => ({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }], modelVersion: 'm' })
const geminiUsage = { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 5, cachedContentTokenCount: 4, totalTokenCount: 17 } }
const responseEnd = { id: 'r', object: 'response', status: 'completed', error: null, incomplete_details: null, usage: { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3 } }
const responseOutput = { output: [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: TEXT }] }] }

export const EXCHANGES = {
  'openai completions': {
    protocol: 'openai', events: 3, stream: bytes(...PIECES.map((text) => event(textChunk(text))), event(usageChunk(9, 3)), event('[DONE]')),
    streamed: { text: TEXT, usage: usage(9, 3), finishReason: undefined },
    body: JSON.stringify({ choices: [{ text: TEXT, finish_reason: 'stop' }], usage: { prompt_tokens: 9, completion_tokens: 3 } }), whole: { text: TEXT, usage: usage(9, 3), finishReason: 'stop' },
  },
  'openai chat': {
    protocol: 'openai', events: 3, stream: bytes(event(chatChunk({ role: 'assistant', content: '' })), ...PIECES.map((content) => event(chatChunk({ content }))), event(chatChunk({}, 'stop')), event('[DONE]')),
    streamed: { text: TEXT, usage: undefined, finishReason: 'stop' },
    body: JSON.stringify({ choices: [{ message: { role: 'assistant', content: TEXT }, finish_reason: 'stop' }] }), whole: { text: TEXT, usage: undefined, finishReason: 'stop' },
  },
  'openai responses': {
    protocol: 'responses', events: 4,
    stream: bytes(
      typed({ type: 'response.created', response: { id: 'r', status: 'in_progress' } }),
      typed({ type: 'response.reasoning_summary_text.delta', delta: 'hm ' }),
      ...PIECES.map((delta) => typed({ type: 'response.output_text.delta', item_id: 'i', output_index: 0, delta })),
      typed({ type: 'response.output_text.done', text: TEXT }), typed({ type: 'response.completed', response: { ...responseEnd, ...responseOutput } }),
    ),
    streamed: { text: `hm ${TEXT}`, usage: usage(9, 3, 4), finishReason: 'completed' },
    body: JSON.stringify({ ...responseEnd, ...responseOutput, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
    whole: { text: TEXT, usage: usage(9, 3, 4), finishReason: 'max_output_tokens' },
  },
  anthropic: {
    protocol: 'anthropic', events: 4,
    stream: bytes(
      typed({ type: 'message_start', message: { id: 'm', role: 'assistant', content: [], usage: anthropicUsage } }), typed({ type: 'ping' }),
      typed({ type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } }),
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm ' } }),
      typed({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2ln' } }),
      typed({ type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } }),
      ...PIECES.map((text) => typed({ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text } })),
      typed({ type: 'content_block_stop', index: 1 }), typed({ type: 'message_delta', delta: { stop_reason: 'max_tokens' }, usage: { output_tokens: 7 } }), typed({ type: 'message_stop' }),
    ),
    streamed: { text: `hm ${TEXT}`, usage: usage(15, 7, 4), finishReason: 'max_tokens' },
    body: JSON.stringify({ type: 'message', role: 'assistant', content: [{ type: 'text', text: TEXT }], stop_reason: 'end_turn', usage: { input_tokens: 9, output_tokens: 3 } }),
    whole: { text: TEXT, usage: usage(9, 3), finishReason: 'end_turn' },
  },
  tgi: {
    protocol: 'tgi', events: 3, eventTokens: [1, 2, 1],
    stream: bytes(...[PIECES[0], '', PIECES[1], PIECES[2]].map((text) => event(tgiToken(text ?? ''))), event(tgiEnd)),
    streamed: { text: TEXT, usage: usage(null, 4), finishReason: 'eos_token' },
    body: JSON.stringify({ generated_text: TEXT, details: { finish_reason: 'length', generated_tokens: 3, prefill: [], tokens: [] } }), whole: { text: TEXT, usage: usage(null, 3), finishReason: 'length' },
  },
  'hugging face task': {
    protocol: 'tgi', events: 3, eventTokens: [1, 1, 1], stream: bytes(...PIECES.map((text, i) => event(tgiToken(text, i === 2 ? { generated_text: TEXT } : {})))),
    streamed: { text: TEXT, usage: undefined, finishReason: undefined },
    body: JSON.stringify([{ generated_text: TEXT }]), whole: { text: TEXT, usage: undefined, finishReason: undefined },
  },
  'ollama generate': {
    protocol: 'ollama', events: 3, stream: bytes(...PIECES.map((response) => `${JSON.stringify({ model: 'm', response, done: false })}\n`), `${JSON.stringify({ ...ollamaEnd, response: '' })}\n`),
    streamed: { text: TEXT, usage: usage(9, 3), finishReason: 'length' },
    body: JSON.stringify({ ...ollamaEnd, response: TEXT }), whole: { text: TEXT, usage: usage(9, 3), finishReason: 'length' },
  },
  'ollama chat': {
    protocol: 'ollama', events: 3,
    stream: bytes(...PIECES.map((content) => `${JSON.stringify({ model: 'm', message: { role: 'assistant', content }, done: false })}\r\n`), JSON.stringify({ ...ollamaEnd, prompt_eval_count: undefined, message: { role: 'assistant', content: '' } })),
    streamed: { text: TEXT, usage: usage(null, 3), finishReason: 'length' },
    body: JSON.stringify({ ...ollamaEnd, message: { role: 'assistant', content: TEXT } }), whole: { text: TEXT, usage: usage(9, 3), finishReason: 'length' },
  },
  vertex: {
    protocol: 'gemini', events: 3,
    stream: bytes(...[geminiPart(PIECES[0] ?? ''), geminiPart(PIECES[1] ?? ''), { ...geminiPart(PIECES[2] ?? '', { finishReason: 'STOP' }), ...geminiUsage }].map((value) => event(value, '\r\n'))),
    streamed: { text: TEXT, usage: usage(9, 8, 4), finishReason: 'STOP' },
    body: JSON.stringify({ ...geminiPart(TEXT, { finishReason: 'MAX_TOKENS' }), ...geminiUsage }, undefined, 2), whole: { text: TEXT, usage: usage(9, 8, 4), finishReason: 'MAX_TOKENS' },
  },
  'vertex predict': { protocol: 'predict', body: JSON.stringify({ predictions: [TEXT], deployedModelId: '7' }), whole: { text: TEXT, usage: undefined, finishReason: undefined } },
  'sagemaker events': {
    protocol: 'sagemaker', events: 3, eventTokens: [1, 1, 1],
    stream: inParts(bytes(...PIECES.map((text) => event(tgiToken(text))), event(tgiEnd))),
    streamed: { text: TEXT, usage: usage(null, 4), finishReason: 'eos_token' },
    body: JSON.stringify([{ generated_text: TEXT }]), whole: { text: TEXT, usage: undefined, finishReason: undefined },
  },
  'sagemaker lines': {
    protocol: 'sagemaker', events: 3, eventTokens: [1, 1, 1],
    stream: inParts(bytes(...PIECES.map((text, i) => `${JSON.stringify({ token: { id: 1, text, log_prob: -1 }, ...(i === 2 && { generated_text: TEXT, details: { finish_reason: 'length', generated_tokens: 3 } }) })}\n`))),
    streamed: { text: TEXT, usage: usage(null, 3), finishReason: 'length' },
    body: JSON.stringify({ generated_text: TEXT }), whole: { text: TEXT, usage: undefined, finishReason: undefined },
  },
  'sagemaker outputs': {
    protocol: 'sagemaker', events: 3, stream: inParts(bytes(...PIECES.map((text) => `${JSON.stringify({ outputs: [text] })}\n`))),
    streamed: { text: TEXT, usage: undefined, finishReason: undefined },
    body: JSON.stringify({ outputs: [TEXT] }), whole: { text: TEXT, usage: undefined, finishReason: undefined },
  },
  'sagemaker chat': {
    protocol: 'sagemaker', events: 3, stream: inParts(bytes(...PIECES.map((content) => event(chatChunk({ content }))), event(chatChunk({}, 'length')), event(usageChunk(9, 3)), event('[DONE]'))),
    streamed: { text: TEXT, usage: usage(9, 3), finishReason: 'length' },
    body: JSON.stringify({ choices: [{ message: { content: TEXT }, finish_reason: 'stop' }], usage: { prompt_tokens: 9, completion_tokens: 3 } }), whole: { text: TEXT, usage: usage(9, 3), finishReason: 'stop' },
  },
} as const satisfies Record<string, RecordedExchange>

/** A container's bytes in parts of eleven, so that no part is an event. */
function inParts(whole: Buffer): Buffer {
  return Buffer.concat(Array.from({ length: Math.ceil(whole.length / 11) }, (_, i) => payloadPart(whole.subarray(i * 11, i * 11 + 11))))
}

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EXCHANGES, type RecordedExchange } from '../../../../harnesses/native/testing/exchanges.ts'
import { awsMessage, payloadPart } from '../../../../harnesses/native/testing/aws-message.ts'
import { PROTOCOLS, type Protocol } from './protocol.ts'

const CASES = Object.entries<RecordedExchange>(EXCHANGES)
const STREAMS = CASES.flatMap(([name, exchange]) => (exchange.stream === undefined ? [] : [[name, exchange, exchange.stream] as const]))
const utf8 = (text: string) => new TextEncoder().encode(text)

function readStream(name: keyof typeof PROTOCOLS, pieces: readonly Uint8Array[]) {
  const protocol: Protocol = PROTOCOLS[name]
  const reader = protocol.reader()
  let events = 0
  const parser = protocol.stream((data, type) => { if (reader.event(data, type)) events++ })
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return { events, ...reader.answer() }
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % bytes.length).toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end))
}

describe('streams', () => {
  it.each(STREAMS)('of %s say text, usage and end', (_, { protocol, events, streamed, eventTokens }, stream) => {
    const read = readStream(protocol, [stream])
    expect(read).toMatchObject({ events, text: streamed?.text, problem: undefined })
    expect([read.usage, read.finishReason]).toEqual([streamed?.usage, streamed?.finishReason])
    expect(read.done || read.finishReason !== undefined).toBe(true)
    if (eventTokens !== undefined) expect(read.eventTokens).toEqual(eventTokens)
  })

  it.each(STREAMS)('of %s say the same wherever they are cut', (_, { protocol }, stream) => {
    const whole = readStream(protocol, [stream])
    expect(readStream(protocol, [...stream].map((byte) => Uint8Array.of(byte)))).toEqual(whole)
    fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => {
      expect(readStream(protocol, cutAt(stream, cuts))).toEqual(whole)
    }), { numRuns: 50 })
  })

  it.each(STREAMS)('of %s with CRLF say the same', (_, { protocol }, stream) => {
    if (protocol === 'sagemaker') return
    const crlf = utf8(new TextDecoder().decode(stream).replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'))
    expect(readStream(protocol, [crlf])).toEqual(readStream(protocol, [stream]))
  })

  it.each(STREAMS)('of %s that break off are known not to have ended, or break', (name, { protocol }, stream) => {
    const { done, finishReason, problem } = readStream(protocol, [stream.subarray(0, Math.floor(stream.length / 2) + 1)])
    // bare outputs never say that they end; the framing around them does
    if (name === 'sagemaker outputs') expect(problem?.message).toMatch(/^the event stream ended within a message: \d+ of \d+ bytes came$/)
    else expect((done || finishReason !== undefined) && problem === undefined).toBe(false)
  })
})

describe('bodies', () => {
  it.each(CASES)('of %s say text, usage and end', (_, { protocol, body, whole }) => {
    const reader = PROTOCOLS[protocol].reader()
    expect(reader.body(body)).toBe(true)
    expect(reader.answer()).toMatchObject({ text: whole.text, problem: undefined })
    expect([reader.answer().usage, reader.answer().finishReason]).toEqual([whole.usage, whole.finishReason])
  })
})

describe('what goes wrong within an answer', () => {
  it.each<[keyof typeof PROTOCOLS, string, string]>([
    ['anthropic', 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n', 'Overloaded'],
    ['tgi', 'data:{"error":"Request failed during generation: out of memory","error_type":"generation"}\n\n', 'Request failed during generation: out of memory'],
    ['ollama', '{"error":"model runner has unexpectedly stopped"}\n', 'model runner has unexpectedly stopped'],
    ['gemini', 'data: {"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}\r\n\r\n', 'The model is overloaded.'],
    ['gemini', 'data: {"promptFeedback":{"blockReason":"SAFETY"}}\r\n\r\n', 'the prompt was blocked: SAFETY'],
    ['responses', 'data: {"type":"error","code":"server_error","message":"it broke"}\n\n', 'it broke'],
    ['responses', 'data: {"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"it broke"}}}\n\n', 'it broke'],
  ])('%s: %s', (protocol, stream, message) => {
    expect(readStream(protocol, [utf8(stream)]).problem).toEqual({ class: 'stream', message })
  })

  it.each<[string, Uint8Array, string]>([
    ['an exception of the model', awsMessage({ ':message-type': 'exception', ':exception-type': 'ModelStreamError' }, '{"Message":"worker died","ErrorCode":"ModelInvocationTimeExceeded"}'), 'ModelStreamError: worker died'],
    ['an error of the service', awsMessage({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'try again' }, ''), 'InternalError: try again'],
    ['an error of the container', payloadPart('data:{"error":"too long","error_type":"validation"}\n\n'), 'too long'],
  ])('sagemaker: %s', (_, stream, message) => {
    const before = payloadPart(`data:${JSON.stringify({ token: { text: 'a', special: false }, generated_text: null })}\n\n`)
    expect(readStream('sagemaker', [before, stream])).toMatchObject({ text: 'a', problem: { class: 'stream', message } })
  })

  it.each(Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[])('%s: what is no JSON', (protocol) => {
    const reader = PROTOCOLS[protocol].reader()
    reader.body('<html>')
    expect(reader.answer().problem).toEqual({ class: 'protocol', message: 'expected a JSON object, found <html>' })
  })

  it('predict: an answer without predictions', () => {
    const reader = PROTOCOLS.predict.reader()
    reader.body('{"prediction":1}')
    expect(reader.answer().problem).toEqual({ class: 'protocol', message: 'expected predictions, found prediction' })
  })
})

describe('what is said beside text', () => {
  it.each<[keyof typeof PROTOCOLS, object]>([
    ['anthropic', { type: 'content_block_start', content_block: { type: 'tool_use', name: 'look', input: {} } }],
    ['anthropic', { type: 'content_block_delta', delta: { type: 'input_json_delta', partial_json: '{"a"' } }],
    ['ollama', { message: { role: 'assistant', content: '', tool_calls: [{ function: { name: 'look' } }] }, done: false }],
    ['ollama', { message: { role: 'assistant', content: '', thinking: 'hm' }, done: false }],
    ['gemini', { candidates: [{ content: { parts: [{ functionCall: { name: 'look' } }] } }] }],
    ['responses', { type: 'response.function_call_arguments.delta', delta: '{' }],
  ])('%s: %o is content', (protocol, json) => {
    expect(PROTOCOLS[protocol].reader().event(JSON.stringify(json), '')).toBe(true)
  })

  it.each<[keyof typeof PROTOCOLS, object]>([
    ['anthropic', { type: 'content_block_delta', delta: { type: 'signature_delta', signature: 'x' } }],
    ['anthropic', { type: 'ping' }],
    ['anthropic', { type: 'something_new', text: 'x' }],
    ['tgi', { token: { text: '</s>', special: true } }],
    ['ollama', { message: { role: 'assistant', content: '' }, done: false }],
    ['gemini', { candidates: [{ content: { parts: [{ text: '' }] } }] }],
    ['responses', { type: 'response.output_text.done', text: 'all of it again' }],
  ])('%s: %o is none', (protocol, json) => {
    expect(PROTOCOLS[protocol].reader().event(JSON.stringify(json), '')).toBe(false)
  })
})

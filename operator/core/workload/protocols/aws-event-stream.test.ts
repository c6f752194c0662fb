// SPDX-License-Identifier: Apache-2.0
import { crc32 as zlibCrc32 } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { awsMessage } from '../../../../harnesses/native/testing/aws-message.ts'
import { eventStreamParser } from './aws-event-stream.ts'
import { crc32 } from './crc32.ts'

function parse(pieces: readonly Uint8Array[]) {
  const messages: { headers: Readonly<Record<string, string>>; text: string }[] = []
  const problems: string[] = []
  const parser = eventStreamParser({
    onMessage: ({ headers, payload }) => messages.push({ headers, text: new TextDecoder().decode(payload) }), onProblem: (message) => problems.push(message),
  })
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return { messages, problems }
}
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('crc32', () => {
  it('has the published check value, and equals that of zlib', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
    fc.assert(fc.property(fc.uint8Array(), (bytes) => { expect(crc32(bytes)).toBe(zlibCrc32(bytes)) }))
  })
})

describe('eventStreamParser', () => {
  // the encodings that AWS publishes with its own implementations
  it.each([
    ['an empty message', '00000010 00000000 05c248eb 7d98c8ff', { headers: {}, text: '' }],
    ['a payload without headers', '0000001d 00000000 fd528c5a 7b27666f6f273a27626172277d c3653936', { headers: {}, text: '{\'foo\':\'bar\'}' }],
  ])('reads %s', (_, bytes, message) => {
    expect(parse([hex(bytes)])).toEqual({ messages: [message], problems: [] })
  })

  it('reads messages wherever they are cut', () => {
    const message = fc.record({ headers: fc.dictionary(fc.stringMatching(/^[:a-z-]{1,20}$/), fc.string({ unit: 'grapheme', maxLength: 20 }), { maxKeys: 3 }), text: fc.string({ unit: 'grapheme' }) })
    fc.assert(fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat(), { maxLength: 8 }), (messages, cuts) => {
      const stream = Buffer.concat(messages.map(({ headers, text }) => awsMessage(headers, text)))
      const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)).toSorted((a, b) => a - b), stream.length]
      const read = parse(places.slice(1).map((end, i) => stream.subarray(places[i], end)))
      expect(read.problems).toEqual([])
      expect(read.messages.map(({ headers, text }) => ({ headers: { ...headers }, text }))).toEqual(messages.map(({ headers, text }) => ({ headers: { ...headers }, text })))
    }))
  })

  it('passes over headers that are no text', () => {
    // true, byte, short, int, long, bytes, time, uuid, then a text
    const value = Buffer.concat([
      Buffer.from([1, 97, 0]), Buffer.from([1, 98, 2, 7]), Buffer.from([1, 99, 3, 0, 7]), Buffer.from([1, 100, 4, 0, 0, 0, 7]), Buffer.concat([Buffer.from([1, 101, 5]), Buffer.alloc(8)]),
      Buffer.from([1, 102, 6, 0, 2, 1, 2]), Buffer.concat([Buffer.from([1, 103, 8]), Buffer.alloc(8)]), Buffer.concat([Buffer.from([1, 104, 9]), Buffer.alloc(16)]), Buffer.from([1, 105, 7, 0, 1, 120]),
    ])
    expect(parse([withHeaders(value)])).toEqual({ messages: [{ headers: { i: 'x' }, text: '' }], problems: [] })
  })

  it('finds any byte that was changed, and reads nothing after it', () => {
    const good = awsMessage({ ':event-type': 'PayloadPart' }, 'payload')
    fc.assert(fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bad = Buffer.from(good)
      bad[at] = (bad[at] ?? 0) ^ change
      const { messages, problems } = parse([bad, good])
      expect(messages).toEqual([])
      expect(problems).toHaveLength(1)
    }))
  })

  it.each([
    ['ends within a message', [awsMessage({}, 'abc').subarray(0, 15)], 'the event stream ended within a message: 15 of 19 bytes came'],
    ['ends within a prelude', [awsMessage({}, 'abc').subarray(0, 5)], 'the event stream ended within a message: 5 of 12 bytes came'],
    ['has headers that go too far', [withHeaders(Buffer.from([1, 97, 7, 0, 9, 120]))], 'a message of the event stream has headers that cannot be read'],
  ])('says so when a stream %s', (_, pieces, problem) => {
    expect(parse(pieces).problems).toEqual([problem])
  })
})

function withHeaders(headers: Buffer): Buffer {
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(16 + headers.length, 0)
  prelude.writeUInt32BE(headers.length, 4)
  const sum = (bytes: Buffer) => {
    const out = Buffer.alloc(4)
    out.writeUInt32BE(zlibCrc32(bytes))
    return out
  }
  const checked = Buffer.concat([prelude, sum(prelude), headers])
  return Buffer.concat([checked, sum(checked)])
}

// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sseParser } from './sse.ts'

type Event = readonly [data: string, type: string]

function parse(pieces: readonly Uint8Array[]): Event[] {
  const events: Event[] = []
  const parser = sseParser((data, type) => events.push([data, type]))
  for (const piece of pieces) parser.push(piece)
  parser.end()
  return events
}
const bytes = (text: string) => new TextEncoder().encode(text)
const data = (text: string) => parse([bytes(text)]).map(([d]) => d)

describe('sseParser', () => {
  it.each([
    ['LF', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['CR alone', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['terminators mixed', 'data: a\r\n\ndata: b\n\r\ndata: c\r\n\r', ['a', 'b', 'c']],
    ['comments', ': ping\n\ndata: a\n: in between\n\n:\n\n', ['a']],
    ['several data lines', 'data: a\ndata:b\ndata\ndata: \n\n', ['a\nb\n\n']],
    ['one space only is dropped', 'data:  a\n\n', [' a']],
    ['ids and retry times', 'id: 7\nretry: 10\ndata: a\n\n', ['a']],
    ['fields that only begin like data', 'dat: x\ndatax: y\ndata: a\n\n', ['a']],
    ['a byte order mark', '\uFEFFdata: a\n\n', ['a']],
    ['a last event without its blank line', 'data: a\n\ndata: [DONE]', ['a', '[DONE]']],
    ['nothing', '', []],
    ['blank lines only', '\n\n\r\n\r\r\n', []],
  ])('reads %s', (_, text, expected) => {
    expect(data(text)).toEqual(expected)
  })

  it('names the event type, for one event only', () => {
    expect(parse([bytes('event: error\ndata: x\n\ndata: y\n\n')])).toEqual([['x', 'error'], ['y', '']])
  })

  it('hands an event out as soon as its blank line is there', () => {
    const seen: string[] = []
    const parser = sseParser((d) => seen.push(d))
    parser.push(bytes('data: a\n'))
    expect(seen).toEqual([])
    parser.push(bytes('\n'))
    expect(seen).toEqual(['a'])
    parser.push(bytes('data: b\r\n\r'))
    expect(seen).toEqual(['a', 'b'])
    parser.push(bytes('\ndata: c\n\n'))
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('knows whether it is between two events', () => {
    const parser = sseParser(() => undefined)
    const cleanAfter = (text: string) => {
      parser.push(bytes(text))
      return parser.clean()
    }
    expect(parser.clean()).toBe(false)
    expect(['data: a', '\n', '\n', 'event: x\n', 'data: b\n\n', ': c\n', 'da', 'ta: d\n\n'].map(cleanAfter)).toEqual([false, false, true, false, true, true, false, true])
  })

  it('does not keep a reference into the chunk', () => {
    const seen: string[] = []
    const parser = sseParser((d) => seen.push(d))
    const chunk = bytes('data: abc')
    parser.push(chunk)
    chunk.fill(120)
    parser.push(bytes('\n\n'))
    expect(seen).toEqual(['abc'])
  })

  it('gives the same events wherever a stream is cut in two', () => {
    const whole = bytes('\uFEFFevent: x\r\ndata: {"t":"grüße 😀"}\r\n\r\n: c\rdata: 2\r\rdata: 3\n\ndata: a\ndata: b\n\ndata: [DONE]\n\n')
    const expected = parse([whole])
    expect(expected.map(([d]) => d)).toEqual(['{"t":"grüße 😀"}', '2', '3', 'a\nb', '[DONE]'])
    for (let cut = 0; cut <= whole.length; cut++) expect(parse([whole.subarray(0, cut), whole.subarray(cut)])).toEqual(expected)
    expect(parse(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected)
  })

  const payload = fc.string({ unit: 'binary', maxLength: 20 }).map((s) => s.replaceAll(/[\r\n]/g, ' '))
  const terminator = fc.constantFrom('\n', '\r\n', '\r')
  const event = fc.record({ lines: fc.array(payload, { minLength: 1, maxLength: 3 }), eol: terminator, comment: fc.boolean() })
  it('recovers every payload from any cutting and any mix of terminators', () => {
    fc.assert(fc.property(fc.array(event, { maxLength: 8 }), fc.array(fc.nat(400), { maxLength: 12 }), (events, cuts) => {
      const text = events.map(({ lines, eol, comment }) => (comment ? `:c${eol}` : '') + lines.map((l) => `data: ${l}${eol}`).join('') + eol).join('')
      const whole = bytes(text)
      const places = [0, ...cuts.filter((c) => c < whole.length).toSorted((a, b) => a - b), whole.length]
      const pieces = places.slice(1).map((end, i) => whole.subarray(places[i], end))
      const expected = events.map(({ lines }) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes(lines.join('\n'))))
      expect(parse(pieces).map(([d]) => d)).toEqual(expected)
    }), { numRuns: 500 })
  })

  it('looks at each byte once: a long line in tiny pieces is joined once', () => {
    const piece = bytes('x'.repeat(16))
    let decoded = 0
    const parser = sseParser(() => undefined, (_, start, end) => {
      decoded += end - start
      return ''
    })
    parser.push(bytes('data: '))
    for (let i = 0; i < 50_000; i++) parser.push(piece)
    parser.push(bytes('\n\n'))
    expect(decoded).toBe(16 * 50_000)
  })
})

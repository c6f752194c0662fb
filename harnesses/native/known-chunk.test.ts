// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentTemplate } from '../../operator/core/workload/content-template.ts'
import { answerReader } from '../../operator/core/workload/openai-events.ts'
import { sseParser } from '../../operator/core/workload/sse.ts'
import { knownChunk } from './known-chunk.ts'

const json = (text: string, more: object = {}) => JSON.stringify({ id: 'c', choices: [{ index: 0, text, finish_reason: null }], ...more })
const framed = (data: string, prefix = 'data: ', end = '\n\n') => Buffer.from(prefix + data + end)
const template = contentTemplate(json('a'), JSON.parse(json('a')) as object)!

describe('knownChunk', () => {
  it.each([['data: ', '\n\n'], ['data:', '\n\n'], ['data: ', '\r\n\r\n'], ['data: ', '\r\r']])('learns how a server frames events (%j, %j)', (prefix, end) => {
    const recognise = knownChunk(framed(json('a'), prefix, end), template)
    expect(recognise?.(framed(json(' grüße 😀'), prefix, end))).toBe(' grüße 😀')
  })

  it.each([
    ['two events', Buffer.concat([framed(json('a')), framed(json('b'))])],
    ['half an event', framed(json('abcdef')).subarray(0, -3)],
    ['an empty text', framed(json(''))],
    ['a quote', framed(json('a"b'))],
    ['an escape', framed(json('a\nb'))],
    ['a line break within the text', framed(json('X')).fill(10, framed(json('X')).indexOf('X'), framed(json('X')).indexOf('X') + 1)],
    ['another member', framed(json('a', { usage: null }))],
    ['another event', framed('[DONE]')],
    ['nothing', Buffer.alloc(0)],
  ])('does not recognise %s', (_, chunk) => {
    expect(knownChunk(framed(json('a')), template)?.(chunk)).toBeUndefined()
  })

  it('learns nothing from a read that is not one event of the form', () => {
    expect(knownChunk(Buffer.from(`: c\n\ndata: ${json('a')}\n\n`), template)).toBeUndefined()
    expect(knownChunk(framed(json('a'), 'id: 1\ndata: '), template)).toBeUndefined()
  })

  it('never says other than the parsers do', () => {
    const recognise = knownChunk(framed(json('a')), template)!
    const text = fc.string({ unit: 'binary', maxLength: 8 })
    fc.assert(fc.property(fc.oneof(text.map((t) => framed(json(t))), text.map((t) => Buffer.from(framed(json('@@')).toString().replace('@@', () => t)))), (chunk) => {
      const found = recognise(chunk)
      if (found === undefined) return
      const reader = answerReader(true)
      const carried: boolean[] = []
      sseParser((data, type) => carried.push(reader.event(data, type))).push(chunk)
      expect(carried).toEqual([true])
      expect(reader.answer()).toMatchObject({ text: found, problem: undefined })
    }), { numRuns: 400 })
  })
})

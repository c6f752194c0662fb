// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentTemplate } from './content-template.ts'
import { answerReader, errorMessage } from './openai-events.ts'

function read(events: readonly (object | string)[], type = '') {
  const reader = answerReader(true)
  const carried = events.map((event) => reader.event(typeof event === 'string' ? event : JSON.stringify(event), type))
  return { carried, ...reader.answer() }
}
const delta = (value: object, more: object = {}) => ({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: value, finish_reason: null }], ...more })
const text = (value: string, more: object = {}) => ({ id: 'c', object: 'text_completion', choices: [{ index: 0, text: value, finish_reason: null }], ...more })
const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 6, completion_tokens, total_tokens: 6 + completion_tokens } })

describe('answerReader', () => {
  it.each([
    ['a role-only first chunk', delta({ role: 'assistant', content: '' }), false],
    ['a role without content', delta({ role: 'assistant' }), false],
    ['content null', delta({ content: null }), false],
    ['empty text', text(''), false],
    ['content', delta({ content: 'a' }), true],
    ['white space is content', delta({ content: '\n' }), true],
    ['text', text(' a'), true],
    ['reasoning_content', delta({ reasoning_content: 'hm' }), true],
    ['reasoning', delta({ reasoning: 'hm', content: null }), true],
    ['refusal', delta({ refusal: 'no' }), true],
    ['a tool call', delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '' } }] }), true],
    ['no tool call', delta({ tool_calls: [] }), false],
    ['content in parts', delta({ content: [{ type: 'text', text: 'a' }] }), true],
    ['usage without choices', { choices: [], ...usage(3) }, false],
    ['a chunk without choices', { id: 'c' }, false],
  ])('%s', (_, event, carries) => {
    expect(read([event]).carried).toEqual([carries])
  })

  it('reads text, usage, finish reason and end', () => {
    expect(read([delta({ role: 'assistant', content: '' }), delta({ content: 'Hel' }), delta({ content: 'lo "x"\n' }), delta({ content: '😀' }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }, { choices: [], usage: { prompt_tokens: 6, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } } }, '[DONE]'])).toEqual({
      carried: [false, true, true, true, false, false, false], text: 'Hello "x"\n😀', finishReason: 'length', done: true, problem: undefined, eventTokens: undefined,
      usage: { inputTokens: 6, outputTokens: 4, cachedTokens: 2 }, responseIds: ['c'],
    })
  })

  it('counts tokens per event from continuous usage', () => {
    const events = [delta({ role: 'assistant', content: '' }, usage(0)), delta({ content: 'a' }, usage(1)), delta({ content: 'bcd' }, usage(4)), delta({ content: '' }, usage(5)), delta({ content: 'e' }, usage(6))]
    expect(read(events)).toMatchObject({ eventTokens: [1, 3, 1], usage: { outputTokens: 6 } })
    expect(read([...events, delta({ content: 'f' })]).eventTokens).toBeUndefined()
  })

  it.each([
    [{ error: { message: 'out of memory', code: 500 } }, '', 'out of memory'],
    [{ error: 'busy' }, '', 'busy'],
    [{ object: 'error', message: 'bad', code: 400 }, '', 'bad'],
    [{ message: 'gone' }, 'error', 'gone'],
  ])('sees the error in %o', (event, type, message) => {
    expect(read([event], type).problem).toEqual({ class: 'stream', message })
  })

  it.each([['{"choices":[{"te'], ['7'], ['[]'], ['null'], ['']])('calls %s a protocol error', (event) => {
    expect(read([event]).problem?.class).toBe('protocol')
  })

  it('reads bodies that are not streamed', () => {
    const reader = answerReader(true)
    expect(reader.body(JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }], ...usage(2) }))).toBe(true)
    expect(reader.answer()).toMatchObject({ text: 'hi', finishReason: 'stop', usage: { outputTokens: 2 } })
    expect(answerReader(false).body('<html>')).toBe(false)
  })

  it('keeps no text unless it is wanted', () => {
    const reader = answerReader(false)
    reader.event(JSON.stringify(text('a')), '')
    expect(reader.answer().text).toBe('')
  })

  const piece = fc.string({ unit: 'binary', maxLength: 6 })
  const anyEvent = fc.oneof(
    { weight: 8, arbitrary: piece.map((t) => delta({ content: t })) },
    { weight: 2, arbitrary: piece.map((t) => text(t)) },
    piece.map((t) => delta({ content: t, reasoning: 'r' })),
    piece.map((t) => delta({ content: t }, usage(t.length))),
    piece.map((t) => ({ choices: [{ index: 0, delta: { content: 'x' }, finish_reason: t }] })),
    piece.map((t) => ({ choices: [{ index: 0, delta: { content: t }, logprobs: { content: 'y' } }] })),
    fc.constant(delta({})),
  )
  it('understands every event of a stream as the parser alone would', () => {
    fc.assert(fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      const whole = read(events)
      const alone = events.map((event) => read([event]))
      expect(whole.carried).toEqual(alone.flatMap((one) => one.carried))
      expect(whole.text).toBe(alone.map((one) => one.text).join(''))
      expect(whole.finishReason).toBe(alone.findLast((one) => one.finishReason !== undefined)?.finishReason)
    }), { numRuns: 400 })
  })
})

describe('contentTemplate', () => {
  const learn = (value: object | string) => {
    const data = typeof value === 'string' ? value : JSON.stringify(value)
    return contentTemplate(data, JSON.parse(data) as object)
  }
  it('knows events that differ in their text alone', () => {
    const template = learn(delta({ content: 'a' }))
    expect(template?.match(JSON.stringify(delta({ content: 'grüße' })))).toBe('grüße')
    expect(template?.match(JSON.stringify(delta({ content: '' })))).toBeUndefined()
    expect(template?.match(JSON.stringify(delta({ content: 'a"b' })))).toBeUndefined()
    expect(template?.match(JSON.stringify(delta({ content: '\n' })))).toBeUndefined()
    expect(template?.match(JSON.stringify(delta({ content: 'a' }, usage(1))))).toBeUndefined()
    expect(learn('{"choices": [{"text": "a", "index": 0}]}')?.match('{"choices": [{"text": "b", "index": 0}]}')).toBe('b')
  })

  it('learns nothing from events in which the text is elsewhere or not alone', () => {
    expect(learn({ choices: [{ logprobs: { content: 'y' }, delta: { content: 'x' } }] })).toBeUndefined()
    expect(learn({ choices: [{ delta: { content: 'x' } }, { delta: { content: 'y' } }] })).toBeUndefined()
    expect(learn(delta({ reasoning: 'x' }))).toBeUndefined()
  })
})

describe('errorMessage', () => {
  it.each([
    [{ error: { message: 'The model `nope` does not exist.', code: 404 } }, 'The model `nope` does not exist.'],
    [{ detail: 'Not Found' }, 'Not Found'],
    [{ error: 'x' }, 'x'],
    [{ detail: [{ loc: 1 }] }, '{"detail":[{"loc":1}]}'],
    ['plain', 'plain'],
  ])('%o', (value, message) => {
    expect(errorMessage(value)).toBe(message)
  })
})

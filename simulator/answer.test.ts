// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planAnswer } from './answer.ts'
import { SimulatorConfig } from './config.ts'
import { drawFailures } from './failures.ts'
import { createDraws } from './random.ts'
import { parseGeneration } from './request.ts'
import { approximateTokenizer } from './tokens.ts'

const tokenizer = approximateTokenizer('ascii')

function plan(body: object, options: { config?: object; promptTokens?: number; key?: number; api?: 'completion' | 'chat' } = {}) {
  const { config: input = {}, promptTokens = 10, key = 0, api = 'completion' } = options
  const config = SimulatorConfig.parse({ model: { maxLength: 1000 }, answer: { meanTokens: 50, sigma: 0.5 }, ...input })
  const prompt = api === 'chat' ? { messages: [{ role: 'user', content: 'x' }] } : { prompt: 'x' }
  const parsed = parseGeneration(api, JSON.stringify({ ...prompt, ...body }), ['m'])
  if (!parsed.ok) throw new Error(parsed.error.body)
  const draws = createDraws(1, key)
  return planAnswer({
    request: parsed.request, draws, laws: config, failures: config.failures, planted: drawFailures(config.failures, draws),
    vocabulary: tokenizer.vocabulary, promptTokens, maxLength: config.model.maxLength,
  })
}
const textOf = (answer: ReturnType<typeof plan>) => JSON.parse(`"${answer.jsonOf(0, answer.tokens)}"`) as string

describe('the length of an answer', () => {
  it.each([
    ['what was asked, with ignore_eos', { max_tokens: 300, ignore_eos: true }, {}, 300, 'length'],
    ['what fits into the context', { max_tokens: 990, ignore_eos: true }, { promptTokens: 700 }, 300, 'length'],
    ['the limit, when it would go on', { max_tokens: 3 }, {}, 3, 'length'],
    ['16 tokens unless asked otherwise', { ignore_eos: true }, {}, 16, 'length'],
    ['at least min_tokens', { max_tokens: 900, min_tokens: 800 }, {}, 800, 'stop'],
    ['a part of it, planted', { max_tokens: 300, ignore_eos: true }, { config: { failures: { shortAnswer: { share: 1, keep: 0.1 } } } }, 30, 'stop'],
    ['one token at least, planted', { max_tokens: 3, ignore_eos: true }, { config: { failures: { shortAnswer: { share: 1, keep: 0 } } } }, 1, 'stop'],
  ])('is %s', (_, body, options, ...[tokens, finishReason]) => expect(plan(body, options)).toMatchObject({ tokens, finishReason, stopReason: null }))

  it('is natural otherwise: about the declared mean, and ends with stop', () => {
    const answers = Array.from({ length: 2000 }, (_, key) => plan({ max_tokens: 900 }, { key }))
    const mean = answers.reduce((sum, answer) => sum + answer.tokens, 0) / answers.length
    expect(Math.abs(mean - 50)).toBeLessThan(2.5)
    expect(new Set(answers.map((answer) => answer.finishReason))).toEqual(new Set(['stop']))
  })
})

describe('the words of an answer', () => {
  it('depend on the key only', () => {
    expect(textOf(plan({ max_tokens: 20, ignore_eos: true }))).toBe(textOf(plan({ max_tokens: 20, ignore_eos: true })))
    expect(textOf(plan({ max_tokens: 20, ignore_eos: true }, { key: 1 }))).not.toBe(textOf(plan({ max_tokens: 20, ignore_eos: true })))
  })

  it('begin with a space after a prompt and without one in a chat, and are the planned tokens', () => {
    for (const api of ['completion', 'chat'] as const) {
      const answer = plan({ max_tokens: 20, ignore_eos: true }, { api })
      expect(textOf(answer).startsWith(' ')).toBe(api === 'completion')
      expect(tokenizer.encode(textOf(answer), false)).toEqual(Array.from({ length: 20 }, (_, i) => answer.tokenAt(i)))
    }
  })
})

describe('stop strings', () => {
  const whole = textOf(plan({ max_tokens: 40, ignore_eos: true }))
  const words = whole.trim().split(' ')
  const inner = `${words[5]?.slice(-2)} ${words[6]?.slice(0, 2)}`

  it.each([
    ['within a word', words[7]?.slice(1, 3) ?? '', false],
    ['over two words', inner, false],
    ['over two words, included', inner, true],
  ])('end the answer: %s', (_, stop, include) => {
    const at = whole.indexOf(stop)
    const answer = plan({ max_tokens: 40, ignore_eos: true, stop: ['never this', stop], include_stop_str_in_output: include })
    expect(answer).toMatchObject({ finishReason: 'stop', stopReason: stop })
    expect(textOf(answer)).toBe(whole.slice(0, include ? at + stop.length : at))
    expect(answer.tokens).toBe(whole.slice(0, at + stop.length).trim().split(' ').length)
  })

  it('that do not occur change nothing', () => {
    expect(plan({ max_tokens: 40, ignore_eos: true, stop: '\n' })).toMatchObject({ tokens: 40, finishReason: 'length', stopReason: null })
  })

  it('count only after min_tokens', () => {
    expect(plan({ max_tokens: 40, ignore_eos: true, stop: words[2], min_tokens: 30 }).tokens).toBeGreaterThanOrEqual(30)
  })

  it('never show in the events, however those are cut', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 40, maxLength: 40 }), (steps) => {
      const answer = plan({ max_tokens: 40, ignore_eos: true, stop: inner })
      let shown = ''
      for (let from = 0, i = 0; from < answer.tokens; i++) {
        const to = Math.min(answer.tokens, from + (steps[i] ?? 1))
        shown += JSON.parse(`"${answer.jsonOf(from, to)}"`) as string
        from = to
      }
      expect(shown).toBe(whole.slice(0, whole.indexOf(inner)))
    }))
  })
})

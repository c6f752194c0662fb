// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { Data, LINES_INSTRUCTION } from '../model/workload-profile.ts'
import { dataText } from './data-text.ts'
import { expandLines } from './expand-lines.ts'

const tokenizer = await loadTokenizer()
const POEM = Array.from({ length: 40 }, (_, i) => `In verse ${i} the été of naïve queues, whose λ-rates grow; and “tokens” fall like rain —`)
const notes: string[] = []

interface Options { readonly count?: number; readonly seed?: number; readonly text?: string | null; readonly api?: 'completions' | 'chat' }

/** Without a text (null) the lines are generated. */
function expand(lines: object, { count = 20, seed = 1, text = POEM.join('\n\n'), api = 'completions' }: Options = {}) {
  const data = Data.parse({ lines: { output: { fixed: 30 }, ...lines, ...(text === null ? {} : { source: { inline: text } }) } })
  if (data.lines === undefined) throw new Error('no lines')
  const file = text === null ? undefined : dataText('poem.txt', text)
  return [...expandLines({ data, api, tokenizer, seed, need: { unit: 'requests', count }, note: (n) => notes.push(n), file }, data.lines)]
}

describe('data.lines', () => {
  it.each([['a text', POEM.join('\n')], ['a generated text', null]])('makes prompts of exactly the drawn length from %s', (_, text) => {
    fc.assert(fc.property(fc.integer({ min: 40, max: 700 }), fc.integer({ min: 0, max: 1000 }), (tokens, seed) => {
      for (const { prompt = '', inputTokens } of expand({ input: { fixed: tokens } }, { seed, count: 3, text })) {
        expect(inputTokens).toBe(tokens)
        expect(tokenizer.count(prompt)).toBe(tokens)
      }
    }), { numRuns: 40 })
  })

  it('says how long the answer shall be, then lines of the text', () => {
    const [first] = expand({ input: { fixed: 200 }, output: { fixed: 77 } })
    const [head, rest = ''] = (first?.prompt ?? '').split('\n\n')
    expect(head).toBe(LINES_INSTRUCTION.replace('{tokens}', '77'))
    const lines = rest.split('\n')
    for (const line of lines.slice(0, -1)) expect(POEM).toContain(line)
    expect(POEM.some((line) => line.startsWith((lines.at(-1) ?? '').slice(0, 8)))).toBe(true)
    expect(expand({ input: { fixed: 60 }, instruction: 'Recite, in {tokens}:' })[0]?.prompt).toMatch(/^Recite, in 30:\n\n/)
  })

  it('takes no line twice before it has taken all', () => {
    const text = ['aa bb', 'cc dd', 'ee ff'].join('\n')
    const lines = (expand({ input: { fixed: 200 }, instruction: 'x' }, { count: 1, text })[0]?.prompt ?? '').split('\n').slice(2)
    for (let i = 0; i + 3 < lines.length - 3; i += 3) expect(new Set(lines.slice(i, i + 3)).size).toBe(3)
  })

  it('is the same for the same seed and another for another', () => {
    const prompts = (seed: number, text?: null) => expand({ input: { normal: { mean: 150, stddev: 40 }, min: 41 } }, { seed, text }).map((r) => r.prompt)
    expect(prompts(1)).toEqual(prompts(1))
    expect(prompts(1)).not.toEqual(prompts(2))
    expect(prompts(1, null)).not.toEqual(prompts(2, null))
    expect(new Set(prompts(3)).size).toBe(20)
  })

  it('draws again what is shorter than the instruction, or raises it and says so', () => {
    const least = tokenizer.count(`${LINES_INSTRUCTION.replace('{tokens}', '30')}\n\n`)
    const drawn = expand({ input: { uniform: { min: 1, max: 100 }, min: 1, outside: 'redraw' } }, { count: 200 }).map((r) => r.inputTokens)
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(least)
    // Raised ones would pile up at the least length.
    expect(drawn.filter((tokens) => tokens === least).length).toBeLessThan(12)
    notes.length = 0
    expect(expand({ input: { fixed: 5 } }, { count: 2 }).map((r) => r.inputTokens)).toEqual([least, least])
    expect(notes).toEqual(['2 prompts are longer than was drawn for them: their instruction alone is'])
  })

  it('speaks to chat endpoints as the user', () => {
    expect(expand({ input: { fixed: 60 } }, { api: 'chat' })[0]?.messages).toEqual([{ role: 'user', content: expect.stringContaining('Randomly stream lines') as string }])
  })

  it.each([
    ['an empty text', { input: { fixed: 50 } }, { text: ' \n\n' }, 'poem.txt:1: expected lines of text, found nothing'],
    ['lengths that never reach the instruction', { input: { uniform: { min: 1, max: 5 }, min: 1, outside: 'redraw' } }, {}, 'expected longer prompts'],
    ['a load without end', { input: { fixed: 50 } }, { count: Number.POSITIVE_INFINITY }, 'load.trace needs data.trace'],
  ])('refuses %s', (_, lines, options, message) => {
    expect(() => expand(lines, options)).toThrow(message)
  })
})

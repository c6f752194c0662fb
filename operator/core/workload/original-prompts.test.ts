// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { Data } from '../model/workload-profile.ts'
import { dataText } from './data-text.ts'
import { expandRequests } from './expand.ts'
import type { Tokenizer } from './tokenize.ts'

const tokenizer = await loadTokenizer()
const file = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url), 'utf8')
const VERSES = file('verses.txt')

interface Recorded { readonly prompt: string; readonly output?: number; readonly number?: number }
/** What the prompt functions of the originals gave in CPython 3.11, with the bundled tokenizer in the place of theirs. */
const recorded = JSON.parse(file('original-prompts.json')) as Readonly<Record<'llmperf' | 'llmval' | 'correctness', readonly Recorded[]>>

const normal = (mean: number, stddev: number) => ({ normal: { mean, stddev }, min: 1, outside: 'redraw' })
const source = { inline: VERSES }
const LINES = { lines: { source, originalSeed: 11_111, input: normal(150, 60), output: normal(80, 60) } }
const LLMVAL = { correctness: { source, originalSeed: 117, numbers: { min: 100, max: 999 }, lines: { min: 2, max: 9, required: 2 } } }
const NUMBERS = { correctness: { originalSeed: 5 } }

interface Options { readonly count?: number; readonly seed?: number; readonly text?: string; readonly by?: Tokenizer; readonly api?: 'chat' | 'completions' }

function expand(data: object, { count = 6, seed = 1, text = VERSES, by = tokenizer, api = 'completions' }: Options = {}) {
  const notes: string[] = []
  const requests = [...expandRequests({ data: Data.parse(data), api, tokenizer: by, seed, need: { unit: 'requests', count }, note: (n) => notes.push(n), file: dataText('verses.txt', text) })]
  return { requests, notes }
}

describe('originalSeed', () => {
  it.each<[string, object, readonly Recorded[]]>([
    ['LLMPerf\'s load test', LINES, recorded.llmperf],
    ['llmval', LLMVAL, recorded.llmval],
    ['LLMPerf\'s correctness test', NUMBERS, recorded.correctness],
  ])('makes the prompts of %s, whatever the seed of the trial', (_, data, originals) => {
    for (const seed of [1, 2]) {
      const { requests } = expand(data, { count: originals.length, seed })
      expect(requests.map((r) => r.prompt)).toEqual(originals.map((r) => r.prompt))
      originals.forEach(({ output, number }, i) => {
        if (output !== undefined) expect(requests[i]?.outputTokens).toBe(output)
        if (number !== undefined) expect(requests[i]?.expected).toBe(String(number))
      })
    }
  })

  it('says how many tokens are sent, not how many were drawn', () => {
    for (const { prompt = '', inputTokens } of expand(LINES).requests) expect(inputTokens).toBe(tokenizer.count(prompt))
  })

  it('says that all trials send the same', () => {
    expect(expand(LINES, { count: 1 }).notes).toEqual(['prompts are those of LLMPerf after the seed 11111: the same in every trial, so a cache that outlives a trial holds them'])
    expect(expand(LLMVAL, { count: 1 }).notes[0]).toContain('those of llmval after the seed 117')
  })

  it('sends the system\'s messages of the originals', () => {
    const roles = (data: object) => expand(data, { count: 1, api: 'chat' }).requests[0]?.messages?.map(({ role, content }) => [role, content.slice(0, 7)])
    expect(roles(LINES)).toEqual([['system', ''], ['user', 'Randoml']])
    expect(roles(LLMVAL)).toEqual([['system', 'You are'], ['user', 'Convert']])
    expect(roles(NUMBERS)).toEqual([['system', ''], ['user', 'Convert']])
  })

  it('counts special tokens with every text, as theirs does', () => {
    const more = { ...tokenizer, specials: 1 }
    const [plain, longer] = [expand(LINES).requests, expand(LINES, { by: more }).requests]
    expect(longer.map((r) => r.outputTokens)).toEqual(plain.map((r) => r.outputTokens))
    expect(longer.map((r) => r.inputTokens)).not.toEqual(plain.map((r) => r.inputTokens))
  })

  it('reads line ends as Python does', () => {
    expect(expand(LINES, { text: VERSES.replaceAll('\n', '\r\n') }).requests).toEqual(expand(LINES).requests)
  })

  it.each<[string, object, Options, string]>([
    ['an empty text', LINES, { text: '' }, 'verses.txt:1: expected lines of text, found nothing'],
    ['lengths that never reach the instruction', { lines: { ...LINES.lines, input: normal(3, 1) } }, {}, 'expected longer ones'],
    ['fewer lines than llmval draws at least', LLMVAL, { text: 'one\ntwo\n' }, 'expected min below 2, found 2'],
    ['a load without end', LINES, { count: Number.POSITIVE_INFINITY }, 'load.trace needs data.trace'],
  ])('refuses %s', (_, data, options, message) => {
    expect(() => expand(data, options)).toThrow(message)
  })
})

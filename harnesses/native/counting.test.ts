// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { RequestRecord } from '../../operator/core/model/record.ts'
import { createAnswerCounter } from './counting.ts'
import { loadTokenizer } from './load-tokenizer.ts'

const record = (id: string, more: Partial<RequestRecord> = {}): RequestRecord => ({
  id, stage: 's', phase: 'measure', scheduledMs: 0, sentMs: 0, firstTokenMs: 1, endMs: 2, inputTokens: 1, outputTokens: null, status: 'ok', ...more,
})
function counter(countBy: 'server' | 'tokenizer', now = () => 0) {
  const out: RequestRecord[] = []
  return { out, ...createAnswerCounter({ countBy, tokenizer: () => loadTokenizer(), out: (r) => out.push(r), now }) }
}

describe('createAnswerCounter', () => {
  it('holds back only what is to be counted', async () => {
    const { take, count, out, notes } = counter('server')
    take(record('usage', { outputTokens: 3 }), 'the')
    take(record('failed', { status: 'error' }), 'the')
    take(record('missing'), 'the value')
    expect(out.map((r) => r.id)).toEqual(['usage', 'failed'])
    await count()
    await count()
    expect(out.map((r) => [r.id, r.clientOutputTokens])).toEqual([['usage', undefined], ['failed', undefined], ['missing', 2]])
    expect(notes()).toEqual(['the server gave no usage for 1 answers; their tokens were counted with the profile\'s tokenizer'])
  })

  it('says how many prompts are counted by the tokenizer alone, where the server was to count', () => {
    for (const [countBy, expected] of [['server', ['the server said of 2 answers nothing about the tokens of the prompt; they are those of the profile\'s tokenizer']], ['tokenizer', []]] as const) {
      const { take, notes } = counter(countBy)
      for (const id of ['a', 'b']) take(record(id, { inputTokens: null, clientInputTokens: 4, outputTokens: 3 }), '')
      take(record('said', { clientInputTokens: 4, outputTokens: 3 }), '')
      take(record('failed', { inputTokens: null, clientInputTokens: 4, status: 'error' }), '')
      take(record('unknown', { inputTokens: null, clientInputTokens: null, outputTokens: 3 }), '')
      expect(notes()).toEqual(expected)
    }
  })

  it('lets records out uncounted when time or room is short, and says so', async () => {
    let now = 0
    const { take, count, out, notes } = counter('tokenizer', () => now++)
    take(record('large'), 'x'.repeat(2 ** 26 + 1))
    take(record('a'), 'the')
    take(record('b'), 'the')
    await count(1)
    expect(out.map((r) => [r.id, r.clientOutputTokens])).toEqual([['large', undefined], ['a', 1], ['b', undefined]])
    expect(notes()).toEqual(['2 answers were not counted with the profile\'s tokenizer: there was no room or no time'])
  })
})

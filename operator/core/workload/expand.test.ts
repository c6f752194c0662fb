// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { loadTokenizer } from '../../../harnesses/native/load-tokenizer.ts'
import { PlannedRequest } from '../model/request.ts'
import { Data } from '../model/workload-profile.ts'
import { dataText, type DataText } from './data-text.ts'
import { expandRequests } from './expand.ts'
import type { ExpandInput } from './expand-input.ts'

const tokenizer = await loadTokenizer()
const notes: string[] = []
function expand(data: unknown, options: Partial<Omit<ExpandInput, 'data'>> & { text?: string } = {}): PlannedRequest[] {
  notes.length = 0
  const file = options.text === undefined ? undefined : dataText('data.file', options.text)
  return [...expandRequests({
    api: 'completions', tokenizer, seed: 1, need: { unit: 'requests', count: 10 }, file, note: (n) => notes.push(n), ...options, data: Data.parse(data),
  })]
}
const source = { inline: 'x' }
const cutEvery = (text: string, n: number): DataText => ({ name: 'cut', chunks: () => text.match(new RegExp(`[^]{1,${n}}`, 'g')) ?? [] })

describe('synthetic', () => {
  it('makes prompts of exact, drawn lengths', () => {
    const requests = expand({ synthetic: { input: { uniform: { min: 20, max: 40 } }, output: { fixed: 8 } } }, { need: { unit: 'requests', count: 50 } })
    expect(requests).toHaveLength(50)
    expect(new Set(requests.map((r) => r.inputTokens)).size).toBeGreaterThan(5)
    for (const r of requests) {
      expect(PlannedRequest.parse(r)).toMatchObject({ outputTokens: 8, inputTokens: tokenizer.count(r.prompt!) })
    }
    expect(new Set(requests.map((r) => r.id)).size).toBe(50)
    expect(new Set(requests.map((r) => r.prompt)).size).toBe(50)
  })

  it('repeats itself for a content seed and differs for another', () => {
    const data = { synthetic: { input: { normal: { mean: 30, stddev: 5 } }, output: { fixed: 8 } } }
    expect(expand(data)).toEqual(expand(data))
    expect(expand(data, { seed: 2 }).map((r) => r.prompt)).not.toEqual(expand(data).map((r) => r.prompt))
  })

  it.each([
    [undefined, [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]],
    [2, [0, 0, 1, 1, 2, 2, 0, 0, 1, 1]],
  ])('puts shared prefixes before the input (promptsPerGroup %o)', (promptsPerGroup, groups) => {
    const requests = expand({ synthetic: { input: { fixed: 20 }, output: { fixed: 8 }, prefix: { groups: 3, promptsPerGroup, length: 30 } } })
    expect(requests.map((r) => r.prefixGroup)).toEqual(groups)
    const heads = requests.map((r) => tokenizer.encode(r.prompt!).slice(0, 30).join())
    expect(new Set(heads).size).toBe(3)
    for (const r of requests) expect(tokenizer.count(r.prompt!)).toBe(50)
  })

  it('makes sessions of turns, the prefix in the first', () => {
    const requests = expand({ synthetic: { input: { fixed: 10 }, output: { fixed: 4 }, prefix: { length: 16 }, turns: { count: 3 } } }, { api: 'chat', need: { unit: 'sessions', count: 2 } })
    expect(requests.map((r) => [r.session, r.turn, r.inputTokens])).toEqual([['s1', 0, 26], ['s1', 1, 10], ['s1', 2, 10], ['s2', 0, 26], ['s2', 1, 10], ['s2', 2, 10]])
    expect(requests[0]?.messages).toEqual([{ role: 'user', content: expect.any(String) }])
    expect(requests[0]?.prompt).toBeUndefined()
  })

  it('has no end of its own', () => {
    expect(() => expand({ synthetic: { input: { fixed: 1 }, output: { fixed: 1 } } }, { need: { unit: 'requests', count: Number.POSITIVE_INFINITY } })).toThrow('load.trace needs data.trace')
  })
})

describe('prompts', () => {
  const lines = '{"prompt":"hello","output_tokens":5}\n\n{"prompt":"the return value"}\n'
  it('reads JSON lines', () => {
    expect(expand({ prompts: { source, shuffle: false } }, { text: lines })).toEqual([
      { id: 'r1', prompt: 'hello', inputTokens: tokenizer.count('hello'), outputTokens: 5 },
      { id: 'r2', prompt: 'the return value', inputTokens: tokenizer.count('the return value'), outputTokens: 0 },
    ])
  })

  it('prefers the profile\'s output lengths, limits, and turns prompts into messages for chat', () => {
    expect(expand({ prompts: { source, shuffle: false, limit: 1, output: { fixed: 9 } } }, { text: lines, api: 'chat' })).toEqual([
      { id: 'r1', messages: [{ role: 'user', content: 'hello' }], inputTokens: tokenizer.count('hello'), outputTokens: 9 },
    ])
  })

  it('keeps messages with their roles', () => {
    const text = '{"messages":[{"role":"system","content":"be"},{"role":"user","content":"the"}]}'
    expect(expand({ prompts: { source } }, { text, api: 'chat' })[0]).toMatchObject({ messages: [{ role: 'system', content: 'be' }, { role: 'user', content: 'the' }], inputTokens: 2 })
    expect(() => expand({ prompts: { source } }, { text })).toThrow('data.file:1: expected prompt, since api.kind is completions, found messages')
  })

  it('draws in an order of the content seed', () => {
    const text = Array.from({ length: 30 }, (_, i) => JSON.stringify({ prompt: `p${i}` })).join('\n')
    const order = (seed: number) => expand({ prompts: { source } }, { text, seed, need: { unit: 'requests', count: 30 } }).map((r) => r.prompt)
    expect(order(1)).toEqual(order(1))
    expect(order(1)).not.toEqual(order(2))
    expect(new Set(order(1))).toEqual(new Set(Array.from({ length: 30 }, (_, i) => `p${i}`)))
  })

  it.each([
    ['{"prompt":"a"}\n{"prompt":1}', 'data.file:2: expected prompt: Invalid input: expected string, received number, found 1'],
    ['{"prompt":"a"}\n{"text":"b"}', 'data.file:2: expected entry: expected exactly one of prompt, messages, found {"text":"b"}'],
    ['{"prompt":"a"}\n{"prompt":"b",}', 'data.file:2:15: expected JSON, found {"prompt":"b",}'],
    ['{"messages":[{"role":"me","content":"x"}]}', 'data.file:1: expected messages.0.role: Invalid option'],
    ['', 'data.file:1: expected at least one entry, found nothing'],
  ])('says where and what is wrong in %s', (text, message) => {
    expect(() => expand({ prompts: { source } }, { text })).toThrow(message)
  })

  it('needs its file', () => {
    expect(() => expand({ prompts: { source } })).toThrow('data.source:1: expected a file, found no content')
  })
})

describe('sharegpt and conversation', () => {
  const conversations = [
    { conversations: [{ from: 'system', value: 'be' }, { from: 'human', value: 'the [brackets] and "quotes\\" {' }, { from: 'gpt', value: 'returns a value' }, { from: 'human', value: 'is' }, { from: 'gpt', value: 'to' }] },
    { conversations: [{ from: 'gpt', value: 'nothing asked' }] },
    { conversations: [{ from: 'user', value: 'of' }, { from: 'gpt', value: 'and' }, { from: 'user', value: 'no answer' }] },
  ]
  const forms = [['an array', JSON.stringify(conversations, null, 2)], ['JSON lines', conversations.map((c) => JSON.stringify(c)).join('\n')]] as const

  it.each(forms)('takes the first human turn from %s', (_, text) => {
    const requests = expand({ sharegpt: { source, shuffle: false } }, { text })
    expect(requests.map((r) => [r.prompt, r.outputTokens])).toEqual([['the [brackets] and "quotes\\" {', tokenizer.count('returns a value')], ['of', tokenizer.count('and')]])
    expect(notes).toEqual(['data.file: 1 conversations without a question and its answer were left out'])
  })

  it.each(forms)('replays sessions turn by turn from %s', (_, text) => {
    const requests = expand({ conversation: { source, shuffle: false, output: { fixed: 3 } } }, { text, api: 'chat', need: { unit: 'sessions', count: 2 } })
    expect(requests.map((r) => [r.id, r.session, r.turn])).toEqual([['s1t1', 's1', 0], ['s1t2', 's1', 1], ['s2t1', 's2', 0], ['s2t2', 's2', 1]])
  })

  it('reads an array that comes in pieces cut anywhere', () => {
    const text = JSON.stringify(conversations, null, 1)
    const whole = expand({ sharegpt: { source, shuffle: false } }, { text })
    for (const n of [1, 2, 3, 7, 50]) expect(expand({ sharegpt: { source, shuffle: false } }, { file: cutEvery(text, n) })).toEqual(whole)
  })

  it.each([
    ['[{"conversations":[]}\n,{"conversations":[{"from":"human"}]}]', 'data.file:2: expected conversations.0.value'],
    ['[{"conversations":[{"from":"human","value":"x"}', 'data.file:1: expected the end of the JSON array, found the end of the file'],
    ['[\n{"a" 1}\n]', 'data.file:2:6: expected JSON'],
    ['[]', 'data.file:1: expected at least one entry'],
    ['[{"conversations":[]}]', 'data.file:1: expected conversations with a question and its answer'],
  ])('says where and what is wrong in %s', (text, message) => {
    expect(() => expand({ sharegpt: { source } }, { text })).toThrow(message)
  })
})

describe('trace', () => {
  const all = { need: { unit: 'requests', count: Number.POSITIVE_INFINITY } } as const
  it.each([
    ['azure', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03.9799600,12,4\n2023-11-16 18:17:04.0319600,30,10\n', [0, 52], [12, 30], [4, 10]],
    ['azure', 'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2024-05-10 00:00:00.009930+00:00,12,4\r\n2024-05-10 02:00:01.009930+02:00,30,10\r\n', [0, 1000], [12, 30], [4, 10]],
    ['mooncake', '{"timestamp":27482,"input_length":12,"output_length":4,"hash_ids":[1]}\n{"timestamp":27000,"input_length":30,"output_length":10,"hash_ids":[2]}', [0, 482], [30, 12], [10, 4]],
    ['burstgpt', 'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,12,4,16,Conversation log\n6,GPT-4,9,0,9,API log\n45.5,GPT-4,30,10,40,API log', [0, 40_500], [12, 30], [4, 10]],
    ['jsonl', '{"at":1.5,"input":12,"output":4}\n{"at":2,"input":30,"output":10}', [0, 500], [12, 30], [4, 10]],
  ])('reads %s', (...[format, text, at, input, output]) => {
    const requests = expand({ trace: { source, format } }, { text, ...all })
    expect(requests.map((r) => r.atMs)).toEqual(at)
    expect(requests.map((r) => r.inputTokens)).toEqual(input)
    expect(requests.map((r) => tokenizer.count(r.prompt!))).toEqual(input)
    expect(requests.map((r) => r.outputTokens)).toEqual(output)
    if (format === 'burstgpt') expect(notes).toEqual(['data.file: 1 entries without output tokens were left out'])
  })

  it('shares blocks of 512 tokens by hash id', () => {
    const entry = (timestamp: number, input_length: number, hash_ids: number[]) => JSON.stringify({ timestamp, input_length, output_length: 2, hash_ids })
    const requests = expand({ trace: { source, format: 'mooncake' } }, { text: [entry(0, 1200, [1, 2, 3]), entry(1, 700, [1, 4]), entry(2, 600, [1])].join('\n'), ...all })
    const ids = requests.map((r) => tokenizer.encode(r.prompt!))
    expect(ids.map((i) => i.length)).toEqual([1200, 700, 600])
    expect(ids[1]!.slice(0, 512)).toEqual(ids[0]!.slice(0, 512))
    expect(ids[2]!.slice(0, 512)).toEqual(ids[0]!.slice(0, 512))
    expect(ids[1]!.slice(512, 530)).not.toEqual(ids[0]!.slice(512, 530))
  })

  it('takes prompts from our own lines', () => {
    expect(expand({ trace: { source, format: 'jsonl' } }, { text: '{"at":0,"prompt":"the value","output":3}', ...all })).toEqual([
      { id: 'r1', prompt: 'the value', inputTokens: tokenizer.count('the value'), outputTokens: 3, atMs: 0 },
    ])
  })

  it.each([
    ['azure', 'TIME,ContextTokens,GeneratedTokens\n', 'data.file:1: expected a header with the column TIMESTAMP, found TIME,ContextTokens'],
    ['azure', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,12,4\nyesterday,1,1\n', 'data.file:3:1: expected a time stamp, found "yesterday"'],
    ['azure', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,12,many\n', 'data.file:2:3: expected a number of tokens, found "many"'],
    ['mooncake', '{"timestamp":0,"input_length":12}', 'data.file:1: expected a number output_length, found the members timestamp, input_length'],
    ['mooncake', '7', 'data.file:1: expected a JSON object, found 7'],
    ['mooncake', '{"timestamp":0,"input_length":12,"output_length":1,"hash_ids":"x"}', 'expected hash_ids, a list of numbers, found "x"'],
    ['burstgpt', '', 'data.file:1: expected entries of a burstgpt trace, found none'],
  ])('says where and what is wrong in %s %s', (format, text, message) => {
    expect(() => expand({ trace: { source, format } }, { text, ...all })).toThrow(message)
  })
})

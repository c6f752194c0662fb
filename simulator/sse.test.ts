// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { createFrames, httpChunk } from './sse.ts'
import type { ResponseIdentity } from './sse.ts'

const chat: ResponseIdentity = { api: 'chat', id: 'chatcmpl-1', createdSeconds: 7, model: 'tiny', fingerprint: 'vllm-x', continuousUsage: true }
const completion: ResponseIdentity = { ...chat, api: 'completion', id: 'cmpl-1', continuousUsage: false }
const none = { prompt: 6, completion: 0 }

// each line below is what vLLM 0.32.0 sent for the same event (id, time and text apart)
describe('events have the form of vLLM', () => {
  const chatFrames = createFrames(chat)
  const completionFrames = createFrames(completion)
  it.each([
    ['chat, role', chatFrames.role(0, none),
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"tiny","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":{"prompt_tokens":6,"total_tokens":6,"completion_tokens":0,"completion_tokens_details":null},"prompt_token_ids":null,"prompt_text":null}'],
    ['chat, token', chatFrames.token(0, 'be', { prompt: 6, completion: 1 }),
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"tiny","choices":[{"index":0,"delta":{"content":"be"},"logprobs":null,"finish_reason":null,"token_ids":null}],"usage":{"prompt_tokens":6,"total_tokens":7,"completion_tokens":1,"completion_tokens_details":null}}'],
    ['chat, last', chatFrames.last(0, { json: 'iv', finishReason: 'length', stopReason: null }, { prompt: 6, completion: 4 }),
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"tiny","choices":[{"index":0,"delta":{"content":"iv"},"logprobs":null,"finish_reason":"length","stop_reason":null,"token_ids":null}],"usage":{"prompt_tokens":6,"total_tokens":10,"completion_tokens":4,"completion_tokens_details":null}}'],
    ['chat, usage', chatFrames.usage({ prompt: 6, completion: 4 }),
      'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"tiny","choices":[],"usage":{"prompt_tokens":6,"total_tokens":10,"completion_tokens":4},"system_fingerprint":"vllm-x"}'],
    ['completion, token', completionFrames.token(0, 'function', none),
      'data: {"id":"cmpl-1","object":"text_completion","created":7,"model":"tiny","choices":[{"index":0,"text":"function","logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}]}'],
    ['completion, last', completionFrames.last(0, { json: 'tem', finishReason: 'length', stopReason: null }, none),
      'data: {"id":"cmpl-1","object":"text_completion","created":7,"model":"tiny","choices":[{"index":0,"text":"tem","logprobs":null,"finish_reason":"length","stop_reason":null,"prompt_token_ids":null,"token_ids":null}]}'],
    ['completion, usage', completionFrames.usage({ prompt: 3, completion: 4 }),
      'data: {"id":"cmpl-1","object":"text_completion","created":7,"model":"tiny","choices":[],"usage":{"prompt_tokens":3,"total_tokens":7,"completion_tokens":4},"system_fingerprint":"vllm-x"}'],
  ])('%s', (_, event, expected) => expect(event).toBe(`${expected}\n\n`))

  it('for any names and stop strings: always JSON', () => {
    const odd = createFrames({ ...completion, id: 'cmpl-"x"', model: 'größe\n' })
    const event = odd.last(3, { json: '', finishReason: 'stop', stopReason: '"\n' }, none)
    expect(JSON.parse(event.slice(6))).toMatchObject({ id: 'cmpl-"x"', model: 'größe\n', choices: [{ index: 3, stop_reason: '"\n' }] })
  })

  it('with cached tokens where they are told', () => {
    expect(createFrames(completion).usage({ prompt: 3, completion: 4, cached: 2 })).toContain('"prompt_tokens_details":{"cached_tokens":2}')
  })
})

it.each([['abc', '3\r\nabc\r\n'], ['é🙂', '6\r\né🙂\r\n'], ['x'.repeat(16), `10\r\n${'x'.repeat(16)}\r\n`]])('a chunk counts bytes: %s', (event, chunk) => {
  expect(httpChunk(event)).toBe(chunk)
})

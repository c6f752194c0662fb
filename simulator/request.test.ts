// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { parseGeneration } from './request.ts'

const parse = (api: 'completion' | 'chat', body: unknown) => parseGeneration(api, typeof body === 'string' ? body : JSON.stringify(body), ['tiny', 'alias'])
const messages = [{ role: 'user', content: 'hi' }]

describe('bodies that are understood', () => {
  it.each([
    ['text', { prompt: 'a' }, [{ kind: 'text', text: 'a' }]],
    ['texts', { prompt: ['a', 'b'] }, [{ kind: 'text', text: 'a' }, { kind: 'text', text: 'b' }]],
    ['tokens', { prompt: [1, 2] }, [{ kind: 'tokens', tokens: [1, 2] }]],
    ['lists of tokens', { prompt: [[1], [2, 3]] }, [{ kind: 'tokens', tokens: [1] }, { kind: 'tokens', tokens: [2, 3] }]],
  ])('a prompt as %s', (_, body, prompts) => {
    expect(parse('completion', body)).toMatchObject({ ok: true, request: { prompts, model: 'tiny', maxTokens: 16, n: 1, stream: false } })
  })

  it.each([
    ['max_tokens', { messages, max_tokens: 5 }, { maxTokens: 5 }],
    ['max_completion_tokens before max_tokens', { messages, max_tokens: 5, max_completion_tokens: 7 }, { maxTokens: 7 }],
    ['no limit', { messages, max_tokens: null }, { maxTokens: undefined }],
    ['a model by its alias', { messages, model: 'alias' }, { model: 'alias' }],
    ['stop as a string', { messages, stop: 'x' }, { stop: ['x'] }],
    ['usage', { messages, stream: true, stream_options: { include_usage: true } }, { includeUsage: true, continuousUsage: false }],
    ['usage in every event', { messages, stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } }, { continuousUsage: true }],
    ['continuous usage without usage', { messages, stream: true, stream_options: { continuous_usage_stats: true } }, { continuousUsage: false }],
    ['parts of text', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text', text: 'b' }] }] }, { prompts: [{ kind: 'chat', messages: [{ role: 'user', content: 'a\nb' }] }] }],
    ['no content', { messages: [{ role: 'assistant', content: null }, ...messages] }, { prompts: [{ kind: 'chat', messages: [{ role: 'assistant', content: '' }, ...messages] }] }],
    ['fields that it does not know', { messages, temperature: 0, logprobs: true, user: 'me' }, { model: 'tiny' }],
  ])('a chat with %s', (_, body, expected) => expect(parse('chat', body)).toMatchObject({ ok: true, request: expected }))
})

describe('bodies that are refused', () => {
  it.each([
    ['no JSON', 'completion', '{"prompt"', 400, 'Bad Request', 'body'],
    ['a list', 'completion', [], 400, 'Bad Request', 'body'],
    ['no prompt', 'completion', {}, 400, 'BadRequestError', 'prompt'],
    ['an empty prompt', 'completion', { prompt: '' }, 400, 'BadRequestError', 'prompt'],
    ['too many prompts', 'completion', { prompt: Array.from({ length: 2000 }, () => 'a') }, 400, 'BadRequestError', 'prompt'],
    ['negative tokens', 'completion', { prompt: [-1] }, 400, 'Bad Request', 'body.prompt.0'],
    ['another model', 'completion', { prompt: 'a', model: 'nope' }, 404, 'NotFoundError', 'model'],
    ['no tokens wanted', 'completion', { prompt: 'a', max_tokens: 0 }, 400, 'BadRequestError', 'max_tokens'],
    ['a text as a number', 'completion', { prompt: 'a', max_tokens: 'many' }, 400, 'Bad Request', 'body.max_tokens'],
    ['stream options without a stream', 'chat', { messages, stream_options: { include_usage: true } }, 400, 'BadRequestError', 'stream_options'],
    ['an empty stop', 'chat', { messages, stop: [''] }, 400, 'BadRequestError', 'stop'],
    ['no messages', 'chat', { messages: [] }, 400, 'Bad Request', 'body.messages'],
    ['an image', 'chat', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 400, 'BadRequestError', 'messages'],
  ] as const)('%s', (_, api, body, ...[status, type, param]) => {
    const parsed = parse(api, body)
    expect(parsed.ok).toBe(false)
    if (parsed.ok) return
    expect(parsed.error.status).toBe(status)
    expect(JSON.parse(parsed.error.body)).toMatchObject({ error: { type, param, code: status } })
  })

  it('another model: in the very words of vLLM', () => {
    const parsed = parseGeneration('completion', '{"model":"nope","prompt":"a"}', ['tiny'])
    expect(parsed.ok ? '' : parsed.error.body).toBe('{"error":{"message":"The model `nope` does not exist. Valid aliases: tiny.","type":"NotFoundError","param":"model","code":404}}')
  })
})

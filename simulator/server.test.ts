// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { SimulatorConfig } from './config.ts'
import { createFakeClock } from './fake-clock.ts'
import type { FakeClock } from './fake-clock.ts'
import { createSimulator } from './simulator.ts'
import type { Simulator } from './simulator.ts'
import { approximateTokenizer } from './tokens.ts'

type Rig = Simulator & { readonly clock: FakeClock; readonly base: string; readonly crashes: number[] }
type Received = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string; readonly pieces: readonly string[]; readonly cut: boolean }
type Line = { requestId: string; ordinal: number; choice: number; outcome: string; status: number; tokens: number; ttftMs: number | null; gapsMs: number[]; promptTokens: number; cachedTokens: number; queueMs: number; tokenNs: number[] }

const open: Simulator[] = []
afterEach(() => {
  for (const { server } of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function start(input: object = {}, options: { ready?: boolean; clock?: FakeClock } = {}): Promise<Rig> {
  const clock = options.clock ?? createFakeClock()
  const crashes: number[] = []
  const config = SimulatorConfig.parse({ model: { name: 'tiny', maxLength: 1000 }, prefill: { baseMs: 20, perTokenMs: 1 }, decode: { baseMs: 10, perSequenceMs: 0 }, instance: { key: 'test' }, ...input })
  const simulator = createSimulator(config, { clock, tokenizer: approximateTokenizer(config.answer.script), log: () => undefined, crash: () => crashes.push(1) })
  open.push(simulator)
  simulator.server.listen(0, '127.0.0.1')
  await once(simulator.server, 'listening')
  if (options.ready ?? true) simulator.ready()
  return { ...simulator, clock, crashes, base: `http://127.0.0.1:${(simulator.server.address() as AddressInfo).port}` }
}

/** Sends a request; the promise settles when the answer is whole or cut. */
function send(rig: Rig, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Received> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${rig.base}${path}`, { method: body === undefined ? 'GET' : 'POST', headers, agent: false }, (response) => {
      const pieces: string[] = []
      const settle = (cut: boolean) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: pieces.join(''), pieces, cut })
      response.setEncoding('utf8')
      response.on('data', (piece: string) => pieces.push(piece))
      response.on('end', () => settle(false))
      response.on('error', () => settle(true))
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
}

/** Waits, without a clock, until the engine knows so many requests. */
async function arrived(rig: Rig, count: number): Promise<void> {
  for (;;) {
    const { running, waiting } = rig.serving.engine.load()
    if (running + waiting >= count) return
    await new Promise(setImmediate)
  }
}

/** Sends one request after another, each in its own stretch of the fake time. */
async function answer(rig: Rig, path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Received> {
  const received = send(rig, path, body, headers)
  await arrived(rig, 1)
  rig.clock.advance(100_000)
  return received
}

const post = async (rig: Rig, path: string, body: unknown = {}) => (await send(rig, path, body)).status
const truth = async (rig: Rig, query = '') => (await send(rig, `/truth${query}`)).body.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line)
const events = (body: string) => body.split('\n\n').filter(Boolean).map((event) => event.slice('data: '.length))
const completion = (more: object = {}) => ({ model: 'tiny', prompt: 'one two three', max_tokens: 4, ignore_eos: true, ...more })
const chat = (more: object = {}) => ({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }], max_tokens: 3, ignore_eos: true, ...more })

describe('a streamed completion', () => {
  it('is framed as vLLM frames it, one event a write, and its truth is the declared law', async () => {
    const rig = await start()
    const { status, headers, body, pieces } = await answer(rig, '/v1/completions', completion({ stream: true, stream_options: { include_usage: true } }), { 'x-request-id': 'mine' })
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'mine', 'transfer-encoding': 'chunked' })
    const [first, , , last, usage, done] = events(body)
    expect(events(body)).toHaveLength(6)
    expect(done).toBe('[DONE]')
    expect(JSON.parse(first ?? '')).toMatchObject({ id: 'cmpl-mine', object: 'text_completion', model: 'tiny', choices: [{ index: 0, finish_reason: null }] })
    expect(JSON.parse(last ?? '')).toMatchObject({ choices: [{ finish_reason: 'length', stop_reason: null }] })
    expect(JSON.parse(usage ?? '')).toMatchObject({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } })
    expect(pieces.join('')).toBe(body)
    expect(await truth(rig)).toMatchObject([{ requestId: 'mine', ordinal: 0, outcome: 'length', tokens: 4, promptTokens: 3, ttftMs: 23, gapsMs: [10, 10, 10], queueMs: 0 }])
  })

  it('has several tokens an event with speculation, and the same total', async () => {
    const rig = await start({ decode: { baseMs: 10, perSequenceMs: 0, speculation: { draftTokens: 2, acceptance: 1 } } })
    const { body } = await answer(rig, '/v1/completions', completion({ max_tokens: 7, stream: true, stream_options: { include_usage: true } }))
    expect(events(body)).toHaveLength(3 + 2)
    expect((await truth(rig))[0]).toMatchObject({ tokens: 7, eventTokens: [3, 3, 1], gapsMs: [10, 10] })
  })

  it('of several prompts mixes its choices and counts all', async () => {
    const rig = await start()
    const { body } = await answer(rig, '/v1/completions', completion({ prompt: ['a b', 'c d e'], n: 2, stream: true, stream_options: { include_usage: true } }))
    const parsed = events(body).filter((event) => event !== '[DONE]').map((event) => JSON.parse(event) as { choices: { index: number; text: string }[]; usage?: object })
    const texts = [0, 1, 2, 3].map((index) => parsed.flatMap(({ choices }) => choices.filter((choice) => choice.index === index).map(({ text }) => text)).join(''))
    expect(new Set(texts).size).toBe(4)
    expect(new Set(parsed.flatMap(({ choices }) => choices.map(({ index }) => index)))).toEqual(new Set([0, 1, 2, 3]))
    expect(parsed.at(-1)?.usage).toEqual({ prompt_tokens: 5, completion_tokens: 16, total_tokens: 21 })
    expect(new Set((await truth(rig)).map(({ choice }) => choice))).toEqual(new Set([0, 1, 2, 3]))
  })
})

describe('a streamed chat', () => {
  it('begins with a role and no content, and states usage in every event on request', async () => {
    const rig = await start()
    const { body } = await answer(rig, '/v1/chat/completions', chat({ stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } }))
    const parsed = events(body).slice(0, -1).map((event) => JSON.parse(event) as { choices: { delta: object }[]; usage: { completion_tokens: number } })
    expect(parsed[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    expect(parsed.map(({ usage }) => usage.completion_tokens)).toEqual([0, 1, 2, 3, 3])
    expect((await truth(rig))[0]?.tokenNs).toHaveLength(3)
  })

  it('finds its own answer in the prefix cache when the conversation goes on', async () => {
    const rig = await start({ server: { promptTokensDetails: true } })
    const first = await answer(rig, '/v1/chat/completions', chat({ max_tokens: 100 }))
    const { content } = (JSON.parse(first.body) as { choices: { message: { content: string } }[] }).choices[0]?.message ?? { content: '' }
    const messages = [{ role: 'user', content: 'hello' }, { role: 'assistant', content }, { role: 'user', content: 'go on' }]
    const second = await answer(rig, '/v1/chat/completions', chat({ messages }))
    const [before, after] = await truth(rig)
    expect(before?.cachedTokens).toBe(0)
    expect(after?.cachedTokens).toBeGreaterThanOrEqual(96)
    expect((JSON.parse(second.body) as { usage: object }).usage).toMatchObject({ prompt_tokens_details: { cached_tokens: after?.cachedTokens } })
    expect(await post(rig, '/reset_prefix_cache')).toBe(200)
    await answer(rig, '/v1/chat/completions', chat({ messages }))
    expect((await truth(rig))[2]?.cachedTokens).toBe(0)
  })
})

describe('an answer that is not streamed', () => {
  it.each([
    ['/v1/completions', completion(), { object: 'text_completion', choices: [{ index: 0, finish_reason: 'length', stop_reason: null }], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } }],
    ['/v1/chat/completions', chat(), { object: 'chat.completion', choices: [{ message: { role: 'assistant' }, finish_reason: 'length' }], usage: { completion_tokens: 3 } }],
  ])('of %s is whole, with usage', async (path, body, expected) => {
    const rig = await start()
    const received = await answer(rig, path, body)
    expect(received.headers['content-type']).toBe('application/json')
    expect(JSON.parse(received.body)).toMatchObject(expected)
  })

  it('has the text that a stream would have had', async () => {
    const text = async (stream: boolean) => {
      const { body } = await answer(await start({ answer: { script: 'mixed' } }), '/v1/completions', completion({ stream, max_tokens: 40 }))
      if (!stream) return (JSON.parse(body) as { choices: { text: string }[] }).choices[0]?.text
      return events(body).slice(0, -1).map((event) => (JSON.parse(event) as { choices: { text: string }[] }).choices[0]?.text).join('')
    }
    expect(await text(true)).toBe(await text(false))
  })
})

describe('many requests', () => {
  const play = async (seed: number) => {
    const rig = await start({ random: { seed }, decode: { baseMs: 10, perSequenceMs: 0.5, jitter: 0.3 }, prefill: { baseMs: 20, perTokenMs: 0.1, jitter: 0.2 }, batch: { maxSequences: 8 } })
    const pending: Promise<Received>[] = []
    for (let i = 0; i < 20; i++) {
      pending.push(send(rig, '/v1/completions', completion({ prompt: `request ${i}`, max_tokens: 60, ignore_eos: false, stream: true, stream_options: { include_usage: true } }), { 'x-request-id': `r${i}` }))
      await arrived(rig, i + 1)
    }
    rig.clock.advance(1_000_000)
    return { answers: await Promise.all(pending), lines: await truth(rig) }
  }

  it('are all accounted for: what a client counts is what the truth says', async () => {
    const { answers, lines } = await play(1)
    expect(lines).toHaveLength(20)
    for (const { headers, body } of answers) {
      const line = lines.find(({ requestId }) => requestId === headers['x-request-id'])
      const list = events(body)
      const usage = (JSON.parse(list.at(-2) ?? '') as { usage: { completion_tokens: number; prompt_tokens: number } }).usage
      expect(list.length - 2).toBe(line?.tokenNs.length)
      expect(usage).toMatchObject({ completion_tokens: line?.tokens, prompt_tokens: line?.promptTokens })
      expect(line?.gapsMs).toHaveLength((line?.tokens ?? 0) - 1)
      expect(line?.tokenNs).toEqual([...line?.tokenNs ?? []].sort((a, b) => a - b))
    }
    // 8 run at a time: the others had to wait
    expect(lines.filter(({ queueMs }) => queueMs > 10)).toHaveLength(12)
  })

  it('are the same again with the same seed, and others with another', async () => {
    const [a, b, c] = [await play(1), await play(1), await play(2)]
    const essence = ({ lines }: Awaited<ReturnType<typeof play>>) => lines.map(({ requestId, tokens, ttftMs, gapsMs }) => ({ requestId, tokens, ttftMs, gapsMs }))
    expect(essence(a)).toEqual(essence(b))
    expect(a.answers.map(({ body }) => body)).toEqual(b.answers.map(({ body }) => body))
    expect(essence(a)).not.toEqual(essence(c))
  })

  it.each(['requestId', 'prompt'] as const)('draw by %s in any order, if so declared', async (key) => {
    const texts = async (order: readonly number[]) => {
      const rig = await start({ random: { key } })
      const found: Record<number, string> = {}
      for (const i of order) {
        const { body } = await answer(rig, '/v1/completions', completion({ prompt: `prompt ${i}` }), { 'x-request-id': `r${i}` })
        found[i] = (JSON.parse(body) as { choices: { text: string }[] }).choices[0]?.text ?? ''
      }
      return found
    }
    const forwards = await texts([1, 2, 3])
    expect(forwards).toEqual(await texts([3, 1, 2]))
    expect(new Set(Object.values(forwards)).size).toBe(3)
  })

  it('begin again at number 0 after a reset of the truth', async () => {
    const rig = await start()
    const first = await answer(rig, '/v1/completions', completion(), { 'x-request-id': 'a' })
    expect(await post(rig, '/truth/reset')).toBe(200)
    expect(await truth(rig)).toEqual([])
    const again = await answer(rig, '/v1/completions', completion(), { 'x-request-id': 'a' })
    const text = ({ body }: Received) => (JSON.parse(body) as { choices: { text: string }[] }).choices[0]?.text
    expect(text(again)).toBe(text(first))
    expect(await truth(rig)).toMatchObject([{ ordinal: 0 }])
  })
})

describe('a client that goes away', () => {
  it.each([true, false])('ends its answer and frees the cache (streamed: %s)', async (stream) => {
    const rig = await start()
    const request = httpRequest(`${rig.base}/v1/completions`, { method: 'POST', agent: false })
    request.on('error', () => undefined)
    request.end(JSON.stringify(completion({ max_tokens: 500, stream })))
    await arrived(rig, 1)
    rig.clock.advance(60)
    request.destroy()
    while (rig.serving.engine.load().running > 0) await new Promise(setImmediate)
    expect(rig.serving.engine.load().kvUsage).toBe(0)
    expect(await truth(rig)).toMatchObject([{ outcome: 'cancelled', ttftMs: 23, gapsMs: [10, 10, 10] }])
    expect((await send(rig, '/metrics')).body).toContain('vllm:request_success_total{engine="0",finished_reason="abort",model_name="tiny"} 1.0')
  })
})

describe('planted failures', () => {
  const failing = (failures: object) => start({ failures })

  it.each([[500, 'InternalServerError'], [400, 'BadRequestError']])('an error %d', async (status, type) => {
    const rig = await failing({ httpError: { share: 1, status } })
    const received = await send(rig, '/v1/completions', completion())
    expect(received.status).toBe(status)
    expect(JSON.parse(received.body)).toMatchObject({ error: { type, code: status } })
    expect(await truth(rig)).toMatchObject([{ outcome: 'refused', status }])
  })

  it('too many requests', async () => {
    const received = await send(await failing({ rateLimit: { share: 1, retryAfterSeconds: 7 } }), '/v1/completions', completion())
    expect(received).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
  })

  it.each([[0, 0], [2, 2]])('a connection that is cut after %d tokens', async (afterTokens, tokens) => {
    const rig = await failing({ dropConnection: { share: 1, afterTokens } })
    const received = await answer(rig, '/v1/completions', completion({ stream: true }))
    expect(received.cut).toBe(true)
    expect(events(received.body)).toHaveLength(tokens)
    expect(await truth(rig)).toMatchObject([{ outcome: 'dropped', tokens }])
    expect(rig.serving.engine.load()).toMatchObject({ running: 0, kvUsage: 0 })
  })

  it('an answer that stops coming', async () => {
    const rig = await failing({ hang: { share: 1, afterTokens: 2 } })
    let settled = false
    const received = send(rig, '/v1/completions', completion({ stream: true })).finally(() => { settled = true })
    await arrived(rig, 1)
    rig.clock.advance(100_000)
    expect(await truth(rig)).toMatchObject([{ outcome: 'hung', tokens: 2 }])
    expect(settled).toBe(false)
    rig.server.closeAllConnections()
    expect((await received).cut).toBe(true)
  })

  it('a late first token', async () => {
    const rig = await failing({ slowFirstToken: { share: 1, extraMs: 500 } })
    await answer(rig, '/v1/completions', completion({ stream: true }))
    expect(await truth(rig)).toMatchObject([{ ttftMs: 523, gapsMs: [10, 10, 10] }])
  })

  it('a short answer, and usage that is not true', async () => {
    const rig = await failing({ shortAnswer: { share: 1, keep: 0.5 }, wrongUsage: { share: 1, factor: 3 } })
    const { body } = await answer(rig, '/v1/completions', completion())
    expect(JSON.parse(body)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { completion_tokens: 6 } })
    expect(await truth(rig)).toMatchObject([{ tokens: 2 }])
  })

  it('a crash at the declared request', async () => {
    const rig = await failing({ crash: { afterRequests: 1 } })
    await answer(rig, '/v1/completions', completion())
    expect(rig.crashes).toHaveLength(0)
    void send(rig, '/v1/completions', completion()).catch(() => undefined)
    while (rig.crashes.length === 0) await new Promise(setImmediate)
  })

  it('a crash at the declared time', async () => {
    const rig = await failing({ crash: { afterSeconds: 30 } })
    rig.clock.advance(29_999)
    expect(rig.crashes).toHaveLength(0)
    rig.clock.advance(1)
    expect(rig.crashes).toHaveLength(1)
  })

  it('a queue that is full', async () => {
    const rig = await start({ batch: { maxSequences: 1, maxWaiting: 1 } })
    const pending = [send(rig, '/v1/completions', completion()), send(rig, '/v1/completions', completion())]
    await arrived(rig, 2)
    expect((await send(rig, '/v1/completions', completion())).status).toBe(429)
    rig.clock.advance(100_000)
    expect((await Promise.all(pending)).map(({ status }) => status)).toEqual([200, 200])
  })
})

describe('the small endpoints', () => {
  it('list the model', async () => {
    const rig = await start({ model: { name: 'org/model', aliases: ['a', 'b'], maxLength: 1000 } })
    expect(JSON.parse((await send(rig, '/v1/models')).body)).toMatchObject({
      object: 'list', data: [{ id: 'a', object: 'model', owned_by: 'vllm', root: 'org/model', max_model_len: 1000 }, { id: 'b' }],
    })
  })

  it('tokenize and back', async () => {
    const rig = await start()
    const { count, tokens, max_model_len } = JSON.parse((await send(rig, '/tokenize', { model: 'tiny', prompt: 'some words here' })).body) as { count: number; tokens: number[]; max_model_len: number }
    expect({ count, max_model_len }).toEqual({ count: 3, max_model_len: 1000 })
    expect(JSON.parse((await send(rig, '/detokenize', { tokens })).body)).toEqual({ prompt: 'some words here' })
    expect(JSON.parse((await send(rig, '/tokenize', { messages: [{ role: 'user', content: 'hello' }], return_token_strs: true })).body)).toMatchObject({ token_strs: ['<|im_start|>', 'user', '\n', 'hello', '<|im_end|>', '\n', '<|im_start|>', 'assistant', '\n'] })
  })

  it.each([
    ['GET', '/health', 200], ['GET', '/ping', 200], ['GET', '/version', 200], ['GET', '/metrics', 200], ['GET', '/load', 200], ['GET', '/nowhere', 404], ['GET', '/v1/completions', 405],
    ['POST', '/health', 405], ['POST', '/reset_mm_cache', 200], ['POST', '/reset_encoder_cache', 200], ['POST', '/tokenize', 400],
  ])('%s %s answers %d', async (method, path, status) => {
    expect((await send(await start(), path, method === 'POST' ? '' : undefined)).status).toBe(status)
  })

  it('answer 503 before readiness, but for metrics and truth', async () => {
    const rig = await start({}, { ready: false })
    const statuses = await Promise.all(['/health', '/v1/models', '/metrics', '/truth'].map(async (path) => (await send(rig, path)).status))
    expect(statuses).toEqual([503, 503, 200, 200])
  })

  it('ask for the key under /v1 only', async () => {
    const rig = await start({ server: { apiKeys: ['k1', 'k2'] } })
    const status = async (path: string, authorization?: string) => (await send(rig, path, undefined, authorization ? { authorization } : {})).status
    expect(await Promise.all([status('/v1/models'), status('/v1/models', 'Bearer no'), status('/v1/models', 'Bearer k2'), status('/health')])).toEqual([401, 401, 200, 200])
    expect((await send(rig, '/v1/models')).body).toBe('{"error":"Unauthorized"}')
  })

  it('refuse what is too long for the context, in the words of vLLM', async () => {
    const rig = await start()
    const prompt = Array.from({ length: 990 }, (_, i) => i)
    const { status, body } = await send(rig, '/v1/completions', completion({ prompt, max_tokens: 20 }))
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'BadRequestError', param: 'input_tokens', message: expect.stringContaining('You passed 990 input tokens and requested 20 output tokens. However, the model\'s context length is only 1000 tokens') as string } })
    expect((await send(rig, '/v1/completions', completion({ max_tokens: 5000 }))).body).toContain('max_tokens=5000 cannot be greater than max_model_len=1000')
  })

  it('refuse a body that is too large', async () => {
    const rig = await start({ server: { maxBodyBytes: 1024 } })
    const result = await send(rig, '/v1/completions', completion({ prompt: 'x'.repeat(2000) }))
    expect(result.status).toBe(413)
  })

  it('tell where the clock of the truth is', async () => {
    expect((await send(await start(), '/truth')).headers).toMatchObject({ 'x-truth-clock': 'CLOCK_MONOTONIC', 'x-truth-boot-id': expect.stringMatching(/./) as string })
  })

  it('keep an HTTP/1.0 client happy, which knows no chunks', async () => {
    const rig = await start()
    const { connect } = await import('node:net')
    const socket = connect((rig.server.address() as AddressInfo).port, '127.0.0.1')
    const body = JSON.stringify(completion({ stream: true }))
    socket.write(`POST /v1/completions HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => { text += piece })
    await arrived(rig, 1)
    rig.clock.advance(1000)
    await once(socket, 'close')
    expect(text).not.toMatch(/transfer-encoding/i)
    const list = events(text.slice(text.indexOf('\r\n\r\n') + 4))
    expect(list.map((event) => (event === '[DONE]' ? event : (JSON.parse(event) as { object: string }).object))).toEqual([...Array.from({ length: 4 }, () => 'text_completion'), '[DONE]'])
  })
})

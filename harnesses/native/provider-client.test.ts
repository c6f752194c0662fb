// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest'
import type { Client, ClientOptions, ExchangeMetrics, SendHooks } from './client.ts'
import { createProviderClient } from './provider-client.ts'
import { bodyOf, openai } from './providers/openai.ts'
import { chatChunk, chunk, event, scriptedServer, STREAM_END, STREAM_HEAD, textChunk, usageChunk, whole, type Script, type ScriptedServer } from './testing/scripted-server.ts'

const API = { kind: 'completions', streaming: true, ignoreEos: true, sampling: { temperature: 0 }, headers: {}, extraBody: {} } as const
const opened: { client: Client; server: ScriptedServer }[] = []
afterEach(async () => {
  for (const { client, server } of opened.splice(0)) await Promise.all([client.close(), server.close()])
})

async function ask(script: Script, { api = {}, hooks = {}, endpoint = {} }: { api?: Partial<ClientOptions['api']>; hooks?: Partial<SendHooks>; endpoint?: Partial<ClientOptions['endpoint']> } = {}) {
  const server = await scriptedServer(script)
  const client = await createProviderClient(openai, { endpoint: { url: server.url, model: 'm', headers: {}, ...endpoint }, api: { ...API, ...api } })
  opened.push({ client, server })
  const reads: number[] = []
  const send = (id: string) => client.send(client.prepare({ id, prompt: 'hello', outputTokens: 4 }), { now: () => performance.now(), timeoutMs: 5000, onRead: (n) => reads.push(n), ...hooks })
  const sending = send('r1')
  return { server, client, send, sending, reads, exchange: await sending.done }
}
const stream = (...pieces: (string | Uint8Array)[]): Script => async ({ write }) => {
  await write(STREAM_HEAD)
  for (const piece of pieces) await write(chunk(piece))
  await write(STREAM_END)
}
const ordered = ({ sentMs, eventsMs = [], endMs }: ExchangeMetrics) => {
  const times = [sentMs, ...eventsMs]
  expect(times).toEqual(times.toSorted((a, b) => Number(a) - Number(b)))
  expect(endMs).toBe(eventsMs.at(-1))
}

const WHOLE = [event(textChunk('Hé')), event(textChunk('l"lo')), event(textChunk('!')), event({ ...textChunk(''), choices: [{ index: 0, text: '', finish_reason: 'length' }] }), event(usageChunk(5, 3)), event('[DONE]')].join('')

describe('streams', () => {
  it('stamps every content event and reads usage, text and finish reason', async () => {
    const { exchange, reads } = await ask(stream(event(textChunk('a')), event(textChunk('b')), event(textChunk('c')), event(usageChunk(5, 3)), event('[DONE]')))
    expect(exchange).toMatchObject({ text: 'abc', request: { id: 'r1' }, metrics: { status: 'ok', httpStatus: 200, usage: { inputTokens: 5, outputTokens: 3, cachedTokens: null } } })
    expect(exchange.metrics.eventsMs).toHaveLength(3)
    expect(reads).toEqual([1, 1, 1])
    ordered(exchange.metrics)
  })

  it('counts events that arrive together as one read of several', async () => {
    const { exchange, reads } = await ask(stream(WHOLE))
    expect(reads).toEqual([3])
    expect(new Set(exchange.metrics.eventsMs).size).toBe(1)
    expect(exchange).toMatchObject({ text: 'Hél"lo!', metrics: { status: 'ok', finishReason: 'length' } })
  })

  it.each([['LF', WHOLE], ['CRLF', WHOLE.replaceAll('\n', '\r\n')]])('reads an answer cut at every place, split characters included (%s)', async (_, text) => {
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7))
    const { exchange } = await ask(stream(...pieces))
    expect(exchange).toMatchObject({ text: 'Hél"lo!', metrics: { status: 'ok', usage: { outputTokens: 3 } } })
    expect(exchange.metrics.eventsMs).toHaveLength(3)
  })

  it('takes no role-only or empty chunk for the first token, but reasoning', async () => {
    const script = stream(event(chatChunk({ role: 'assistant', content: '' })), ': ping\n\n', event(chatChunk({ content: '' })), event(chatChunk({ reasoning_content: 'hm' })), event(chatChunk({ content: 'a' }, 'stop')), event('[DONE]'))
    const { exchange } = await ask(script, { api: { kind: 'chat' } })
    expect(exchange.metrics).toMatchObject({ status: 'ok', silentEvents: 2, responseIds: ['chatcmpl-1'] })
    expect(exchange.metrics.eventsMs).toHaveLength(2)
  })

  it('takes tokens per event from continuous usage', async () => {
    const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 5, completion_tokens } })
    const { exchange } = await ask(stream(event(textChunk('a', usage(1))), event(textChunk('bcd', usage(4))), event('[DONE]')))
    expect(exchange.metrics.eventTokens).toEqual([1, 3])
  })

  it.each([
    ['a finish reason without [DONE]', [event({ ...textChunk('a'), choices: [{ index: 0, text: 'a', finish_reason: 'stop' }] })], 'ok', undefined],
    ['neither', [event(textChunk('a'))], 'error', { class: 'stream', message: 'the stream ended without a finish reason or [DONE]' }],
    ['[DONE] without its blank line', [event(textChunk('a')), 'data: [DONE]'], 'ok', undefined],
    ['an error within the stream', [event(textChunk('a')), event({ error: { message: 'engine died', code: 500 } }), event('[DONE]')], 'error', { class: 'stream', message: 'engine died' }],
    ['an event that is no JSON', [event('{"choices":'), event('[DONE]')], 'error', { class: 'protocol', message: 'expected a JSON object, found {"choices":' }],
  ] as const)('ends with %s', async (_, pieces, status, error) => {
    const { exchange } = await ask(stream(...pieces))
    expect(exchange.metrics).toMatchObject({ status })
    expect(exchange.metrics.error).toEqual(error)
  })
})

describe('answers that are no stream', () => {
  it('reads a body when streaming is not asked for', async () => {
    const { exchange, server } = await ask(({ write }) => write(whole(200, JSON.stringify({ choices: [{ text: 'hi', finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 2 } }))), { api: { streaming: false } })
    expect(exchange).toMatchObject({ text: 'hi', metrics: { status: 'ok', usage: { outputTokens: 2 } } })
    expect(exchange.metrics.eventsMs).toBeUndefined()
    expect(JSON.parse(server.seen[0]!.body)).toMatchObject({ stream: false })
  })

  it.each([
    [404, '{"error":{"message":"The model `nope` does not exist.","code":404}}', {}, { class: 'http4xx', message: 'HTTP 404: The model `nope` does not exist.' }, undefined],
    [429, '{"error":"busy"}', { 'retry-after': '2' }, { class: 'http429', message: 'HTTP 429: busy' }, 2000],
    [503, '<html>\n gone</html>', {}, { class: 'http5xx', message: 'HTTP 503: <html> gone</html>' }, undefined],
    [302, '', { location: '/elsewhere' }, { class: 'protocol', message: 'HTTP 302' }, undefined],
    [200, 'not json', {}, { class: 'protocol', message: 'expected a JSON object, found not json' }, undefined],
  ] as const)('classes %d %s', async (...[status, body, headers, error, retryAfterMs]) => {
    const { exchange } = await ask(({ write }) => write(whole(status, body, headers)))
    expect(exchange.metrics).toMatchObject({ status: 'error', httpStatus: status, error })
    expect(exchange.metrics.retryAfterMs).toBe(retryAfterMs)
  })
})

describe('failures', () => {
  it('classes a refused connection, with nothing sent', async () => {
    const { client, server, send } = await ask(stream(WHOLE))
    await server.close()
    opened.length = 0
    let { metrics } = await send('r2').done
    // the kept-alive connection may have been lost with the server: then the next one is refused
    if (metrics.sentMs !== null) ({ metrics } = await send('r3').done)
    expect(metrics).toMatchObject({ status: 'error', sentMs: null, error: { class: 'connect', message: expect.stringContaining('ECONNREFUSED') } })
    await client.close()
  })

  it.each<[string, Script, string]>([
    ['before an answer', ({ destroy }) => destroy(), 'connect'],
    ['within the stream', async ({ write, destroy }) => { await write(STREAM_HEAD); await write(chunk(event(textChunk('a')))); destroy() }, 'stream'],
    ['with an answer that is no HTTP', ({ write }) => write('SSH-2.0-x\r\n\r\n'), 'protocol'],
  ])('classes a connection lost %s', async (_, script, kind) => {
    const { exchange } = await ask(script)
    expect(exchange.metrics).toMatchObject({ status: 'error', error: { class: kind } })
    expect(exchange.metrics.sentMs).not.toBeNull()
  })

  it('ends a request that hangs at its timeout, with what had come', async () => {
    const { exchange } = await ask(async ({ write }) => { await write(STREAM_HEAD); await write(chunk(event(textChunk('a')))) }, { hooks: { timeoutMs: 100 } })
    expect(exchange).toMatchObject({ text: 'a', metrics: { status: 'error', error: { class: 'timeout', message: 'no complete answer within 100 ms' } } })
    expect(exchange.metrics.eventsMs).toHaveLength(1)
  })

  it('cancels a request, and one that was not sent yet', async () => {
    let answered = 0
    const { server, send } = await ask(async ({ write }) => {
      if (answered++ === 0) await write(STREAM_HEAD + chunk(WHOLE).toString('latin1') + STREAM_END)
    })
    const running = send('r2')
    while (server.seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 1))
    running.cancel('enough')
    expect((await running.done).metrics).toMatchObject({ status: 'cancelled', error: { class: 'cancelled', message: 'enough' } })
    const unsent = send('r3')
    unsent.cancel('enough')
    expect((await unsent.done).metrics).toMatchObject({ status: 'cancelled', sentMs: null })
    running.cancel('again')
  })
})

describe('requests', () => {
  it('sends id, credential and headers, and keeps the connection', async () => {
    const { server, client, send } = await ask(stream(WHOLE), {
      endpoint: { headers: { 'X-Team': 'a' }, credential: { header: 'Authorization', value: 'Bearer s3cret' } }, api: { headers: { 'x-more': 'b' } },
    })
    await send('r2').done
    expect(server.seen.map((r) => [r.method, r.path, r.headers['x-request-id']])).toEqual([['POST', '/v1/completions', 'r1'], ['POST', '/v1/completions', 'r2']])
    expect(server.seen[1]?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-team': 'a', 'x-more': 'b', 'content-type': 'application/json', accept: 'text/event-stream' })
    expect(client.notes?.()).toEqual(['1 connections were opened'])
  })

  it('takes the credential anew for every request, and tells when it was refused', async () => {
    let [value, refused, answered] = ['Bearer one', 0, 0]
    const script: Script = async (answer, request) => await (answered++ === 0 ? answer.write(whole(401, '{"error":"expired"}')) : stream(WHOLE)(answer, request))
    const credential = { header: 'Authorization', get value() { return value }, refused: () => { refused++ } }
    const { server, send, exchange } = await ask(script, { endpoint: { credential } })
    value = 'Bearer two'
    const second = await send('r2').done
    expect([exchange.metrics.httpStatus, second.metrics.httpStatus, refused]).toEqual([401, 200, 1])
    expect(server.seen.map((r) => r.headers['authorization'])).toEqual(['Bearer one', 'Bearer two'])
  })

  it('keeps the path of the endpoint', async () => {
    const server = await scriptedServer(stream(WHOLE))
    const client = await createProviderClient(openai, { endpoint: { url: `${server.url}/models/a/`, model: 'm', headers: {} }, api: { ...API, kind: 'chat' } })
    opened.push({ client, server })
    await client.send(client.prepare({ id: 'r1', messages: [{ role: 'user', content: 'x' }], outputTokens: 0 }), { now: () => 0, timeoutMs: 5000, onRead: () => undefined }).done
    expect(server.seen[0]?.path).toBe('/models/a/v1/chat/completions')
  })

  const options: ClientOptions = { endpoint: { url: 'http://x', model: 'm', headers: {} }, api: { ...API, sampling: { temperature: 0.5 }, extraBody: { stream_options: { include_usage: true, continuous_usage_stats: true } } } }
  it.each([
    ['completions', options, { id: 'a', prompt: 'p', outputTokens: 4 }, { model: 'm', prompt: 'p', max_tokens: 4, ignore_eos: true, temperature: 0.5, stream: true, stream_options: { include_usage: true, continuous_usage_stats: true } }],
    ['chat from a prompt', { ...options, api: { ...options.api, kind: 'chat' as const, ignoreEos: false, extraBody: {}, streaming: false } }, { id: 'a', prompt: 'p', outputTokens: 0 }, { model: 'm', messages: [{ role: 'user', content: 'p' }], temperature: 0.5, stream: false }],
  ])('builds bodies: %s', (_, use, request, expected) => {
    expect(bodyOf(request, use)).toEqual(expected)
  })
})

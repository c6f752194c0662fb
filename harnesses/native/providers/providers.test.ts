// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest'
import { ENDPOINT_API_FACTS, ENDPOINT_APIS, type EndpointApi } from '../../../operator/core/model/endpoint-api.ts'
import type { ApiKind } from '../../../operator/core/model/workload-profile.ts'
import type { Client, ClientOptions, ClientRequest } from '../client.ts'
import { createProviderClient } from '../provider-client.ts'
import { awsMessage } from '../testing/aws-message.ts'
import { EXCHANGES, type RecordedExchange } from '../testing/exchanges.ts'
import { chunk, head, scriptedServer, STREAM_END, whole, type Script, type ScriptedServer } from '../testing/scripted-server.ts'
import { createAwsSigner, sha256 } from './aws-signature.ts'
import { PROVIDERS } from './providers.ts'

const opened: { client: Client; server: ScriptedServer }[] = []
afterEach(async () => {
  for (const { client, server } of opened.splice(0)) await Promise.all([client.close(), server.close()])
})

const AWS = { AccessKeyId: 'AKIDEXAMPLE', SecretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', SessionToken: 'token', Region: 'eu-north-1' }
const credentialOf = (api: EndpointApi) => {
  const { credential } = ENDPOINT_API_FACTS[api]
  return credential === 'aws' ? { header: '', value: JSON.stringify(AWS) } : { header: credential.header, value: `${credential.prefix}s3cret` }
}
const MESSAGES = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: 'hello' }]

interface Setting { readonly api: EndpointApi; readonly kind: ApiKind; readonly streaming?: boolean; readonly path?: string; readonly more?: Partial<ClientOptions['api']>; readonly request?: Partial<ClientRequest> }

async function ask({ api, kind, streaming = true, path = '', more = {}, request = {} }: Setting, script: Script) {
  const server = await scriptedServer(script)
  const client = await createProviderClient(PROVIDERS[api], {
    endpoint: { url: server.url + path, api, model: 'org/m 1', headers: { 'x-team': 'a' }, credential: credentialOf(api) },
    api: { kind, streaming, ignoreEos: false, sampling: { temperature: 0 }, headers: {}, extraBody: {}, ...more },
  })
  opened.push({ client, server })
  const input = kind === 'completions' ? { prompt: 'hello' } : { messages: MESSAGES }
  const { text, metrics } = await client.send(client.prepare({ id: 'r1', outputTokens: 4, ...input, ...request }), { now: () => performance.now(), timeoutMs: 5000, onRead: () => undefined }).done
  const [seen] = server.seen
  return { text, metrics, server, client, seen, body: JSON.parse(seen?.body ?? '{}') as unknown }
}

const TYPES = { openai: 'text/event-stream; charset=utf-8', responses: 'text/event-stream', anthropic: 'text/event-stream; charset=utf-8', tgi: 'text/event-stream', gemini: 'text/event-stream', predict: 'application/json', ollama: 'application/x-ndjson', sagemaker: 'application/vnd.amazon.eventstream' }
/** A server that speaks the protocol: the recorded answer, cut after every seventh byte, or in one piece where no stream was asked for. */
const speaking = (exchange: RecordedExchange, streaming: boolean): Script => async ({ write }) => {
  if (!streaming || exchange.stream === undefined) return await write(whole(200, exchange.body))
  await write(head(200, { 'content-type': TYPES[exchange.protocol], 'transfer-encoding': 'chunked' }))
  const { stream } = exchange
  for (let at = 0; at < stream.length; at += 7) await write(chunk(stream.subarray(at, at + 7)))
  return await write(STREAM_END)
}

const task = { max_new_tokens: 4, do_sample: false, return_full_text: false }
const anthropicBody = { system: 'Be brief.', messages: MESSAGES.slice(1), max_tokens: 4, temperature: 0, stream: true }
const CASES: readonly (Setting & { readonly name: keyof typeof EXCHANGES; readonly to: string; readonly whole?: string; readonly says: object })[] = [
  { name: 'openai completions', api: 'litellm', kind: 'completions', to: '/v1/completions', says: { model: 'org/m 1', prompt: 'hello', max_tokens: 4, temperature: 0, stream: true, stream_options: { include_usage: true } } },
  { name: 'openai chat', api: 'together', kind: 'chat', to: '/v1/chat/completions', says: { model: 'org/m 1', messages: MESSAGES, max_tokens: 4, temperature: 0, stream: true } },
  { name: 'openai chat', api: 'huggingface', kind: 'chat', to: '/v1/chat/completions', says: { model: 'org/m 1', messages: MESSAGES, max_tokens: 4, temperature: 0, stream: true, stream_options: { include_usage: true } } },
  { name: 'openai responses', api: 'openai', kind: 'responses', to: '/v1/responses', says: { model: 'org/m 1', input: MESSAGES, max_output_tokens: 4, temperature: 0, stream: true } },
  { name: 'anthropic', api: 'anthropic', kind: 'chat', to: '/v1/messages', says: { model: 'org/m 1', ...anthropicBody } },
  { name: 'tgi', api: 'tgi', kind: 'completions', to: '/generate_stream', whole: '/generate', says: { inputs: 'hello', parameters: { ...task, details: true } } },
  { name: 'hugging face task', api: 'huggingface', kind: 'completions', path: '/models/m', to: '/models/m', says: { inputs: 'hello', parameters: task, stream: true } },
  { name: 'hugging face task', api: 'huggingface', kind: 'completions', to: '/', says: { inputs: 'hello', parameters: task, stream: true } },
  { name: 'ollama generate', api: 'ollama', kind: 'completions', to: '/api/generate', says: { model: 'org/m 1', prompt: 'hello', raw: true, options: { num_predict: 4, temperature: 0 }, stream: true } },
  { name: 'ollama chat', api: 'ollama', kind: 'chat', to: '/api/chat', says: { model: 'org/m 1', messages: MESSAGES, options: { num_predict: 4, temperature: 0 }, stream: true } },
  {
    name: 'vertex', api: 'vertex', kind: 'chat', path: '/v1/projects/p/locations/l/publishers/google',
    to: '/v1/projects/p/locations/l/publishers/google/models/org%2Fm%201:streamGenerateContent?alt=sse', whole: '/v1/projects/p/locations/l/publishers/google/models/org%2Fm%201:generateContent',
    says: {
      systemInstruction: { parts: [{ text: 'Be brief.' }] }, contents: [['user', 'Hi'], ['model', 'Yes?'], ['user', 'hello']].map(([role, text]) => ({ role, parts: [{ text }] })),
      generationConfig: { maxOutputTokens: 4, temperature: 0 },
    },
  },
  { name: 'anthropic', api: 'vertex-anthropic', kind: 'chat', path: '/p', to: '/p/models/org%2Fm%201:streamRawPredict', whole: '/p/models/org%2Fm%201:rawPredict', says: { anthropic_version: 'vertex-2023-10-16', ...anthropicBody } },
  { name: 'sagemaker events', api: 'sagemaker', kind: 'completions', to: '/endpoints/org%2Fm%201/invocations-response-stream', whole: '/endpoints/org%2Fm%201/invocations', says: { inputs: 'hello', parameters: { ...task, details: true }, stream: true } },
  { name: 'sagemaker chat', api: 'sagemaker', kind: 'chat', to: '/endpoints/org%2Fm%201/invocations-response-stream', whole: '/endpoints/org%2Fm%201/invocations', says: { messages: MESSAGES, max_tokens: 4, temperature: 0, stream: true, stream_options: { include_usage: true } } },
]

describe('streamed', () => {
  it.each(CASES)('$api $kind: $to', async ({ name, to, says, ...setting }) => {
    const exchange: RecordedExchange = EXCHANGES[name]
    const { seen, body, text, metrics } = await ask(setting, speaking(exchange, true))
    expect([seen?.method, seen?.path, body]).toEqual(['POST', to, says])
    expect(metrics.error).toBeUndefined()
    expect([text, metrics.usage, metrics.finishReason, metrics.eventsMs?.length]).toEqual([exchange.streamed?.text, exchange.streamed?.usage, exchange.streamed?.finishReason, exchange.events])
    expect(metrics).toMatchObject({ status: 'ok', httpStatus: 200, endMs: metrics.eventsMs?.at(-1) })
    if (exchange.eventTokens !== undefined) expect(metrics.eventTokens).toEqual(exchange.eventTokens)
  })
})

describe('in one piece', () => {
  const predict = { name: 'vertex predict', api: 'vertex-predict', kind: 'completions', path: '/endpoints/7', to: '/endpoints/7:predict', says: { instances: [{ prompt: 'hello' }], parameters: { maxOutputTokens: 4, temperature: 0 } } } as const
  it.each([...CASES, predict])('$api $kind has no first token', async ({ name, to, says, ...setting }) => {
    const exchange: RecordedExchange = EXCHANGES[name]
    const { seen, body, text, metrics } = await ask({ ...setting, streaming: false }, speaking(exchange, false))
    expect(seen?.path).toBe('whole' in setting && typeof setting.whole === 'string' ? setting.whole : to)
    const { stream_options: _, ...expected } = says as Record<string, unknown>
    expect(body).toEqual('stream' in says ? { ...expected, stream: false } : says)
    expect(metrics).toMatchObject({ status: 'ok', eventsMs: undefined })
    expect([text, metrics.usage, metrics.finishReason]).toEqual([exchange.whole.text, exchange.whole.usage, exchange.whole.finishReason])
  })
})

describe('credentials', () => {
  it.each<[EndpointApi, ApiKind, string, string]>([
    ['openai', 'chat', 'authorization', 'Bearer s3cret'], ['anthropic', 'chat', 'x-api-key', 's3cret'], ['vertex', 'chat', 'authorization', 'Bearer s3cret'], ['huggingface', 'completions', 'authorization', 'Bearer s3cret'],
  ])('of %s %s are in %s', async (api, kind, header, value) => {
    const { seen } = await ask({ api, kind }, ({ write }) => write(whole(200, '{}')))
    expect(seen?.headers).toMatchObject({ [header]: value, 'x-team': 'a', 'x-request-id': 'r1' })
    if (api === 'anthropic') expect(seen?.headers['anthropic-version']).toBe('2023-06-01')
  })

  it('of SageMaker sign what was really sent', async () => {
    const { seen, server } = await ask({ api: 'sagemaker', kind: 'completions', path: '/proxy' }, ({ write }) => write(whole(200, '{"generated_text":"a"}')))
    const { authorization = '', 'x-amz-date': date = '', 'x-amz-security-token': token } = seen?.headers ?? {}
    const epochMs = Date.parse(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
    const again = createAwsSigner({ service: 'sagemaker', region: 'eu-north-1' }).sign(
      { method: 'POST', path: seen?.path ?? '', headers: { host: new URL(server.url).host, 'content-type': seen?.headers['content-type'] ?? '' }, bodySha256: sha256(seen?.body ?? '') },
      { accessKeyId: AWS.AccessKeyId, secretAccessKey: AWS.SecretAccessKey, sessionToken: AWS.SessionToken }, epochMs,
    )
    expect([authorization, token]).toEqual([again['authorization'], 'token'])
    expect(authorization).toMatch(/SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, /)
    expect(JSON.stringify(seen)).not.toContain(AWS.SecretAccessKey)
  })

  it.each([
    ['no JSON', 'AKID:secret', 'the AWS credential cannot be read: expected JSON with AccessKeyId, SecretAccessKey and, where there is one, SessionToken; amiss: a JSON object'],
    ['half of it', '{"AccessKeyId":"AKID"}', 'the AWS credential cannot be read: expected JSON with AccessKeyId, SecretAccessKey and, where there is one, SessionToken; amiss: SecretAccessKey'],
    ['no region', '{"AccessKeyId":"AKID","SecretAccessKey":"s"}', '127.0.0.1:1 names no region of AWS: give Region with the credential'],
  ])('of SageMaker: %s', async (_, value, message) => {
    const api = { kind: 'completions', streaming: true, ignoreEos: false, sampling: {}, headers: {}, extraBody: {} } as const
    await expect(createProviderClient(PROVIDERS.sagemaker, { endpoint: { url: 'http://127.0.0.1:1', model: 'm', headers: {}, credential: { header: '', value } }, api })).rejects.toThrow(message)
  })
})

describe('failures', () => {
  it.each<[EndpointApi, ApiKind, number, string, string]>([
    ['anthropic', 'chat', 529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'HTTP 529: Overloaded'],
    ['tgi', 'completions', 422, '{"error":"`temperature` must be strictly positive","error_type":"validation"}', 'HTTP 422: `temperature` must be strictly positive'],
    ['ollama', 'chat', 404, '{"error":"model \'m\' not found"}', 'HTTP 404: model \'m\' not found'],
    ['vertex', 'chat', 403, '{"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}}', 'HTTP 403: Permission denied'],
    ['vertex', 'chat', 400, '[{"error":{"code":400,"message":"API key not valid"}}]', 'HTTP 400: API key not valid'],
    ['sagemaker', 'chat', 424, '{"ErrorCode":"CLIENT_ERROR_FROM_MODEL","Message":"Received client error (400) from primary"}', 'HTTP 424: Received client error (400) from primary'],
    ['sagemaker', 'chat', 403, '{"message":"The request signature we calculated does not match"}', 'HTTP 403: The request signature we calculated does not match'],
  ])('%s %s, status %d: %s', async (...[api, kind, status, body, message]) => {
    const { metrics } = await ask({ api, kind }, ({ write }) => write(whole(status, body)))
    expect(metrics).toMatchObject({ status: 'error', httpStatus: status, error: { message } })
  })

  it.each(ENDPOINT_APIS)('%s: 429 with what the server asks for', async (api) => {
    const kind = ENDPOINT_API_FACTS[api].kinds.completions === undefined ? 'chat' : 'completions'
    const { metrics } = await ask({ api, kind, path: '/p' }, ({ write }) => write(whole(429, '{"error":{"message":"slow down"}}', { 'retry-after': '7' })))
    expect(metrics).toMatchObject({ status: 'error', error: { class: 'http429', message: 'HTTP 429: slow down' }, retryAfterMs: 7000 })
  })

  it('a stream of SageMaker that breaks keeps what had come', async () => {
    const { stream } = EXCHANGES['sagemaker lines']
    const bad = awsMessage({ ':message-type': 'exception', ':exception-type': 'ModelStreamError' }, '{"Message":"gone"}')
    const { text, metrics } = await ask({ api: 'sagemaker', kind: 'completions' }, async ({ write }) => {
      await write(head(200, { 'content-type': TYPES.sagemaker, 'transfer-encoding': 'chunked' }))
      await write(chunk(Buffer.concat([stream.subarray(0, Math.floor(stream.length / 2)), bad])))
      await write(STREAM_END)
    })
    expect(text.length).toBeGreaterThan(0)
    expect(metrics).toMatchObject({ status: 'error', error: { class: 'stream' } })
  })
})

describe('what a request says', () => {
  const said = async (setting: Setting) => (await ask(setting, ({ write }) => write(whole(200, '{}')))).body
  it.each<[string, Setting, object]>([
    ['sampling by the protocol\'s names', { api: 'vertex', kind: 'chat', more: { sampling: { temperature: 0.5, top_p: 0.9, stop: ['x'] } } }, { generationConfig: { maxOutputTokens: 4, temperature: 0.5, topP: 0.9, stopSequences: ['x'] } }],
    ['sampling of a task', { api: 'tgi', kind: 'completions', more: { sampling: { temperature: 0.5, seed: 7 } } }, { parameters: { max_new_tokens: 4, do_sample: true, temperature: 0.5, seed: 7 } }],
    ['extra members beside ours', { api: 'ollama', kind: 'chat', more: { extraBody: { options: { num_ctx: 4096 }, keep_alive: '5m' } } }, { options: { num_predict: 4, temperature: 0, num_ctx: 4096 }, keep_alive: '5m' }],
    ['a prompt as a message', { api: 'anthropic', kind: 'chat', request: { messages: undefined, prompt: 'p' } }, { messages: [{ role: 'user', content: 'p' }] }],
    ['a length that is the profile\'s own', { api: 'anthropic', kind: 'chat', request: { outputTokens: 0 }, more: { extraBody: { max_tokens: 9 } } }, { max_tokens: 9 }],
  ])('%s', async (_, setting, expected) => expect(await said(setting)).toMatchObject(expected))

  it('is refused where an address leads nowhere', async () => {
    await expect(said({ api: 'vertex-predict', kind: 'completions' })).rejects.toThrow(/^http:.*: expected an address with a path, to which :predict is added$/)
  })

  it('is refused where the messages API wants a length and none is wanted', async () => {
    await expect(said({ api: 'anthropic', kind: 'chat', request: { outputTokens: 0 } })).rejects.toThrow('request r1 leaves the length of its answer to the server, and the messages API wants max_tokens: give the data\'s output lengths, or api.extraBody.max_tokens')
  })
})

// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, it } from 'vitest'
import { EXCHANGES } from '../../../harnesses/native/testing/exchanges.ts'
import { chunk, head, scriptedServer, STREAM_END, whole, type Script, type ScriptedServer } from '../../../harnesses/native/testing/scripted-server.ts'
import { probeEndpoint, type ProbeOptions } from './probe-endpoint.ts'

const servers: ScriptedServer[] = []
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())))

const anthropic: Script = async ({ write }) => {
  await write(head(200, { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' }))
  await write(chunk(EXCHANGES.anthropic.stream))
  await write(STREAM_END)
}
async function probe(script: Script, options: Partial<ProbeOptions> = {}) {
  const server = await scriptedServer(script)
  servers.push(server)
  const { ms: _, ...finding } = await probeEndpoint({ url: server.url, api: 'anthropic', model: 'm', smokeTest: 'completion', timeoutMs: 2000, credential: { header: 'x-api-key', prefix: '', value: 's3cret-value\n' }, ...options })
  return { finding, seen: server.seen, host: new URL(server.url).host }
}

describe('a probe of another protocol', () => {
  it('asks once, for what the protocol has', async () => {
    const { finding, seen, host } = await probe(anthropic)
    expect(finding).toEqual({ ok: true, reason: 'Serving', message: `${host} (anthropic) answered for m` })
    expect(seen.map(({ path, headers, body }) => [path, headers['x-api-key'], JSON.parse(body) as unknown])).toEqual([
      ['/v1/messages', 's3cret-value', { model: 'm', messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 4, stream: true }],
    ])
  })

  it.each<[string, Script, Partial<ProbeOptions>, object]>([
    ['a wrong credential', ({ write }) => write(whole(401, '{"error":{"message":"bad key s3cret-value"}}')), {}, { reason: 'Unauthorized', message: expect.stringMatching(/HTTP 401: bad key \*+: the credential is not accepted$/) }],
    ['a wrong model', ({ write }) => write(whole(404, '{"error":{"message":"no such model"}}')), {}, { reason: 'CompletionFailed', message: expect.stringContaining('HTTP 404: no such model') }],
    ['no answer', () => undefined, { timeoutMs: 50 }, { reason: 'Timeout' }],
    ['no server', anthropic, { url: 'http://127.0.0.1:1' }, { reason: 'EndpointDown' }],
    ['a question that it has not', anthropic, { smokeTest: 'models' }, { reason: 'ModelNotListed', message: 'Anthropic messages is not asked for its models: set readiness.smokeTest to completion, chat or none' }],
    ['a credential that cannot be read', anthropic, { api: 'sagemaker' }, { reason: 'Unauthorized', message: expect.stringMatching(/^m cannot be asked for: the AWS credential cannot be read/) }],
  ])('says so: %s', async (_, script, options, expected) => {
    const { finding } = await probe(script, options)
    expect(finding).toMatchObject({ ok: false, ...expected })
    expect(finding.message).not.toContain('s3cret-value')
  })

  it('asks nothing for smokeTest none', async () => {
    const { finding, seen } = await probe(anthropic, { smokeTest: 'none' })
    expect([finding.ok, seen]).toEqual([true, []])
  })
})

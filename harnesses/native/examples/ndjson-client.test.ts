// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import { loadClient } from '../load-client.ts'
import { chunk, head, scriptedServer, STREAM_END, whole } from '../testing/scripted-server.ts'

const API = { kind: 'completions', streaming: true, ignoreEos: true, sampling: {}, headers: {}, extraBody: {} } as const
const hooks = { now: () => performance.now(), timeoutMs: 5000, onRead: () => undefined }

describe('a client of somebody else\'s', () => {
  it('is found by its module and measures an API that is not OpenAI\'s', async () => {
    const server = await scriptedServer(async ({ write }, { body }) => {
      if (body.includes('bad')) return await write(whole(400, '{}'))
      await write(head(200, { 'transfer-encoding': 'chunked' }))
      await write(chunk('{"t":"a"}\n{"t":'))
      await write(chunk('"b"}\n{"in":3,"out":2}\n'))
      return await write(STREAM_END)
    })
    const client = await loadClient({ endpoint: { url: server.url, model: 'm', headers: {} }, api: API }, 'harnesses/native/examples/ndjson-client.ts')
    const ask = (prompt: string) => client.send(client.prepare({ id: 'r1', prompt, outputTokens: 2 }), hooks).done
    const good = await ask('good')
    expect(good).toMatchObject({ text: 'ab', request: { id: 'r1' }, metrics: { status: 'ok', usage: { inputTokens: 3, outputTokens: 2 } } })
    expect(good.metrics.eventsMs).toHaveLength(2)
    expect(server.seen[0]).toMatchObject({ path: '/generate', body: '{"q":"good","n":2}' })
    expect((await ask('bad')).metrics).toMatchObject({ status: 'error', error: { class: 'http4xx', message: 'HTTP 400' } })
    await client.close()
    await server.close()
  })

  it('is refused when its module has no createClient', async () => {
    await expect(loadClient({ endpoint: { url: 'http://x', model: 'm', headers: {} }, api: API }, 'harnesses/native/clock.ts')).rejects.toThrow('clock.ts: expected an export createClient, found startClock')
  })
})

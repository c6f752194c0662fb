// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ResultsEvent } from './api.ts'
import { createResultsClient, proxiedBase, type ResultsClient, tokenFile } from './client.ts'
import { type RunningServer, runServer } from './testdata/running-server.ts'

let at: RunningServer
beforeEach(async () => { at = await runServer() })
afterEach(() => at.server.stop(100))

const REF = { namespace: 'bench', trial: 't', attempt: 1 }
const FINDINGS = { schema: 'assay.dev/findings/v1', verdict: { result: 'suspect' as const, reasons: [] } }
const clientOf = (token: string, attempts = 3): ResultsClient => createResultsClient({ base: at.url, token: async () => token, attempts, random: () => 1 })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function restart(pauseMs = 0): Promise<void> {
  const { port } = at.server
  await at.server.stop(0)
  await new Promise((resolve) => { setTimeout(resolve, pauseMs) })
  at = await runServer({ kube: at.kube, data: at.data, port })
}

describe('a collector', () => {
  it('sends a file from disk, continues another, and delivers', async () => {
    const client = clientOf(at.kube.addAttempt(REF))
    const bytes = randomBytes(3_000_000)
    const file = join(mkdtempSync(join(tmpdir(), 'assay-client-')), 'big')
    writeFileSync(file, bytes)
    const files = [
      { name: 'raw/big file (1).bin', ...(await client.put(REF, 'raw/big file (1).bin', { open: () => createReadStream(file) })) },
      { name: 'raw/log', ...(await client.append(REF, 'raw/log', { offset: 0, bytes: Buffer.from('abc') })) },
    ]
    expect(files[0]).toEqual({ name: 'raw/big file (1).bin', bytes: 3_000_000, sha256: sha256(bytes) })
    await expect(client.append(REF, 'raw/log', { offset: 0, bytes: Buffer.from('abc') })).rejects.toMatchObject({ code: 'OffsetMismatch', details: { bytes: 3 } })
    await client.live(REF, { sent: 1 })
    expect(await client.complete(REF, { findings: FINDINGS, reports: {}, files })).toMatchObject({ kind: 'delivered', verdict: 'suspect' })
  })

  it('tries again while the server is away', async () => {
    const client = clientOf(at.kube.addAttempt(REF))
    const { port } = at.server
    await at.server.stop(0)
    const sending = client.put(REF, 'a', Buffer.from('x'), { persistent: true })
    at = await runServer({ kube: at.kube, data: at.data, port })
    expect((await sending).bytes).toBe(1)
  })

  it('gives up when told so, and says why it did not work', async () => {
    const client = clientOf(at.kube.addAttempt(REF))
    await at.server.stop(0)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 150)
    await expect(client.put(REF, 'a', Buffer.from('x'), { persistent: true, signal: stop.signal })).rejects.toMatchObject({ code: 'NoAnswer', message: expect.stringContaining('ECONNREFUSED') as string })
    await expect(client.put(REF, 'a', Buffer.from('x'))).rejects.toMatchObject({ status: 0 })
    at = await runServer()
  })

  it('hears a refusal although it has much more to send', async () => {
    await at.server.stop(0)
    at = await runServer({ limits: { bytesPerTrial: 100_000, filesPerTrial: 10 } })
    const client = clientOf(at.kube.addAttempt(REF))
    const open = () => Readable.from((function* body() { for (let i = 0; i < 500; i++) yield Buffer.alloc(100_000) })(), { objectMode: false })
    for (let i = 0; i < 5; i++) await expect(client.put(REF, `raw/big-${i}`, { open })).rejects.toMatchObject({ status: 413, code: 'QuotaExceeded' })
    await expect(client.put({ ...REF, attempt: 2 }, 'raw/big', { open })).rejects.toMatchObject({ status: 503, code: 'NotOnRecord' })
    await expect(client.put(REF, '.bad', { open })).rejects.toMatchObject({ status: 400, code: 'BadName' })
  })

  it('does not repeat what is refused', async () => {
    at.kube.addAttempt(REF)
    at.kube.asked.length = 0
    await expect(clientOf(at.controllerToken).put(REF, 'a', Buffer.from('x'))).rejects.toMatchObject({ status: 403, code: 'Forbidden' })
    expect(at.kube.asked).toEqual(['review'])
  })
})

describe('the controller', () => {
  const collect = (client: ResultsClient, into: ResultsEvent[], signal: AbortSignal) => (async () => { for await (const event of client.events({ signal })) into.push(event) })()

  it('hears live numbers and deliveries, and misses none while the connection is cut', async () => {
    const stop = new AbortController()
    const heard: ResultsEvent[] = []
    const listening = collect(clientOf(at.controllerToken), heard, stop.signal)
    await expect.poll(() => heard.map((e) => e.kind)).toEqual(['reset'])
    const collector = clientOf(at.kube.addAttempt(REF))
    await collector.live(REF, { sent: 7, stage: 'high' })
    await collector.complete(REF, { findings: FINDINGS, reports: {}, files: [] })
    await expect.poll(() => heard.map((e) => e.kind)).toEqual(['reset', 'live', 'delivered'])
    expect(heard[1]).toMatchObject({ event: { trial: 't', trialUid: 'uid-t', sent: 7, stage: 'high' } })
    // The server comes back without memory: the listener is told that it may have missed something.
    await restart()
    await expect.poll(() => heard.length).toBe(4)
    expect(heard[3]).toEqual({ kind: 'reset' })
    stop.abort()
    await listening
  })

  it('asks for a summary: none, then the delivery', async () => {
    const client = clientOf(at.controllerToken)
    const collector = clientOf(at.kube.addAttempt(REF))
    expect(await client.summary(REF)).toBeUndefined()
    await collector.complete(REF, { findings: FINDINGS, reports: { low: { a: 1 } }, files: [] })
    expect(await client.summary({ ...REF, uid: 'uid-t' })).toMatchObject({ receipt: { kind: 'delivered' }, reports: { low: { a: 1 } } })
    await client.putLog(REF, 'harness', 'the log')
    await client.removeTrial(REF)
    expect(await client.summary(REF)).toBeUndefined()
  })
})

describe('the command line', () => {
  it('goes through the API server, which keeps Authorization for itself', async () => {
    await clientOf(at.kube.addAttempt(REF)).put(REF, 'raw/a b.txt', Buffer.from('hello'))
    at.kube.readers.add('ann trials bench/t').add('ann experiments bench/exp')
    const seen: unknown[] = []
    const proxy = createServer((request, response) => {
      seen.push(request.headers.authorization)
      const path = request.url?.replace('/api/v1/namespaces/assay-system/services/assay-results:8080/proxy', '')
      fetch(`${at.url}${path}`, { headers: { 'x-assay-token': String(request.headers['x-assay-token']), range: request.headers.range ?? '' } })
        .then(async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())), () => response.destroy())
    })
    await new Promise<void>((resolve) => { proxy.listen(0, '127.0.0.1', resolve) })
    const base = proxiedBase(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, { namespace: 'assay-system', service: 'assay-results', port: 8080 })
    const dispatcher = new Agent()
    const client = createResultsClient({ base, token: async () => at.kube.token({ username: 'ann', groups: [], extra: {} }), through: async () => ({ dispatcher, headers: { authorization: 'Bearer kube' } }) })
    expect((await client.trial(REF)).attempts).toMatchObject([{ attempt: 1, files: [{ name: 'raw/a b.txt', bytes: 5 }] }])
    expect((await client.experiment({ namespace: 'bench', name: 'exp' })).trials).toHaveLength(1)
    expect(await text(await client.download(REF, 'raw/a b.txt', { from: 2 }))).toBe('llo')
    expect(new Set(seen)).toEqual(new Set(['Bearer kube']))
    await dispatcher.destroy()
    proxy.closeAllConnections()
    proxy.close()
  })
})

describe('a refusal of the API server', () => {
  it('is told in its words', async () => {
    const apiServer = createServer((_, response) => response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ kind: 'Status', reason: 'NotFound', message: 'services "assay-results" not found' })))
    await new Promise<void>((resolve) => { apiServer.listen(0, '127.0.0.1', resolve) })
    const client = createResultsClient({ base: `http://127.0.0.1:${(apiServer.address() as AddressInfo).port}`, token: async () => 't' })
    await expect(client.trial(REF)).rejects.toMatchObject({ status: 404, code: 'NotFound', message: 'the API server: services "assay-results" not found' })
    apiServer.closeAllConnections()
    apiServer.close()
  })
})

describe('tokenFile', () => {
  it('reads the file anew each time', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'assay-token-')), 'token')
    const token = tokenFile(file)
    writeFileSync(file, 'one\n')
    expect(await token()).toBe('one')
    writeFileSync(file, 'two\n')
    expect(await token()).toBe('two')
  })
})

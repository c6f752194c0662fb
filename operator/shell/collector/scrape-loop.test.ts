// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Agent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../kube/clock.ts'
import { createRedactor } from './redact.ts'
import { createScrapeLog, readScrapes } from './scrape-log.ts'
import { scrapeLoop } from './scrape-loop.ts'
import { scrapeOnce } from './scrape-once.ts'

const servers: Server[] = []
const agent = new Agent()
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(answer: (count: number) => { status?: number; body?: string | Buffer; headers?: Record<string, string> } | 'silence'): Promise<string> {
  let count = 0
  const server = createServer((_, response) => {
    const given = answer(++count)
    if (given !== 'silence') response.writeHead(given.status ?? 200, given.headers).end(given.body)
  })
  servers.push(server)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`
}

describe('scrapeOnce', () => {
  it.each<[string, Parameters<typeof serve>[0], object]>([
    ['a text', () => ({ body: 'a 1\n' }), { ok: true, text: 'a 1\n' }],
    ['a refusal', () => ({ status: 404 }), { ok: false, problem: 'HTTP 404' }],
    ['a redirect, not followed', () => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }), { ok: false, problem: 'HTTP 302' }],
    ['too much', () => ({ body: Buffer.alloc(5000) }), { ok: false, problem: 'more than 1000 bytes' }],
    ['silence', () => 'silence', { ok: false, problem: 'no answer within 100 ms' }],
  ])('gives %s', async (name, answer, expected) => {
    expect(await scrapeOnce(await serve(answer), agent, { timeoutMs: name === 'silence' ? 100 : 10_000, bytes: 1000 })).toEqual(expected)
  })

  it('names the failure of a connection', async () => {
    expect(await scrapeOnce('http://127.0.0.1:1/', agent, { timeoutMs: 100, bytes: 1000 })).toEqual({ ok: false, problem: 'ECONNREFUSED' })
  })
})

describe('scrapeLoop', () => {
  it('keeps samples of every look, texts of some and of the last, problems too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-scrapes-'))
    const stop = new AbortController()
    const url = await serve((count) => {
      if (count === 5) stop.abort()
      return count === 2 ? { status: 500 } : { body: `vllm:num_requests_running ${count}\nother{secret="hunter2-hunter2"} 1\n` }
    })
    const sink = createScrapeLog({ folder, generation: 3, redactor: createRedactor(['hunter2-hunter2']) })
    await scrapeLoop({ targets: [{ url, kind: 'engine' }], clock: systemClock, sink, signal: stop.signal, everyMs: 10, textEveryMs: 60_000 })
    const pod = new URL(url).host
    const scrapes = await readScrapes(folder)
    expect(scrapes.map((s) => ('reading' in s ? s.reading.values.running : undefined))).toEqual([1, 3, 4, 5, 6])
    expect(scrapes[0]).toMatchObject({ pod, epochMs: expect.any(Number) as number })
    const text = gunzipSync(readFileSync(join(folder, `${pod.replace(':', '_')}-3.prom.gz`))).toString()
    expect([...text.matchAll(/running (\d)/g)].map((m) => m[1])).toEqual(['1', '6'])
    expect(text).not.toContain('hunter2')
    expect(sink.problems().get(pod)).toBe(1)
    expect(readdirSync(folder).toSorted()).toEqual([`${pod.replace(':', '_')}-3.prom.gz`, 'problems-3.jsonl', 'samples-3.jsonl'].toSorted())
  })

  it('does nothing where there is nothing to look at', async () => {
    const stop = new AbortController()
    stop.abort()
    await scrapeLoop({ targets: [], clock: systemClock, sink: createScrapeLog({ folder: mkdtempSync(join(tmpdir(), 'assay-')), generation: 1, redactor: createRedactor([]) }), signal: stop.signal })
  })
})

describe('readScrapes', () => {
  it('reads all generations in order of time and leaves out a line that was cut off', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-scrapes-'))
    for (const [generation, epochMs] of [[1, 20], [2, 10]] as const) {
      createScrapeLog({ folder, generation, redactor: createRedactor([]) }).samples({ pod: 'p', kind: 'engine', atMs: 0, epochMs, reading: { values: {}, histograms: {} } })
    }
    const { appendFileSync } = await import('node:fs')
    appendFileSync(join(folder, 'samples-1.jsonl'), '{"pod":"p","epo')
    expect((await readScrapes(folder)).map((s) => s.epochMs)).toEqual([10, 20])
    expect(await readScrapes(join(folder, 'nothing'))).toEqual([])
  })
})

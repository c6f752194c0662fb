// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { trialJob } from '../../core/measure/testdata/trial.ts'
import { askPrometheus } from './ask-prometheus.ts'
import { createRedactor } from './redact.ts'

const SECRET = 'prometheus-secret-token'
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

interface Asked { readonly url: string | undefined; readonly authorization: string | undefined; readonly form: URLSearchParams }

/** A Prometheus that gives every query one series, and keeps what it was asked. */
async function prometheus(answer: (query: string) => { status?: number; body: string }) {
  const asked: Asked[] = []
  server = createServer((incoming: IncomingMessage, response) => {
    void readAll(incoming).then((body) => {
      const form = new URLSearchParams(body)
      asked.push({ url: incoming.url, authorization: incoming.headers.authorization, form })
      const { status = 200, body: said } = answer(form.get('query') ?? '')
      response.writeHead(status).end(said)
    })
  })
  await new Promise<void>((resolve) => { server?.listen(0, '127.0.0.1', resolve) })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const matrix = (metric: object, values: [number, string][]) => JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: [{ metric, values }] } })
const time = { startEpochMs: 1_000_000, endEpochMs: 1_060_000 }
const folder = () => mkdtempSync(join(tmpdir(), 'assay-prometheus-'))
const asking = (url: string, more: object = {}, stack: object = {}) => ({
  job: trialJob({ stack: { scrape: [], prometheus: { url, queries: { gpu_power: 'sum(p)' }, step: '5s', timeout: '1s', ...more }, ...stack } }),
  time, folder: folder(), redactor: createRedactor([SECRET]), env: { ASSAY_SECRET_PROMETHEUS: `${SECRET}\n` },
})

describe('askPrometheus', () => {
  it('asks for the window, once for each query, with its credential, and keeps the answers without it', async () => {
    const { url, asked } = await prometheus((query) => ({ body: query === 'sum(p)' ? matrix({ said: SECRET }, [[1010, '500']]) : matrix({ __name__: 'vllm:num_requests_running', pod: 'sim-0' }, [[1010, '2']]) }))
    const input = asking(`${url}/`, { credential: { header: 'Authorization', prefix: 'Bearer ', env: 'ASSAY_SECRET_PROMETHEUS' } })
    const found = await askPrometheus(input)
    expect(found.queried).toEqual([{ metric: 'gpu_power', points: [[1_010_000, 500]] }])
    expect(found.scrapes.map((s) => [s.pod, s.kind, s.epochMs])).toContainEqual(['sim-0', 'engine', 1_010_000])
    expect(found.notes).toEqual(['metrics from Prometheus are known every 5 s'])
    expect(asked).toHaveLength(3)
    expect(asked[0]).toMatchObject({ url: '/api/v1/query_range', authorization: `Bearer ${SECRET}` })
    expect(Object.fromEntries(asked[0]?.form ?? [])).toMatchObject({ start: '995', end: '1065', step: '5', timeout: '1s' })
    const kept = readdirSync(input.folder).sort()
    expect(kept).toEqual(['prometheus-0-engine.json', 'prometheus-1-gpu.json', 'prometheus-2-gpu_power.json'])
    for (const name of kept) expect(readFileSync(join(input.folder, name), 'utf8')).not.toContain(SECRET)
    await askPrometheus(input)
    expect(asked).toHaveLength(3)
  })

  it.each<[string, { status?: number; body: string }, RegExp]>([
    ['a refusal', { status: 403, body: 'forbidden' }, /gpu_power metrics: HTTP 403: forbidden/],
    ['something else', { body: '<html>login</html>' }, /the answer is no JSON/],
    ['nothing', { body: '{"status":"success","data":{"resultType":"matrix","result":[]}}' }, /no series answer: check endpoint.metrics.prometheus.selector/],
  ])('that gets %s says so and gives nothing', async (_, answer, note) => {
    const { url } = await prometheus(() => answer)
    const found = await askPrometheus(asking(url))
    expect(found).toMatchObject({ scrapes: [], queried: [] })
    expect(found.notes.join('\n')).toMatch(note)
  })

  it('gives up on one that is not there, or silent', async () => {
    expect((await askPrometheus(asking('http://127.0.0.1:1'))).notes[0]).toContain('ECONNREFUSED')
    server = createServer(() => undefined)
    await new Promise<void>((resolve) => { server?.listen(0, '127.0.0.1', resolve) })
    const silent = await askPrometheus(asking(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
    expect(silent.notes[0]).toContain('no answer within 1s')
  })

  it('is not asked where none is named', async () => {
    expect(await askPrometheus({ job: trialJob(), time, folder: folder(), redactor: createRedactor([]) })).toEqual({ scrapes: [], queried: [], notes: [] })
  })
})

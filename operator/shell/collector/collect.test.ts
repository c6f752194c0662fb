// SPDX-License-Identifier: Apache-2.0
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Findings } from '../../core/model/findings.ts'
import { Manifest, type ResultsEvent } from '../results/api.ts'
import { createResultsClient } from '../results/client.ts'
import { type RunningServer, runServer } from '../results/testdata/running-server.ts'
import { procTable } from './process-table.ts'
import { createPod, endOf, type Pod } from './testdata/pod.ts'

let server: RunningServer
let pod: Pod | undefined
beforeEach(async () => { server = await runServer() })
afterEach(async () => {
  pod?.killAll()
  await server.server.stop(100)
})

const patience = { timeout: 20_000, interval: 50 }
const delivered = () => expect.poll(() => pod?.lastWord()?.kind, patience).toBe('delivered')
const json = (name: string): unknown => JSON.parse(readFileSync(join(pod?.stored ?? '', name), 'utf8'))
const findings = () => Findings.parse(json('findings.json'))
const text = (name: string) => readFileSync(join(pod?.stored ?? '', name), 'utf8')
const runs = (pid: number) => procTable().find(pid)?.zombie === false

describe('a trial', { timeout: 60_000 }, () => {
  it('is followed, streamed, measured and delivered; the collector stays until it is told to go', async () => {
    pod = createPod(server)
    const heard: ResultsEvent[] = []
    const stop = new AbortController()
    const controller = createResultsClient({ base: server.url, token: async () => server.controllerToken })
    const listening = (async () => { for await (const event of controller.events({ signal: stop.signal })) heard.push(event) })()
    const collector = pod.startCollector()
    pod.startHarness(['good', '40', '50'])
    await expect.poll(() => heard.some((e) => e.kind === 'live' && (e.event.done ?? 0) > 0 && e.event.stage === 'low'), patience).toBe(true)
    await delivered()
    expect(collector.exitCode).toBeNull()
    await expect.poll(() => heard.at(-1)?.kind, patience).toBe('delivered')
    const manifest = Manifest.parse(json('manifest.json'))
    expect(manifest.files.map((f) => f.name)).toEqual(['findings.json', 'raw/native.json', 'raw/native.jsonl', 'records.jsonl.gz', 'report.low.yaml'])
    for (const { name, bytes, sha256 } of manifest.files) {
      const content = readFileSync(join(pod.stored, name))
      expect([name, content.length, createHash('sha256').update(content).digest('hex')]).toEqual([name, bytes, sha256])
    }
    expect(createHash('sha256').update(text('manifest.json')).digest('hex')).toBe(pod.lastWord()?.digest)
    expect(gunzipSync(readFileSync(join(pod.stored, 'records.jsonl.gz'))).toString().trim().split('\n')).toHaveLength(40)
    expect(findings().stages[0]?.requests).toMatchObject({ total: 40, ok: 40 })
    expect(findings().artifacts.map((a) => a.name)).toContain('raw/native.jsonl')
    collector.kill('SIGTERM')
    expect(await endOf(collector)).toBe(0)
    stop.abort()
    await listening
  })

  it('leaves files in the form of other tools where it is asked to, without secrets', async () => {
    pod = createPod(server, { spec: { results: { files: { llmperf: { metadata: { owner: 'Bearer abcdefghijklmnopqrstuvwx' } } } } } })
    pod.startCollector()
    pod.startHarness(['good', '40', '5'])
    await delivered()
    const names = Manifest.parse(json('manifest.json')).files.map((f) => f.name).filter((name) => name.startsWith('llmperf/'))
    expect(names).toEqual(['llmperf/low/m_20_8_individual_responses.json', 'llmperf/low/m_20_8_summary.json'])
    expect(json(names[0] ?? '')).toHaveLength(40)
    expect(json(names[1] ?? '')).toMatchObject({ results_num_completed_requests: 40, num_concurrent_requests: 2, owner: expect.not.stringContaining('abcdefgh') as string })
    expect(findings().artifacts.map((a) => a.name)).toEqual(expect.arrayContaining(names))
  })

  it('has its server looked at, each pod by its own address', async () => {
    const metrics = createServer((_, response) => response.end('vllm:num_requests_running{model="m"} 3\nvllm:kv_cache_usage_perc 0.5\nother 1\n'))
    await new Promise<void>((resolve) => { metrics.listen(0, '127.0.0.1', resolve) })
    const address = `127.0.0.1:${(metrics.address() as AddressInfo).port}`
    pod = createPod(server, { scrape: [`http://${address}/metrics`, 'http://127.0.0.1:1/metrics'] })
    pod.startCollector()
    pod.startHarness(['good', '60', '40'])
    await delivered()
    expect(gunzipSync(readFileSync(join(pod.stored, `scrapes/${address.replace(':', '_')}-1.prom.gz`))).toString()).toMatch(/# scraped .*\nvllm:num_requests_running\{model="m"\} 3\n/)
    expect(gunzipSync(readFileSync(join(pod.stored, 'scrapes/samples-1.jsonl.gz'))).toString()).not.toContain('other')
    expect(gunzipSync(readFileSync(join(pod.stored, 'scrapes/problems-1.jsonl.gz'))).toString()).toContain('ECONNREFUSED')
    expect(findings().stages[0]?.distributions['running_requests']?.mean).toBe(3)
    metrics.closeAllConnections()
    metrics.close()
  })

  it('that fails is delivered with what there is, and what is wrong with it', async () => {
    pod = createPod(server)
    pod.startCollector()
    pod.startHarness(['failing', '3'])
    await delivered()
    expect(pod.lastWord()?.verdict).not.toBe('valid')
    expect(text('raw/native.jsonl').trim().split('\n')).toHaveLength(3)
    expect(findings().notes.join()).toContain('native.json is missing')
  })

  it('that wrote nothing that can be read says so', async () => {
    pod = createPod(server, { harness: { results: { adapter: 'natve' } } })
    pod.startCollector()
    pod.startHarness()
    await delivered()
    expect(findings()).toMatchObject({ verdict: { result: 'invalid' }, stages: [] })
    expect(findings().notes[0]).toContain('there is no adapter "natve"; did you mean "native"?')
  })

  it('whose harness ignores TERM is ended with everything that it started', async () => {
    pod = createPod(server, { spec: { timeout: '1s' }, harness: { gracePeriodSeconds: 1 } })
    pod.startCollector()
    const harness = pod.startHarness(['stubborn', '2'])
    expect(await endOf(harness)).toBe('SIGKILL')
    await delivered()
    expect(findings().verdict.reasons[0]).toMatchObject({ reason: 'HarnessTimedOut', message: expect.stringContaining('TERM and, after 1 s, KILL after 1 s') as string })
    expect(runs(Number(readFileSync(join(pod.folder, 'run/child.pid'), 'utf8')))).toBe(false)
  })

  it('whose harness heeds TERM is not killed', async () => {
    pod = createPod(server, { spec: { timeout: '1s' } })
    pod.startCollector()
    expect(await endOf(pod.startHarness(['hanging', '2']))).toBe('SIGTERM')
    await delivered()
    expect(findings().verdict.reasons[0]?.message).toContain('ended by TERM after 1 s')
  })

  it('leaves no secret anywhere, also not in packed files', async () => {
    const secret = 'k7/Very+Secret=key'
    pod = createPod(server, { harness: { image: 'x', env: [] } })
    pod.startCollector({ env: { ASSAY_CREDENTIAL: `${secret}\n`, ASSAY_SECRET_0: 'another one' } })
    pod.startHarness(['good', '3'], { ASSAY_CREDENTIAL: secret, OTHER: 'another one' })
    await delivered()
    expect(text('raw/leak.txt')).toBe(`Authorization: Bearer ${'*'.repeat(secret.length)}\n`)
    expect(text('raw/other.txt')).toBe(`the other is ${'*'.repeat(11)}\n`)
    expect(gunzipSync(readFileSync(join(pod.stored, 'raw/leak.txt.gz'))).toString()).toBe(`the key is ${'*'.repeat(secret.length)}\n`)
  })

  it('does not follow links that the tool left', async () => {
    pod = createPod(server)
    pod.startCollector()
    pod.startHarness(['sly', '2'])
    await delivered()
    expect(existsSync(join(pod.stored, 'raw/link'))).toBe(false)
    expect(findings().notes).toContain('not stored: link: a link')
  })

  it('whose harness was too quick to be seen is delivered when the pod ends', async () => {
    pod = createPod(server)
    await endOf(pod.startHarness(['quick', '2']))
    const collector = pod.startCollector()
    await expect.poll(() => existsSync(join(pod?.folder ?? '', 'run/collector/scrapes')), patience).toBe(true)
    collector.kill('SIGTERM')
    expect(await endOf(collector)).toBe(0)
    expect(pod.lastWord()?.kind).toBe('delivered')
    expect(findings().stages[0]?.requests.total).toBe(2)
  })

  it('keeps no native files when none are wanted', async () => {
    pod = createPod(server, { spec: { results: { keepRaw: false } } })
    pod.startCollector()
    pod.startHarness(['good', '60', '40'])
    await delivered()
    expect(Manifest.parse(json('manifest.json')).files.map((f) => f.name)).toEqual(['findings.json', 'records.jsonl.gz', 'report.low.yaml'])
    expect(existsSync(join(pod.stored, 'raw/native.jsonl'))).toBe(false)
  })
})

describe('when things go wrong', { timeout: 60_000 }, () => {
  it('a collector that is killed while the harness runs goes on where it was', async () => {
    pod = createPod(server)
    const first = pod.startCollector()
    pod.startHarness(['good', '80', '40'])
    await expect.poll(() => existsSync(join(pod?.stored ?? '', 'raw/native.jsonl')), patience).toBe(true)
    first.kill('SIGKILL')
    await endOf(first)
    pod.startCollector()
    await delivered()
    expect(findings().stages[0]?.requests.total).toBe(80)
    expect(readFileSync(join(pod.stored, 'raw/native.jsonl'), 'utf8')).toBe(readFileSync(join(pod.job.paths.out, 'native.jsonl'), 'utf8'))
  })

  it('a collector that is killed after the harness ended, and after the delivery, delivers once', async () => {
    pod = createPod(server)
    const first = pod.startCollector()
    await endOf(pod.startHarness(['good', '3']))
    first.kill('SIGKILL')
    await endOf(first)
    const second = pod.startCollector()
    await delivered()
    const { digest } = pod.lastWord() ?? {}
    second.kill('SIGKILL')
    await endOf(second)
    writeFileSync(join(pod.folder, 'run/collector/state.json'), '{}')
    writeFileSync(join(pod.folder, 'termination-log'), JSON.stringify({ kind: 'failed', message: '' }))
    // Even without memory: the server has the delivery, and the first one stands.
    const third = pod.startCollector()
    await expect.poll(() => readFileSync(join(pod?.folder ?? '', 'run/collector/state.json'), 'utf8'), patience).toContain('generation')
    third.kill('SIGTERM')
    expect(await endOf(third)).toBe(0)
    expect(pod.lastWord()).toMatchObject({ kind: 'delivered', digest })
  })

  it('a results server that is away for a while gets everything', async () => {
    pod = createPod(server)
    pod.startCollector()
    const harness = pod.startHarness(['good', '30', '40'])
    await expect.poll(() => existsSync(join(pod?.stored ?? '', 'raw/native.jsonl')), patience).toBe(true)
    const { port } = server.server
    await server.server.stop(0)
    await endOf(harness)
    await new Promise((resolve) => { setTimeout(resolve, 1500) })
    expect(pod.lastWord()).toBeUndefined()
    server = await runServer({ kube: server.kube, data: server.data, port })
    await delivered()
    expect(findings().stages[0]?.requests.total).toBe(30)
  })

  it('a results server that stays away is named in the last word, within the grace period', async () => {
    pod = createPod(server)
    await server.server.stop(0)
    const collector = pod.startCollector({ graceSeconds: 5 })
    await endOf(pod.startHarness(['good', '3']))
    await expect.poll(() => existsSync(join(pod?.folder ?? '', 'run/collector/records.jsonl.gz')) || existsSync(join(pod?.folder ?? '', 'run/collector/state.json')), patience).toBe(true)
    collector.kill('SIGTERM')
    await expect.poll(() => pod?.lastWord()?.message, patience).toContain('the pod was killed during')
    expect(await endOf(collector)).toBe(1)
    expect(pod.lastWord()).toMatchObject({ kind: 'failed', message: expect.stringMatching(/sending the tool's files: the results server at http:.* does not answer: ECONNREFUSED/) as string })
    server = await runServer()
  })

  it('a server without room refuses raw files, and still gets records and findings', async () => {
    await server.server.stop(0)
    server = await runServer({ limits: { bytesPerTrial: 200_000, filesPerTrial: 100 } })
    pod = createPod(server)
    writeFileSync(join(pod.job.paths.out, 'big.bin'), randomBytes(300_000))
    pod.startCollector()
    pod.startHarness(['good', '3'])
    await delivered()
    expect(findings().notes.join()).toMatch(/not stored: big.bin: the trial's results would take more than/)
    expect(findings().stages[0]?.requests.total).toBe(3)
  })
})

// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { RequestRecord } from '../../operator/core/model/record.ts'
import { WorkloadProfileSpec } from '../../operator/core/model/workload-profile.ts'
import type { ClientRequest } from './client.ts'
import { loadTokenizer } from './load-tokenizer.ts'
import { NativeResult } from './native-result.ts'
import { runLoad, type LiveCounts } from './run.ts'
import { ENDED } from './stage-context.ts'
import { fakeClient, type FakeAnswer } from './testing/fake-client.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

interface Setting {
  readonly load: object
  readonly data?: object
  readonly api?: object
  readonly countBy?: 'server' | 'tokenizer'
  readonly requests?: readonly object[]
  readonly answer?: (request: ClientRequest, index: number) => FakeAnswer | undefined
  /** Ends the run when so many were sent. */
  readonly endAfter?: number
}

const singles = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `r${i + 1}`, prompt: `p${i + 1}`, inputTokens: 3, outputTokens: 1 }))
const sessions = (n: number, turns: number, key: 'prompt' | 'messages' = 'prompt') => Array.from({ length: n * turns }, (_, i) => {
  const [session, turn] = [Math.floor(i / turns) + 1, i % turns]
  const text = `s${session}t${turn + 1}`
  return { id: text, session: `s${session}`, turn, inputTokens: 3, outputTokens: 1, ...(key === 'prompt' ? { prompt: text } : { messages: [{ role: 'user', content: text }] }) }
})
const synthetic = { input: { fixed: 3 }, output: { fixed: 1 } }

async function run({ load, data = { synthetic }, api = {}, countBy = 'server', requests = singles(100), answer = () => ({}), endAfter }: Setting) {
  const out = await mkdtemp(join(tmpdir(), 'native-'))
  folders.push(out)
  await writeFile(join(out, 'requests.jsonl'), requests.map((r) => `${JSON.stringify(r)}\n`).join(''))
  const workload = WorkloadProfileSpec.parse({ data, api, load, tokenizer: { countBy } })
  const end = new AbortController()
  let live: () => LiveCounts = () => { throw new Error('not started') }
  const client = fakeClient((request, index) => {
    if (endAfter === index + 1) setTimeout(() => end.abort(ENDED), 5)
    return answer(request, index)
  })
  const result = await runLoad({
    workload, client, arrivalSeed: 1, requests: join(out, 'requests.jsonl'), out, tokenizer: () => loadTokenizer(), signal: end.signal, onStart: (l) => { live = l },
  })
  const records = (await readFile(join(out, 'native.jsonl'), 'utf8')).split('\n').filter((line) => line !== '').map((line) => RequestRecord.parse(JSON.parse(line)))
  expect(NativeResult.parse(JSON.parse(await readFile(join(out, 'native.json'), 'utf8')))).toEqual(JSON.parse(JSON.stringify(result)))
  expect(records.length).toBe(live().done)
  return { result, records, client, live: live() }
}
const count = (records: readonly RequestRecord[], where: Partial<RequestRecord>) => records.filter((r) => Object.entries(where).every(([k, v]) => r[k as keyof RequestRecord] === v)).length

describe('open loops', { timeout: 20_000 }, () => {
  it('sends every request of every stage at or after its time, in order', async () => {
    const { records, result } = await run({ load: { poisson: { stages: [{ name: 'a', rate: 500, requests: 30 }, { name: 'b', rate: 1000, requests: 40 }] } } })
    expect(count(records, { stage: 'a', status: 'ok', phase: 'measure' })).toBe(30)
    expect(count(records, { stage: 'b', status: 'ok' })).toBe(40)
    for (const { sentMs, scheduledMs } of records) expect(sentMs! - scheduledMs!).toBeGreaterThanOrEqual(0)
    const sent = records.toSorted((a, b) => a.scheduledMs! - b.scheduledMs!).map((r) => r.id)
    expect(sent).toEqual(singles(70).map((r) => r.id))
    expect(result.stages.map((s) => [s.name, s.kind, s.rate, s.stopped])).toEqual([['a', 'poisson', 500, undefined], ['b', 'poisson', 1000, undefined]])
    const [a, b] = result.stages
    expect(b!.startMs).toBeGreaterThanOrEqual(a!.sendEndMs)
    expect(result).toMatchObject({ complete: true, client: { clock: { source: 'monotonic' }, eventsPerRead: 1 } })
  })

  it('marks the warm-up and starts the stage where it ends', async () => {
    const { records, result } = await run({ load: { constant: { stages: [{ name: 'a', rate: 200, requests: 20 }] }, warmup: '100ms' } })
    expect(count(records, { phase: 'warmup', stage: 'a' })).toBe(20)
    const measured = records.filter((r) => r.phase === 'measure')
    expect(measured).toHaveLength(20)
    expect(Math.min(...measured.map((r) => r.scheduledMs!))).toBeCloseTo(result.stages[0]!.startMs, 2)
  })

  it('waits for the cap and reports the wait', async () => {
    const { records, client, result } = await run({ load: { burst: { size: 20, stages: [{ name: 'a', rate: 1000, requests: 20 }] }, maxConcurrency: 3 }, answer: () => ({ afterMs: 1 }) })
    expect(client.most()).toBe(3)
    expect(records).toHaveLength(20)
    expect(result.client.capWaits).toBe(17)
    expect(result.notes).toContain('17 requests waited for maxConcurrency; their wait is in the schedule lag')
  })

  it('replays a trace at its times', async () => {
    const requests = [0, 10, 30, 30].map((atMs, i) => ({ ...singles(4)[i], atMs }))
    const { records } = await run({ load: { trace: { speed: 2 } }, data: { trace: { source: { inline: 'x' }, format: 'jsonl' } }, requests })
    const first = records[0]!.scheduledMs!
    expect(records.map((r) => Math.round(r.scheduledMs! - first))).toEqual([0, 5, 15, 15])
    expect(records.map((r) => r.id).toSorted()).toEqual(['r1', 'r2', 'r3', 'r4'])
  })

  it('sends requests again when they run out, under other names, and says so', async () => {
    const { records, result } = await run({ load: { constant: { stages: [{ name: 'a', rate: 1000, requests: 25 }] } }, requests: singles(10) })
    expect(new Set(records.map((r) => r.id)).size).toBe(25)
    expect(records.map((r) => r.id)).toContain('r10.2')
    expect(result.notes.join()).toContain('15 were sent again')
  })

  it('cancels what still runs after the drain time, and drops what waits', async () => {
    const { records } = await run({ load: { constant: { stages: [{ name: 'a', rate: 1000, requests: 5 }] }, drain: '20ms', maxConcurrency: 4 }, answer: (_, i) => (i === 0 ? {} : undefined) })
    expect(count(records, { status: 'ok' })).toBe(1)
    expect(records.filter((r) => r.status === 'cancelled')).toHaveLength(4)
    expect(records.find((r) => r.status === 'cancelled')?.error).toMatchObject({ class: 'cancelled', message: 'still running 20 ms after the end of its stage' })
  })
})

describe('closed loops', { timeout: 20_000 }, () => {
  it('keeps so many in flight and sends so many', async () => {
    const { records, client, result } = await run({ load: { concurrent: { stages: [{ name: 'c', concurrency: 4, requests: 30 }, { name: 'd', concurrency: 8, requests: 5 }] } }, answer: () => ({ afterMs: 1 }) })
    expect(count(records, { stage: 'c' })).toBe(30)
    expect(count(records, { stage: 'd' })).toBe(5)
    expect(client.most()).toBe(5)
    expect(records.every((r) => r.scheduledMs === null)).toBe(true)
    expect(result.stages.map((s) => s.concurrency)).toEqual([4, 8])
  })

  it('ends by time, sends one after another, and warms up first', async () => {
    const { records, client, result } = await run({ load: { synchronous: { duration: '60ms' }, warmup: '40ms' }, answer: () => ({ afterMs: 1 }) })
    expect(client.most()).toBe(1)
    expect(count(records, { phase: 'warmup' })).toBeGreaterThan(0)
    const measured = records.filter((r) => r.phase === 'measure')
    expect(measured.length).toBeGreaterThan(0)
    for (const r of measured) expect(r.sentMs!).toBeGreaterThanOrEqual(result.stages[0]!.startMs - 1)
  })

  it('drains a stage that ends by time', async () => {
    const { records } = await run({ load: { concurrent: { stages: [{ name: 'c', concurrency: 3, duration: '20ms' }] }, drain: '20ms' }, answer: () => undefined })
    expect(records.map((r) => r.status)).toEqual(['cancelled', 'cancelled', 'cancelled'])
  })

  it('pauses after failures instead of hammering', async () => {
    const { records } = await run({ load: { concurrent: { stages: [{ name: 'c', concurrency: 1, duration: '150ms' }] } }, answer: () => ({ status: 'error', error: { class: 'connect', message: 'refused' } }) })
    expect(records.length).toBeLessThan(10)
    expect(records.every((r) => r.status === 'error')).toBe(true)
  })

  it('sends as fast as it may with throughput', async () => {
    const { records, client } = await run({ load: { throughput: { requests: 40 }, maxConcurrency: 16 }, answer: () => ({ afterMs: 2 }) })
    expect(records).toHaveLength(40)
    expect(client.most()).toBe(16)
  })
})

describe('sessions', { timeout: 20_000 }, () => {
  const turns = { synthetic: { ...synthetic, turns: { count: 3, thinkTime: '2ms' } } }
  it('sends each turn with the answers that really came, for completions', async () => {
    const { client, records, result } = await run({ load: { sessions: { stages: [{ name: 's', concurrency: 2, requests: 3 }] } }, data: turns, requests: sessions(3, 3), answer: (r) => ({ text: `<${r.id}>` }) })
    expect(records).toHaveLength(9)
    expect(client.sent.find((r) => r.id === 's2t3')?.prompt).toBe('s2t1<s2t1>\ns2t2<s2t2>\ns2t3')
    expect(records.find((r) => r.id === 's2t3')).toMatchObject({ session: 's2', turn: 2, clientInputTokens: 3 + 1 + 3 + 1 + 3 })
    expect(client.most()).toBe(2)
    expect(result.stages[0]).toMatchObject({ kind: 'sessions', concurrency: 2 })
  })

  it('keeps roles for chat', async () => {
    const { client } = await run({ load: { sessions: { stages: [{ name: 's', concurrency: 1, requests: 1 }] } }, data: turns, api: { kind: 'chat' }, requests: sessions(1, 2, 'messages'), answer: () => ({ text: 'A' }) })
    expect(client.sent[1]?.messages).toEqual([{ role: 'user', content: 's1t1' }, { role: 'assistant', content: 'A' }, { role: 'user', content: 's1t2' }])
  })

  it('ends a session whose turn failed', async () => {
    const { records, result } = await run({
      load: { sessions: { stages: [{ name: 's', concurrency: 1, requests: 2 }] } }, data: turns, requests: sessions(2, 3),
      answer: (r) => (r.id === 's1t2' ? { status: 'error', error: { class: 'http5xx', message: 'x' } } : {}),
    })
    expect(records.map((r) => r.id)).toEqual(['s1t1', 's1t2', 's2t1', 's2t2', 's2t3'])
    expect(result.notes).toContain('1 sessions ended early after a turn that failed')
  })

  it('lets no session go on thinking after the drain time', async () => {
    const slow = { synthetic: { ...synthetic, turns: { count: 3, thinkTime: '1h' } } }
    const { records } = await run({ load: { sessions: { stages: [{ name: 's', concurrency: 2, duration: '20ms' }] }, drain: '20ms' }, data: slow, requests: sessions(5, 3) })
    expect(records.map((r) => r.id).toSorted()).toEqual(['s1t1', 's2t1'])
  })

  it('takes up sessions that wait before it begins others', async () => {
    const now = { synthetic: { ...synthetic, turns: { count: 3 } } }
    const { client } = await run({ load: { concurrent: { stages: [{ name: 'a', concurrency: 1, requests: 7 }] } }, data: now, requests: sessions(9, 3) })
    expect(client.sent.map((r) => r.id)).toEqual(['s1t1', 's1t2', 's1t3', 's2t1', 's2t2', 's2t3', 's3t1'])
  })

  it('keeps the rate of an open loop exact: new sessions fill what waiting ones leave', async () => {
    const { records, client } = await run({ load: { constant: { stages: [{ name: 'a', rate: 200, requests: 30 }] } }, data: turns, requests: sessions(30, 3), answer: () => ({ text: 'A' }) })
    expect(records).toHaveLength(30)
    for (const r of client.sent.filter((s) => s.id.endsWith('t2'))) expect(r.prompt).toContain('A\n')
  })
})

describe('ends of a run', { timeout: 20_000 }, () => {
  it('stops when too much fails, and names what was not run', async () => {
    const { records, result } = await run({
      load: { constant: { stages: [{ name: 'a', rate: 200, requests: 5000 }, { name: 'b', rate: 1, requests: 5 }] }, stop: { errorRate: 0.5 } },
      answer: () => ({ status: 'error', error: { class: 'http5xx', message: 'x' } }),
    })
    expect(records.length).toBeGreaterThanOrEqual(20)
    expect(records.length).toBeLessThan(5000)
    expect(result.stages).toHaveLength(1)
    expect(result.stages[0]?.stopped).toMatch(/^\d+ of \d+ requests failed/)
    expect(result.notes).toContain('not run: b')
  })

  it('starts although the client cannot get ready, and ends while it tries', async () => {
    const stuck = { ...fakeClient(() => ({})), warmUp: () => new Promise<void>(() => undefined) }
    const out = await mkdtemp(join(tmpdir(), 'native-'))
    folders.push(out)
    await writeFile(join(out, 'requests.jsonl'), `${JSON.stringify(singles(1)[0])}\n`)
    const workload = WorkloadProfileSpec.parse({ data: { synthetic }, load: { synchronous: { requests: 1 } } })
    const end = new AbortController()
    setTimeout(() => end.abort(ENDED), 20)
    const result = await runLoad({ workload, client: stuck, arrivalSeed: 1, requests: join(out, 'requests.jsonl'), out, tokenizer: () => loadTokenizer(), signal: end.signal })
    expect(result).toMatchObject({ complete: true, stages: [] })
  })

  it('records what was in flight as cancelled when it is told to end', async () => {
    const { records, result } = await run({ load: { constant: { stages: [{ name: 'a', rate: 200, duration: '1h' }] } }, answer: (_, i) => (i < 10 ? {} : undefined), endAfter: 20 })
    expect(count(records, { status: 'ok' })).toBe(10)
    expect(count(records, { status: 'cancelled' })).toBeGreaterThanOrEqual(10)
    expect(result.stages[0]?.stopped).toBe(ENDED)
    expect(result.complete).toBe(true)
  })

  it.each([
    [{ concurrent: { stages: [{ name: 'c', concurrency: 3, requests: 50 }] } }, { synthetic }],
    [{ sessions: { stages: [{ name: 'c', concurrency: 3, requests: 50 }] } }, { synthetic: { ...synthetic, turns: { count: 2, thinkTime: '1h' } } }],
  ])('ends closed loops when it is told to: %o', async (load, data) => {
    const { records, result } = await run({ load, data, answer: (_, i) => (i < 2 ? {} : undefined), endAfter: 3, requests: sessions(50, 2) })
    expect(records.length).toBeGreaterThanOrEqual(3)
    expect(records.length).toBeLessThan(10)
    expect(result.stages[0]?.stopped).toBe(ENDED)
  })

  it('counts answers with the tokenizer where usage is missing or the profile wants it', async () => {
    const missing = await run({ load: { synchronous: { requests: 2 } }, answer: (_, i) => ({ text: 'the value', usage: i === 0 ? undefined : { inputTokens: 1, outputTokens: 9, cachedTokens: null } }) })
    const expected = (await loadTokenizer()).count('the value')
    expect(missing.records.toSorted((a, b) => a.id.localeCompare(b.id)).map((r) => [r.outputTokens, r.clientOutputTokens])).toEqual([[null, expected], [9, undefined]])
    expect(missing.result.notes.join()).toContain('gave no usage for 1 answers')
    const wanted = await run({ load: { synchronous: { requests: 1 } }, countBy: 'tokenizer', answer: () => ({ text: 'the value' }) })
    expect(wanted.records[0]).toMatchObject({ outputTokens: 1, clientOutputTokens: expected })
  })

  it.each([
    [['{"id":1}'], 'requests.jsonl:1: id: Invalid input'],
    [['{"id":"a","inputTokens":1,"outputTokens":1}', 'x'], 'requests.jsonl:2: expected a JSON object, found x'],
    [[], 'expected at least one request, found none'],
  ])('refuses requests %o', async (lines, message) => {
    const out = await mkdtemp(join(tmpdir(), 'native-'))
    folders.push(out)
    await writeFile(join(out, 'requests.jsonl'), lines.map((l) => `${l}\n`).join(''))
    const workload = WorkloadProfileSpec.parse({ data: { synthetic }, load: { synchronous: { requests: 1 } } })
    await expect(runLoad({ workload, client: fakeClient(() => ({})), arrivalSeed: 1, requests: join(out, 'requests.jsonl'), out, tokenizer: () => loadTokenizer(), signal: new AbortController().signal })).rejects.toThrow(message)
  })
})

describe('a server that asks for a pause', { timeout: 20_000 }, () => {
  const limited = (retryAfterMs: number): FakeAnswer => ({ status: 'error', httpStatus: 429, retryAfterMs, error: { class: 'http429', message: 'HTTP 429' } })

  it('gets it, of an open loop: what was held back is told apart from lag and from server time', async () => {
    const { records, result } = await run({ load: { constant: { stages: [{ name: 'one', rate: 200, requests: 40 }] } }, answer: (_, i) => (i === 4 ? limited(150) : {}) })
    const held = records.filter((r) => r.heldMs !== undefined)
    const pausedFrom = records.find((r) => r.status === 'error')?.endMs ?? 0
    expect(held.length).toBeGreaterThan(5)
    for (const { scheduledMs, sentMs, heldMs = 0, endMs } of held) {
      expect(sentMs).toBeGreaterThanOrEqual(pausedFrom + 149)
      expect(heldMs).toBeLessThanOrEqual((sentMs ?? 0) - (scheduledMs ?? 0))
      expect((endMs ?? 0) - (sentMs ?? 0)).toBeLessThan(100)
    }
    // nothing else was sent meanwhile, but what was under way
    expect(records.filter(({ sentMs }) => (sentMs ?? 0) > pausedFrom + 1 && (sentMs ?? 0) < pausedFrom + 149)).toEqual([])
    expect(records).toHaveLength(40)
    expect(result.notes.join()).toMatch(/the server asked for a pause \(Retry-After\) 1 times: nothing was sent for 0\.[12] s together, and \d+ requests were held back/)
  })

  it('gets it of a closed loop too', async () => {
    const { records } = await run({ load: { concurrent: { stages: [{ name: 'one', concurrency: 2, requests: 10 }] } }, answer: (_, i) => (i === 1 ? limited(100) : {}) })
    const pausedFrom = records.find((r) => r.status === 'error')?.endMs ?? 0
    expect(records).toHaveLength(10)
    expect(records.filter(({ sentMs }) => (sentMs ?? 0) > pausedFrom + 1 && (sentMs ?? 0) < pausedFrom + 99)).toEqual([])
    expect(count(records, { status: 'ok' })).toBe(9)
  })

  it('that is longer than a request may take ends the run', async () => {
    const { result } = await run({ load: { concurrent: { stages: [{ name: 'one', concurrency: 2, requests: 10 }] } }, api: { timeout: '1s' }, answer: (_, i) => (i === 1 ? limited(3_600_000) : {}) })
    expect(result.stages[0]?.stopped).toBe('the server asked to wait 3600 s (Retry-After), which is longer than api.timeout')
  })
})

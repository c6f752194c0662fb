// SPDX-License-Identifier: Apache-2.0
/** Error of the native harness's TTFT and gaps against the simulator's own record of when it handed each event to the kernel. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { RequestRecord } from '../../../operator/core/model/record.ts'
import { TrialJob } from '../../../operator/core/model/trial-job.ts'
import { textForm } from '../../../operator/core/model/workload-profile.ts'
import { expandRequests } from '../../../operator/core/workload/expand.ts'
import { requestsNeeded } from '../../../operator/core/workload/requests-needed.ts'
import { loadTokenizer } from '../load-tokenizer.ts'
import { RECORDS_FILE } from '../native-result.ts'
import { spread, type Spread } from './spread.ts'

/** Absolute errors in milliseconds, over all requests and all gaps. */
export interface AccuracyResult {
  readonly requests: number
  readonly gaps: number
  readonly ttftErrorMs: Spread
  readonly gapErrorMs: Spread
  readonly lagMs: Spread
}

export interface AccuracyOptions {
  /** Requests per second, seconds, and tokens of every answer. */
  readonly rate: number
  readonly seconds: number
  readonly outputTokens: number
}

const DEFAULTS: AccuracyOptions = { rate: 20, seconds: 10, outputTokens: 32 }
const MODEL = 'assay/simulated-llm'

interface TrueTimes { readonly requestId: string; readonly ttftMs: number; readonly gapsMs: readonly number[] }

export async function benchAccuracy(options: Partial<AccuracyOptions> = {}): Promise<AccuracyResult> {
  const folder = await mkdtemp(join(tmpdir(), 'accuracy-'))
  const port = await freePort()
  const simulator = start('../../../simulator/main.ts', ['--server.host', '127.0.0.1', '--server.port', String(port), '--model.name', MODEL])
  try {
    await untilReady(`http://127.0.0.1:${port}/health`)
    await writeTrial(folder, port, { ...DEFAULTS, ...options })
    const harness = start('../main.ts', ['--trial', join(folder, 'trial.json'), '--requests', join(folder, 'requests.jsonl'), '--out', folder])
    const [code] = (await once(harness, 'exit')) as [number]
    if (code !== 0) throw new Error(`the harness ended with ${code}`)
    const records = (await readFile(join(folder, RECORDS_FILE), 'utf8')).trim().split('\n').map((line) => RequestRecord.parse(JSON.parse(line)))
    return compare(records, await truth(`http://127.0.0.1:${port}/truth?stamps=false`))
  } finally {
    simulator.kill()
    await rm(folder, { recursive: true })
  }
}

function compare(records: readonly RequestRecord[], truths: ReadonlyMap<string, TrueTimes>): AccuracyResult {
  const errors = { ttft: [] as number[], gap: [] as number[], lag: [] as number[] }
  for (const { id, sentMs, scheduledMs, firstTokenMs, eventsMs = [], status } of records) {
    const known = truths.get(id)
    if (status !== 'ok' || known === undefined || sentMs === null || firstTokenMs === null) throw new Error(`request ${id} has no counterpart in the truth`)
    errors.ttft.push(Math.abs(firstTokenMs - sentMs - known.ttftMs))
    for (const [i, gap] of known.gapsMs.entries()) errors.gap.push(Math.abs((eventsMs[i + 1] ?? Number.NaN) - (eventsMs[i] ?? Number.NaN) - gap))
    errors.lag.push(sentMs - (scheduledMs ?? sentMs))
  }
  return { requests: records.length, gaps: errors.gap.length, ttftErrorMs: spread(errors.ttft), gapErrorMs: spread(errors.gap), lagMs: spread(errors.lag) }
}

async function truth(url: string): Promise<Map<string, TrueTimes>> {
  const lines = (await (await request(url)).body.text()).trim().split('\n').map((line) => JSON.parse(line) as TrueTimes)
  return new Map(lines.map((line) => [line.requestId.replace(/^(cmpl|chatcmpl)-/, ''), line]))
}

async function writeTrial(folder: string, port: number, { rate, seconds, outputTokens }: AccuracyOptions): Promise<void> {
  const job = TrialJob.parse({
    trial: { name: 'accuracy', namespace: 'bench', uid: 'bench', attempt: 1, job: 'bench' },
    spec: {
      stackRef: { name: 'bench' },
      workload: {
        data: { synthetic: { input: { fixed: 64 }, output: { fixed: outputTokens } } },
        load: { poisson: { stages: [{ name: 'accuracy', rate, duration: `${seconds}s` }] } },
      },
      harness: { version: '0', supports: { load: [], data: [] }, results: { adapter: 'native' } },
    },
    specDigest: 'bench',
    endpoint: { url: `http://127.0.0.1:${port}`, host: '127.0.0.1', port, path: '', model: MODEL },
    stack: {
      name: 'bench', gpus: 1, scrape: [], model: { name: MODEL }, engine: 'simulator', replicas: 1, accelerator: {},
      parallelism: { tensor: 1, pipeline: 1, data: 1, expert: 1 },
    },
    caches: { policy: 'Distinct', how: 'bench' }, paths: { config: folder, in: folder, out: folder, requests: join(folder, 'requests.jsonl') },
    results: { url: 'none', tokenPath: 'none' }, operatorVersion: '0',
  })
  const { workload, seeds } = job.spec
  const requests = expandRequests({
    data: workload.data, api: textForm(workload.api.kind), tokenizer: await loadTokenizer(), seed: seeds.content, need: requestsNeeded(workload.load, seeds.arrival), note: () => undefined,
  })
  await mkdir(folder, { recursive: true })
  await writeFile(job.paths.requests, [...requests].map((line) => `${JSON.stringify(line)}\n`).join(''))
  await writeFile(join(folder, 'trial.json'), JSON.stringify(job))
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const ready = await request(url).then(async ({ statusCode, body }) => { await body.dump(); return statusCode === 200 }, () => false)
    if (ready) return
    await sleep(100)
  }
  throw new Error(`${url} did not become ready`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no free port')
  return address.port
}

function start(script: string, args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(script, import.meta.url)), [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

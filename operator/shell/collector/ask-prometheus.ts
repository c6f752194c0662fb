// SPDX-License-Identifier: Apache-2.0
/** Asks a Prometheus for the window of the trial, once, when the load is over, within caps on time and size. A failure is a note, never a failed trial. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Agent, request } from 'undici'
import { parseAnswer, type RangeQuery, rangeQueries, type RangeWindow, rangeWindow, toQueried, toScrapes } from '../../core/measure/prometheus-range.ts'
import type { Queried } from '../../core/measure/queried.ts'
import type { Scrape } from '../../core/measure/scrape.ts'
import { durationMs } from '../../core/model/common.ts'
import type { TrialJob } from '../../core/model/trial-job.ts'
import type { Redactor } from './redact.ts'

export interface AskedPrometheus {
  readonly scrapes: readonly Scrape[]
  readonly queried: readonly Queried[]
  readonly notes: readonly string[]
}

const MOST_BYTES = 32 * 2 ** 20

interface Asking {
  readonly job: TrialJob
  readonly time: { readonly startEpochMs: number; readonly endEpochMs: number }
  /** Where answers are kept, so that they are stored and a repeated delivery asks nothing. */
  readonly folder: string
  readonly redactor: Redactor
  readonly env?: NodeJS.ProcessEnv
}

export async function askPrometheus(asking: Asking): Promise<AskedPrometheus> {
  const source = asking.job.stack.prometheus
  if (source === undefined) return { scrapes: [], queried: [], notes: [] }
  const window = rangeWindow(asking.time, source.step)
  const agent = new Agent({ connections: 4, ...(source.ca === undefined ? {} : { connect: { ca: await readFile(source.ca, 'utf8') } }) })
  try {
    // Side by side: the pod has only so much time left.
    const asked = await Promise.all(rangeQueries(asking.job).map((query, index) => answerOf(asking, query, { index, window, agent })))
    return {
      scrapes: asked.flatMap((a) => a.scrapes), queried: asked.flatMap((a) => a.queried),
      notes: [...asked.flatMap((a) => a.notes), ...(asked.some((a) => a.notes.length === 0) ? [`metrics from Prometheus are known every ${window.stepMs / 1000} s`] : [])],
    }
  } finally {
    await agent.destroy()
  }
}

interface Place { readonly index: number; readonly window: RangeWindow; readonly agent: Agent }

async function answerOf(asking: Asking, query: RangeQuery, { index, window, agent }: Place): Promise<AskedPrometheus> {
  const file = join(asking.folder, `prometheus-${index}-${query.of}.json`)
  const refused = (why: string): AskedPrometheus => ({ scrapes: [], queried: [], notes: [`Prometheus was asked for ${query.of} metrics: ${asking.redactor.text(why).slice(0, 300)}`] })
  const text = existsSync(file) ? readFileSync(file, 'utf8') : await fetchRange(asking, query, { window, agent })
  if (typeof text !== 'string') return refused(text.problem)
  const answer = parseAnswer(text)
  if (typeof answer === 'string') return refused(answer)
  mkdirSync(asking.folder, { recursive: true })
  writeFileSync(file, asking.redactor.text(text))
  if (answer.length === 0) return refused('no series answer: check endpoint.metrics.prometheus.selector')
  const { of } = query
  if (of === 'engine' || of === 'gpu') return { scrapes: toScrapes(answer, of), queried: [], notes: [] }
  return { scrapes: [], queried: [toQueried(answer, of)], notes: [] }
}

/** By POST, since a query that names many series is longer than addresses may be. */
async function fetchRange({ job, env = process.env }: Asking, { query }: RangeQuery, { window, agent }: Omit<Place, 'index'>): Promise<string | { readonly problem: string }> {
  const { url, timeout, credential } = job.stack.prometheus as NonNullable<TrialJob['stack']['prometheus']>
  const secret = credential === undefined ? undefined : env[credential.env]?.trim()
  const form = new URLSearchParams({ query, start: String(window.startEpochMs / 1000), end: String(window.endEpochMs / 1000), step: String(window.stepMs / 1000), timeout: `${Math.round(durationMs(timeout) / 1000)}s` })
  try {
    const answer = await request(`${url.replace(/\/+$/, '')}/api/v1/query_range`, {
      method: 'POST', dispatcher: agent, body: form.toString(), signal: AbortSignal.timeout(durationMs(timeout) + 1000),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(credential === undefined || secret === undefined ? {} : { [credential.header]: `${credential.prefix}${secret}` }) },
    })
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MOST_BYTES) return { problem: `the answer has more than ${MOST_BYTES} bytes: a longer step or a narrower selector makes it shorter` }
      chunks.push(chunk)
    }
    const text = Buffer.concat(chunks).toString('utf8')
    return answer.statusCode === 200 ? text : { problem: `HTTP ${answer.statusCode}: ${text.slice(0, 200)}` }
  } catch (error) {
    const { code, name, message } = error as Error & { readonly code?: string }
    return { problem: name === 'TimeoutError' ? `no answer within ${timeout}` : code ?? message }
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Looks at the metrics of every serving pod by its own address, again and again, and keeps what was seen on the disk. */
import { Agent } from 'undici'
import type { Scrape } from '../../core/measure/scrape.ts'
import { serverSamples } from '../../core/measure/server-metrics.ts'
import { type Clock, sleep } from '../kube/clock.ts'
import { scrapeOnce } from './scrape-once.ts'

export interface ScrapeSink {
  /** Samples that the analysis reads, of every look. */
  readonly samples: (scrape: Scrape & { readonly samples: unknown }) => void
  /** The whole text, of the first look, of one now and then, and of the last. */
  readonly text: (pod: string, epochMs: number, text: string) => void
  readonly problem: (pod: string, epochMs: number, problem: string) => void
}

export interface ScrapeLoopOptions {
  readonly urls: readonly string[]
  readonly clock: Clock
  readonly sink: ScrapeSink
  readonly signal: AbortSignal
  readonly everyMs?: number
  readonly textEveryMs?: number
}

const EVERY_MS = 1000
const TEXT_EVERY_MS = 15_000
const LIMITS = { timeoutMs: 5000, bytes: 8 * 2 ** 20 }
/** After the end: what the last requests did to the counters. */
const LAST_TIMEOUT_MS = 1000

/** Ends when the signal is aborted, after one last look. */
export async function scrapeLoop(options: ScrapeLoopOptions): Promise<void> {
  const agent = new Agent({ connections: 1, keepAliveTimeout: 30_000 })
  try {
    await Promise.all(options.urls.map((url) => scrapeTarget({ ...options, url, agent })))
  } finally {
    await agent.destroy()
  }
}

type Target = ScrapeLoopOptions & { readonly url: string; readonly agent: Agent }

async function scrapeTarget(target: Target): Promise<void> {
  const { clock, signal, everyMs = EVERY_MS, textEveryMs = TEXT_EVERY_MS } = target
  const began = clock.now()
  let textAt = began
  for (let look = 0; !signal.aborted; look++) {
    const whole = clock.now() >= textAt
    if (whole) textAt = clock.now() + textEveryMs
    await lookAt(target, { whole, timeoutMs: LIMITS.timeoutMs })
    // At fixed times from the start; what could not be done in time is left out, not made up for.
    const next = began + everyMs * (Math.floor((clock.now() - began) / everyMs) + 1)
    await sleep(clock, next - clock.now(), signal)
  }
  await lookAt(target, { whole: true, timeoutMs: LAST_TIMEOUT_MS })
}

async function lookAt(
  { url, agent, clock, sink }: Target,
  { whole, timeoutMs }: { readonly whole: boolean; readonly timeoutMs: number },
): Promise<void> {
  const pod = podOf(url)
  // The moment of the question: the answer speaks of a time shortly after it.
  const [epochMs, atMs] = [clock.epochMs(), clock.now()]
  const answer = await scrapeOnce(url, agent, { ...LIMITS, timeoutMs })
  if (!answer.ok) return sink.problem(pod, epochMs, answer.problem)
  sink.samples({ pod, atMs, epochMs, samples: serverSamples(answer.text) })
  if (whole) sink.text(pod, epochMs, answer.text)
}

/** A pod is known by its address here; the stack's facts tell its name. */
function podOf(url: string): string {
  return new URL(url).host
}

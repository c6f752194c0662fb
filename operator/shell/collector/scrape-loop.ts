// SPDX-License-Identifier: Apache-2.0
/** Looks at the metrics of every serving pod by its own address, again and again, and keeps what was seen on the disk. */
import { Agent } from 'undici'
import type { Scrape, ScrapeKind } from '../../core/measure/scrape.ts'
import { gpuSamples } from '../../core/measure/gpu-track.ts'
import { readingOf } from '../../core/measure/server-metrics.ts'
import { type Clock, sleep } from '../kube/clock.ts'
import { scrapeOnce } from './scrape-once.ts'

export interface ScrapeSink {
  /** What the analysis reads, of every look. */
  readonly samples: (scrape: Scrape) => void
  /** The whole text, of the first look, of one now and then, and of the last. */
  readonly text: (pod: string, epochMs: number, text: string) => void
  readonly problem: (pod: string, epochMs: number, problem: string) => void
}

export interface ScrapeTarget {
  readonly url: string
  readonly kind: ScrapeKind
  readonly node?: string | undefined
}

export interface ScrapeLoopOptions {
  readonly targets: readonly ScrapeTarget[]
  readonly clock: Clock
  readonly sink: ScrapeSink
  readonly signal: AbortSignal
  readonly everyMs?: number
  readonly textEveryMs?: number
}

const EVERY_MS = 1000
/** Exporters look at GPUs once a second at best, and their answers are large. */
const GPU_EVERY = 2
/** Above so many targets each is looked at less often, so that what is kept fits into memory. */
const TARGETS_AT_ONCE = 32
const TEXT_EVERY_MS = 15_000
const LIMITS = { timeoutMs: 5000, bytes: 8 * 2 ** 20 }
/** After the end: what the last requests did to the counters. */
const LAST_TIMEOUT_MS = 1000

/** Ends when the signal is aborted, after one last look. */
export async function scrapeLoop(options: ScrapeLoopOptions): Promise<void> {
  const agent = new Agent({ connections: 1, keepAliveTimeout: 30_000 })
  try {
    await Promise.all(options.targets.map((target) => scrapeTarget({ ...options, target, agent })))
  } finally {
    await agent.destroy()
  }
}

type Target = ScrapeLoopOptions & { readonly target: ScrapeTarget; readonly agent: Agent }

async function scrapeTarget(target: Target): Promise<void> {
  const { clock, signal, textEveryMs = TEXT_EVERY_MS } = target
  const everyMs = (target.everyMs ?? EVERY_MS) * Math.ceil(target.targets.length / TARGETS_AT_ONCE) * (target.target.kind === 'gpu' ? GPU_EVERY : 1)
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
  { target: { url, kind, node }, agent, clock, sink }: Target,
  { whole, timeoutMs }: { readonly whole: boolean; readonly timeoutMs: number },
): Promise<void> {
  const pod = podOf(url)
  // The moment of the question: the answer speaks of a time shortly after it.
  const [epochMs, atMs] = [clock.epochMs(), clock.now()]
  const answer = await scrapeOnce(url, agent, { ...LIMITS, timeoutMs })
  if (!answer.ok) return sink.problem(pod, epochMs, answer.problem)
  const seen = { pod, kind, ...(node === undefined ? {} : { node }), atMs, epochMs }
  sink.samples(kind === 'gpu' ? { ...seen, samples: gpuSamples(answer.text) } : { ...seen, reading: readingOf({ ...seen, text: answer.text }) })
  if (whole) sink.text(pod, epochMs, answer.text)
}

/** A pod is known by its address here; the stack's facts tell its name. */
function podOf(url: string): string {
  return new URL(url).host
}

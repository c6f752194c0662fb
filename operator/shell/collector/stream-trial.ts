// SPDX-License-Identifier: Apache-2.0
/** What goes on beside a running harness: files and numbers are sent, the server's metrics kept. Nothing here can fail a trial. */
import { sleep } from '../kube/clock.ts'
import type { Collecting } from './collect.ts'
import type { LiveCount } from './live-count.ts'
import { createScrapeLog } from './scrape-log.ts'
import { scrapeLoop } from './scrape-loop.ts'
import type { Tail } from './tail.ts'

const STREAM_EVERY_MS = 1000
const STREAM_TIMEOUT_MS = 10_000

interface Streaming {
  readonly tail: Tail
  readonly count: LiveCount
  readonly signal: AbortSignal
}

/** Sends what has grown and what was counted, every second. A server that is away is no reason to stop: the end makes everything whole. */
export async function stream({ client, clock, log, ref }: Collecting, { tail, count, signal }: Streaming): Promise<void> {
  let told = ''
  while (!signal.aborted) {
    try {
      await tail.poll({ timeoutMs: STREAM_TIMEOUT_MS })
      const live = count.live()
      if (live !== undefined && JSON.stringify(live) !== told) {
        await client.live(ref, live, { timeoutMs: STREAM_TIMEOUT_MS })
        told = JSON.stringify(live)
      }
    } catch (err) {
      log.debug({ err }, 'streaming goes on later')
    }
    await sleep(clock, STREAM_EVERY_MS, signal)
  }
}

/** The server's metrics are worth having, and no reason to lose a trial: a full disk or an odd address ends the scraping alone. */
export async function scrape({ job, clock, redactor, state, scrapes, log }: Collecting, signal: AbortSignal): Promise<void> {
  try {
    const sink = createScrapeLog({ folder: scrapes, generation: state.get().generation, redactor })
    const targets = [...job.stack.scrape.map((url) => ({ url, kind: 'engine' as const })), ...job.stack.targets]
    await scrapeLoop({ targets, clock, sink, signal })
  } catch (err) {
    log.warn({ err }, 'scraping ended early')
  }
}

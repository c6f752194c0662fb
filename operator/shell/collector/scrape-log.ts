// SPDX-License-Identifier: Apache-2.0
/** Keeps scrapes on the disk while the trial runs, so that a collector that is killed loses the last seconds at most. */
import { appendFileSync, createReadStream, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import type { Scrape } from '../../core/measure/scrape.ts'
import type { Redactor } from './redact.ts'
import type { ScrapeSink } from './scrape-loop.ts'

export interface ScrapeLog extends ScrapeSink {
  readonly problems: () => ReadonlyMap<string, number>
}

const SAMPLES = 'samples'

/** One set of files for each generation of the collector: a file that a kill cut off is never continued. */
export function createScrapeLog({
  folder,
  generation,
  redactor,
}: {
  readonly folder: string
  readonly generation: number
  readonly redactor: Redactor
}): ScrapeLog {
  mkdirSync(folder, { recursive: true })
  const problems = new Map<string, number>()
  const samples = join(folder, `${SAMPLES}-${generation}.jsonl`)
  return {
    problems: () => problems,
    samples: (scrape) => appendFileSync(samples, `${JSON.stringify(scrape)}\n`),
    // Each text is a gzip member of its own, written at once: together they are one valid file at any time.
    text: (pod, epochMs, text) =>
      appendFileSync(textFile(folder, pod, generation), gzipSync(`# scraped ${new Date(epochMs).toISOString()}\n${redactor.text(text)}\n`)),
    problem: (pod, epochMs, problem) => {
      problems.set(pod, (problems.get(pod) ?? 0) + 1)
      appendFileSync(join(folder, `problems-${generation}.jsonl`), `${JSON.stringify({ pod, epochMs, problem })}\n`)
    },
  }
}

/** What all generations kept, in the order of time; a last line that is cut off is left out. */
export async function readScrapes(folder: string): Promise<Scrape[]> {
  const scrapes: Scrape[] = []
  for (const name of (existsSync(folder) ? readdirSync(folder) : []).filter((file) => file.startsWith(SAMPLES))) {
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) scrapes.push(...parsed(line))
  }
  return scrapes.sort((a, b) => a.epochMs - b.epochMs)
}

function parsed(line: string): Scrape[] {
  try {
    return [JSON.parse(line) as Scrape]
  } catch {
    return []
  }
}

function textFile(folder: string, pod: string, generation: number): string {
  return join(folder, `${pod.replace(/[^\w.-]+/g, '_')}-${generation}.prom.gz`)
}

// SPDX-License-Identifier: Apache-2.0
/** Events per CPU-second of the native harness as a share of a bare-socket reader's, both against one paced server, one after the other. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ReaderReport } from './reader-report.ts'
import { median } from './spread.ts'

export interface ReadingResult {
  readonly rounds: readonly { readonly raw: ReaderReport; readonly native: ReaderReport; readonly ratio: number }[]
  /** Median of the rounds' ratios. */
  readonly ratio: number
  readonly nativeEventsPerCpuSecond: number
  readonly rawEventsPerCpuSecond: number
  /** Above one, reads were merged and the comparison is not the hard case. */
  readonly eventsPerRead: { readonly raw: number; readonly native: number }
}

export interface ReadingOptions {
  readonly streams: number
  readonly eventsPerStream: number
  readonly gapMs: number
  readonly rounds: number
}

/** Some 20 seconds. */
const DEFAULTS: ReadingOptions = { streams: 256, eventsPerStream: 300, gapMs: 10, rounds: 3 }

export async function benchReading(options: Partial<ReadingOptions> = {}): Promise<ReadingResult> {
  const { streams, eventsPerStream, gapMs, rounds: count } = { ...DEFAULTS, ...options }
  const server = start('paced-server.ts', [eventsPerStream, gapMs])
  try {
    const [port] = (await once(server, 'message')) as [number]
    const rounds: ReadingResult['rounds'][number][] = []
    for (let i = 0; i < count; i++) {
      const raw = await read('raw-reader.ts', port, streams)
      const native = await read('native-reader.ts', port, streams)
      rounds.push({ raw, native, ratio: perSecond(native) / perSecond(raw) })
    }
    return {
      rounds,
      ratio: median(rounds.map((round) => round.ratio)),
      nativeEventsPerCpuSecond: median(rounds.map((round) => perSecond(round.native))),
      rawEventsPerCpuSecond: median(rounds.map((round) => perSecond(round.raw))),
      eventsPerRead: { raw: median(rounds.map(({ raw }) => raw.events / raw.reads)), native: median(rounds.map(({ native }) => native.events / native.reads)) },
    }
  } finally {
    server.kill()
  }
}

async function read(script: string, port: number, streams: number): Promise<ReaderReport> {
  const reader = start(script, [port, streams])
  const ended = once(reader, 'exit')
  const [result] = (await Promise.race([once(reader, 'message'), ended.then(([code]) => { throw new Error(`${script} ended with ${String(code)} before it reported`) })])) as [ReaderReport]
  await ended
  return result
}

function start(script: string, args: readonly number[]): ChildProcess {
  return fork(fileURLToPath(new URL(script, import.meta.url)), args.map(String), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

function perSecond({ events, cpuSeconds }: ReaderReport): number {
  return events / cpuSeconds
}

// SPDX-License-Identifier: Apache-2.0
/** Shows what one core carries: many streams with a fixed gap, read by a client in another process. `node simulator/bench.ts [streams] [gapMs] [seconds]` */
import { fork, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ClientReport, ClientTask } from './bench-client.ts'

const LAG_QUANTILES = [0.5, 0.9, 0.99, 0.999]

/** What was asked for, and what came of it. */
export interface SimulatorBench {
  readonly streams: number
  readonly tokens: number
  readonly gapMs: number
  /** As written, while all streams ran. */
  readonly eventsPerSecond: number
  readonly writtenGapsMs: readonly number[]
  readonly serverCpuSeconds: number
  readonly client: ClientReport
}

if (import.meta.main) print(linesOf(await benchSimulator(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 50), Number(process.argv[4] ?? 15))))

export async function benchSimulator(streams: number, gapMs: number, seconds: number): Promise<SimulatorBench> {
  const tokens = Math.ceil((seconds * 1000) / gapMs)
  const { server, port } = await startServer(streams, gapMs)
  try {
    const before = await cpuSeconds(port)
    const client = await runClient({ port, streams, tokens })
    const serverCpuSeconds = (await cpuSeconds(port)) - before
    const truth = await truthGaps(port)
    return { streams, tokens, gapMs, eventsPerSecond: truth.gaps.length / (truth.windowMs / 1000), writtenGapsMs: truth.gaps, serverCpuSeconds, client }
  } finally {
    server.kill('SIGTERM')
    await once(server, 'exit')
  }
}

function linesOf({ streams, tokens, gapMs, eventsPerSecond, writtenGapsMs, serverCpuSeconds, client }: SimulatorBench): string[] {
  return [
    `${streams} streams × ${tokens} tokens, ${gapMs} ms declared between tokens: ${Math.round((streams * 1000) / gapMs)} events/s asked`,
    `written    ${Math.round(eventsPerSecond)} events/s while all streams ran; gaps ${quantiles(writtenGapsMs)} ms, mean ${mean(writtenGapsMs).toFixed(3)} ms`,
    `read       gaps ${quantiles(client.gapsMs)} ms, mean ${mean(client.gapsMs).toFixed(3)} ms; ${client.events} events in ${client.reads} reads`,
    `server CPU ${serverCpuSeconds.toFixed(2)} s = ${Math.round(client.events / serverCpuSeconds)} events per CPU-second`
      + ` = ${(100 * serverCpuSeconds / client.seconds).toFixed(0)} % of one core`,
    `client CPU ${client.cpuSeconds.toFixed(2)} s (raw sockets)`,
    client.events === streams * tokens ? 'every event arrived' : `MISSING: ${streams * tokens - client.events} events`,
  ]
}

function startServer(streams: number, gapMs: number): Promise<{ server: ChildProcess; port: number }> {
  const settings = {
    'server.host': '127.0.0.1', 'server.port': 0, 'decode.baseMs': gapMs, 'decode.perSequenceMs': 0,
    'batch.maxSequences': streams, 'prefill.lanes': streams, 'cache.blocks': streams * 64 + 2048,
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const server = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  server.once('exit', (code) => { if (code) throw new Error(`the server ended with ${code}`) })
  return new Promise((resolve) => {
    let text = ''
    server.stdout.on('data', (piece) => {
      text += String(piece)
      const port = /Starting vLLM server on http:\/\/[^:]+:(\d+)/.exec(text)?.[1]
      if (port) resolve({ server, port: Number(port) })
    })
  })
}

async function runClient(task: ClientTask): Promise<ClientReport> {
  const child = fork(new URL('bench-client.ts', import.meta.url).pathname)
  child.send(task)
  const [report] = await once(child, 'message') as [ClientReport]
  return report
}

async function cpuSeconds(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^process_cpu_seconds_total (\S+)/m.exec(text)?.[1])
}

/** Gaps as written, from the moment when the last stream had its first token to that when the first stream ended. */
async function truthGaps(port: number): Promise<{ gaps: number[]; windowMs: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/truth`)).text()
  const stamps = text.trim().split('\n').map((line) => (JSON.parse(line) as { tokenNs: number[] }).tokenNs)
  const from = Math.max(...stamps.map((times) => times[0] ?? 0))
  const to = Math.min(...stamps.map((times) => times.at(-1) ?? 0))
  const gaps = stamps.flatMap((times) => times.flatMap((at, i) => {
    const previous = times[i - 1]
    return previous !== undefined && at > from && at <= to ? [(at - previous) / 1e6] : []
  }))
  return { gaps, windowMs: (to - from) / 1e6 }
}

function quantiles(values: readonly number[]): string {
  const sorted = Float64Array.from(values).sort()
  return LAG_QUANTILES.map((q) => `p${q * 100} ${(sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(2)}`).join(', ')
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`)
}

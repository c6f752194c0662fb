// SPDX-License-Identifier: Apache-2.0
/** The reader of the bench, in a process of its own: raw sockets, a stamp for each read, and nothing that could slow it. */
import { connect } from 'node:net'

export type ClientTask = { readonly port: number; readonly streams: number; readonly tokens: number }
export type ClientReport = {
  readonly events: number
  readonly reads: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly gapsMs: readonly number[]
}

type Stream = { events: number; reads: number; readonly readMs: number[] }

const OPENED_PER_MS = 1

process.once('message', (task: ClientTask) => {
  void read(task).then((report) => process.send?.(report, () => process.disconnect()))
})

async function read(task: ClientTask): Promise<ClientReport> {
  const body = JSON.stringify({ prompt: 'Say something long', max_tokens: task.tokens, ignore_eos: true, stream: true })
  const head = `POST /v1/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
  const startMs = performance.now()
  const streams = await Promise.all(Array.from({ length: task.streams }, (_, i) => readStream(task.port, head + body, i / OPENED_PER_MS)))
  const { user, system } = process.cpuUsage()
  return {
    events: streams.reduce((sum, stream) => sum + stream.events, 0),
    reads: streams.reduce((sum, stream) => sum + stream.reads, 0),
    seconds: (performance.now() - startMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
    gapsMs: streams.flatMap(({ readMs }) => readMs.slice(1).map((at, i) => at - (readMs[i] ?? at))),
  }
}

/** Opens at its own time, so that the streams are spread over the gap as they would be in life. */
function readStream(port: number, request: string, delayMs: number): Promise<Stream> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      const stream: Stream = { events: 0, reads: 0, readMs: [] }
      const socket = connect(port, '127.0.0.1', () => socket.write(request))
      socket.setNoDelay(true)
      socket.on('data', (piece) => {
        const events = count(piece, '"text":"')
        if (events > 0) stream.readMs.push(performance.now())
        stream.events += events
        stream.reads++
      })
      socket.on('close', () => resolve(stream))
      socket.on('error', reject)
    }, delayMs)
  })
}

function count(piece: Buffer, mark: string): number {
  let found = 0
  for (let at = piece.indexOf(mark); at >= 0; at = piece.indexOf(mark, at + mark.length)) found++
  return found
}

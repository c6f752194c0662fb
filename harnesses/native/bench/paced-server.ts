// SPDX-License-Identifier: Apache-2.0
/** A server process that streams events at an even pace, one HTTP chunk and one write each: the hard case for a reader. It answers nothing else. */
import { createServer, type Socket } from 'node:net'

/** Events of a stream and milliseconds between them. */
const [events, gapMs] = process.argv.slice(2).map(Number) as [number, number]

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const END = chunk('data: [DONE]\n\n') + '0\r\n\r\n'
/** As large as those of common servers. */
const EVENT = chunk(`data: ${JSON.stringify({ id: 'cmpl-5a7e1c22b40d4f1f', object: 'text_completion', created: 1795345369, model: 'bench', choices: [{ index: 0, text: ' token', logprobs: null, finish_reason: null, stop_reason: null }] })}\n\n`)

interface Stream { readonly socket: Socket; left: number }

/** One bucket a millisecond of the gap, so that streams are spread over time as arrivals spread them. */
const buckets: Set<Stream>[] = Array.from({ length: gapMs }, () => new Set())
let nextBucket = 0

function chunk(data: string): string {
  return `${Buffer.byteLength(data).toString(16)}\r\n${data}\r\n`
}

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  let head = ''
  socket.on('data', (data) => {
    head += data.toString('latin1')
    const request = /\r\n\r\n/.exec(head)
    if (request === null) return
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (head.length < request.index + 4 + length) return
    head = ''
    socket.write(HEAD)
    buckets[nextBucket++ % gapMs]?.add({ socket, left: events })
  })
})

let tick = 0
const startMs = performance.now()
setInterval(() => {
  for (const due = Math.floor(performance.now() - startMs); tick < due; tick++) {
    const bucket = buckets[tick % gapMs]
    for (const stream of bucket ?? []) {
      if (--stream.left >= 0) stream.socket.write(EVENT)
      if (stream.left > 0) continue
      stream.socket.write(END)
      bucket?.delete(stream)
    }
  }
}, 1)

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})

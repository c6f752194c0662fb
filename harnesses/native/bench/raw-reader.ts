// SPDX-License-Identifier: Apache-2.0
/** The reference: a reader process on bare sockets that only finds the ends of events. Nothing that reads events in Node can be much cheaper. */
import { connect } from 'node:net'
import { report } from './reader-report.ts'

const [port, streams] = process.argv.slice(2).map(Number) as [number, number]
const BUFFER_BYTES = 65_536
const REQUEST = 'POST /v1/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}'
const LAST = Buffer.from('0\r\n\r\n')
const LF = 10

await report(async (counts) => {
  await Promise.all(Array.from({ length: streams }, () => readOne(counts)))
})

function readOne(counts: { events: number; reads: number }): Promise<void> {
  return new Promise((resolve) => {
    let afterLf = false
    const socket = connect({
      port, host: '127.0.0.1', noDelay: true,
      onread: {
        buffer: Buffer.alloc(BUFFER_BYTES),
        callback: (size, buffer) => {
          const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, size)
          const before = counts.events
          for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
            if (bytes[at + 1] === LF || (at === 0 && afterLf)) counts.events++
          }
          afterLf = bytes[size - 1] === LF
          if (counts.events > before) counts.reads++
          if (bytes.subarray(-LAST.length).equals(LAST)) {
            socket.destroy()
            resolve()
          }
          return true
        },
      },
    })
    socket.write(REQUEST)
  })
}

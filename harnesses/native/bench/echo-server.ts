// SPDX-License-Identifier: Apache-2.0
/** A server process that holds every message for a while and says for how long: the floor of any measurement over loopback on this machine. */
import { createServer } from 'node:net'

const [holdMs = 0] = process.argv.slice(2).map(Number)
const ANSWER_BYTES = 200

const server = createServer((socket) => {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', () => {
    const arrivedMs = performance.now()
    setTimeout(() => socket.write(String(performance.now() - arrivedMs).padEnd(ANSWER_BYTES)), holdMs)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' ? address?.port : undefined)
})

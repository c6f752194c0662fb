// SPDX-License-Identifier: Apache-2.0
/** What a bare socket gets wrong on this machine at this time: the error of a time to first token that no HTTP client can undercut by much. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { spread, type Spread } from './spread.ts'

const MESSAGES = 150
const HOLD_MS = 20
/** Between messages, so that neither process is kept awake. */
const PAUSE_MS = 10
const MESSAGE = Buffer.alloc(400, 'x')
const BUFFER_BYTES = 4096

/** Absolute error in milliseconds of (answer − send) against the time that the server says it held the message. */
export async function benchLoopback(): Promise<Spread> {
  const server = fork(fileURLToPath(new URL('echo-server.ts', import.meta.url)), [String(HOLD_MS)])
  try {
    const [port] = (await once(server, 'message')) as [number]
    return spread(await errorsOf(port))
  } finally {
    server.kill()
  }
}

async function errorsOf(port: number): Promise<number[]> {
  let arrived = (_atMs: number, _heldMs: number) => {}
  const socket = connect({
    port, host: '127.0.0.1', noDelay: true,
    onread: {
      buffer: Buffer.alloc(BUFFER_BYTES),
      callback: (size, buffer) => {
        const atMs = performance.now()
        arrived(atMs, Number(Buffer.from(buffer.buffer, buffer.byteOffset, size).toString('latin1')))
        return true
      },
    },
  })
  await once(socket, 'connect')
  const errors: number[] = []
  for (let i = 0; i < MESSAGES; i++) {
    const answer = new Promise<readonly [number, number]>((resolve) => { arrived = (atMs, heldMs) => resolve([atMs, heldMs]) })
    socket.write(MESSAGE)
    const sentMs = performance.now()
    const [atMs, heldMs] = await answer
    errors.push(Math.abs(atMs - sentMs - heldMs))
    await sleep(PAUSE_MS)
  }
  socket.destroy()
  return errors
}

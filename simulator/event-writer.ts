// SPDX-License-Identifier: Apache-2.0
/** Writes the events of one streamed answer: one event, one write, at once. It knows HTTP framing and sockets, no content. */
import type { ServerResponse } from 'node:http'
import { httpChunk } from './sse.ts'

export type EventWriter = {
  readonly write: (event: string) => void
  /** Writes the closing events and ends the response, in one write. */
  readonly end: (events: readonly string[]) => void
  /** Cuts the connection, in the middle of the body. */
  readonly cut: () => void
}

/** Sends the head and returns the writer of the body. */
export function openEventStream(response: ServerResponse): EventWriter {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.flushHeaders()
  return {
    write: (event) => {
      const { socket } = response
      // straight to the socket: ServerResponse.write would make three pieces of it, at twice the cost
      if (socket && response.chunkedEncoding) socket.write(httpChunk(event))
      else response.write(event)
    },
    end: (events) => {
      const { socket } = response
      socket?.cork()
      if (socket && response.chunkedEncoding) socket.write(events.map(httpChunk).join(''))
      else response.write(events.join(''))
      response.end()
      socket?.uncork()
    },
    cut: () => void response.socket?.destroy(),
  }
}

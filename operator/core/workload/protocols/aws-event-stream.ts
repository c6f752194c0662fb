// SPDX-License-Identifier: Apache-2.0
/** An incremental parser of AWS event streams: bytes cut anywhere in, messages with their headers out, both checksums held. It knows no service. */
import { concat } from '../concat-bytes.ts'
import { crc32 } from './crc32.ts'

export interface EventMessage {
  /** Text headers by name, such as :event-type; the others are of no use here. */
  readonly headers: Readonly<Record<string, string>>
  readonly payload: Uint8Array
}

export interface EventStreamParser {
  readonly push: (chunk: Uint8Array) => void
  readonly clean: () => boolean
  /** The stream has ended; in the middle of a message, that is a problem. */
  readonly end: () => void
}

export interface EventStreamHandlers {
  readonly onMessage: (message: EventMessage) => void
  /** Told once; nothing after it can be read. */
  readonly onProblem: (message: string) => void
}

/** Lengths and their checksum; then headers and payload; then the checksum of all. */
const PRELUDE = 12
const CHECKSUM = 4
/** AWS allows 16 MiB of payload and 128 KiB of headers: more than that is a length that was never written. */
const MOST_BYTES = 17 * 2 ** 20

/** Bytes of a header value by its type; of the types that are not here, two bytes say how many. */
const FIXED_SIZES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 }
const STRING = 7

const decoder = new TextDecoder('utf-8')

export function eventStreamParser({ onMessage, onProblem }: EventStreamHandlers): EventStreamParser {
  let held: Uint8Array[] = []
  let heldBytes = 0
  /** Bytes that are wanted before anything can be said. */
  let wanted = PRELUDE
  let broken = false

  const stop = (message: string) => {
    broken = true
    held = []
    heldBytes = 0
    onProblem(message)
  }
  const take = () => {
    let bytes = concat(held)
    while (bytes.length >= wanted) {
      const frame = frameAt(bytes)
      if (typeof frame === 'string') return stop(frame)
      wanted = frame.bytes
      if (bytes.length < wanted) break
      const message = messageOf(bytes.subarray(0, wanted))
      if (typeof message === 'string') return stop(message)
      onMessage(message)
      bytes = bytes.subarray(wanted)
      wanted = PRELUDE
    }
    held = bytes.length === 0 ? [] : [bytes]
    heldBytes = bytes.length
  }
  return {
    push(chunk) {
      if (broken || chunk.length === 0) return
      held.push(chunk.slice())
      heldBytes += chunk.length
      if (heldBytes >= wanted) take()
    },
    clean: () => heldBytes === 0,
    end() {
      if (!broken && heldBytes > 0) stop(`the event stream ended within a message: ${heldBytes} of ${wanted} bytes came`)
    },
  }
}

/** The length of the message that begins here, checked. */
function frameAt(bytes: Uint8Array): { readonly bytes: number } | string {
  const view = viewOf(bytes)
  const total = view.getUint32(0)
  if (crc32(bytes.subarray(0, 8)) !== view.getUint32(8)) return 'a message of the event stream has a wrong prelude checksum'
  if (total > MOST_BYTES || total < PRELUDE + CHECKSUM + view.getUint32(4)) return `a message of the event stream has an impossible length of ${total} bytes`
  return { bytes: total }
}

function messageOf(bytes: Uint8Array): EventMessage | string {
  const view = viewOf(bytes)
  const end = bytes.length - CHECKSUM
  if (crc32(bytes.subarray(0, end)) !== view.getUint32(end)) return 'a message of the event stream has a wrong checksum'
  const headersEnd = PRELUDE + view.getUint32(4)
  const headers = headersOf(bytes.subarray(PRELUDE, headersEnd))
  return headers === undefined ? 'a message of the event stream has headers that cannot be read' : { headers, payload: bytes.slice(headersEnd, end) }
}

function headersOf(bytes: Uint8Array): Record<string, string> | undefined {
  const view = viewOf(bytes)
  const headers: Record<string, string> = {}
  let at = 0
  while (at < bytes.length) {
    const nameEnd = at + 1 + view.getUint8(at)
    if (nameEnd >= bytes.length) return undefined
    const name = decoder.decode(bytes.subarray(at + 1, nameEnd))
    const type = view.getUint8(nameEnd)
    const fixed = FIXED_SIZES[type]
    if (fixed === undefined && nameEnd + 3 > bytes.length) return undefined
    const start = nameEnd + (fixed === undefined ? 3 : 1)
    at = start + (fixed ?? view.getUint16(nameEnd + 1))
    if (at > bytes.length) return undefined
    if (type === STRING) headers[name] = decoder.decode(bytes.subarray(start, at))
  }
  return headers
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

// SPDX-License-Identifier: Apache-2.0
/** Writes messages of AWS event streams, with the checksums of zlib: what servers of tests send, and what our reader is held to. */
import { crc32 } from 'node:zlib'

/** One message with text headers. */
export function awsMessage(headers: Readonly<Record<string, string>>, payload: string | Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)))
  const body = Buffer.from(payload)
  const prelude = Buffer.alloc(8)
  prelude.writeUInt32BE(12 + head.length + body.length + 4, 0)
  prelude.writeUInt32BE(head.length, 4)
  const checked = Buffer.concat([prelude, uint32(crc32(prelude)), head, body])
  return Buffer.concat([checked, uint32(crc32(checked))])
}

/** What SageMaker sends for bytes of a container. */
export function payloadPart(bytes: string | Uint8Array): Buffer {
  return awsMessage({ ':event-type': 'PayloadPart', ':content-type': 'application/octet-stream', ':message-type': 'event' }, bytes)
}

function header(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)]
  const size = Buffer.alloc(2)
  size.writeUInt16BE(text.length)
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([7]), size, text])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

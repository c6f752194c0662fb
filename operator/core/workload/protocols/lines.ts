// SPDX-License-Identifier: Apache-2.0
/** An incremental parser of lines (NDJSON): bytes cut anywhere in, lines out, each byte looked at once. It knows no JSON. */
import { concat } from '../concat-bytes.ts'
import type { Decode, OnEvent, SseParser } from '../sse.ts'

const LF = 10
const CR = 13

const decoder = new TextDecoder('utf-8')
const decodeWithTextDecoder: Decode = (bytes, start, end) => decoder.decode(bytes.subarray(start, end))

/** Lines end with LF or CRLF; blank ones say nothing. The last one need not end. */
export function lineParser(onLine: OnEvent, decode: Decode = decodeWithTextDecoder): SseParser {
  let partial: Uint8Array[] = []
  const line = (bytes: Uint8Array, start: number, end: number) => {
    const text = decode(bytes, start, end > start && bytes[end - 1] === CR ? end - 1 : end)
    if (text.trim() !== '') onLine(text, '')
  }
  const finish = (bytes: Uint8Array, start: number, end: number) => {
    if (partial.length === 0) return line(bytes, start, end)
    const whole = concat([...partial, bytes.subarray(start, end)])
    partial = []
    line(whole, 0, whole.length)
  }
  return {
    push(chunk) {
      let position = 0
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, position)) {
        finish(chunk, position, end)
        position = end + 1
      }
      if (position < chunk.length) partial.push(chunk.slice(position))
    },
    clean: () => partial.length === 0,
    end() {
      if (partial.length > 0) finish(new Uint8Array(0), 0, 0)
    },
  }
}

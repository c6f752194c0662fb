// SPDX-License-Identifier: Apache-2.0
/** Recognises reads that hold exactly one event of a known form by their bytes, which is what most reads of a stream are. It parses nothing. */
import type { ContentTemplate } from '../../operator/core/workload/content-template.ts'

/** The text of the one event that a read holds; undefined when it holds anything else. */
export type KnownChunk = (chunk: Buffer) => string | undefined

const PREFIXES = ['data: ', 'data:'] as const
const ENDS = ['\n\n', '\r\n\r\n', '\r\r'] as const
const QUOTE = 34
const BACKSLASH = 92
const FIRST_PRINTABLE = 32

/** Learnt from a read that held one event of the form, whole: how this server frames events is seen there. */
export function knownChunk(chunk: Buffer, { head, tail, match }: ContentTemplate): KnownChunk | undefined {
  for (const prefix of PREFIXES) {
    for (const end of ENDS) {
      const [before, after] = [Buffer.from(prefix + head), Buffer.from(tail + end)]
      const recognise = recogniser(before, after)
      const text = recognise(chunk)
      if (text !== undefined && match(head + text + tail) === text) return recognise
    }
  }
  return undefined
}

function recogniser(before: Buffer, after: Buffer): KnownChunk {
  const around = before.length + after.length
  return (chunk) => {
    const end = chunk.length - after.length
    if (chunk.length <= around || before.compare(chunk, 0, before.length) !== 0 || after.compare(chunk, end) !== 0) return undefined
    return isPlain(chunk, before.length, end) ? chunk.toString('utf8', before.length, end) : undefined
  }
}

/** Without quotes, backslashes and control characters the bytes are one line and one JSON text. */
function isPlain(chunk: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = chunk[i] ?? 0
    if (byte === QUOTE || byte === BACKSLASH || byte < FIRST_PRINTABLE) return false
  }
  return true
}

// SPDX-License-Identifier: Apache-2.0
/** Whether a ZIP archive (a spreadsheet is one) may be stored: nothing in it may be a secret, and all of it must be readable. It changes no archive. */
import { readFileSync, statSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import type { Redactor } from './redact.ts'

/** Larger ones are not looked into, and not stored. */
const LARGEST_ARCHIVE = 64 * 2 ** 20
const LARGEST_MEMBER = 256 * 2 ** 20
const END = 0x06054b50
const ENTRY = 0x02014b50
/** A directory's end may have a comment after it. */
const LONGEST_END = 22 + 65_535

/** Why it must not be stored; undefined when it may. */
export function zipProblem(path: string, redactor: Redactor): string | undefined {
  if (statSync(path).size > LARGEST_ARCHIVE) return `an archive of more than ${LARGEST_ARCHIVE / 2 ** 20} MiB is not looked into for secrets`
  try {
    const bytes = readFileSync(path)
    for (const { name, content } of members(bytes)) {
      const text = content.toString('latin1')
      if (redactor.text(text) !== text) return `a secret is packed in its member ${redactor.text(name)}`
    }
    return undefined
  } catch (error) {
    return `an archive that cannot be looked into for secrets: ${(error as Error).message}`
  }
}

function* members(bytes: Buffer): Generator<{ readonly name: string; readonly content: Buffer }> {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error('its directory is damaged')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    yield { name, content: contentOf(bytes, { method: bytes.readUInt16LE(at + 10), packed: bytes.readUInt32LE(at + 20), header: bytes.readUInt32LE(at + 42) }) }
    at += 46 + nameLength + extraLength + commentLength
  }
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - LONGEST_END); at--) if (bytes.readUInt32LE(at) === END) return at
  throw new Error('it has no directory')
}

interface Member { readonly method: number; readonly packed: number; readonly header: number }

function contentOf(bytes: Buffer, { method, packed, header }: Member): Buffer {
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28)
  const content = bytes.subarray(start, start + packed)
  if (method === 0) return content
  if (method === 8) return inflateRawSync(content, { maxOutputLength: LARGEST_MEMBER })
  throw new Error(`a member is packed by method ${method}`)
}

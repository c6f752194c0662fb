// SPDX-License-Identifier: Apache-2.0
/** A tool's file in the form in which it is stored: without secrets, also within gzip and Zstandard. */
import { closeSync, createReadStream, readSync } from 'node:fs'
import { Duplex, type Readable } from 'node:stream'
import { createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib'
import type { Redactor } from './redact.ts'
import { openRegular } from './walk-files.ts'

export type Packing = 'plain' | 'gzip' | 'zstd' | 'zip'

const MAGIC: readonly (readonly [Packing, string])[] = [
  ['gzip', '1f8b'],
  ['zstd', '28b52ffd'],
  ['zip', '504b0304'],
]
const PIECE_BYTES = 1 << 20

export function packingOf(path: string): Packing {
  const fd = openRegular(path)
  try {
    const head = Buffer.alloc(4)
    const hex = head.toString('hex', 0, readSync(fd, head, 0, 4, 0))
    return MAGIC.find(([, magic]) => hex.startsWith(magic))?.[0] ?? 'plain'
  } finally {
    closeSync(fd)
  }
}

/** The masked content; an archive is as it is, and looked into before (zip-secrets.ts). What is packed is unpacked for it, and packed again; an error of the unpacking ends the stream. */
export function openStored(path: string, packing: Packing, redactor: Redactor): Readable {
  const source = createReadStream(path, { fd: openRegular(path), highWaterMark: PIECE_BYTES, autoClose: true })
  const masked = (from: Readable) => chained(from, maskTransform(redactor))
  switch (packing) {
    case 'plain':
      return masked(source)
    case 'zip':
      return source
    case 'gzip':
      return chained(masked(chained(source, createGunzip())), createGzip())
    case 'zstd':
      return chained(masked(chained(source, createZstdDecompress())), createZstdCompress())
  }
}

function maskTransform(redactor: Redactor): Duplex {
  const stream = redactor.stream()
  return Duplex.from(async function* mask(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      const out = stream.push(chunk)
      if (out.length > 0) yield out
    }
    const rest = stream.end()
    if (rest.length > 0) yield rest
  })
}

/** Like pipe, but an error goes on to the end of the chain, and an end that is given up ends the beginning. */
function chained(from: Readable, to: Duplex): Readable {
  from.once('error', (error) => to.destroy(error))
  to.once('close', () => from.destroy())
  return from.pipe(to)
}

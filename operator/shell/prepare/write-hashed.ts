// SPDX-License-Identifier: Apache-2.0
/** Writes text that comes in pieces to a file, with its checksum; the file is in place only when it is whole. It knows nothing of what it writes. */
import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'

export interface WrittenFile { readonly sha256: string; readonly bytes: number }

const BATCH_CHARACTERS = 1 << 18

export async function writeHashed(path: string, pieces: Iterable<string>): Promise<WrittenFile> {
  const hash = createHash('sha256')
  const part = `${path}.part`
  const file = await open(part, 'w')
  let written = 0
  const flush = async (text: string) => {
    const bytes = Buffer.from(text, 'utf8')
    hash.update(bytes)
    written += bytes.length
    await file.writeFile(bytes)
  }
  try {
    let batch = ''
    for (const piece of pieces) {
      batch += piece
      if (batch.length < BATCH_CHARACTERS) continue
      await flush(batch)
      batch = ''
    }
    await flush(batch)
  } finally {
    await file.close()
  }
  await rename(part, path)
  return { sha256: hash.digest('hex'), bytes: written }
}

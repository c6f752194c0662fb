// SPDX-License-Identifier: Apache-2.0
/** SHA-256 of files that grow, kept so that nothing is read twice; what is not known is read from the disk. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

export interface Fingerprints {
  readonly empty: () => Hash
  /** The state after the first `bytes` bytes, free to be continued. */
  readonly of: (path: string, bytes: number) => Promise<Hash>
  readonly keep: (path: string, bytes: number, hash: Hash) => void
  readonly forget: (path: string) => void
}

const MOST_KEPT = 5000

export function createFingerprints(): Fingerprints {
  const kept = new Map<string, { readonly bytes: number; readonly hash: Hash }>()
  return {
    empty: () => createHash('sha256'),
    of: async (path, bytes) => {
      const known = kept.get(path)
      if (known?.bytes === bytes) return known.hash.copy()
      const hash = createHash('sha256')
      // A stream cannot end before it starts.
      if (bytes > 0)
        await pipeline(createReadStream(path, { end: bytes - 1 }), async (source: AsyncIterable<Buffer>) => {
          for await (const chunk of source) hash.update(chunk)
        })
      return hash
    },
    keep: (path, bytes, hash) => {
      kept.delete(path)
      kept.set(path, { bytes, hash })
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '')
    },
    forget: (path) => {
      kept.delete(path)
    },
  }
}

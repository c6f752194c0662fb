// SPDX-License-Identifier: Apache-2.0
/** Writes the frozen requests of a trial, with their checksum and what a reader should know of them. */
import { createHash } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import type { PlannedRequest, RequestsManifest } from '../../core/model/request.ts'

export interface WrittenRequests extends Pick<RequestsManifest, 'sha256' | 'count' | 'bytes' | 'inputTokens'> {}

const BATCH_CHARACTERS = 1 << 18

/** In place only when it is whole. */
export async function writeRequests(path: string, requests: Iterable<PlannedRequest>): Promise<WrittenRequests> {
  const hash = createHash('sha256')
  const part = `${path}.part`
  const file = await open(part, 'w')
  const totals = { count: 0, bytes: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0 }
  const flush = async (text: string) => {
    const bytes = Buffer.from(text, 'utf8')
    hash.update(bytes)
    totals.bytes += bytes.length
    await file.writeFile(bytes)
  }
  try {
    let batch = ''
    for (const request of requests) {
      const { inputTokens } = request
      totals.count++
      totals.sum += inputTokens
      totals.min = Math.min(totals.min, inputTokens)
      totals.max = Math.max(totals.max, inputTokens)
      batch += `${JSON.stringify(request)}\n`
      if (batch.length < BATCH_CHARACTERS) continue
      await flush(batch)
      batch = ''
    }
    await flush(batch)
  } finally {
    await file.close()
  }
  await rename(part, path)
  const { count, bytes, sum, min, max } = totals
  return { sha256: hash.digest('hex'), count, bytes, inputTokens: { mean: count === 0 ? 0 : sum / count, min: count === 0 ? 0 : min, max } }
}

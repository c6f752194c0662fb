// SPDX-License-Identifier: Apache-2.0
/** Writes the frozen requests of a trial, with their checksum and what a reader should know of them. */
import type { PlannedRequest, RequestsManifest } from '../../core/model/request.ts'
import { writeHashed } from './write-hashed.ts'

export interface WrittenRequests extends Pick<RequestsManifest, 'sha256' | 'count' | 'bytes' | 'inputTokens'> {}

export async function writeRequests(path: string, requests: Iterable<PlannedRequest>): Promise<WrittenRequests> {
  const totals = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: 0 }
  const written = await writeHashed(path, linesOf(requests, totals))
  const { count, sum, min, max } = totals
  return { ...written, count, inputTokens: { mean: count === 0 ? 0 : sum / count, min: count === 0 ? 0 : min, max } }
}

function* linesOf(requests: Iterable<PlannedRequest>, totals: { count: number; sum: number; min: number; max: number }): Generator<string> {
  for (const request of requests) {
    const { inputTokens } = request
    totals.count++
    totals.sum += inputTokens
    totals.min = Math.min(totals.min, inputTokens)
    totals.max = Math.max(totals.max, inputTokens)
    yield `${JSON.stringify(request)}\n`
  }
}

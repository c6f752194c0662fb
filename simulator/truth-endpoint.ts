// SPDX-License-Identifier: Apache-2.0
/** GET /truth: the record of true times as JSON lines, with what a client needs to know whether its stamps compare. */
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Serving } from './serving.ts'

/** `?since=N` leaves out requests with smaller numbers; `?stamps=false` leaves out the stamp of each event. */
export function sendTruth(serving: Serving, response: ServerResponse, query: URLSearchParams): void {
  response.writeHead(200, {
    'content-type': 'application/x-ndjson',
    'x-truth-clock': 'CLOCK_MONOTONIC',
    // stamps compare only where the boot is the same; elsewhere clients use the durations
    'x-truth-boot-id': bootId(),
    'x-truth-records': String(serving.truth.size()),
  })
  Readable.from(serving.truth.lines({ sinceOrdinal: Number(query.get('since') ?? 0), stamps: query.get('stamps') !== 'false' })).pipe(response)
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

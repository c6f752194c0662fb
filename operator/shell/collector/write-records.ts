// SPDX-License-Identifier: Apache-2.0
/** Writes request records as JSON lines, masked and packed. It measures nothing. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { RequestRecord } from '../../core/model/record.ts'
import type { Redactor } from './redact.ts'

const BATCH = 256
/** Records shrink well at any level; the pod is waiting. */
const LEVEL = 3

export async function writeRecords(path: string, records: Iterable<RequestRecord>, redactor: Redactor): Promise<void> {
  await pipeline(Readable.from(batches(records, redactor), { objectMode: false }), createGzip({ level: LEVEL }), createWriteStream(path))
}

function* batches(records: Iterable<RequestRecord>, redactor: Redactor): Generator<Buffer> {
  const filter = redactor.stream()
  let lines: string[] = []
  for (const record of records) {
    lines.push(JSON.stringify(record))
    if (lines.length < BATCH) continue
    yield filter.push(Buffer.from(`${lines.join('\n')}\n`))
    lines = []
  }
  if (lines.length > 0) yield filter.push(Buffer.from(`${lines.join('\n')}\n`))
  yield filter.end()
}

// SPDX-License-Identifier: Apache-2.0
/** Request records as JSON lines on the disk: written once while an adapter reads a tool's files, read back as often as wanted. They may be more than memory holds. */
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Records, RequestRecord } from '../../core/model/record.ts'

const BATCH = 256

export interface RecordSpool extends AsyncIterable<RequestRecord> {
  readonly path: string
}

export interface Spooled {
  readonly records: RecordSpool
  /** What ended the reading before its end; what came before it is kept. */
  readonly error?: unknown
}

/** Reads records to their end and writes them to a file. */
export async function spoolRecords(path: string, records: Records): Promise<Spooled> {
  const failed: unknown[] = []
  await pipeline(Readable.from(batches(records, (error) => failed.push(error)), { objectMode: false }), createWriteStream(path))
  return { records: openSpool(path), ...(failed.length === 0 ? {} : { error: failed[0] }) }
}

function openSpool(path: string): RecordSpool {
  return {
    path,
    async *[Symbol.asyncIterator]() {
      for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) yield JSON.parse(line) as RequestRecord
    },
  }
}

async function* batches(records: Records, onError: (error: unknown) => void): AsyncGenerator<string> {
  let lines: string[] = []
  const flush = () => {
    const text = lines.map((line) => `${line}\n`).join('')
    lines = []
    return text
  }
  try {
    for await (const record of records) {
      lines.push(JSON.stringify(record))
      if (lines.length >= BATCH) yield flush()
    }
  } catch (error) {
    onError(error)
  }
  if (lines.length > 0) yield flush()
}

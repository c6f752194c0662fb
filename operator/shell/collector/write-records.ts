// SPDX-License-Identifier: Apache-2.0
/** Writes spooled request records masked and packed. It measures nothing. */
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { RecordSpool } from './record-spool.ts'
import type { Redactor } from './redact.ts'
import { openStored } from './stored-form.ts'

/** Records shrink well at any level; the pod is waiting. */
const LEVEL = 3

export async function writeRecords(path: string, spool: Pick<RecordSpool, 'path'>, redactor: Redactor): Promise<void> {
  await pipeline(openStored(spool.path, 'plain', redactor), createGzip({ level: LEVEL }), createWriteStream(path))
}

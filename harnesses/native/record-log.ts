// SPDX-License-Identifier: Apache-2.0
/** Appends records to a file as requests end: buffered, written in small slices between answers. It measures nothing. */
import { open } from 'node:fs/promises'
import type { RequestRecord } from '../../operator/core/model/record.ts'

export interface RecordLog {
  readonly add: (record: RequestRecord) => void
  /** Writes what is buffered and closes the file. */
  readonly close: () => Promise<void>
}

const FLUSH_EVERY_MS = 200
/** Turning a record into text takes some 10 µs; a slice keeps the loop free for answers. */
const SLICE = 32

export async function openRecordLog(path: string): Promise<RecordLog> {
  const file = await open(path, 'w')
  const pending: RequestRecord[] = []
  let writing: Promise<void> | undefined
  let failure: Error | undefined

  const flush = async () => {
    while (pending.length > 0) {
      await file.write(pending.splice(0, SLICE).map((record) => `${JSON.stringify(record)}\n`).join(''))
    }
  }
  const timer = setInterval(() => {
    writing ??= flush().catch((error: unknown) => {
      failure ??= new Error(`${path}: the records could not be written`, { cause: error })
    }).finally(() => {
      writing = undefined
    })
  }, FLUSH_EVERY_MS)

  return {
    add: (record) => pending.push(record),
    close: async () => {
      clearInterval(timer)
      await writing
      if (failure === undefined) await flush()
      await file.close()
      if (failure !== undefined) throw failure
    },
  }
}

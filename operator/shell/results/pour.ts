// SPDX-License-Identifier: Apache-2.0
/** Moves a body into an open file, counting, hashing and asking the quota as it goes. */
import { addAbortSignal, type Readable } from 'node:stream'
import type { Hash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { Account } from './quota.ts'
import { Refusal } from './refusal.ts'

export interface Pouring {
  readonly body: Readable
  readonly to: FileHandle
  readonly hash: Hash
  readonly account: Account
  /** The tool's own file: quotas treat it differently. */
  readonly native: boolean
  /** Somebody else wants the file. */
  readonly superseded: AbortSignal
  /** Where the body begins in the file; grows as bytes reach it, also when a later one fails. */
  readonly progress: { bytes: number }
}

export async function pour({ body, to, hash, account, native, superseded, progress }: Pouring): Promise<void> {
  const source = addAbortSignal(superseded, body)
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      account.take({ bytes: chunk.length, files: 0 }, native)
      await writeAll(to, chunk, progress.bytes).catch((error: unknown) => {
        account.give({ bytes: chunk.length, files: 0 })
        throw error
      })
      hash.update(chunk)
      progress.bytes += chunk.length
    }
  } catch (error) {
    throw superseded.aborted
      ? new Refusal({ status: 409, code: 'Superseded', message: 'another request writes this file' })
      : explained(error)
  }
}

async function writeAll(to: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await to.write(chunk, done, chunk.length - done, at + done)
    done += bytesWritten
  }
}

/** What the file system refuses is told apart from our own failures: a full volume, a name that is both a file and a folder. */
export function explained(error: unknown): unknown {
  const { code } = error as { readonly code?: unknown }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Refusal({ status: 507, code: 'NoSpace', message: 'the volume of the results server is full', retryAfterSeconds: 10 })
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ENOTEMPTY':
      return new Refusal({ status: 409, code: 'NameTaken', message: 'the name is that of a folder, or goes through that of a file' })
    case undefined:
    default:
      return error
  }
}

// SPDX-License-Identifier: Apache-2.0
/** How bytes come onto the volume: whole files by renaming, growing files by offset, both within the trial's quota. One writer a file. */
import { randomUUID } from 'node:crypto'
import { constants, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { RAW, type Written } from './api.ts'
import type { Fingerprints } from './fingerprints.ts'
import { explained, pour } from './pour.ts'
import type { Account, Quota } from './quota.ts'
import { Refusal } from './refusal.ts'
import type { FileId } from './store.ts'
import { attemptFolder, filePath, PARTS, trialKey } from './volume-layout.ts'
import { fileSize } from './volume-tree.ts'

export interface Writing {
  readonly data: string
  readonly quota: Quota
  readonly fingerprints: Fingerprints
}

interface Incoming {
  readonly body: Readable
  readonly superseded: AbortSignal
}

/** Writes beside the file, then puts it in its place: a reader sees the old one or the new one. */
export async function putFile(volume: Writing, file: FileId, { body, superseded }: Incoming): Promise<Written> {
  const { path, account, native } = await prepare(volume, file)
  const part = join(attemptFolder(volume.data, file), PARTS, randomUUID())
  await mkdir(dirname(part), { recursive: true })
  const hash = volume.fingerprints.empty()
  const progress = { bytes: 0 }
  try {
    const handle = await open(part, 'wx')
    try {
      await pour({ body, to: handle, hash, account, native, superseded, progress })
    } finally {
      await handle.close()
    }
    const replaced = await fileSize(path)
    if (replaced === undefined) account.take({ bytes: 0, files: 1 }, native)
    else account.give({ bytes: replaced, files: 0 })
    await rename(part, path)
  } catch (error) {
    account.give({ bytes: progress.bytes, files: 0 })
    await rm(part, { force: true })
    throw explained(error)
  }
  volume.fingerprints.keep(path, progress.bytes, hash)
  return { bytes: progress.bytes, sha256: hash.copy().digest('hex') }
}

/** Adds at the end, and nowhere else. */
export async function appendFile(
  volume: Writing,
  file: FileId,
  { offset, body, superseded }: Incoming & { readonly offset: number },
): Promise<Written> {
  const { path, account, native } = await prepare(volume, file)
  const size = await fileSize(path)
  if (offset !== (size ?? 0)) throw mismatch(file.name, offset, size ?? 0)
  const hash = await volume.fingerprints.of(path, offset)
  if (size === undefined) account.take({ bytes: 0, files: 1 }, native)
  const progress = { bytes: offset }
  // Not in append mode: each chunk goes to its place, whatever a predecessor that failed left behind it.
  const handle = await open(path, constants.O_CREAT | constants.O_WRONLY)
  try {
    await pour({ body, to: handle, hash, account, native, superseded, progress })
  } catch (error) {
    // What a failed write left behind the last whole chunk is cut off, so that size and checksum stay those of what was counted.
    await handle.truncate(progress.bytes)
    throw explained(error)
  } finally {
    await handle.close()
    volume.fingerprints.keep(path, progress.bytes, hash)
  }
  return { bytes: progress.bytes, sha256: hash.copy().digest('hex') }
}

function mismatch(name: string, offset: number, size: number): Refusal {
  return new Refusal({
    status: 409,
    code: 'OffsetMismatch',
    message: `${name} has ${size} bytes: it cannot be continued at ${offset}`,
    details: { bytes: size },
  })
}

async function prepare({ data, quota }: Writing, file: FileId): Promise<{ path: string; account: Account; native: boolean }> {
  const path = filePath(data, file)
  try {
    await mkdir(dirname(path), { recursive: true })
    return { path, account: await quota.account(trialKey(file)), native: file.name.startsWith(RAW) }
  } catch (error) {
    throw explained(error)
  }
}

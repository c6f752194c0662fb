// SPDX-License-Identifier: Apache-2.0
/** Results on a volume: one folder a trial, whole files by renaming, growing files by offset. It knows no HTTP and no Kubernetes. */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { access, constants, mkdir, open, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { RAW } from './api.ts'
import { createFileTurns, type FileTurns } from './file-turns.ts'
import { createFingerprints, type Fingerprints } from './fingerprints.ts'
import { explained, pour } from './pour.ts'
import { type Account, createQuota, DEFAULT_LIMITS, type Limits, type Quota } from './quota.ts'
import { Refusal } from './refusal.ts'
import { type FileId, type Store, TrialMemo, type TrialId } from './store.ts'
import { attemptFolder, filePath, MEMO, PARTS, trialFolder, trialKey } from './volume-layout.ts'
import { fileSize, filesBelow, foldersIn, syncTree, usageOf } from './volume-tree.ts'

interface Volume {
  readonly data: string
  readonly turns: FileTurns
  readonly quota: Quota
  readonly fingerprints: Fingerprints
}

export function createVolumeStore(data: string, limits: Limits = DEFAULT_LIMITS): Store {
  const volume: Volume = { data, turns: createFileTurns(), fingerprints: createFingerprints(), quota: createQuota(limits, (key) => usageOf(join(data, key))) }
  return {
    put: async (file, body) => volume.turns.take(filePath(data, file), (superseded) => put(volume, file, { body, superseded })),
    append: async (file, offset, body) => volume.turns.take(filePath(data, file), (superseded) => append(volume, file, { offset, body, superseded })),
    read: async (file, from) => read(data, file, from),
    digest: async (file) => {
      const path = filePath(data, file)
      const bytes = await fileSize(path)
      return bytes === undefined ? undefined : { bytes, sha256: (await volume.fingerprints.of(path, bytes)).digest('hex') }
    },
    remove: async (file) => volume.turns.take(filePath(data, file), () => remove(volume, file)),
    list: (attempt) => filesBelow(attemptFolder(data, attempt)),
    sync: async (attempt) => {
      await rm(join(attemptFolder(data, attempt), PARTS), { recursive: true, force: true })
      await syncTree(attemptFolder(data, attempt), data)
    },
    attempts: async (trial) => (await foldersIn(trialFolder(data, trial))).map(Number).filter((n) => Number.isInteger(n)).sort((a, b) => a - b),
    ...memos(data),
    trials: (of) => trials(data, of),
    removeTrial: async (trial) => {
      await rm(trialFolder(data, trial), { recursive: true, force: true })
      volume.quota.forget(trialKey(trial))
    },
    check: () => access(data, constants.W_OK),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(data)
      return bavail * bsize
    },
  }
}

interface Incoming {
  readonly body: Parameters<Store['put']>[1]
  readonly superseded: AbortSignal
}

async function put(volume: Volume, file: FileId, { body, superseded }: Incoming): Promise<{ bytes: number; sha256: string }> {
  const { path, account, native } = await prepare(volume, file)
  const part = join(attemptFolder(volume.data, file), PARTS, randomUUID())
  await mkdir(dirname(part), { recursive: true })
  const hash = volume.fingerprints.empty()
  let bytes = 0
  try {
    const handle = await open(part, 'wx')
    try {
      await pour({ body, to: handle, position: 0, hash, account, native, superseded, onWritten: (n) => { bytes += n } })
    } finally {
      await handle.close()
    }
    const replaced = await fileSize(path)
    if (replaced === undefined) account.take({ bytes: 0, files: 1 }, native)
    else account.give({ bytes: replaced, files: 0 })
    await rename(part, path)
  } catch (error) {
    account.give({ bytes, files: 0 })
    await rm(part, { force: true })
    throw explained(error)
  }
  volume.fingerprints.keep(path, bytes, hash)
  return { bytes, sha256: hash.copy().digest('hex') }
}

async function append(volume: Volume, file: FileId, { offset, body, superseded }: Incoming & { readonly offset: number }): Promise<{ bytes: number; sha256: string }> {
  const { path, account, native } = await prepare(volume, file)
  const size = await fileSize(path)
  if (offset !== (size ?? 0)) throw mismatch(file.name, offset, size ?? 0)
  const hash = await volume.fingerprints.of(path, offset)
  if (size === undefined) account.take({ bytes: 0, files: 1 }, native)
  let bytes = offset
  // Not in append mode: each chunk goes to its place, whatever a predecessor that failed left behind it.
  const handle = await open(path, constants.O_CREAT | constants.O_WRONLY)
  try {
    await pour({ body, to: handle, position: offset, hash, account, native, superseded, onWritten: (n) => { bytes += n } })
  } catch (error) {
    // What a failed write left behind the last whole chunk is cut off, so that size and checksum stay those of what was counted.
    await handle.truncate(bytes)
    throw explained(error)
  } finally {
    await handle.close()
    volume.fingerprints.keep(path, bytes, hash)
  }
  return { bytes, sha256: hash.copy().digest('hex') }
}

function mismatch(name: string, offset: number, size: number): Refusal {
  return new Refusal({ status: 409, code: 'OffsetMismatch', message: `${name} has ${size} bytes: it cannot be continued at ${offset}`, details: { bytes: size } })
}

async function prepare({ data, quota }: Volume, file: FileId): Promise<{ path: string; account: Account; native: boolean }> {
  const path = filePath(data, file)
  try {
    await mkdir(dirname(path), { recursive: true })
    return { path, account: await quota.account(trialKey(file)), native: file.name.startsWith(RAW) }
  } catch (error) {
    throw explained(error)
  }
}

async function read(data: string, file: FileId, from = 0): ReturnType<Store['read']> {
  const path = filePath(data, file)
  const bytes = await fileSize(path)
  if (bytes === undefined) return undefined
  // The end is fixed: a file that grows meanwhile must not give more than its announced length.
  return { bytes, body: createReadStream(path, { start: from, end: Math.max(from, bytes - 1) }) }
}

async function remove({ data, quota, fingerprints }: Volume, file: FileId): Promise<void> {
  const path = filePath(data, file)
  const bytes = await fileSize(path)
  if (bytes === undefined) return
  await rm(path, { force: true })
  fingerprints.forget(path)
  ;(await quota.account(trialKey(file))).give({ bytes, files: 1 })
}

function memos(data: string): Pick<Store, 'memo' | 'remember'> {
  const place = (trial: TrialId) => join(trialFolder(data, trial), MEMO)
  return {
    memo: async (trial) => {
      const text = await readFile(place(trial), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : TrialMemo.safeParse(JSON.parse(text)).data
    },
    remember: async (trial, memo) => {
      await mkdir(trialFolder(data, trial), { recursive: true })
      const part = `${place(trial)}.${randomUUID()}`
      await writeFile(part, JSON.stringify(memo), { flush: true })
      await rename(part, place(trial))
    },
  }
}

async function* trials(data: string, of?: { readonly namespaceUid: string; readonly trial?: string }): AsyncIterable<TrialId> {
  for (const namespaceUid of of === undefined ? await foldersIn(data) : [of.namespaceUid]) {
    for (const trial of of?.trial === undefined ? await foldersIn(join(data, namespaceUid)) : [of.trial]) {
      for (const trialUid of await foldersIn(join(data, namespaceUid, trial))) yield { namespaceUid, trial, trialUid }
    }
  }
}


// SPDX-License-Identifier: Apache-2.0
/** Results on a volume: one folder a trial, whole files by renaming, growing files by offset. It knows no HTTP and no Kubernetes. */
import { createReadStream } from 'node:fs'
import { access, constants, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { createFileTurns } from './file-turns.ts'
import { createFingerprints } from './fingerprints.ts'
import { createQuota, DEFAULT_LIMITS, type Limits } from './quota.ts'
import type { FileId, Store } from './store.ts'
import { attemptFolder, filePath, PARTS, trialFolder, trialKey } from './volume-layout.ts'
import { memos, storedTrials } from './volume-trials.ts'
import { fileSize, filesBelow, foldersIn, syncTree, usageOf } from './volume-tree.ts'
import { appendFile, putFile, type Writing } from './volume-write.ts'

export function createVolumeStore(data: string, limits: Limits = DEFAULT_LIMITS): Store {
  const turns = createFileTurns()
  const volume: Writing = {
    data,
    fingerprints: createFingerprints(),
    quota: createQuota(limits, (key) => usageOf(join(data, key))),
  }
  return {
    put: async (file, body) => turns.take(filePath(data, file), (superseded) => putFile(volume, file, { body, superseded })),
    append: async (file, offset, body) =>
      turns.take(filePath(data, file), (superseded) => appendFile(volume, file, { offset, body, superseded })),
    read: async (file, from) => read(data, file, from),
    digest: async (file) => {
      const path = filePath(data, file)
      const bytes = await fileSize(path)
      return bytes === undefined ? undefined : { bytes, sha256: (await volume.fingerprints.of(path, bytes)).digest('hex') }
    },
    remove: async (file) => turns.take(filePath(data, file), () => remove(volume, file)),
    list: (attempt) => filesBelow(attemptFolder(data, attempt)),
    sync: async (attempt) => {
      await rm(join(attemptFolder(data, attempt), PARTS), { recursive: true, force: true })
      await syncTree(attemptFolder(data, attempt), data)
    },
    attempts: async (trial) =>
      (await foldersIn(trialFolder(data, trial)))
        .map(Number)
        .filter((n) => Number.isInteger(n))
        .sort((a, b) => a - b),
    ...memos(data),
    trials: (of) => storedTrials(data, of),
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

async function read(data: string, file: FileId, from = 0): ReturnType<Store['read']> {
  const path = filePath(data, file)
  const bytes = await fileSize(path)
  if (bytes === undefined) return undefined
  // The end is fixed: a file that grows meanwhile must not give more than its announced length.
  return { bytes, body: createReadStream(path, { start: from, end: Math.max(from, bytes - 1) }) }
}

async function remove({ data, quota, fingerprints }: Writing, file: FileId): Promise<void> {
  const path = filePath(data, file)
  const bytes = await fileSize(path)
  if (bytes === undefined) return
  await rm(path, { force: true })
  fingerprints.forget(path)
  ;(await quota.account(trialKey(file))).give({ bytes, files: 1 })
}

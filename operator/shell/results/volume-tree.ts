// SPDX-License-Identifier: Apache-2.0
/** Walks the folders of the volume: sizes, names, and what must reach the disk. Hidden names are left out; links are not followed. */
import { open, readdir, stat } from 'node:fs/promises'
import type { Dirent } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Usage } from './quota.ts'
import type { StoredFile } from './store.ts'

export async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

export async function foldersIn(folder: string): Promise<string[]> {
  return (await entries(folder))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** All files below a folder by relative name, sorted. */
export async function filesBelow(folder: string, prefix = ''): Promise<StoredFile[]> {
  const found: StoredFile[] = []
  for (const entry of await entries(join(folder, prefix))) {
    const name = `${prefix}${entry.name}`
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, `${name}/`)))
    else if (entry.isFile()) found.push({ name, bytes: (await fileSize(join(folder, name))) ?? 0 })
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** What lies below a folder of a trial. */
export async function usageOf(folder: string): Promise<Usage> {
  const files = await filesBelow(folder)
  return { bytes: files.reduce((sum, file) => sum + file.bytes, 0), files: files.length }
}

/** Flushes every file and folder below `folder`, and the folders above it up to `root`. */
export async function syncTree(folder: string, root: string): Promise<void> {
  for (const { name } of await filesBelow(folder)) await flush(join(folder, name))
  await syncFolders(folder)
  for (let above = dirname(folder); above.startsWith(root); above = dirname(above)) await flush(above)
}

async function syncFolders(folder: string): Promise<void> {
  for (const name of await foldersIn(folder)) await syncFolders(join(folder, name))
  await flush(folder)
}

async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => !entry.name.startsWith('.'))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown }
  return code === 'ENOENT' || code === 'ENOTDIR'
}

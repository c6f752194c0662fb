// SPDX-License-Identifier: Apache-2.0
/** The regular files below a folder that a foreign tool writes into. Links are not followed: they could lead to our token. */
import { constants, lstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export interface FoundFile {
  /** Relative, with forward slashes. */
  readonly name: string
  readonly path: string
  readonly bytes: number
  readonly inode: number
}

export interface Walk {
  readonly files: readonly FoundFile[]
  /** What was passed over, and why. */
  readonly skipped: readonly string[]
}

const MOST_FILES = 3000
const DEEPEST = 10

export function walkFiles(folder: string): Walk {
  const files: FoundFile[] = []
  const skipped: string[] = []
  const visit = (prefix: string, depth: number) => {
    for (const entry of readdir(join(folder, prefix))) {
      const name = `${prefix}${entry}`
      const path = join(folder, name)
      const seen = lstat(path)
      if (seen === undefined) continue
      if (seen.isDirectory() && depth < DEEPEST) visit(`${name}/`, depth + 1)
      else if (!seen.isFile()) skipped.push(`${name}: ${seen.isDirectory() ? 'too deep' : seen.isSymbolicLink() ? 'a link' : 'not a file'}`)
      else if (files.length >= MOST_FILES) skipped.push(`${name}: more than ${MOST_FILES} files`)
      else files.push({ name, path, bytes: seen.size, inode: seen.ino })
    }
  }
  visit('', 0)
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), skipped }
}

/** Opens for reading, and only what is still a regular file: a link or a pipe put in its place meanwhile is refused. */
export function openRegular(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
}

function readdir(path: string): string[] {
  try {
    return readdirSync(path).sort()
  } catch {
    return []
  }
}

function lstat(path: string) {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

// SPDX-License-Identifier: Apache-2.0
/** Refuses chart archives that could do harm when they are unpacked: too large, links, paths that leave the folder, file:// dependencies. */
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { HelmError } from './helm-error.ts'

const MAX_BYTES = 64 << 20
const MAX_FILES = 5000

export async function checkArchive(archive: Readable): Promise<void> {
  const tar = extract()
  const reading = pipeline(archive, createGunzip(), tar)
  let bytes = 0
  let files = 0
  const inspect = async () => {
    for await (const entry of tar) {
      const { name, type } = entry.header
      files += 1
      if (files > MAX_FILES) throw refuse(`more than ${MAX_FILES} files`)
      if (type !== 'file' && type !== 'directory') throw refuse(`${name} is a ${type ?? 'special file'}`)
      if (name.startsWith('/') || name.split(/[\\/]/).includes('..')) throw refuse(`${name} leaves the folder`)
      let text = ''
      for await (const chunk of entry) {
        bytes += (chunk as Buffer).length
        if (bytes > MAX_BYTES) throw refuse(`more than ${MAX_BYTES >> 20} MiB unpacked`)
        if (/(^|\/)(Chart|requirements)\.yaml$/.test(name)) text += String(chunk)
      }
      if (/repository:\s*["']?file:/.test(text)) throw refuse(`${name} has a file:// dependency`)
    }
  }
  try {
    await Promise.all([reading, inspect().catch((error: unknown) => {
      tar.destroy(error as Error)
      throw error
    })])
  } catch (error) {
    throw error instanceof HelmError ? error : refuse((error as Error).message)
  }
}

const refuse = (why: string): HelmError => new HelmError('ChartInvalid', `chart archive refused: ${why}`, false)

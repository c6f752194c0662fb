// SPDX-License-Identifier: Apache-2.0
/** The results folder of a tool as adapters see it. */
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ResultFiles } from '../../core/model/result-files.ts'
import { walkFiles } from './walk-files.ts'

/** Above this a text is no small file: it belongs read line by line. */
const LONGEST_TEXT = 256 * 2 ** 20
const PIECE_BYTES = 1 << 20

export function toolFiles(folder: string): ResultFiles {
  const find = (name: string) => {
    const found = walkFiles(folder).files.find((file) => file.name === name)
    if (found === undefined) throw Object.assign(new Error(`there is no file ${name} among the tool's results`), { code: 'ENOENT' })
    return found
  }
  return {
    list: async () => walkFiles(folder).files.map(({ name }) => name),
    lines: (name) => createInterface({ input: createReadStream(find(name).path), crlfDelay: Number.POSITIVE_INFINITY }),
    chunks: (name) => createReadStream(find(name).path, { encoding: 'utf8', highWaterMark: PIECE_BYTES }) as AsyncIterable<string>,
    modified: async (name) => (await stat(find(name).path)).mtimeMs,
    text: async (name) => {
      const { path, bytes } = find(name)
      if (bytes > LONGEST_TEXT) throw new Error(`${name} has ${bytes} bytes: more than fit into memory`)
      return readFile(path, 'utf8')
    },
  }
}

/** The folder that the harness says it writes to, within its results folder. */
export function toolFolder(out: string, folder: string): string {
  const inner = join(out, folder)
  if (inner === out || inner.startsWith(`${out.replace(/\/+$/, '')}/`)) return inner
  throw new Error(`harness.results.folder: "${folder}" leads out of the results folder`)
}

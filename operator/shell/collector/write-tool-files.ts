// SPDX-License-Identifier: Apache-2.0
/** Writes the files in other tools' forms that a trial asks for, masked. It knows none of the forms. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { toolFilesOf } from '../../core/tool-files/tool-files.ts'
import type { Redactor } from './redact.ts'

export interface WrittenToolFile { readonly name: string; readonly path: string }

export async function writeToolFiles(input: Parameters<typeof toolFilesOf>[0], folder: string, redactor: Pick<Redactor, 'text'>): Promise<WrittenToolFile[]> {
  const written: WrittenToolFile[] = []
  for (const { name, text } of await toolFilesOf(input)) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(Readable.from(masked(text(), redactor), { objectMode: false }), createWriteStream(path))
    written.push({ name, path })
  }
  return written
}

/** Piece by piece: a piece is a row, and no secret goes over two. */
function* masked(pieces: Iterable<string>, redactor: Pick<Redactor, 'text'>): Generator<string> {
  for (const piece of pieces) yield redactor.text(piece)
}

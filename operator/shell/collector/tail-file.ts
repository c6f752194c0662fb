// SPDX-License-Identifier: Apache-2.0
/** Sends one file as it grows: masked, from where the server has it. It remembers what was read and not yet taken. */
import { closeSync, fstatSync, readSync } from 'node:fs'
import type { AttemptRef, Written } from '../results/api.ts'
import { type ResultsClient, ResultsError, type Sending } from '../results/client.ts'
import type { Redactor, RedactStream } from './redact.ts'
import { openRegular } from './walk-files.ts'

export interface TailFileOptions {
  readonly path: string
  readonly name: string
  readonly client: ResultsClient
  readonly ref: AttemptRef
  readonly redactor: Redactor
  readonly onRead?: (bytes: Buffer) => void
}

export interface TailFile {
  /** Sends what has been added; throws the ResultsError when it was not taken, and goes on from there the next time. */
  readonly send: (sending: Sending) => Promise<void>
  /** Sends the rest, also what could have been the start of a secret. What the server has then; undefined when nothing was ever sent. */
  readonly end: (sending: Sending) => Promise<Written | undefined>
  /** Whether the file was replaced or cut: what was sent is not its beginning any more. */
  readonly replaced: () => boolean
}

/** One request's worth. */
const PIECE_BYTES = 4 << 20

interface Progress {
  inode: number | undefined
  /** Bytes of the file that went into the filter. */
  read: number
  /** Bytes that came out of it. */
  emitted: number
  /** Came out, and the server does not have it. */
  pending: Buffer
  /** How much the server has. */
  taken: number
  filter: RedactStream
  written: Written | undefined
  replaced: boolean
}

export function createTailFile(options: TailFileOptions): TailFile {
  const progress: Progress = {
    inode: undefined,
    read: 0,
    emitted: 0,
    pending: Buffer.alloc(0),
    taken: 0,
    filter: options.redactor.stream(),
    written: undefined,
    replaced: false,
  }
  const send = async (sending: Sending) => {
    for (;;) {
      await append(options, progress, sending)
      const piece = progress.replaced ? undefined : readPiece(options.path, progress)
      if (piece === undefined) return
      // After a restart the counts are of the whole file too: it is read from the beginning.
      options.onRead?.(piece)
      progress.read += piece.length
      emit(progress, progress.filter.push(piece))
    }
  }
  return {
    send,
    end: async (sending) => {
      await send(sending)
      emit(progress, progress.filter.end())
      await append(options, progress, sending)
      return progress.written
    },
    replaced: () => progress.replaced,
  }
}

/** What the server has already is passed over: it was sent before we were restarted, or before an answer was lost. */
function emit(progress: Progress, out: Buffer): void {
  const news = out.subarray(Math.max(0, progress.taken - progress.emitted))
  progress.emitted += out.length
  progress.pending = progress.pending.length === 0 ? news : Buffer.concat([progress.pending, news])
}

async function append(options: TailFileOptions, progress: Progress, sending: Sending): Promise<void> {
  const { client, ref, name } = options
  while (progress.pending.length > 0) {
    try {
      progress.written = await client.append(ref, name, { offset: progress.taken, bytes: progress.pending }, sending)
      progress.taken = progress.written.bytes
      progress.pending = Buffer.alloc(0)
    } catch (error) {
      const bytes = error instanceof ResultsError && error.code === 'OffsetMismatch' ? error.details.bytes : undefined
      if (bytes === undefined) throw error
      resume(progress, bytes)
    }
  }
}

/** The server has another length than we thought: more, when an answer was lost or we are new; less, when it lost something. */
function resume(progress: Progress, bytes: number): void {
  const start = progress.emitted - progress.pending.length
  progress.taken = bytes
  progress.replaced ||= bytes < start
  progress.pending = progress.replaced ? Buffer.alloc(0) : progress.pending.subarray(Math.min(bytes - start, progress.pending.length))
}

/** The next bytes of the file, or undefined when there are none now. */
function readPiece(path: string, progress: Progress): Buffer | undefined {
  const fd = openRegular(path)
  try {
    const { ino, size } = fstatSync(fd)
    progress.inode ??= ino
    if (ino !== progress.inode || size < progress.read) {
      progress.replaced = true
      return undefined
    }
    const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - progress.read))
    const bytes = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, progress.read)
    return bytes === 0 ? undefined : buffer.subarray(0, bytes)
  } finally {
    closeSync(fd)
  }
}

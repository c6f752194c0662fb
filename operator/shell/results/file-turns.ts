// SPDX-License-Identifier: Apache-2.0
/** One writer at a time per file; a new writer ends the old one, which may be a connection that is dead without knowing it. */

export interface FileTurns {
  /** Runs when no other writer of that file runs; the signal says that somebody else wants the file. */
  readonly take: <T>(file: string, run: (superseded: AbortSignal) => Promise<T>) => Promise<T>
}

interface Turn {
  readonly abort: AbortController
  readonly ended: Promise<unknown>
}

export function createFileTurns(): FileTurns {
  const current = new Map<string, Turn>()
  return {
    take: async (file, run) => {
      const before = current.get(file)
      const abort = new AbortController()
      before?.abort.abort()
      const result = (before?.ended ?? Promise.resolve()).then(() => run(abort.signal))
      const turn: Turn = { abort, ended: result.catch(() => undefined) }
      current.set(file, turn)
      try {
        return await result
      } finally {
        if (current.get(file) === turn) current.delete(file)
      }
    },
  }
}

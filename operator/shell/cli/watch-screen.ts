// SPDX-License-Identifier: Apache-2.0
/** Where progress is shown: redrawn in place on a terminal, one line per change in a log. It reads no cluster. */
import { createLogUpdate } from 'log-update'
import { news, pulse, viewLines, type WatchState } from './watch-view.ts'

export interface Screen {
  readonly draw: (state: WatchState) => void
  /** Leaves the last picture standing. */
  readonly done: () => void
}

const REDRAW_MS = 200
const HEARTBEAT_MS = 10_000

export function createScreen(stream: NodeJS.WriteStream = process.stderr): Screen {
  return stream.isTTY ? createTerminal(stream) : createLog(stream)
}

function createTerminal(stream: NodeJS.WriteStream): Screen {
  const update = createLogUpdate(stream)
  let drawnAt = 0
  let last: WatchState | undefined
  const show = (state: WatchState) => {
    drawnAt = state.now
    update(viewLines(state, stream.rows).join('\n'))
  }
  return {
    draw: (state) => {
      last = state
      if (state.now - drawnAt >= REDRAW_MS) show(state)
    },
    done: () => {
      if (last !== undefined) show(last)
      update.done()
    },
  }
}

/** Each line once, and a sign of life where nothing changes. */
function createLog(stream: NodeJS.WriteStream): Screen {
  const told = new Set<string>()
  let drawnAt = 0
  return {
    draw: (state) => {
      const fresh = news(state).filter((line) => !told.has(line.key))
      for (const { key } of fresh) told.add(key)
      if (fresh.length === 0 && state.now - drawnAt < HEARTBEAT_MS) return
      drawnAt = state.now
      const lines = fresh.length === 0 ? pulse(state) : fresh.map((line) => line.text)
      stream.write(`${lines.join('\n')}\n`)
    },
    done: () => undefined,
  }
}

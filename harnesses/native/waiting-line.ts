// SPDX-License-Identifier: Apache-2.0
/** Requests that wait to be sent, first come first served: for a free place below the cap, or for the end of a pause that the server asked for. */
import type { ServerPause } from './server-pause.ts'

export interface WaitingLine<T> {
  /** Launches at once where nothing is in the way; says what was. */
  readonly offer: (one: T) => 'cap' | 'pause' | undefined
  /** Launches those that may go now. */
  readonly advance: () => void
  /** Takes all out of the line. */
  readonly drop: () => readonly T[]
  readonly length: () => number
}

export interface WaitingLineOptions<T> {
  readonly pause: ServerPause
  readonly isFree: () => boolean
  readonly launch: (one: T) => void
}

export function createWaitingLine<T>({ pause, isFree, launch }: WaitingLineOptions<T>): WaitingLine<T> {
  let line: T[] = []
  const advance = () => {
    while (line.length > 0 && isFree() && !pause.on(advance)) {
      const one = line.shift()
      if (one !== undefined) launch(one)
    }
  }
  return {
    offer(one) {
      const obstacle = isFree() ? (pause.on(advance) ? 'pause' : undefined) : 'cap'
      if (obstacle === undefined) launch(one)
      else line.push(one)
      return obstacle
    },
    advance,
    drop: () => {
      const dropped = line
      line = []
      pause.forget()
      return dropped
    },
    length: () => line.length,
  }
}

// SPDX-License-Identifier: Apache-2.0
/** The identifiers of one answer: one, as it should be, or several that a stream mixes. It knows no other answer. */

export interface ResponseIds {
  readonly add: (id: unknown) => void
  /** An event that is known to have the identifier of the one before it. */
  readonly again: () => void
  /** One identifier, or the first few of a stream that mixes them. Servers that give every event its own mix nothing. */
  readonly seen: () => readonly string[]
}

const MOST = 4

export function responseIds(): ResponseIds {
  const known: string[] = []
  let last: string | undefined
  let events = 0
  let changes = 0
  return {
    add(id) {
      if (typeof id !== 'string' || id === '') return
      events++
      if (last !== undefined && id !== last) changes++
      last = id
      if (known.length < MOST && !known.includes(id)) known.push(id)
    },
    again: () => {
      events++
    },
    seen: () => (events > 1 && changes === events - 1 ? known.slice(0, 1) : known),
  }
}

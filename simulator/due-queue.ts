// SPDX-License-Identifier: Apache-2.0
/** A queue of things by the time at which they are due; equal times keep their order. It knows no clock. */

export type DueQueue<T> = {
  readonly add: (due: number, item: T) => void
  /** Time of the earliest item, or Infinity. */
  readonly nextDue: () => number
  readonly take: () => T | undefined
  readonly size: () => number
}

type Entry<T> = { readonly due: number; readonly order: number; readonly item: T }

export function createDueQueue<T>(): DueQueue<T> {
  const heap: Entry<T>[] = []
  let added = 0
  return {
    add: (due, item) => {
      heap.push({ due, order: added++, item })
      rise(heap, heap.length - 1)
    },
    nextDue: () => heap[0]?.due ?? Infinity,
    take: () => {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return undefined
      if (heap.length > 0) {
        heap[0] = last
        sink(heap, 0)
      }
      return first.item
    },
    size: () => heap.length,
  }
}

function before<T>(a: Entry<T>, b: Entry<T>): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}

function rise<T>(heap: Entry<T>[], from: number): void {
  let at = from
  const entry = heap[at]
  if (entry === undefined) return
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up]
    if (parent === undefined || !before(entry, parent)) break
    heap[at] = parent
    at = up
  }
  heap[at] = entry
}

function sink<T>(heap: Entry<T>[], from: number): void {
  let at = from
  const entry = heap[at]
  if (entry === undefined) return
  for (;;) {
    const child = smallerChild(heap, at)
    const candidate = heap[child]
    if (candidate === undefined || !before(candidate, entry)) break
    heap[at] = candidate
    at = child
  }
  heap[at] = entry
}

function smallerChild<T>(heap: readonly Entry<T>[], at: number): number {
  const left = 2 * at + 1
  const a = heap[left]
  const b = heap[left + 1]
  return a !== undefined && b !== undefined && before(b, a) ? left + 1 : left
}

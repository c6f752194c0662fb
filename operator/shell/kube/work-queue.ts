// SPDX-License-Identifier: Apache-2.0
/** Keys that want work: each at most once in line, never with two workers, failing ones ever later. It does no work. */
import { backoffMs } from './backoff.ts'
import { type Cancel, type Clock, systemClock } from './clock.ts'

export interface QueueMetrics {
  readonly depth: (keys: number) => void
  readonly added: () => void
  readonly retried: () => void
  /** Time in line. */
  readonly queued: (ms: number) => void
  /** Time with a worker. */
  readonly worked: (ms: number) => void
}

export interface WorkQueueOptions {
  readonly clock?: Clock
  readonly random?: () => number
  readonly metrics?: QueueMetrics
  /** Back-off of a failing key, first and longest. */
  readonly backoffMs?: readonly [number, number]
}

export interface WorkQueue {
  /** Puts the key in line; if a worker has it, it comes again when that one is done. */
  readonly add: (key: string) => void
  /** The same later; of several times the earliest counts. */
  readonly addAfter: (key: string, ms: number) => void
  /** The same after the key's back-off, which grows until `forget`; returns the delay. */
  readonly retry: (key: string) => number
  readonly forget: (key: string) => void
  readonly failures: (key: string) => number
  /** The next key, when there is one; undefined when the queue is closed. Pair with `done`. */
  readonly take: () => Promise<string | undefined>
  readonly done: (key: string) => void
  readonly depth: () => number
  /** `drop` hands nothing out any more, `drain` what is in line; neither takes anything in, and nothing delayed comes. */
  readonly close: (how?: 'drop' | 'drain') => void
}

interface State {
  /** In line, with the time of entry, in order. */
  readonly line: Map<string, number>
  /** With a worker, with the time of hand-over. */
  readonly working: Map<string, number>
  /** Came in while with a worker. */
  readonly again: Set<string>
  readonly delayed: Map<string, { readonly at: number; readonly cancel: Cancel }>
  readonly failures: Map<string, number>
  readonly waiting: ((key: string | undefined) => void)[]
  closed: boolean
}

const BACKOFF_MS = [5, 300_000] as const

export function createWorkQueue({ clock = systemClock, random = Math.random, metrics, backoffMs: [baseMs, maxMs] = BACKOFF_MS }: WorkQueueOptions = {}): WorkQueue {
  const state: State = { line: new Map(), working: new Map(), again: new Set(), delayed: new Map(), failures: new Map(), waiting: [], closed: false }
  const add = (key: string) => enter(state, key, { clock, metrics })
  const addAfter = (key: string, ms: number) => delay(state, key, { clock, ms, add })
  return {
    add,
    addAfter,
    retry: (key) => {
      const failures = (state.failures.get(key) ?? 0) + 1
      state.failures.set(key, failures)
      metrics?.retried()
      const ms = backoffMs(failures, { baseMs, maxMs, jitter: 0.25, random })
      addAfter(key, ms)
      return ms
    },
    forget: (key) => void state.failures.delete(key),
    failures: (key) => state.failures.get(key) ?? 0,
    take: () => new Promise((resolve) => {
      state.waiting.push(resolve)
      handOver(state, { clock, metrics })
    }),
    done: (key) => {
      const since = state.working.get(key)
      if (since === undefined) return
      state.working.delete(key)
      metrics?.worked(clock.now() - since)
      if (state.again.delete(key)) add(key)
    },
    depth: () => state.line.size,
    close: (how = 'drop') => {
      state.closed = true
      for (const { cancel } of state.delayed.values()) cancel()
      state.delayed.clear()
      state.again.clear()
      if (how === 'drop') state.line.clear()
      handOver(state, { clock, metrics })
    },
  }
}

interface Tools {
  readonly clock: Clock
  readonly metrics: QueueMetrics | undefined
}

function enter(state: State, key: string, tools: Tools): void {
  if (state.closed || state.line.has(key) || state.again.has(key)) return
  tools.metrics?.added()
  if (state.working.has(key)) {
    state.again.add(key)
    return
  }
  state.line.set(key, tools.clock.now())
  handOver(state, tools)
}

function delay(state: State, key: string, { clock, ms, add }: { readonly clock: Clock; readonly ms: number; readonly add: (key: string) => void }): void {
  if (state.closed) return
  if (ms <= 0) {
    add(key)
    return
  }
  const at = clock.now() + ms
  const known = state.delayed.get(key)
  if (known !== undefined && known.at <= at) return
  known?.cancel()
  const cancel = clock.after(ms, () => {
    state.delayed.delete(key)
    add(key)
  })
  state.delayed.set(key, { at, cancel })
}

function handOver(state: State, { clock, metrics }: Tools): void {
  for (const [key, since] of state.line) {
    const resolve = state.waiting.shift()
    if (resolve === undefined) break
    state.line.delete(key)
    state.working.set(key, clock.now())
    metrics?.queued(clock.now() - since)
    resolve(key)
  }
  metrics?.depth(state.line.size)
  if (state.closed && state.line.size === 0) for (const resolve of state.waiting.splice(0)) resolve(undefined)
}

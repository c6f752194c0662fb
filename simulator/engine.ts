// SPDX-License-Identifier: Apache-2.0
/** The simulated engine: queue, batch, prefill lanes, KV cache, preemption. Time is handed in; it writes nothing and reads no clock. */
import type { SimulatorConfig } from './config.ts'
import { createDueQueue } from './due-queue.ts'
import type { DueQueue } from './due-queue.ts'
import { createKvCache } from './kv-cache.ts'
import type { Allocation, KvCache } from './kv-cache.ts'
import { gapMs, prefillTimes, slowness, stepTokens } from './latency-model.ts'
import type { BlockHash, BlockHasher } from './prefix-cache.ts'
import type { Draws } from './random.ts'

/** One answer to be generated. */
export type Sequence = {
  readonly draws: Draws
  readonly promptTokens: number
  readonly promptBlocks: readonly BlockHash[]
  /** Goes on from the end of the prompt with what is generated. */
  readonly hasher: BlockHasher
  readonly outputTokens: number
  readonly tokenAt: (index: number) => number
  /** A planted delay of the first token. */
  readonly extraFirstTokenMs: number
}

/** A sequence in the engine. Times are milliseconds on the engine's clock. */
export type Run = {
  readonly sequence: Sequence
  readonly listener: EngineListener
  readonly submittedAt: number
  state: 'waiting' | 'prefilling' | 'decoding' | 'ended'
  /** When it was first admitted. */
  admittedAt: number
  generated: number
  events: number
  preemptions: number
  cachedTokens: number
  /** Rises whenever what is scheduled no longer counts. */
  epoch: number
  allocation: Allocation | null
  readonly blockNames: BlockHash[]
  /** How many of the names the cache knows. */
  named: number
}

export type EngineListener = {
  readonly onTokens: (run: Run, count: number, at: number) => void
  readonly onEnd: (run: Run, at: number) => void
}

export type EngineLoad = {
  readonly running: number
  readonly waiting: number
  readonly kvUsage: number
  readonly preemptions: number
  readonly prefixQueries: number
  readonly prefixHits: number
}

export type Engine = {
  readonly submit: (sequence: Sequence, listener: EngineListener, at: number) => Run
  readonly abort: (run: Run, at: number) => void
  /** Does everything that is due until then, in order, at the times at which it was due. */
  readonly advance: (at: number) => void
  readonly nextDue: () => number
  readonly resetPrefixCache: () => void
  readonly load: () => EngineLoad
}

type Event = { readonly kind: 'prefilled' | 'step'; readonly run: Run; readonly epoch: number }

type State = {
  readonly config: SimulatorConfig
  readonly slownessAt: (at: number) => number
  readonly cache: KvCache
  readonly events: DueQueue<Event>
  readonly waiting: Run[]
  /** In order of admission: the last is the youngest. */
  readonly running: Run[]
  prefilling: number
  preemptions: number
  prefixQueries: number
  prefixHits: number
}

/** `config` has its effects applied; `startedAt` is when drift begins. */
export function createEngine(config: SimulatorConfig, options: { readonly instanceFactor: number; readonly startedAt: number }): Engine {
  const state: State = {
    config, cache: createKvCache(config.cache), events: createDueQueue(), waiting: [], running: [],
    slownessAt: (at) => slowness(config, options.instanceFactor, at - options.startedAt),
    prefilling: 0, preemptions: 0, prefixQueries: 0, prefixHits: 0,
  }
  return {
    submit: (sequence, listener, at) => {
      const run: Run = {
        sequence, listener, submittedAt: at, state: 'waiting', admittedAt: Number.NaN, generated: 0, events: 0,
        preemptions: 0, cachedTokens: 0, epoch: 0, allocation: null, blockNames: [...sequence.promptBlocks], named: 0,
      }
      state.waiting.push(run)
      admit(state, at)
      return run
    },
    abort: (run, at) => {
      if (run.state === 'ended') return
      leave(state, run)
      run.state = 'ended'
      admit(state, at)
    },
    advance: (at) => {
      while (state.events.nextDue() <= at) {
        const due = state.events.nextDue()
        const event = state.events.take()
        if (event && event.epoch === event.run.epoch) happen(state, event, due)
      }
    },
    nextDue: state.events.nextDue,
    resetPrefixCache: state.cache.reset,
    load: () => ({
      running: state.running.length, waiting: state.waiting.length, kvUsage: state.cache.usage(),
      preemptions: state.preemptions, prefixQueries: state.prefixQueries, prefixHits: state.prefixHits,
    }),
  }
}

/** Admits who waits, first come first served, while batch, lanes and cache have room. */
function admit(state: State, at: number): void {
  const { batch, prefill, cache } = state.config
  for (let run = state.waiting[0]; run !== undefined; run = state.waiting[0]) {
    if (state.running.length >= batch.maxSequences || state.prefilling >= prefill.lanes) return
    const tokens = run.sequence.promptTokens + run.generated
    const allocation = state.cache.allocate(run.blockNames, tokens)
    if (!allocation) return
    state.waiting.shift()
    state.running.push(run)
    state.prefilling++
    run.state = 'prefilling'
    run.allocation = allocation
    run.named = run.blockNames.length
    if (run.preemptions === 0) {
      run.admittedAt = at
      run.cachedTokens = allocation.cachedTokens
      if (cache.prefixCaching) state.prefixQueries += tokens
      state.prefixHits += allocation.cachedTokens
    }
    const { computeMs } = prefillOf(state, run, tokens - allocation.cachedTokens)
    schedule(state, run, { kind: 'prefilled', due: at + computeMs * state.slownessAt(at) })
  }
}

function happen(state: State, event: Event, at: number): void {
  switch (event.kind) {
    case 'prefilled': return prefilled(state, event.run, at)
    case 'step': return step(state, event.run, at)
  }
}

/** The prompt is computed: its lane is free for the next, and its first token is on the way. */
function prefilled(state: State, run: Run, at: number): void {
  run.state = 'decoding'
  state.prefilling--
  const wait = run.events === 0
    ? prefillOf(state, run, 0).baseMs * state.slownessAt(at) + run.sequence.extraFirstTokenMs
    : nextGap(state, run, at)
  schedule(state, run, { kind: 'step', due: at + wait })
  admit(state, at)
}

function step(state: State, run: Run, at: number): void {
  const { sequence } = run
  const count = Math.min(stepTokens(state.config, { draws: sequence.draws, index: run.events }), sequence.outputTokens - run.generated)
  for (let i = 0; i < count; i++) {
    const hash = sequence.hasher.push(sequence.tokenAt(run.generated + i))
    if (hash !== undefined) run.blockNames.push(hash)
  }
  run.generated += count
  run.events++
  run.listener.onTokens(run, count, at)
  if (run.state === 'ended') return
  if (run.generated >= sequence.outputTokens) return finish(state, run, at)
  if (makeRoom(state, run)) schedule(state, run, { kind: 'step', due: at + nextGap(state, run, at) })
}

/** Room for the next step, taken from the youngest if need be; false when the run itself had to go. */
function makeRoom(state: State, run: Run): boolean {
  const tokens = run.sequence.promptTokens + run.generated
  while (run.allocation && !state.cache.grow(run.allocation, tokens)) {
    const youngest = state.running.at(-1) ?? run
    leave(state, youngest)
    youngest.state = 'waiting'
    youngest.preemptions++
    state.preemptions++
    state.waiting.unshift(youngest)
  }
  nameGenerated(state, run)
  return run.allocation !== null
}

/**
 * Blocks that generated tokens have filled can be found by later prompts: the next turn of a conversation. The block that the very
 * last token fills cannot, because that token was never fed back and so has no keys and values.
 */
function nameGenerated(state: State, run: Run): void {
  if (!run.allocation) return
  for (; run.named < run.blockNames.length; run.named++) {
    const hash = run.blockNames[run.named]
    if (hash !== undefined) state.cache.name(run.allocation, run.named, hash)
  }
}

function finish(state: State, run: Run, at: number): void {
  leave(state, run)
  run.state = 'ended'
  run.listener.onEnd(run, at)
  admit(state, at)
}

/** Takes a run out of wherever it is and gives its blocks back. */
function leave(state: State, run: Run): void {
  if (run.state === 'prefilling') state.prefilling--
  const list = run.state === 'waiting' ? state.waiting : state.running
  const index = list.lastIndexOf(run)
  if (index >= 0) list.splice(index, 1)
  if (run.allocation) state.cache.release(run.allocation)
  run.allocation = null
  run.epoch++
}

function prefillOf(state: State, run: Run, uncachedTokens: number): { computeMs: number; baseMs: number } {
  return prefillTimes(state.config, uncachedTokens, { draws: run.sequence.draws, index: run.preemptions })
}

function nextGap(state: State, run: Run, at: number): number {
  const load = { running: state.running.length, prefilling: state.prefilling }
  return gapMs(state.config, load, { draws: run.sequence.draws, index: run.events }) * state.slownessAt(at)
}

function schedule(state: State, run: Run, next: { readonly kind: Event['kind']; readonly due: number }): void {
  state.events.add(next.due, { kind: next.kind, run, epoch: run.epoch })
}

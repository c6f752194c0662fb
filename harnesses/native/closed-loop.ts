// SPDX-License-Identifier: Apache-2.0
/** Runs a closed-loop stage: a fixed number of requests, or of whole sessions, in flight, or rounds of requests. It knows no arrival times. */
import type { ClosedStage } from '../../operator/core/workload/schedule.ts'
import { aborted, drain, pause, sendTurn, stopReason, type StageContext, type Window } from './stage-context.ts'
import type { Placement } from './to-record.ts'

/** Pauses of a slot after its first, second, … failure in a row: a server that refuses at once must not be hammered, nor the core be spun. */
const FAILURE_PAUSES_MS = [10, 20, 50, 100, 200, 500, 1000] as const

interface Loop {
  readonly stage: ClosedStage
  readonly context: StageContext
  /** Ends pauses: the run was stopped, or the drain time is over. */
  readonly halt: AbortSignal
  readonly warmupEndMs: number
  /** Measured requests or sessions that were begun. */
  begun: number
  /** First and last send of the measured part. */
  firstMs: number | undefined
  lastMs: number
}

export async function runClosedStage(stage: ClosedStage, warmupMs: number, context: StageContext): Promise<Window> {
  const startedMs = context.clock.now()
  const cut = new AbortController()
  const loop: Loop = {
    stage, context, halt: AbortSignal.any([context.signal, cut.signal]), warmupEndMs: startedMs + warmupMs, begun: 0, firstMs: undefined, lastMs: startedMs + warmupMs,
  }
  const slots = Math.min(stage.concurrency, warmupMs > 0 ? Number.POSITIVE_INFINITY : (stage.count ?? Number.POSITIVE_INFINITY))
  const ended = stage.roundMs === undefined ? Promise.all(Array.from({ length: slots }, () => (stage.unit === 'sessions' ? sessionSlot(loop) : requestSlot(loop)))) : requestRounds(loop, stage.roundMs)
  await sendingOver(loop, ended)
  const stopped = stopReason(context)
  const sendEndMs = Math.max(loop.lastMs, Math.min(context.clock.now(), endOf(loop)))
  await drain(context, ended)
  cut.abort()
  await ended
  return { startMs: loop.firstMs ?? loop.warmupEndMs, sendEndMs, endMs: sendEndMs, concurrency: stage.concurrency, stopped }
}

/** By time, or by count: then what was begun may end, for as long as a request may take. Either way no longer than the run goes on. */
async function sendingOver(loop: Loop, ended: Promise<unknown>): Promise<void> {
  const { stage, context } = loop
  const over = new AbortController()
  const timeUp = stage.durationMs === undefined ? [] : [pause(endOf(loop) - context.clock.now(), over.signal)]
  await Promise.race([ended, aborted(context.signal, over.signal), ...timeUp])
  over.abort()
}

function endOf({ stage, warmupEndMs }: Loop): number {
  return stage.durationMs === undefined ? Number.POSITIVE_INFINITY : warmupEndMs + stage.durationMs
}

/** Where the next request belongs; undefined when none is to be begun any more. */
function placeNext(loop: Loop): Placement | undefined {
  const { stage, context } = loop
  const now = context.clock.now()
  if (loop.halt.aborted || now >= endOf(loop)) return undefined
  if (now < loop.warmupEndMs) return { stage: stage.name, phase: 'warmup', scheduledMs: null }
  if (loop.begun >= (stage.count ?? Number.POSITIVE_INFINITY)) return undefined
  loop.begun++
  loop.firstMs ??= now
  loop.lastMs = now
  return { stage: stage.name, phase: 'measure', scheduledMs: null }
}

async function requestSlot(loop: Loop): Promise<void> {
  const { context } = loop
  let failures = 0
  for (let place = placeNext(loop); place !== undefined; place = placeNext(loop)) {
    const { metrics } = await sendTurn(context, context.turns.take(context.clock.now()), place)
    failures = await rest(metrics.status, failures, loop.halt)
  }
}

/** So many together; the next ones when all have ended and the period is over. None is waited for after the last. */
async function requestRounds(loop: Loop, roundMs: number): Promise<void> {
  const { context, stage } = loop
  let failures = 0
  for (;;) {
    const startMs = context.clock.now()
    const places: Placement[] = []
    for (let place = placeNext(loop); place !== undefined; place = places.length < stage.concurrency ? placeNext(loop) : undefined) places.push(place)
    if (places.length === 0) return
    const ends = await Promise.all(places.map((place) => sendTurn(context, context.turns.take(context.clock.now()), place)))
    if (loop.begun >= (stage.count ?? Number.POSITIVE_INFINITY)) return
    failures = await rest(ends.every(({ metrics }) => metrics.status === 'error') ? 'error' : 'ok', failures, loop.halt)
    const now = context.clock.now()
    await pause(Math.min(startMs + roundMs, endOf(loop)) - now, loop.halt)
  }
}

/** One session after another, each turn after the answer and the think time of the one before. */
async function sessionSlot(loop: Loop): Promise<void> {
  let failures = 0
  for (let place = placeNext(loop); place !== undefined; place = placeNext(loop)) {
    const status = await runSession(loop, place)
    failures = await rest(status, failures, loop.halt)
  }
}

/** A session that has begun in the measured window belongs to it whole, as far as the drain time lets it go on. */
async function runSession({ context, halt }: Loop, place: Placement): Promise<string> {
  let turn = context.turns.begin()
  for (;;) {
    const exchange = await context.flight.start(turn, place)
    const next = context.turns.following(turn, exchange)
    if (next === undefined) return exchange.metrics.status
    await pause(context.thinkMs, halt)
    if (halt.aborted) return 'cancelled'
    turn = next
  }
}

async function rest(status: string, failuresBefore: number, signal: AbortSignal): Promise<number> {
  if (status !== 'error') return 0
  await pause(FAILURE_PAUSES_MS[Math.min(failuresBefore, FAILURE_PAUSES_MS.length - 1)] ?? 0, signal)
  return failuresBefore + 1
}

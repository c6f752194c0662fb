// SPDX-License-Identifier: Apache-2.0
/** Runs an open-loop stage: requests leave at their fixed times, whatever becomes of those before them. */
import type { OpenStage } from '../../operator/core/workload/schedule.ts'
import { drain, sendTurn, stopReason, type StageContext, type Window } from './stage-context.ts'

/** Time for the pacing thread to take up the schedule before its first request. */
const LEAD_MS = 5

export async function runOpenStage(stage: OpenStage, warmup: OpenStage | undefined, context: StageContext): Promise<Window> {
  const { clock, pacer, turns, signal } = context
  const warmupStartMs = clock.now() + LEAD_MS
  const startMs = warmupStartMs + (warmup?.windowMs ?? 0)
  const warmups = warmup?.timesMs ?? new Float64Array(0)
  const times = new Float64Array(warmups.length + stage.timesMs.length)
  times.set(warmups.map((at) => warmupStartMs + at))
  times.set(stage.timesMs.map((at) => startMs + at), warmups.length)

  await pacer.run(times, (index) => {
    const phase = index < warmups.length ? 'warmup' : 'measure'
    void sendTurn(context, turns.take(clock.now()), { stage: stage.name, phase, scheduledMs: times[index] ?? null })
  }, signal)
  const stopped = stopReason(context)
  const stoppedMs = clock.now()
  await drain(context, context.flight.idle())
  // The window is the schedule's, unless it was cut off or is already over.
  const sendEndMs = stopped === undefined ? Math.max(Math.min(startMs + stage.windowMs, clock.now()), times.at(-1) ?? startMs) : stoppedMs
  return { startMs, sendEndMs, endMs: sendEndMs, rate: stage.rate, stopped }
}
